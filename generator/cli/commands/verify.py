"""The command that says whether the endpoints of a spec work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import EPILOG, Named, OutputFormat, ProjectFile, Quiet, Region, app
from generator.cli.aws_options import EndpointUrl, From, Inputs, Profile, inputs_of
from generator.cli.boundary import boundary
from generator.cli.printing import document, keep, say
from generator.cli.scope import scoped
from generator.cli.specs import intents_of

if TYPE_CHECKING:
    from generator.fleet.overlays import Target
    from generator.live.verify.report import Report


@app.command(epilog=EPILOG)
def verify(
    specs: Named = None,
    *,
    project: ProjectFile = None,
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
    quiet: Quiet = False,
) -> None:
    """Check in AWS whether the endpoints of specs work.

    Each endpoint has a row as in the console's list, with its checks under it. Exit 0 only when no check failed and
    none is pending, else 1; what can't be known from here is listed as unknown. Of the tags, Name alone is checked:
    drift compares the others. Each account is asked by the project's profile.
    """
    with boundary(report_format):
        if wait and files:
            raise typer.BadParameter("--wait asks AWS again, and --from does not ask AWS")
        from generator.cli.live import LiveBatch
        from generator.cli.views import many
        from generator.cli.views import verify as view
        from generator.cli.waiting import awaited
        from generator.intent.region import region_to_ask
        from generator.live.verify.check import KINDS, OPTIONAL, check
        from generator.live.verify.probe import script

        batch = LiveBatch(
            scope=scoped(specs, project),
            needs=lambda _: (KINDS, OPTIONAL),
            region=region,
            files=files,
            profile=profile,
            url=endpoint_url,
            inputs=inputs_of(variables),
            quiet=quiet,
        )
        intents = intents_of(batch.targets(), batch, batch.scope)
        if from_inside and len(intents) > 1:
            raise typer.BadParameter("--from-inside is for one VPC, and these are several specs: name one")
        if from_inside:
            batch.tell_held()
            say("".join(script(each, region_to_ask(each, region, batch.inputs)) for each in intents.values()), end="")
            batch.end(())
            return

        def ask() -> dict[Target, Report]:
            left = batch.matched(batch.left(intents), is_strict=True)
            return {each: check(spec) for each, spec in left.items()}

        reports = awaited(ask, timeout if wait else 0)
        keep(found for target, report in reports.items() for found in view.findings(report, target.source))
        entries = [view.entry(report, target.path) for target, report in reports.items()]
        if report_format == "junit":
            document(view.as_junit(reports.values(), [one for each in batch.refused for one in each.diagnostics]))
            batch.end([each.state for each in entries], many.code(entries))
        else:
            told = view.as_tables(reports.values(), with_passed=with_passed, quiet=quiet)
            batch.tell("verify", entries, told, many.code(entries))
