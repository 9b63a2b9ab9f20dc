"""What is there once for all modules: a team's files in the project's folder, with a manifest of theirs; git's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from generator import __version__
from generator.cli.batch import Batch
from generator.cli.made import Made
from generator.cli.printing import print_diagnostics, say, say_diff
from generator.cli.scope import Scope
from generator.source.diagnostics import Diagnostic, Refused
from generator.source.reading import contents, is_there, resolved

if TYPE_CHECKING:
    from generator.output.difference import Difference
    from generator.output.tree import Written
    from generator.team_templates.folder import Templates


def files_once(scope: Scope, made: Mapping[Path, Made], batch: Batch) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield the project's folder with the files that templates have there once, where all its modules are known."""
    from generator.output import manifest

    root = Path(scope.file).parent
    if others := {each.templates for each in made.values()} - {"", scope.templates}:
        _refuse_once({each for each in others if not scope.templates or resolved(each) != resolved(scope.templates)})
    if scope.project and scope.is_whole and not batch.refused and (scope.templates or is_there(root / manifest.NAME)):
        from generator.team_templates import folder, stamp

        paths = {at: os.path.relpath(at, root).replace(os.sep, "/") for at in made}
        modules = [{**made[at].values, "path": paths[at]} for at in sorted(paths)]
        templates = folder.read(scope.templates) if scope.templates else None
        if templates and (misplaced := [*_misplaced(scope, templates, made)]):
            raise Refused(misplaced)
        files = stamp.once(templates, modules) if templates else {}
        if files or is_there(root / manifest.NAME):
            yield root, files


def _refuse_once(folders: Iterable[str]) -> None:
    """Refuse what is there once for all modules in templates that are only for those of a spec."""
    from generator.team_templates.folder import TAKEN, read

    fix = "name the folder as templates in gen-endpoints.yaml, or move _fleet/ to the one that is"
    found = [(each, path) for each in map(read, sorted(folders)) for path in each.once.values()]
    if found:
        message = "_fleet/ is once for all modules, and these templates are a spec's"
        raise Refused(TAKEN.at(each.place(path), message, fix) for each, path in found)


def _misplaced(scope: Scope, templates: Templates, made: Mapping[Path, Made]) -> Iterator[Diagnostic]:
    """Yield the templates of files where modules, specs or templates are, or that would be specs."""
    from generator.team_templates.folder import TAKEN

    root, specs = Path(scope.file).parent, [Path(each) for each in (*scope.specs, *scope.rest)]
    kept = {scope.out, Path(scope.file), *made, *specs, *(each.parent for each in specs)}
    kept |= {Path(scope.templates), *(Path(each.templates) for each in made.values() if each.templates)}
    plain = {path: Path(str(resolved(path)).casefold()) for path in sorted(kept) if resolved(path) != resolved(root)}
    patterns = scope.project.specs if scope.project else ()
    for to, template in templates.once.items():
        at = Path(str(resolved(root / to)).casefold())
        near = [str(path) for path, each in plain.items() if at.is_relative_to(each) or each.is_relative_to(at)]
        near += [each for each in patterns if PurePosixPath(f"/{to}").match(f"/{each}")]
        if near:
            fix = "put it where no modules, specs or templates are"
            yield TAKEN.at(templates.place(template), f"{to} would be at {near[0]}, which is no place for it", fix)


def write_once(
    once: Iterable[tuple[Path, Mapping[str, str]]],
    batch: Batch,
    *,
    force: bool,
    tell: Callable[[Path, Difference], None] | None,
) -> None:
    """Write these files and say so, where no module is refused; with `tell`, only have it print each that differs."""
    for root, files in () if batch.refused else once:
        from generator.output.tree import differences, write

        if tell:
            for each in differences(files, root):
                tell(root, each)
            return
        with batch.kept():
            say_written(write(files, root, force=force), root, batch)


def say_written(written: Written, folder: Path, batch: Batch) -> None:
    """Print each file that was written or removed."""
    for verb, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed)):
        for path in paths:
            batch.say(f"{verb} {folder / path}")


def differences_once(scope: Scope, made: Mapping[Path, Made], batch: Batch) -> list[Difference]:
    """Print and return where these files are not what they should be."""
    found: list[Difference] = []
    with batch.kept():
        from generator.output.tree import differences

        for root, files in files_once(scope, made, batch):
            found += differences(files, root)
    for each in found:
        print_diagnostics([each.diagnostic], as_result=True)
        say_diff(each.diff)
    batch.once += ["out of date"] if found else []
    return found


def tell_git(out: Path, batch: Batch, *, has_modules: bool) -> None:
    """Have git merge manifests line by line, where there are any and nobody has told it anything of them yet."""
    from generator.output import disk
    from generator.output.manifest import ATTRIBUTES
    from generator.output.revision import repository

    file = out / ".gitattributes"
    if has_modules and is_there(out) and repository(out) and not os.path.lexists(file):
        disk.write({file: ATTRIBUTES})
        batch.say(f"created {file}")


def upgrade_project(file: str) -> None:
    """Write into the project file that this version renders."""
    from generator.output import disk
    from generator.project.project import upgraded

    disk.write({Path(file): upgraded(contents(file).decode(), __version__)}, overwrite=True)
    say(f"changed {file}")
