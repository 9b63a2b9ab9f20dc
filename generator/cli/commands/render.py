"""The command that renders specs to modules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

import gen_endpoints
from gen_endpoints import Rendered, Written
from generator.cli.app import EPILOG, Out, Specs, Strict, app
from generator.cli.boundary import boundary
from generator.cli.printing import note, say
from generator.cli.specs import compare, render_all
from generator.cli.views.words import counted
from generator.source.diagnostics import ExitCode


@app.command(epilog=EPILOG)
def render(
    specs: Specs,
    *,
    out: Out = Path("out"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were edited by hand.")] = False,
    strict: Strict = False,
) -> None:
    """Render specs to Terraform modules.

    Each module goes to a folder of its spec's name, and nothing is written unless all of them are proven. Files of your
    own in the folder are left alone.
    """
    with boundary():
        all_rendered = [(each, out / each.meaning.name) for each in render_all(specs, strict=strict).values()]
        if dry_run:
            _print_changes(all_rendered, force=force)
            return
        for rendered, folder in all_rendered:
            _print_written(gen_endpoints.write(rendered.files, folder, force=force), folder)


def _print_changes(all_rendered: Iterable[tuple[Rendered, Path]], *, force: bool) -> None:
    """Print how the folders would change, as `check` does, and how many files; exit where it would refuse."""
    from generator.output.tree import in_the_way

    differences = [each for rendered, folder in all_rendered for each in compare(rendered, folder)]
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
