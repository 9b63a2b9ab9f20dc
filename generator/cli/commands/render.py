"""The command that renders specs to modules."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import gen_endpoints
from gen_endpoints import Cache, Diagnostic, Difference, Rendered, Written
from generator import __version__
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
from generator.cli.boundary import boundary, counts
from generator.cli.once import tell_git, write_once
from generator.cli.printing import note, print_diagnostics, say
from generator.cli.scope import scoped
from generator.cli.specs import (
    CHANGED,
    compare_all,
    found_beside,
    is_changed,
    kept_cache,
    print_base,
    refuse_warnings,
    render_all,
)
from generator.cli.views.words import counted
from generator.source.diagnostics import ExitCode, Refused

if TYPE_CHECKING:
    from generator.change.edit import Edit


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
    with boundary(form), kept_cache(no_cache=no_cache) as cache:
        scope = scoped(specs, project, out, templates=templates, any_version=upgrade)
        if upgrade and not (scope.project and scope.is_whole):
            raise typer.BadParameter("it is of a project's specs, all of them", param_hint="--upgrade")
        batch = Batch(quiet=quiet, all_or_nothing=all_or_nothing or upgrade)
        all_rendered = render_all(batch.targets_of(scope), cache, batch, scope, strict=strict)
        beside = found_beside(all_rendered, scope.project, batch)
        changed = {folder for folder, found in beside.items() if is_changed(found, strict=strict)}
        if dry_run:
            tell = partial(_change, force=force)
            found, refused = compare_all(
                all_rendered, cache, allow or (), strict=strict, batch=batch, beside=beside, tell=tell
            )
            _print_changes([each for of_it in found.values() for each in of_it], refused, force=force)
            states = {folder: "would change" if each else "up to date" for folder, each in found.items()}
        else:
            states = _write(all_rendered, cache, batch, allow or (), force=force, strict=strict, changed=changed)
            tell_git(scope.out, batch)
        write_once(scope, all_rendered, batch, force=force, tell=partial(_change, force=force) if dry_run else None)
        if upgrade and not (dry_run or batch.refused):
            _upgrade(scope.file)
        if any(beside.values()):
            print_diagnostics(each for found in beside.values() for each in found)
            note("\ngen-endpoints check refuses these: they are not of the specs")
        batch.end([CHANGED if folder in changed else state for folder, state in states.items()])


def _write(
    all_rendered: Mapping[Path, Rendered],
    cache: Cache,
    batch: Batch,
    allow: Collection[str],
    *,
    force: bool,
    strict: bool,
    changed: Collection[Path],
) -> dict[Path, str]:
    """Write each module whose edit nothing forbids, and return what became of them."""
    from generator.change.baseline import unfollowed
    from generator.change.refusals import UNUSED
    from generator.output.tree import write

    edits = gen_endpoints.edits(all_rendered, cache=cache)
    stuck = unfollowed({folder: each.spec for folder, each in all_rendered.items()})
    found = gen_endpoints.forbidden(edits, allow)
    print_base(edits, is_decisive=bool(found or allow))
    if any(each.code == UNUSED.code for each in found):  # what none of all edits does is allowed for none of them
        batch.refused.append(Refused(found))
        batch.end(())
    of_spec: defaultdict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        of_spec[id(edit.spec)].append(edit)
    former, states = dict[Path, Path | None](), dict[Path, str]()
    for folder, rendered in all_rendered.items():
        with batch.kept(rendered.spec.label):
            if found:
                _refuse(gen_endpoints.forbidden(of_spec[id(rendered.spec)], allow), strict=strict)
            if folder in stuck:
                raise Refused([stuck[folder]])
            former[folder] = _former(folder, rendered, force=force, always=batch.all_or_nothing)
    if batch.refused and batch.all_or_nothing:
        batch.end(())
    for folder, old in former.items():
        rendered = all_rendered[folder]
        with batch.kept(rendered.spec.label):
            if old:
                _rename(old, folder)
            written, is_one = write(rendered.files, folder, force=force), len(all_rendered) == 1
            is_fine = folder not in changed
            states[folder] = _print_written(written, folder, rendered, batch, is_one=is_one, is_fine=is_fine)
    _print_next({folder: all_rendered[folder] for folder, state in states.items() if state == "written"}, batch)
    return states


def _former(folder: Path, rendered: Rendered, *, force: bool, always: bool) -> Path | None:
    """Return the folder that is to be renamed to this one, if there is one.

    Raises Refused, before a folder is renamed or `always`, for what is in the way.
    """
    from generator.change.baseline import folder_before
    from generator.output.tree import WouldOverwrite, in_the_way

    old = folder_before(folder, rendered.spec)
    if always or old:
        differences = gen_endpoints.differences(rendered.files, old or folder)
        if blocking := in_the_way(differences, force=force):
            raise WouldOverwrite(blocking)
    if not old and rendered.spec.row and rendered.spec.row.was and not folder.exists():
        note(f"{folder}: there is no folder of its key before, {rendered.spec.row.was}, so nothing is renamed")
    return old


def _rename(old: Path, folder: Path) -> None:
    """Give the folder that a target had before its name now, with the user's own files in it, and say what moves."""
    from generator.output.tree import rename

    rename(old, folder)
    say(f"renamed {old} to {folder}, with all that was in it, a state in a file of the folder too")
    say("a backend whose key has the folder's name: terraform init -migrate-state, before the next plan")


