"""The command that renders specs to modules."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import gen_endpoints
from gen_endpoints import Diagnostic, Difference, Meaning, Written
from generator.cli.app import EPILOG, NoCache, Out, Specs, Strict, app
from generator.cli.boundary import boundary, counts
from generator.cli.printing import note, print_diagnostics, say
from generator.cli.specs import compare_all, found_beside, kept_cache, print_base, refuse_warnings, render_all
from generator.cli.views.words import counted
from generator.source.diagnostics import ExitCode, Refused


def _allowances(texts: list[str] | None) -> list[str]:
    """Return what `--allow` is given as it is; a usage error for what allows nothing whatever the specs say."""
    for text in texts or ():
        from generator.change.refusals import ALLOWANCE

        if not ALLOWANCE.fullmatch(text):
            forms = "destroy:MODULE/KEY, replace:MODULE/KEY and keep:KEY.FIELD, with * for any"
            raise typer.BadParameter(f"{text} is none of {forms}")
    return texts or []


_ALLOW = typer.Option(
    metavar="WHAT",
    callback=_allowances,
    help="Let an endpoint go (destroy:MODULE/KEY), be made anew (replace:MODULE/KEY), or AWS keep what it states "
    "no longer (keep:KEY.FIELD); * for any name. May be repeated.",
)


@app.command(epilog=EPILOG)
def render(
    specs: Specs,
    *,
    out: Out = Path("out"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were edited by hand.")] = False,
    allow: Annotated[list[str] | None, _ALLOW] = None,
    strict: Strict = False,
    no_cache: NoCache = False,
) -> None:
    """Render specs to Terraform modules.

    Each module goes to a folder of its spec's name, and nothing is written unless all of them are proven. Files of your
    own in the folder are left alone. An edit that destroys or replaces an endpoint, that Terraform can't apply or would
    leave undone, is refused; it is compared with what git's base revision has of the folder, else with the folder.
    """
    with boundary(), kept_cache(no_cache=no_cache) as cache:
        from generator.output.tree import write

        all_rendered = render_all(specs, cache, out=out, strict=strict)
        if dry_run:
            tell = partial(_change, force=force)
            found, refused = compare_all(all_rendered, cache, allow or (), strict=strict, tell=tell)
            _print_changes([each for of_it in found.values() for each in of_it], refused, force=force)
            return
        findings = gen_endpoints.forbidden(edits := gen_endpoints.edits(all_rendered, cache=cache), allow or ())
        print_base(edits, is_decisive=bool(findings or allow))
        refuse_warnings(tuple(each for each in findings if each.is_warning), strict=strict)
        if not all(each.is_warning for each in findings):
            raise Refused(findings)
        print_diagnostics(findings)
        for folder, rendered in all_rendered.items():
            _print_written(write(rendered.files, folder, force=force), folder, rendered.meaning)
        if beside := found_beside(all_rendered):
            print_diagnostics(beside)
            note("\ngen-endpoints check refuses these: they are not of the specs")


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


def _print_written(written: Written, folder: Path, meaning: Meaning) -> None:
    """Print each file that was written, then what the folder has now, and the command to run next."""
    for verb, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed)):
        for path in paths:
            say(f"{verb} {folder / path}")
    if not (files := len(written.created + written.changed + written.removed)):
        say(f"{folder}: up to date")
        return
    plan = f"{f'AWS_REGION={meaning.region} ' if meaning.region else ''}terraform plan"
    say(f"{folder}: {counted(len(meaning.endpoints), 'endpoint')}, {counted(files, 'file')} written")
    say(f"next: cd {shlex.quote(str(folder))} && terraform init && {plan}")
