"""The command that compares specs, their rendered files and AWS."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import EPILOG, Format, OutputFormat, Region, Specs, app
from generator.cli.aws_options import EndpointUrl, From, Inputs, Profile, estate_of, inputs_of
from generator.cli.boundary import boundary, today
from generator.cli.printing import print_diagnostics, say
from generator.cli.specs import each_of, kept_cache
from generator.source.diagnostics import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.generate import Generated
    from generator.intent.intent import Intent
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
    region: Region = None,
    files: From = None,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    inputs: Inputs = None,
    ignore_tag: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="A tag set elsewhere, as by default_tags; may be repeated."),
    ] = None,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Compare specs, their rendered files and AWS.

    Each difference has its cause and what to run next. AWS is only read. Give the specs of one VPC together: an
    endpoint of one of them is not foreign to the others.
    """
    with boundary():
        from generator.cli.views import drift as drift_report
        from generator.generate import generate, refuse_one_name
        from generator.live.drift.compare import compare

        with kept_cache() as cache:
            wanted = each_of(specs, lambda path: generate(path, cache, today()))
        refuse_one_name((each.path, each.module.name) for each in wanted)
        for each in wanted:
            print_diagnostics(each.intent.warnings)
        intents = {each.path: each.intent for each in wanted}
        values = inputs_of(inputs)
        estates = _estates(intents, region, values, files=files, profile=profile, endpoint_url=endpoint_url)
        sides = {path: _Side(each, path, out, estates[path].region) for path, each in zip(intents, wanted, strict=True)}
        comparisons = each_of(specs, lambda path: sides[path].comparison(intents[path], estates[path], values))
        rows = [row for side in sides.values() for row in side.files()]
        rows += compare(comparisons, frozenset(ignore_tag or ()))
        if output_format is Format.JSON:
            say(drift_report.as_json(rows))
        else:
            counts = {path: len(intent.endpoints) for path, intent in intents.items()}
            say(drift_report.as_table(rows, counts))
        if drift_report.is_drifted(rows):
            raise typer.Exit(ExitCode.STALE)


class _Side:
    """What one spec renders to, and the folder that it is rendered to."""

    def __init__(self, generated: Generated, path: str, out: Path, region: str) -> None:
        from generator.live.drift.row import Commands
        from generator.output import tree

        self.module = generated.module
        self.folder = out / generated.module.name
        self.commands = Commands(spec=path, out=str(out), region=region)
        self.differences = tree.differences(generated.files, self.folder)

    def files(self) -> Iterator[Drift]:
        """Yield how the folder differs."""
        from generator.live.drift.files import file_drift

        yield from file_drift(self.differences, self.folder.as_posix(), self.commands, is_there=self.folder.exists())

    def comparison(self, intent: Intent, estate: Estate, inputs: Mapping[str, tuple[str, ...]]) -> Comparison:
        """Return the spec beside all that it is compared with."""
        from generator.live.drift.compare import Comparison
        from generator.live.drift.rendered import rendered_differences
        from generator.live.locate import locate

        rendered = rendered_differences(self.module, self.differences, estate.region)
        return Comparison.of(locate(intent, estate, inputs), commands=self.commands, rendered=rendered)


def _estates(
    intents: Mapping[str, Intent],
    region: str | None,
    inputs: Mapping[str, tuple[str, ...]],
    *,
    files: list[str] | None,
    profile: str | None,
    endpoint_url: str | None,
) -> dict[str, Estate]:
    """Return what exists in each spec's Region, asked once for each Region."""
    from generator.intent.region import region_to_ask
    from generator.live.drift.compare import kinds
    from generator.live.locate import vpc_ids

    regions = dict(zip(intents, each_of(intents, lambda path: region_to_ask(intents[path], region)), strict=True))
    found: dict[str, Estate] = {}
    for each in dict.fromkeys(regions.values()):
        own = [intent for path, intent in intents.items() if regions[path] == each]
        found[each] = estate_of(
            each,
            kinds(own),
            partial(vpc_ids, own, inputs=inputs),
            files=files,
            profile=profile,
            endpoint_url=endpoint_url,
        )
    return {path: found[each] for path, each in regions.items()}
