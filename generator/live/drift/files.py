"""How a module's folder differs from its spec, as drift: by hand, out of date, or somebody else's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.live.drift.row import Commands, Drift, Kind
from generator.output.difference import BLOCKED, DAMAGED, EDITED, FOREIGN, LINKED, Difference
from generator.source.diagnostics import Code

_KINDS: Mapping[Code, Kind] = {
    EDITED: Kind.HAND_EDIT,
    DAMAGED: Kind.HAND_EDIT,
    FOREIGN: Kind.FOREIGN,
    LINKED: Kind.FOREIGN,
    BLOCKED: Kind.FOREIGN,
}
"""Whatever is not here is out of date."""


def file_drift(
    differences: Iterable[Difference], folder: str, commands: Commands, *, is_there: bool
) -> Iterator[Drift]:
    """Yield the differences of a folder, of one that is not there a single one."""
    if not is_there:
        found = "the folder does not exist: the spec was never rendered to it"
        yield Drift(kind=Kind.STALE, spec=commands.spec, subject=folder, found=found, next=commands.render())
        return
    for each in differences:
        kind = _KINDS.get(each.kind, Kind.STALE)
        subject, found, step = f"{folder}/{each.path}", each.diagnostic.message, _next(each, kind, commands)
        yield Drift(kind=kind, spec=commands.spec, subject=subject, found=found, next=step)


def _next(difference: Difference, kind: Kind, commands: Commands) -> str:
    if difference.kind == EDITED:
        return commands.drop_edit
    if kind is Kind.STALE:
        return commands.render()
    fix = difference.diagnostic.fix
    return f"{fix}: {commands.render('--force')}" if "--force" in fix else f"{fix}, then {commands.render()}"
