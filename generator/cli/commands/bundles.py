"""The command that says which bundles there are, and what one brings and why."""

from __future__ import annotations

from typing import Annotated

from generator.cli.app import EPILOG, OutputFormat, app, name_argument
from generator.cli.boundary import boundary, stop
from generator.cli.printing import say_result


@app.command(epilog=EPILOG)
def bundles(
    name: Annotated[
        str,
        name_argument(
            "[NAME]", "BundleVersion", "A bundle, such as ecs-fargate or ecs-fargate@1; without it, all are listed."
        ),
    ] = "",
    *,
    output_format: OutputFormat = "table",
) -> None:
    """List the bundles of endpoints, or describe one.

    What it brings to a spec, why, and what it leaves out.
    """
    with boundary(output_format):
        from generator.catalog import bundles as shipped
        from generator.cli.views import bundles as shown
        from generator.cli.views.data import document
        from generator.intent import bundles as brought

        is_json = output_format == "json"
        if not name:
            known = shown.every(shipped.load())
            say_result(document("bundles", {"bundles": shown.rows(known)}) if is_json else shown.table(known))
        elif bundle := shipped.find(name):
            say_result(document("bundles", {"bundles": [shown.detail(bundle)]}) if is_json else shown.page(bundle))
        else:
            _, message, fix = brought.why_missing(name)
            stop(f"{message}\n    {fix}")
