"""What other files in the folders of modules do to these, and what that means for `render` and `check`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.cli.batch import Batch
from generator.cli.made import Made
from generator.cli.scope import Scope, out_of
from generator.output.manifest import NAME
from generator.source.diagnostics import Diagnostic
from generator.source.reading import is_there


def found_beside(
    made: Mapping[Path, Made], before: Mapping[Path, Path], scope: Scope, batch: Batch
) -> dict[Path, list[Diagnostic]]:
    """Return what files beside modules, also of old names, do to what specs decide, and which no project owns.

    `before` has by their folders where they are till `render` renames them.
    """
    found = {folder: list[Diagnostic]() for folder in made}
    if all(each.is_same for each in made.values()):
        return found
    from generator.output.beside import ADOPTED, beside, left_astray, unowned

    project = scope.project
    lost = _astray(made, scope)

    def look(folder: Path) -> list[Diagnostic]:
        each, at = made[folder], before[folder]
        others, name = beside(at, each.digests), Path(each.file).name
        file = lost.get(name)
        if file and file.parent != at and not any(each.startswith(ADOPTED) for each in others.values()):
            return [left_astray(file, at)]
        if not others:
            return []
        from generator.module.intrusion import intrusions
        from generator.project.project import USUAL, is_own

        own = USUAL if project is None or project.own is None else project.own
        left = unowned(at, others, lambda path: is_own(path, own)) if project else []
        blocks = each.rendered.facts.blocks if each.rendered else {}  # there is no folder, and nothing beside
        return [*intrusions(blocks, others, folder=str(at), spec=each.file, own=own), *left]

    return found | batch.each_of([folder for folder, each in made.items() if not each.is_same], look)


def _astray(made: Mapping[Path, Made], scope: Scope) -> Mapping[str, Path]:
    """Return by the names of specs that are not rendered yet where `adopt` left their import blocks."""
    from generator.output.beside import astray

    new = [Path(each.file).name for folder, each in made.items() if not is_there(folder / NAME)]
    found = astray({scope.out, out_of(scope.file, scope.project)}) if new else {}
    return {name: found[name] for name in new if new.count(name) == 1 and name in found}


def is_changed(beside: Iterable[Diagnostic], *, strict: bool) -> bool:
    """Tell whether `check` refuses a module for what is beside it."""
    return any(strict or not each.is_warning for each in beside)


def lost_imports(beside: Mapping[Path, Iterable[Diagnostic]]) -> dict[Path, Diagnostic]:
    """Return by folder the import blocks without which an apply makes anew what exists: `render` writes none of it."""
    return {folder: each for folder, found in beside.items() for each in found if each.code == "E325"}
