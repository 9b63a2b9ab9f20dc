"""The command that explains a code."""

from __future__ import annotations

import tomllib
from typing import Annotated

import typer

from generator.cli.app import EPILOG, OutputFormat, app
from generator.cli.boundary import boundary, stop
from generator.cli.printing import say, say_result


def _classes() -> dict[str, list[str]]:
    from generator.catalog.catalog import text_of

    return tomllib.loads(text_of("classes.toml"))


def _listed() -> list[tuple[str, str]]:
    """Return every code and every class of drift, each with what it is."""
    from generator.source.codes import codes

    known = [(each.code, each.title) for each in codes().values()]
    return [*known, *((name, meaning) for name, (meaning, _) in _classes().items())]


@app.command(epilog=EPILOG)
def explain(
    code: Annotated[
        str,
        typer.Argument(
            metavar="[CODE]",
            autocompletion=_listed,
            help="A code, such as E101, or a class of drift; without it, all are listed.",
        ),
    ] = "",
    *,
    output_format: OutputFormat = "table",
) -> None:
    """Explain a code: what it means, and why."""
    with boundary(output_format):
        from generator.cli.views.data import document
        from generator.cli.views.table import prose
        from generator.source.codes import codes

        classes, known = _classes(), codes()
        if output_format == "json" and (not code or code.upper() in known):
            shown = [known[code.upper()]] if code else known.values()
            rows = [{name: getattr(each, name) for name in ("code", "title", "why", "fix", "source")} for each in shown]
            say_result(document("explain", {"codes": rows}))
        elif not code:
            say("\n".join(f"{name}  {title}" for name, title in _listed()))
        elif code.lower() in classes:
            meaning, fix = classes[code.lower()]
            say(prose(f"{code.lower()}: a class of drift\n{meaning}\nFix: {fix}"))
        elif code.upper() in known:
            each = known[code.upper()]
            parts = (
                f"{each.code}: {each.title}",
                each.why,
                each.fix and f"Fix: {each.fix}",
                each.source and f"Source: {each.source}",
            )
            say(prose("\n".join(filter(None, parts))))
        else:
            stop(f"no code {repr(code)[1:-1]}; gen-endpoints explain lists them")
