"""The command that says what a team's templates are given, and prints one to start from."""

from __future__ import annotations

from typing import Annotated

import typer

from generator.cli.app import EPILOG, OutputFormat, app
from generator.cli.boundary import boundary
from generator.cli.printing import say, say_result


@app.command(epilog=EPILOG)
def templates(
    name: Annotated[str, typer.Argument(metavar="[EXAMPLE]", help="An example, such as backend.tf.j2.")] = "",
    *,
    output_format: OutputFormat = "table",
) -> None:
    """List what templates are given and the examples, or print one.

    docs/templates.md says what becomes of templates.
    """
    with boundary(output_format):
        from generator.cli.views.data import document
        from generator.cli.views.table import prose, table
        from generator.module.render import templates as ours
        from generator.source.suggest import did_you_mean, nearest
        from generator.team_templates.model import VALUES

        folder = ours() / "examples"
        examples = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*.*")}
        if name in examples:
            say(examples[name].read_text(encoding="utf-8"), end="")
        elif name:
            raise typer.BadParameter(did_you_mean(nearest(name, examples), f"there are {', '.join(sorted(examples))}"))
        elif output_format == "json":
            say_result(document("templates", {"values": VALUES, "examples": sorted(examples)}))
        else:
            say(table([("Value", "Meaning"), *VALUES.items()]))
            say(prose(f"\nexamples: {', '.join(sorted(examples))}"))
