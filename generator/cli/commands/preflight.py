"""The command that says whether the apply of a spec's module would work."""

from __future__ import annotations

from generator.cli.app import EPILOG, Named, Out, OutputFormat, ProjectFile, Quiet, Region, Strict, app
from generator.cli.aws_options import EndpointUrl, From, Inputs, Profile, States, applied_of, inputs_of
from generator.cli.boundary import boundary
from generator.cli.printing import keep, print_diagnostics, say, take_for
from generator.cli.scope import scoped
from generator.cli.specs import intents_of


@app.command(epilog=EPILOG)
def preflight(
    specs: Named = None,
    *,
    out: Out = None,
    project: ProjectFile = None,
    region: Region = None,
    files: From = None,
    inputs: Inputs = None,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    states: States = None,
    output_format: OutputFormat = "table",
    strict: Strict = False,
    quiet: Quiet = False,
) -> None:
    """Check against AWS whether the applies would work.

    AWS is only read, each account by the project's profile, or the output of the AWS CLI with --from. Each finding
    comes with an AWS CLI command that shows it, on a terminal or with --output full. What could not be checked is
    listed. Where the apply works only if Terraform's state has what exists, --state tells; without it that is unknown,
    and the exit code 1.
    """
    with boundary(output_format):
        from generator.cli.beside import leading_nowhere
        from generator.cli.live import LiveBatch
        from generator.cli.views import many
        from generator.cli.views import preflight as view
        from generator.live.claimed import claimed_twice
        from generator.live.preflight.checks import examine, kinds
        from generator.live.refusals.quotas import summed

        known = applied_of(states)
        batch = LiveBatch(
            scope=scoped(specs, project, out),
            needs=lambda intent: kinds(intent, known),
            everywhere=("VpcEndpoints",),
            region=region,
            files=files,
            profile=profile,
            url=endpoint_url,
            inputs=inputs_of(inputs),
            quiet=quiet,
            strict=strict,
        )
        intents = intents_of(batch.targets(), batch, batch.scope, strict=strict)
        located = batch.matched(intents, known)
        located = dict(zip(located, summed(located.values()), strict=True))
        twins = dict(zip(located, claimed_twice(located.values()), strict=True))
        nowhere = leading_nowhere(located, batch)
        found = batch.each_of(located, lambda each: examine(located[each], twins[each], nowhere.get(each, ())))
        found = view.with_blocked(found, located)
        for target, outcome in found.items():
            if not (output_format == "json" or (quiet and outcome.would_work and not outcome.findings)):
                say(view.summary(outcome, target.path))
                print_diagnostics(outcome.findings)
                say(view.verdict(outcome, target.path, strict=strict))
        for target, outcome in found.items():
            keep(view.unknown(outcome, target.source))
            take_for("error", outcome.matters if strict else ())
        entries = [view.entry(outcome, target.path, strict=strict) for target, outcome in found.items()]
        batch.tell("preflight", entries, "", many.code(entries))
