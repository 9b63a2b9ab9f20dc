"""The command that renders specs to modules."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import (
    EPILOG,
    Allow,
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
from generator.cli.boundary import boundary, counts
from generator.cli.kept import Kept, kept
from generator.cli.made import Made, make_all
from generator.cli.next_command import say_next
from generator.cli.once import files_once, say_written, tell_git, upgrade_project, write_once
from generator.cli.orphaned import orphans_of, said_of_orphan
from generator.cli.printing import note, print_diagnostics, say
from generator.cli.scope import scoped
from generator.cli.specs import (
    CHANGED,
    compare_all,
    edits_of,
    folders_before,
    judged,
    print_base,
    unfollowed,
)
from generator.cli.views.words import counted
from generator.fleet.told import fold
from generator.source.diagnostics import Diagnostic, ExitCode, Refused
from generator.source.reading import is_there

if TYPE_CHECKING:
    from generator.change.edit import Edit
    from generator.output.difference import Difference


@app.command(epilog=EPILOG)
def render(
    specs: Named = None,
    *,
    out: Out = None,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were edited by hand.")] = False,
    allow: Allow = None,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Write no module where one is refused.")
    ] = False,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Render the project by this version, and write that into its file.")
    ] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    form: FindingsFormat = "text",
    no_cache: NoCache = False,
) -> None:
    """Render specs to Terraform modules.

    Each module goes to a folder of its spec's name, and none is written that is not proven. Files of your
    own in the folder are left alone. An edit that destroys or replaces an endpoint, that Terraform can't apply or would
    leave undone, is refused; it is compared with what git's base revision has of the folder, else with the folder.
    """
    with boundary(form), kept(no_cache=no_cache) as known:
        scope = scoped(specs, project, out, templates=templates, any_version=upgrade)
        if upgrade and not (scope.project and scope.is_whole):
            raise typer.BadParameter("it is of a project's specs, all of them", param_hint="--upgrade")
        batch = Batch(quiet=quiet, all_or_nothing=all_or_nothing or upgrade)
        found, targets = make_all(scope, known, batch, strict=strict, lean=not dry_run)
        made = judged(found, batch, scope, strict=strict)
        before = folders_before({folder: each.source for folder, each in made.items()})
        beside = found_beside(made, before, scope, batch)
        changed = {folder for folder, found in beside.items() if is_changed(found, strict=strict)}
        once, tell = [*files_once(scope, made, batch)], partial(_print_change, force=force)
        if dry_run:
            differ, refused = compare_all(
                made, known, allow or (), strict=strict, batch=batch, beside=beside, tell=tell
            )
            _print_changes([each for of_it in differ.values() for each in of_it], refused, force=force)
            states = {folder: "would change" if each else "up to date" for folder, each in differ.items()}
        else:
            states = _write(made, known, batch, allow or (), force=force, strict=strict, beside=beside)
            tell_git(scope.out, batch, has_modules=bool(states))
        write_once(once, batch, force=force, tell=tell if dry_run else None)
        if upgrade and not (dry_run or batch.refused):
            upgrade_project(scope.file)
        lost = lost_imports(beside).values()
        orphans = orphans_of(scope, targets)
        states |= {Path(each.finding.place.file): "orphaned" for each in orphans}
        told = [each for of_it in beside.values() for each in of_it if each not in lost]
        print_diagnostics(told := [*told, *map(said_of_orphan, orphans)])
        if barred := dict.fromkeys(each.code for each in told if is_changed([each], strict=strict)):
            note(f"\ngen-endpoints check refuses this: {', '.join(barred)}")
        batch.end({str(folder): CHANGED if folder in changed else state for folder, state in states.items()})


def _write(
    made: Mapping[Path, Made],
    kept: Kept,
    batch: Batch,
    allow: Collection[str],
    *,
    force: bool,
    strict: bool,
    beside: Mapping[Path, Collection[Diagnostic]],
) -> dict[Path, str]:
    """Write each module whose edit nothing forbids, and return what became of them."""
    edits, stuck = edits_of(made, kept), lost_imports(beside) | unfollowed(made)
    found = _forbidden(edits, allow)
    print_base(edits, is_decisive=bool(found or allow))
    of_spec: defaultdict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        of_spec[id(edit.spec)].append(edit)
    former, states, warnings = dict[Path, Path | None](), dict[Path, str](), list[tuple[str, Iterable[Diagnostic]]]()
    before = folders_before({folder: each.source for folder, each in made.items()})
    if any(each.code == "E506" for each in found):  # what none of all edits does is allowed for none of them
        with batch.kept():
            _refuse(found, {before[folder]: each for folder, each in made.items()}, force=force)
        batch.end(())
    for folder, each in made.items():
        with batch.kept(each):
            own = _forbidden(of_spec[id(each.rendered.spec)], allow) if found and each.rendered else ()
            if own and (forbidding := _forbidding(own, strict=strict)):
                _refuse(forbidding, {before[folder]: each}, force=force)
            warnings.append((each.label, own))
            if folder in stuck:
                raise Refused([stuck[folder]])
            former[folder] = _former(folder, each, before[folder], force=force, always=batch.all_or_nothing)
    print_diagnostics(fold((label, (one for one in of_it if one.is_warning)) for label, of_it in warnings))
    if batch.refused and batch.all_or_nothing:
        batch.end(())
    for folder, old in former.items():
        with batch.kept(made[folder]):
            if old:
                _rename(old, folder)
            is_fine = not is_changed(beside[folder], strict=strict)
            states[folder] = _written(made[folder], folder, batch, force=force, is_one=len(made) == 1, is_fine=is_fine)
    written = (folder for folder, state in states.items() if state == "written")
    say_next({each: made[each] for each in written if not is_changed(beside[each], strict=False)}, batch)
    return states


def _forbidden(edits: Collection["Edit"], allow: Collection[str]) -> tuple[Diagnostic, ...]:
    """Return what forbids edits; of none, without a long import."""
    if not (edits or allow):
        return ()
    from gen_endpoints import forbidden

    return forbidden(edits, allow)


def _former(folder: Path, made: Made, before: Path, *, force: bool, always: bool) -> Path | None:
    """Return the folder to rename to this one, if there is one; raises Refused, then or `always`, as `_refuse` does."""
    old = before if before != folder else None
    if always or old:
        _refuse((), {before: made}, force=force)
    if not old and made.was and not is_there(folder):
        note(f"{folder}: there is no folder of its key before, {made.was}, so nothing is renamed")
    return old


def _rename(old: Path, folder: Path) -> None:
    """Give the folder that a target had before its name now, with the user's own files in it, and say what moves."""
    from generator.output.tree import rename

    rename(old, folder)
    say(f"renamed {old} to {folder}, with all that was in it, a state in a file of the folder too")
    say("a backend whose key has the folder's name: terraform init -migrate-state, before the next plan")