def _refuse(own: Iterable[Diagnostic], *, strict: bool) -> None:
    """Raise Refused with what forbids an edit; what others need is allowed for all."""
    from generator.change.refusals import UNUSED

    findings = tuple(each for each in own if each.code != UNUSED.code)
    refuse_warnings(tuple(each for each in findings if each.is_warning), strict=strict)
    if not all(each.is_warning for each in findings):
        raise Refused(findings)
    print_diagnostics(findings)


def _upgrade(file: str) -> None:
    """Write into the project file that this version renders."""
    from generator.output import disk
    from generator.project.project import upgraded
    from generator.source.reading import contents

    disk.write({Path(file): upgraded(contents(file).decode(), __version__)}, overwrite=True)
    say(f"changed {file}")


def _print_changes(differences: Collection[Difference], refused: Collection[Diagnostic], *, force: bool) -> None:
    """Print how many files would change, and what would be refused."""
    from generator.output.tree import in_the_way

    reasons = [counts(refused)] if refused else []
    blocking = in_the_way(differences, force=force)
    reasons += [f"{counted(len(blocking), 'file')} in the way"] if blocking else []
    if reasons:
        note(f"\nrender would refuse, and exit {ExitCode.REFUSED}: {' and '.join(reasons)}; see the fix of each")
    elif differences:
        say(f"\nrender would change {counted(len(differences), 'file')}; nothing was written")


def _change(folder: Path, difference: Difference, *, force: bool) -> object:
    """Return what the run would do to a file, or why it would not."""
    from generator.output.tree import in_the_way

    if in_the_way([difference], force=force):
        return difference.diagnostic
    verb = "create" if difference.before is None else "remove" if difference.after is None else "change"
    return f"would {verb} {folder / difference.path}"


def _print_written(
    written: Written, folder: Path, rendered: Rendered, batch: Batch, *, is_one: bool, is_fine: bool
) -> str:
    """Print what was written, of one module each file, and what the folder has now; return what was done."""
    for verb, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed)):
        for path in paths if is_one else ():
            batch.say(f"{verb} {folder / path}")
    if not (files := len(written.created + written.changed + written.removed)):
        batch.say(f"{folder}: up to date") if is_fine else None
        return "up to date"
    row = rendered.spec.row
    holds = "retired" if row and row.retired else counted(len(rendered.meaning.endpoints), "endpoint")
    say(f"{folder}: {holds}, {counted(files, 'file')} written")
    return "written"


def _print_next(written: Mapping[Path, Rendered], batch: Batch) -> None:
    """Print the command to run next, once for all that was written."""
    regions = {each.meaning.region for each in written.values()}
    where = f": cd {shlex.quote(str(*written))} &&" if len(written) == 1 else ", in each of these folders:"
    region = f"AWS_REGION={region} " if len(regions) == 1 and (region := next(iter(regions))) else ""
    if written:
        batch.say(f"next{where} terraform init && {region}terraform plan")
