"""The command that explains a code."""

from __future__ import annotations

import tomllib
from typing import Annotated

import typer

from generator.cli.app import EPILOG, app
from generator.cli.boundary import boundary, stop
from generator.cli.printing import say


@app.command(epilog=EPILOG)
def explain(
    code: Annotated[
        str,
        typer.Argument(metavar="[CODE]", help="A code, such as E101, or a class of drift; without it, all are listed."),
    ] = "",
) -> None:
    """Explain a code: what it means, and why."""
    with boundary():
        from generator.catalog.catalog import text_of
        from generator.source.codes import codes

        classes: dict[str, list[str]] = tomllib.loads(text_of("classes.toml"))
        known = codes()
        if not code:
            say("\n".join(f"{each.code}  {each.title}" for each in known.values()))
            say("\n".join(f"{name}  {meaning}" for name, (meaning, _) in classes.items()))
        elif code.lower() in classes:
            meaning, fix = classes[code.lower()]
            say(f"{code.lower()}: a class of drift\n{meaning}\nFix: {fix}")
        elif code.upper() in known:
            each = known[code.upper()]
            parts = (
                f"{each.code}: {each.title}",
                each.why,
                each.fix and f"Fix: {each.fix}",
                each.source and f"Source: {each.source}",
            )
            say("\n".join(filter(None, parts)))
        else:
            stop(f"no code {code}; gen-endpoints explain lists them")
