"""The command that says whether the apply of a spec's module would work."""

from __future__ import annotations

import typer

from generator.cli.app import EPILOG, OutputFormat, Region, Spec, Strict, app
from generator.cli.aws_options import EndpointUrl, From, Inputs, Profile, States, applied_of, estate_of, inputs_of
from generator.cli.boundary import boundary
from generator.cli.printing import print_diagnostics, say, say_result
from generator.cli.specs import intent_of
from generator.source.diagnostics import ExitCode


@app.command(epilog=EPILOG)
def preflight(
    spec: Spec,
    *,
    region: Region = None,
    files: From = None,
    inputs: Inputs = None,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    states: States = None,
    output_format: OutputFormat = "table",
    strict: Strict = False,
) -> None:
    """Check against AWS whether the apply would work.

    AWS is only read, or the output of the AWS CLI with --from. Each finding comes with an AWS CLI command that shows
    it. What could not be checked is listed. Where the apply works only if Terraform's state has what exists, --state
    tells; without it that is unknown, and the exit code 1.
    """
    given = inputs_of(inputs)
    with boundary(output_format):
        from generator.cli.views.preflight import as_json, summary, verdict
        from generator.intent.region import region_to_ask
        from generator.live.locate import locate
        from generator.live.preflight.checks import examine, kinds

        intent = intent_of(spec, strict=strict)
        (needed, wanted), known = kinds(intent), applied_of(states)
        estate = estate_of(
            region_to_ask(intent, region, given),
            needed,
            lambda vpcs: filter(None, [locate(intent, vpcs, given).vpc_id]),
            files=files,
            profile=profile,
            endpoint_url=endpoint_url,
            optional=wanted,
            everywhere=("VpcEndpoints",),
        )
        outcome = examine(intent, estate, given, known)
        if output_format == "json":
            say_result(as_json(outcome, spec))
        else:
            say(summary(outcome, spec))
            print_diagnostics(outcome.findings)
            say(verdict(outcome, spec))
        if not outcome.would_work or (strict and outcome.findings):
            raise typer.Exit(ExitCode.REFUSED)
