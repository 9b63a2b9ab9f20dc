"""Why `render` refuses an edit: what it destroys, and what Terraform can't apply; but for what `--allow` lets pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from generator.change.around import UNREAD
from generator.change.baseline import Baseline
from generator.change.change import ORDER, Change
from generator.change.changes import changes
from generator.change.edit import ENDPOINT, GROUP, Edit
from generator.change.faults import Fault, faults, subject
from generator.change.replaces import is_same
from generator.fleet.keys import module_name
from generator.fleet.told import fold
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.source import Source
from generator.source.suggest import did_you_mean

UNUSED = Code("E506")
DESTROYED = Code("E508")
REPLACED = Code("E509")
LEFT_FOLDER = Code("E512")
UNCOMMITTED = Code("W501")
GROUP_ANEW = Code("W514")
NO_FORMER = Code("W515")

ALLOWANCE = re.compile(
    r"keep:(\*|[A-Za-z_][\w-]*)\.(\*|[a-z_]+(\.[a-z_]+)?)|(destroy|replace):(\*|[A-Za-z][\w-]*)/(\*|[A-Za-z_][\w-]*)"
)
"""What `--allow` takes: `destroy:MODULE/KEY`, `replace:MODULE/KEY`, `keep:KEY.field`, with `*` in place of any name."""


def judge(edits: Iterable[Edit], allow: Iterable[str] = ()) -> tuple[list[Change], list[Diagnostic]]:
    """Return what these edits do, and what forbids them but for what is allowed: the one verdict, for every command.

    To allow what no edit does is a finding too. What no commit has is warned of: probably nobody has applied it.
    """
    done, told, barred = list[Change](), list[tuple[str, list[Diagnostic]]](), set[str]()
    used = dict.fromkeys(allow, 0)
    for edit in edits:
        done += (changed := changes(edit, wrong := [*faults(edit)]))
        told.append((edit.spec.label, found := []))
        barred |= {each.finding.code for each in wrong if not each.allowance}
        for finding, name in _findings(edit, wrong, changed):
            matching = [pattern for pattern in used if name and fnmatchcase(name, pattern)]
            used |= dict.fromkeys(matching, 1)
            found += (
                []
                if matching
                else [_as_warning(finding, edit) if edit.baseline.lacks and not finding.is_warning else finding]
            )
        for why in edit.unread.values():
            found.append(UNREAD.at(why.place, f"can't be read back and compared: {why.message}"))
            used |= {pattern: 1 for pattern in used if _may_be_of(pattern, edit.module)}  # nobody knows what goes
    message = "nothing that changes needs it"
    message += f"; what AWS or Terraform refuses ({', '.join(sorted(barred))}) can't be allowed" if barred else ""
    return done, [
        *fold(told),
        *(UNUSED.at(Place(f"--allow {each}"), message) for each, times in used.items() if not times),
    ]


def _findings(edit: Edit, wrong: Iterable[Fault], done: Iterable[Change]) -> Iterator[tuple[Diagnostic, str]]:
    """Yield each finding with the name by which `--allow` lets it pass; empty: nothing does."""
    yield from ((finding, name) for finding, _, name in wrong)
    for each in () if edit.spec.is_retired else done:
        if each.address.startswith(f"{ENDPOINT}.") and each.action in ORDER[:3] and not each.code:
            yield _lost(each)
    for group, new in edit.pairs[GROUP] if edit.baseline.renamed and not edit.spec.is_retired else ():
        if not is_same(edit, group, new):
            message = f"{subject(group)} would be destroyed, as {edit.module} is renamed from {edit.baseline.renamed}"
            name = f"destroy:{edit.module}/{group.label}"
            fix = f"have its name by a value that the row keeps, not by {{name}}; or let it go: --allow {name}"
            yield GROUP_ANEW.at(edit.place(new or group), message, fix), name
    yield from of_former_key(edit.spec, edit.baseline)


def of_former_key(spec: Source, baseline: Baseline) -> Iterator[tuple[Diagnostic, str]]:
    """Yield what is wrong with the key that a spec has now, or says that it had, with what `--allow` takes for it."""
    if old := baseline.was:
        name = f"destroy:{module_name(old)}/*"
        message, fix = f"the name was {old}", f"write name: {old}, or rename its folder too (git mv)"
        if spec.row:
            was = f"was: {spec.row.was} names no target before, and " if spec.row.was else ""
            message = f"{was}the row has the values that {old} had, as if renamed"
            first = f"; {baseline.first}; then" if baseline.first else " and"
            fix = f"write was: {old} in the row{first} render"
        if baseline.renamed == old:
            message += f": the folder of {old} is gone, and nothing says that its state moved along"
        else:
            message += f": Terraform would make all endpoints anew beside those of {old}, which stay"
        fix += f"; or leave it behind, to be retired: --allow '{name}'"
        yield LEFT_FOLDER.at(spec.place_of_was, message, fix), name
    elif baseline.near is not None and spec.row:
        message = f"was: {spec.row.was} names no target before, and no folder, so nothing is renamed"
        yield NO_FORMER.at(spec.place_of_was, message, did_you_mean(baseline.near, "take was out")), ""


def _lost(change: Change) -> tuple[Diagnostic, str]:
    """Return that an endpoint would be lost, and what that means."""
    code, what = DESTROYED, "destroyed"
    if change.action == "replace":
        code, what = REPLACED, f"replaced, since {', '.join(change.arguments)} can't change"
    elif change.action == "rename":
        what += f", and {change.address.partition('.')[2]} made in its place"
    meaning = f". {' '.join(change.means[:1])}".rstrip(". ")
    message = f"endpoint {change.key} of {change.module} would be {what}{meaning}"
    return code.at(change.place, message, change.fix), change.allowance


def _may_be_of(pattern: str, module: str) -> bool:
    """Tell whether `--allow` with this pattern may be for a module."""
    action, _, named = pattern.partition(":")
    return action == "keep" or fnmatchcase(module, named.rpartition("/")[0])


def _as_warning(finding: Diagnostic, edit: Edit) -> Diagnostic:
    return UNCOMMITTED.at(finding.place, f"{finding.message}; not refused ({finding.code}): {edit.baseline.lacks}")
