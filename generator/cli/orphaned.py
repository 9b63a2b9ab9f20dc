"""Which modules no spec has any more, as far as all specs are known, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.printing import FOR_PEOPLE, printing
from generator.cli.scope import Scope
from generator.cli.specs import folders_before
from generator.source.diagnostics import Diagnostic

if TYPE_CHECKING:
    from generator.cli.batch import Owner
    from generator.fleet.overlays import Target
    from generator.output.beside import Orphan


def is_known(scope: Scope, targets: Sequence[Owner | Target]) -> bool:
    """Tell whether these are all targets of all specs: of a file that gives none nobody knows which are its own."""
    return scope.is_whole and {*scope.specs} == {each.source.file for each in targets}


def orphans_of(scope: Scope, targets: Sequence[Owner | Target], revision: str = "") -> list[Orphan]:
    """Return the modules that no spec has, since git's base or a revision; none where not all specs are known.

    Without a project a spec that lies beside may have one of them.
    """
    if not is_known(scope, targets):
        return []
    from generator.output.beside import orphans

    sources = {scope.out / each.key: each.source for each in targets}
    where = folders_before(sources)
    others = {scope.out / each.row.was for each in sources.values() if each.row and each.row.was}
    others |= {Path(scope.file).parent, *where, *where.values()}
    found = orphans(scope.out, others, scope.specs, revision)
    if scope.project or not found:
        return found
    from generator.cli.namesakes import is_made

    places = [Path(each.finding.place.file) for each in found]
    is_gone = [not is_made(each, ours=scope.specs, specs=scope.specs, project=None) for each in places]
    return [*compress(found, is_gone)]


def said_of_orphan(found: Orphan) -> Diagnostic:
    """Return what is said of a folder that is orphaned; for a program, at a file that is there."""
    told = found.finding
    if printing().form in FOR_PEOPLE:
        return told
    return replace(told, place=found.place, message=f"{told.place}: {told.message}")
