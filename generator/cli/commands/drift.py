"""The command that compares specs, their rendered files and AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gen_endpoints import generated
from generator.cli.app import EPILOG, NoCache, OutputFormat, Region, Specs, TemplatesFolder, app
from generator.cli.aws_options import EndpointUrl, From, Inputs, Profile, States, applied_of, estate_of, inputs_of
from generator.cli.boundary import boundary, today
from generator.cli.printing import print_diagnostics, say, say_result
from generator.cli.scope import one, scoped
from generator.cli.specs import kept_cache
from generator.source.diagnostics import ExitCode, each_of

if TYPE_CHECKING:
    from generator.generate import Generated
    from generator.intent.intent import Intent
    from generator.live.applied import Applied
    from generator.live.drift.compare import Comparison
    from generator.live.drift.row import Drift
    from generator.live.estate import Estate


@app.command(epilog=EPILOG)
def drift(
    specs: Specs,
    *,
    out: Annotated[
        Path, typer.Option("--dir", "--out", "-o", metavar="DIR", help="The folder of the modules' folders.")
    ] = Path("out"),
    templates: TemplatesFolder = None,
    region: Region = None,
    files: From = None,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    inputs: Inputs = None,
    ignore_tag: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="A tag set elsewhere, as by default_tags; may be repeated."),
    ] = None,
    states: States = None,
    output_format: OutputFormat = "table",
    no_cache: NoCache = False,
) -> None:
    """Compare specs, their rendered files and AWS.

    Each difference has its cause and what to run next; only --state tells what is not applied from what was changed
    by hand. AWS is only read; where its answers do not tell, the exit code is 1. Give the specs of one VPC together: an
    endpoint of one of them is not foreign to the others.
    """
    with boundary(output_format), kept_cache(no_cache=no_cache) as cache:
        from generator.cli.views import drift as drift_report
        from generator.generate import refuse_one_name
        from generator.live.drift.compare import compare

        team = scoped(specs, templates=templates).templates
        wanted = each_of(specs, lambda path: generated(one(path), team, today=today(), cache=cache))
        refuse_one_name((path, each.module.name) for path, each in wanted.items())
        for each in wanted.values():
            print_diagnostics(each.intent.warnings)
        intents, values = {path: each.intent for path, each in wanted.items()}, inputs_of(inputs)
        ask = partial(estate_of, files=files, profile=profile, endpoint_url=endpoint_url)
        known = applied_of(states)
        estates = _estates(intents, region, values, ask)
        compared = each_of(specs, lambda path: _compare(wanted[path], out, estates[path], values, known))
        rows = [row for in_files, _ in compared.values() for row in in_files]
        rows += compare((comparison for _, comparison in compared.values()), frozenset(ignore_tag or ()))
        if output_format == "json":
            say_result(drift_report.as_json(rows))
        else:
            say(drift_report.as_table(rows, {path: len(intent.endpoints) for path, intent in intents.items()}))
        if drift_report.is_drifted(rows):
            raise typer.Exit(ExitCode.STALE)
        if not drift_report.is_told(rows):
            raise typer.Exit(ExitCode.REFUSED)


def _compare(
    generated: Generated,
    out: Path,
    estate: Estate,
    inputs: Mapping[str, tuple[str, ...]],
    applied: Applied | None,
) -> tuple[tuple[Drift, ...], Comparison]:
    """Return how a spec's folder differs from what it renders to, and the spec beside all that it is compared with."""
    from generator.live.drift.compare import Comparison
    from generator.live.drift.files import file_drift
    from generator.live.drift.rendered import rendered_differences
    from generator.live.drift.row import Commands
    from generator.live.locate import locate
    from generator.output import tree

    folder = out / (generated.intent.source.label or generated.module.name)
    commands = Commands(spec=generated.intent.source.path, out=str(out), region=estate.region)
    differences = tree.differences(generated.files, folder)
    rendered = rendered_differences(generated.module, differences, estate.region)
    located = locate(generated.intent, estate, inputs)
    comparison = Comparison.of(located, commands=commands, rendered=rendered, applied=applied)
    return tuple(file_drift(differences, folder.as_posix(), commands, is_there=folder.exists())), comparison


def _estates(
    intents: Mapping[str, Intent],
    region: str | None,
    inputs: Mapping[str, tuple[str, ...]],
    ask: Callable[..., Estate],
) -> dict[str, Estate]:
    """Return what exists in each spec's Region, asked once for each Region."""
    from generator.intent.region import region_to_ask
    from generator.live.drift.compare import kinds
    from generator.live.locate import vpc_ids

    regions = each_of(intents, lambda path: region_to_ask(intents[path], region, inputs))
    found: dict[str, Estate] = {}
    for each in dict.fromkeys(regions.values()):
        own = [intent for path, intent in intents.items() if regions[path] == each]
        found[each] = ask(each, kinds(own), partial(vpc_ids, own, inputs=inputs))
    return {path: found[each] for path, each in regions.items()}