def _refuse(findings: Collection[Diagnostic], made: Mapping[Path, Made], *, force: bool) -> None:
    """Raise Refused for findings, and for what is in the way in these folders."""
    from generator.output.tree import refuse

    refuse({folder: each.files for folder, each in made.items() if not each.is_same}, findings, force=force)


def _forbidding(own: Iterable[Diagnostic], *, strict: bool) -> tuple[Diagnostic, ...]:
    """Return what forbids an edit, with what is warned of; what others need is allowed for all."""
    from generator.change.refusals import UNUSED

    findings = tuple(each for each in own if each.code != UNUSED.code)
    return () if not strict and all(each.is_warning for each in findings) else findings


def _print_changes(differences: Collection["Difference"], refused: Collection[Diagnostic], *, force: bool) -> None:
    """Print how many files would change, and what would be refused."""
    from generator.output.tree import in_the_way

    blocking = in_the_way(differences, force=force)
    reasons = [
        *([counts(refused)] if refused else []),
        *([f"{counted(len(blocking), 'file')} in the way"] * bool(blocking)),
    ]
    if reasons:
        note(f"\nrender would refuse, and exit {ExitCode.REFUSED}: {' and '.join(reasons)}; see the fix of each")
    elif differences:
        say(f"\nrender would change {counted(len(differences), 'file')}; nothing was written")


def _print_change(folder: Path, difference: "Difference", *, force: bool) -> None:
    """Print what the run would do to a file, or why it would not."""
    from generator.output.tree import in_the_way

    if in_the_way([difference], force=force):
        print_diagnostics([difference.diagnostic], as_result=True)
    else:
        verb = "create" if difference.before is None else "remove" if difference.after is None else "change"
        say(f"would {verb} {folder / difference.path}")


def _written(made: Made, folder: Path, batch: Batch, *, force: bool, is_one: bool, is_fine: bool) -> str:
    """Write a module, print what was written, of one each file, and what the folder has now; return what was done."""
    files, gone = 0, tuple[str, ...]()
    if not made.is_same:
        from generator.output.tree import write

        done = write(made.files, folder, force=force)
        if is_one:
            say_written(done, folder, batch)
        files, gone = len(done.created + done.changed + done.removed), () if is_one or made.retired else done.removed
    if not files:
        batch.say(f"{folder}: up to date") if is_fine else None
        return "up to date"
    holds = "retired" if made.retired else counted(made.endpoints, "endpoint")
    say(f"{folder}: {holds}, {counted(files - len(gone), 'file')} written{''.join(f', {it} removed' for it in gone)}")
    return "written"
