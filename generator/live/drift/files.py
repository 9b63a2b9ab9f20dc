"""How a module's folder differs from its spec, as drift: by hand, out of date, or somebody else's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands, Drift, Kind
from generator.live.locate import Located
from generator.live.refusals.gone_imports import IMPORTS_NOTHING, gone_imports
from generator.output.difference import BLOCKED, DAMAGED, EDITED, FOREIGN, LINKED, Difference
from generator.source.diagnostics import Code, Diagnostic
from generator.source.suggest import some

_KINDS: Mapping[Code, Kind] = {
    EDITED: Kind.HAND_EDIT,
    DAMAGED: Kind.HAND_EDIT,
    FOREIGN: Kind.FOREIGN,
    LINKED: Kind.FOREIGN,
    BLOCKED: Kind.FOREIGN,
}
"""Whatever is not here is out of date."""
OF_FILES = (Kind.STALE, Kind.HAND_EDIT)
"""The classes of what differs in AWS only because it does in the files."""
_NEVER = "the folder does not exist: the spec was never rendered to it"


def without_plan(spec: str, found: Diagnostic) -> Drift:
    """Return that Terraform plans nothing for an import block beside a module: it counts, as `check` counts it."""
    told = f"no apply works: {found.code} {found.message}"
    return Drift(kind=Kind.FOREIGN, spec=spec, subject=str(found.place), found=told, next=found.fix)


def stopping(spec: Located, rows: Iterable[Drift]) -> Iterator[Drift]:
    """Yield which import blocks of a spec's root stop each plan, or may, as `preflight` tells; not what rows say."""
    said = [each.next for each in rows]
    for each in gone_imports(spec):
        if not any(each.message in step for step in said):
            row = replace(without_plan(spec.path, each), subject=spec.intent.spec.name)
            is_told = each.code == IMPORTS_NOTHING.code
            yield row if is_told else replace(row, kind=Kind.NOT_TOLD, known=False, found=each.message)


def file_drift(rendered: RenderedDifferences, commands: Commands, held: Iterable[Drift]) -> Iterator[Drift]:
    """Yield how a folder differs, each cause once with what is `held` in AWS because of it; all files of others."""
    folder, files = rendered.folder, defaultdict[Kind, list[Difference]](list)
    for each in rendered.differences if rendered.is_there else ():
        files[_KINDS.get(each.kind, Kind.STALE)].append(each)
    for each in files[Kind.FOREIGN]:
        fix, found = each.diagnostic.fix, each.diagnostic.message
        step = _forced(fix, commands) if "--force" in fix else f"{fix}, then {commands.render()}"
        yield Drift(kind=Kind.FOREIGN, spec=commands.spec, subject=f"{folder}/{each.path}", found=found, next=step)
    waiting = defaultdict[Kind, Counter[str]](Counter)
    for row in held:
        waiting[row.kind][f"{row.subject} {row.field}".rstrip()] += 1
    for kind in OF_FILES:
        told = [] if rendered.is_there or kind is not Kind.STALE else [_NEVER]
        told += [f"{words}: {some(paths)}" for words, paths in _by_words(files[kind]).items()]
        if fields := [f"{each} ({number})" if number > 1 else each for each, number in waiting[kind].items()]:
            told.append(f"because of it AWS differs in {some(fields)}")
        if told:
            step = commands.first + _next(kind, files[kind], commands) + (", then terraform apply" if fields else "")
            yield Drift(kind=kind, spec=commands.spec, subject=folder, found="; ".join(told), next=step)


def _by_words(files: Iterable[Difference]) -> dict[str, list[str]]:
    """Return the paths of files by what is said of them."""
    found = defaultdict[str, list[str]](list)
    for each in files:
        found[each.diagnostic.message.removeprefix("is ")].append(each.path)
    return found


def _next(kind: Kind, files: Iterable[Difference], commands: Commands) -> str:
    if kind is Kind.STALE:
        return commands.render()
    fixes = {each.kind: each.diagnostic.fix for each in files}
    return _forced(fixes[DAMAGED], commands) if {*fixes} == {DAMAGED} else commands.drop_edit


def _forced(fix: str, commands: Commands) -> str:
    return f"{fix}: {commands.render('--force')}"
