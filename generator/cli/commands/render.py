"""The command that renders specs to modules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import gen_endpoints
from generator.cli.app import EPILOG, Out, Specs, Strict, app
from generator.cli.boundary import boundary
from generator.cli.printing import note, print_differences, say
from generator.cli.specs import render_all
from generator.source.diagnostics import ExitCode

if TYPE_CHECKING:
    from gen_endpoints import Difference, Written


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
        from generator.output.tree import in_the_way

        refused: list[Difference] = []
        for rendered in render_all(specs, strict=strict):
            folder = out / rendered.meaning.name
            if not dry_run:
                _print_written(gen_endpoints.write(rendered.files, folder, force=force), folder)
                continue
            differences = gen_endpoints.differences(rendered.files, folder)
            print_differences(differences)
            refused += in_the_way(differences, force=force)
        if refused:
            note("\nrender would refuse for what is in the way: see the fix of each")
            raise typer.Exit(ExitCode.REFUSED)


def _print_written(written: Written, folder: Path) -> None:
    for verb, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed)):
        for path in paths:
            say(f"{verb} {folder / path}")
    if not (written.created or written.changed or written.removed):
        say(f"{folder}: up to date")
