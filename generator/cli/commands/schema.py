"""The command that prints the JSON Schema of specs."""

from __future__ import annotations

from typing import Annotated

import typer

from generator.cli.app import EPILOG, FindingsFormat, app
from generator.cli.boundary import boundary
from generator.cli.printing import say_result


@app.command(epilog=EPILOG)
def schema(
    *,
    project: Annotated[bool, typer.Option("--project", help="That of the project file, gen-endpoints.yaml.")] = False,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rules", metavar="FILE", help="A file of the team's own rules; may be repeated."),
    ] = None,
    form: FindingsFormat = "text",
) -> None:
    """Print the JSON Schema of specs, for editors."""
    with boundary(form):
        from generator.catalog.names import names
        from generator.cli.views.data import as_json
        from generator.spec import json_schema

        if project:
            from generator.spec.project import Project

            say_result(as_json(json_schema(model=Project)), is_document=True)
            return
        found = json_schema(names())
        if rules:
            from generator.project import own_rules
            from generator.source.reading import contents

            own = [{"$id": f"urn:rules:{each}", **own_rules.read(contents(each), each)[1]} for each in rules]
            found = {**found, "allOf": [{"if": found["if"], "else": each} for each in own]}  # what is cached stays
        say_result(as_json(found), is_document=True)
