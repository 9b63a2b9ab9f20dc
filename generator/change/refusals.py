"""Why `render` refuses an edit: what it destroys, and what Terraform can't apply; but for what `--allow` lets pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from generator.change.around import UNREAD
from generator.change.change import Change
from generator.change.changes import changes
from generator.change.edit import ENDPOINT, Edit
from generator.change.faults import faults
from generator.source.diagnostics import Code, Diagnostic, Place

UNUSED = Code("E506")
DESTROYED = Code("E508")
REPLACED = Code("E509")
LEFT_FOLDER = Code("E512")
UNCOMMITTED = Code("W501")

ALLOWANCE = re.compile(
    r"keep:(\*|[A-Za-z_][\w-]*)\.(\*|[a-z_]+(\.[a-z_]+)?)|(destroy|replace):(\*|[A-Za-z][\w-]*)/(\*|[A-Za-z_][\w-]*)"
)
"""What `--allow` takes: `destroy:MODULE/KEY`, `replace:MODULE/KEY`, `keep:KEY.field`, with `*` in place of any name."""


def refusals(edits: Iterable[Edit], allow: Iterable[str] = ()) -> tuple[Diagnostic, ...]:
    """Return what forbids these edits, but for what is allowed; to allow what no edit does is a finding too.

    Of what no commit has, nobody has applied anything, probably: it is warned of.
    """
    found: list[Diagnostic] = []
    used = dict.fromkeys(allow, 0)
    for edit in edits:
        for finding, name in _findings(edit):
            matching = [pattern for pattern in used if name and fnmatchcase(name, pattern)]
            used |= dict.fromkeys(matching, 1)
            found += [] if matching else [_as_warning(finding, edit) if edit.lacks else finding]
        place = edit.spec.key_place(("name",))
        found += [UNREAD.at(place, f"{file} of {edit.module} can't be read back and compared") for file in edit.unread]
    unused = (pattern for pattern, times in used.items() if not times)
    return (*found, *(UNUSED.at(Place(f"--allow {each}"), "nothing that changes needs it") for each in unused))


def _findings(edit: Edit) -> Iterator[tuple[Diagnostic, str]]:
    """Yield each finding with the name by which `--allow` lets it pass; empty: nothing does."""
    found = [*faults(edit)]
    yield from ((finding, name) for finding, _, name in found)
    for each in changes(edit, found):
        if each.address.startswith(f"{ENDPOINT}.") and not each.code:
            yield from _lost(each)
    if old := edit.was:
        name = f"destroy:{old}/*"
        message = f"the name was {old}: Terraform would make all endpoints anew beside those of {old}, which stay"
        fix = f"write name: {old}, or rename its folder too (git mv); or leave it behind: --allow '{name}'"
        yield LEFT_FOLDER.at(edit.spec.place(("name",)), message, fix), name


def _lost(change: Change) -> Iterator[tuple[Diagnostic, str]]:
    """Yield that an endpoint would be lost, if it would, and what that means."""
    subject = f"endpoint {change.key} of {change.module}"
    match change.action:
        case "destroy" | "rename":
            code, name, what = DESTROYED, "destroy", "destroyed"
            what += f", and {change.address.partition('.')[2]} made in its place" if change.action == "rename" else ""
        case "replace":
            code, name, what = REPLACED, "replace", f"replaced, since {', '.join(change.arguments)} can't change"
        case _:
            return
    name += f":{change.module}/{change.key}"
    fix = f"{change.fix or 'put it back'}; or let it go: --allow {name}"
    meaning = f". {' '.join(change.means[:1])}".rstrip(". ")
    yield code.at(change.place, f"{subject} would be {what}{meaning}", fix), name


def _as_warning(finding: Diagnostic, edit: Edit) -> Diagnostic:
    why = f"not refused ({finding.code}), since {edit.lacks[:7]} has no {edit.module}"
    return UNCOMMITTED.at(finding.place, f"{finding.message}; {why}")
