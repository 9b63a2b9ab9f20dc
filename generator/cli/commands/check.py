"""The command that compares the modules' folders with their specs."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.app import (
    EPILOG,
    FindingsFormat,
    Named,
    NoCache,
    Out,
    ProjectFile,
    Quiet,
    Strict,
    TemplatesFolder,
    app,
)
from generator.cli.batch import Batch
from generator.cli.beside import found_beside, is_changed, lost_imports
from generator.cli.boundary import boundary
from generator.cli.kept import kept
from generator.cli.made import make_all
from generator.cli.once import differences_once
from generator.cli.orphaned import is_known, orphans_of, said_of_orphan
from generator.cli.printing import note, print_diagnostics, take_for
from generator.cli.scope import Scope, scoped
from generator.cli.specs import CHANGED, compare_all, folders_before, judged, unfollowed
from generator.source.diagnostics import Diagnostic, ExitCode, Refused
from generator.source.reading import is_folder, is_there

if TYPE_CHECKING:
    from generator.output.difference import Difference

STUCK = "can't be renamed"


@app.command(epilog=EPILOG)
def check(
    specs: Named = None,
    *,
    out: Out = None,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    strict: Strict = False,
    quiet: Quiet = False,
    form: FindingsFormat = "text",
    no_cache: NoCache = False,
) -> None:
    """Compare the modules' folders with their specs.

    Writes nothing; exit 4 and a diff where a folder is not what its spec renders to, or where another file in it
    changes what the spec decides. Other files of your own do not count, unless a project lists what is its own; where
    all specs are known, by a project or as all of specs/, a module of none of them is told too. It tells, and never
    refuses, what is destroyed or replaced and what render would refuse, as render --dry-run does.
    """
    with boundary(form), kept(no_cache=no_cache) as known:
        scope, batch = scoped(specs, project, out, templates=templates), Batch(quiet=quiet)
        found, targets = make_all(scope, known, batch, strict=strict, lean=True)
        made = judged(found, batch, scope, strict=strict)
        if not (scope.project or is_there(scope.out)) and any(
            is_folder(each / scope.out) for each in Path.cwd().parents
        ):
            from generator.change.baseline import no_folder

            raise Refused([no_folder(scope.out)], ExitCode.STALE)
        before = folders_before({folder: each.source for folder, each in made.items()})
        beside = found_beside(made, before, scope, batch)
        where = folders_before({scope.out / each.key: each.source for each in targets})
        lost = orphans_of(scope, targets)
        orphaned = {Path(each.finding.place.file).relative_to(scope.out).as_posix() for each in lost}
        differences, refused = compare_all(made, known, strict=strict, batch=batch, beside=beside, orphaned=orphaned)
        refused += lost_imports(beside).values()
        for folder in (at for at, each in made.items() if each.retired):
            if not differences.get(folder, True):
                note(f"{folder}: retired; once its plan has been applied, take the row out and delete the folder")
        is_fleet = is_known(scope, targets) and any(each.source.row for each in targets)
        untold = _unseen(scope.out, strict=strict) if is_fleet else []
        for finding in (*(each for found in beside.values() for each in found), *map(said_of_orphan, lost), *untold):
            print_diagnostics([finding], as_result=True)
        stuck = unfollowed(made)
        states = {
            str(at): STUCK if at in stuck else _state(where[at], found, beside.get(at, ()), strict=strict)
            for at, found in differences.items()
        } | {each.finding.place.file: "orphaned" for each in lost}
        once = differences_once(scope, made, batch)
        stale = [*dict.fromkeys(made[folder].file for folder, found in differences.items() if found)]
        if stale or once:
            options = [*([] if once else _named(scope, stale)), *(["--project", project] if project else [])]
            options += [*["--strict"] * strict, *(["--templates", templates] if templates else [])]
            _print_stale({where[at]: of_it for at, of_it in differences.items()}, once, options, refused)
        elif {*states.values()} - {"up to date"}:
            note("\nrender does not mend this: see the fix of each")
        elif refused:
            note("\ncheck lets this pass; render refuses it without --allow until git's base revision has it")
        code = ExitCode.STALE if {*states.values()} - {"up to date"} or once else ExitCode.FINE
        batch.end(states, ExitCode.REFUSED if strict and untold else code)


def _named(scope: Scope, stale: Sequence[str]) -> list[str]:
    """Return what `render` has to be told: nothing that a project says by itself."""
    return [
        *([] if scope.project and scope.is_whole else stale),
        *([] if scope.is_usual else ["--out", str(scope.out)]),
    ]


def _unseen(out: Path, *, strict: bool) -> list[Diagnostic]:
    """Return that targets may be gone that git does not tell of; it takes an import that nobody else needs."""
    from generator.output.beside import unseen

    found = unseen(out)
    take_for("error", found if strict else ())
    return found


def _state(folder: Path, differences: Sequence["Difference"], beside: Sequence[Diagnostic], *, strict: bool) -> str:
    """Return in a few words what a module is; what a person has to mend comes first."""
    if differences:
        from generator.output.tree import in_the_way

        if not is_there(folder):
            return "not rendered yet"
        if in_the_way(differences):
            return "edited"
    if is_changed(beside, strict=strict):
        return CHANGED
    return "out of date" if differences else "up to date"


def _print_stale(
    differences: Mapping[Path, Sequence["Difference"]],
    once: Sequence["Difference"],
    options: Sequence[str],
    refused: Sequence[Diagnostic],
) -> None:
    """Print what to run for the folders that differ, and what comes before that."""
    from generator.output.tree import in_the_way

    is_held_up = any(map(in_the_way, (*differences.values(), once)))
    first = "move away what render would not overwrite, then " if is_held_up else ""
    first = "fix or allow what render would refuse, then " if refused else first
    command = shlex.join(("gen-endpoints", "render", *options))
    new = ", ".join(str(folder) for folder in differences if not is_there(folder))
    is_all_new = bool(new) and not any(each and is_there(folder) for folder, each in differences.items())
    state = "\nout of date" + (new and f" (not rendered yet: {new})")
    note(f"{f'{new}: not rendered yet' if is_all_new else state}; {first}run: {command}")
