"""The command that renders specs to modules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

import typer

import gen_endpoints
from gen_endpoints import Rendered, Written
from generator.cli.app import EPILOG, Out, Specs, Strict, app
from generator.cli.boundary import boundary
from generator.cli.printing import note, say
from generator.cli.specs import compare, kept_cache, render_all
from generator.cli.views.words import counted
from generator.source.diagnostics import Diagnostic, ExitCode, Refused


def _allowances(texts: list[str] | None) -> list[str]:
    """Return what `--allow` is given as it is; a usage error for what allows nothing whatever the specs say."""
    from generator.change.refusals import ALLOWANCE

    for text in texts or ():
        if not ALLOWANCE.fullmatch(text):
            raise typer.BadParameter(f"{text} is not keep:KEY.FIELD, such as keep:logs.policy or keep:*.policy")
    return texts or []


_ALLOW = typer.Option(
    metavar="keep:KEY.FIELD",
    callback=_allowances,
    help="Let AWS keep what an endpoint states no longer; * for KEY or FIELD. May be repeated.",
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
) -> None:
    """Render specs to Terraform modules.

    Each module goes to a folder of its spec's name, and nothing is written unless all of them are proven. Files of your
    own in the folder are left alone. An edit that Terraform can't apply to what the folder has, or that it would leave
    undone, is refused.
    """
    with boundary():
        from generator.output.tree import write

        all_rendered = {out / each.meaning.name: each for each in render_all(specs, strict=strict).values()}
        with kept_cache() as cache:
            refused = gen_endpoints.refusals(all_rendered, allow=allow or (), cache=cache)
        if dry_run:
            _print_changes(all_rendered, refused, force=force)
            return
        if refused:
            raise Refused(refused)
        for folder, rendered in all_rendered.items():
            _print_written(write(rendered.files, folder, force=force), folder)


def _print_changes(all_rendered: Mapping[Path, Rendered], refused: Collection[Diagnostic], *, force: bool) -> None:
    """Print how the folders would change, as `check` does, and how many files; exit where it would refuse."""
    from generator.output.tree import in_the_way

    differences = [each for folder, rendered in all_rendered.items() for each in compare(rendered, folder)]
    if refused:
        raise Refused(refused)
    blocking = in_the_way(differences, force=force)
    if blocking:
        note(f"\nrender would refuse: {counted(len(blocking), 'file')} in the way; see the fix of each")
        raise typer.Exit(ExitCode.REFUSED)
    if differences:
        say(f"\nrender would change {counted(len(differences), 'file')}; nothing was written")


def _print_written(written: Written, folder: Path) -> None:
    for verb, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed)):
        for path in paths:
            say(f"{verb} {folder / path}")
    if not (written.created or written.changed or written.removed):
        say(f"{folder}: up to date")
