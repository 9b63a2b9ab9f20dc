"""The command that says whether the endpoints of a spec work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import EPILOG, OutputFormat, Region, Spec, app
from generator.cli.aws_options import EndpointUrl, From, Inputs, Profile, estate_of, inputs_of
from generator.cli.boundary import boundary
from generator.cli.printing import document, say
from generator.cli.specs import intent_of
from generator.source.diagnostics import ExitCode

if TYPE_CHECKING:
    from generator.live.verify.report import Report


@app.command(epilog=EPILOG)
def verify(
    spec: Spec,
    *,
    region: Region = None,
    files: From = None,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    variables: Inputs = None,
    wait: Annotated[bool, typer.Option("--wait", help="Ask again until nothing is pending.")] = False,
    timeout: Annotated[
        int, typer.Option("--timeout", metavar="SECONDS", min=0, max=86400, help="How long --wait waits.")
    ] = 600,
    report_format: OutputFormat = "table",
    with_passed: Annotated[bool, typer.Option("--all", help="Show the checks that passed, too.")] = False,
    from_inside: Annotated[
        bool,
        typer.Option("--from-inside", help="Print a script for /bin/sh that tries the endpoints from inside the VPC."),
    ] = False,
) -> None:
    """Check in AWS whether the endpoints of a spec work.

    Each endpoint has a row as in the console's list, with its checks under it. Exit 0 only when no check failed and
    none is pending, else 1; what can't be known from here is listed as unknown.
    """
    with boundary(report_format):
        from generator.intent.region import region_to_ask

        intent, inputs = intent_of(spec), inputs_of(variables)
        where = region_to_ask(intent, region, inputs)
        if from_inside:
            from generator.live.verify import probe

            say(probe.script(intent, where), end="")
            return
        if wait and files:
            raise typer.BadParameter("--wait asks AWS again, and --from does not ask AWS")

        from generator.cli.views import verify as verify_report
        from generator.cli.waiting import awaited
        from generator.live.locate import vpc_ids
        from generator.live.verify.check import KINDS, OPTIONAL, check

        choose = partial(vpc_ids, [intent], inputs=inputs)
        ask = partial(estate_of, where, KINDS, choose, files=files, profile=profile, endpoint_url=endpoint_url)
        report = awaited(lambda: check(intent, ask(optional=OPTIONAL), inputs), timeout if wait else 0)
        forms: dict[str, Callable[[Report], str]] = {
            "table": partial(verify_report.as_table, with_passed=with_passed),
            "json": verify_report.as_json,
            "junit": verify_report.as_junit,
        }
        (document if report_format in {"json", "junit"} else say)(forms.get(report_format, forms["table"])(report))
        if not report.passed:
            raise typer.Exit(ExitCode.REFUSED)
