"""The command that says what the endpoints of specs cost."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import EPILOG, Named, OutputFormat, ProjectFile, Region, app, stated
from generator.cli.batch import Batch
from generator.cli.boundary import boundary
from generator.cli.printing import say, say_result
from generator.cli.scope import scoped
from generator.cli.specs import intents_of

if TYPE_CHECKING:
    from generator.cost.cost import Estimate
    from generator.fleet.overlays import Target

_BELOW_ZERO = re.compile(r"-[0-9]+(\.[0-9]+)?")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?")


def _amount(value: str) -> str:
    """Return the text of a number, of which the command makes a decimal: `decimal` takes its time to import."""
    if _BELOW_ZERO.fullmatch(value):
        raise typer.BadParameter(f"{value} is below 0; it must be 0 or more")
    if not _NUMBER.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is not a number such as 730 or 0.5")
    return value


@app.command(epilog=EPILOG)
def cost(
    specs: Named = None,
    *,
    traffic_gb: Annotated[
        str,
        typer.Option(metavar="GB", callback=_amount, help="Traffic a month through the interface endpoints together."),
    ] = "100",
    hours: Annotated[str, typer.Option(metavar="HOURS", callback=_amount, help="Hours a month.")] = "730",
    zones: Annotated[
        int | None,
        typer.Option(min=1, max=99, metavar="N", help="Zones of endpoints whose subnets are unknown before the plan."),
    ] = None,
    region: Region = None,
    project: ProjectFile = None,
    prices: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            callback=stated,
            help="Prices that override the table, such as eu-west-1: {Interface: {hour: 0.01}}.",
        ),
    ] = None,
    output_format: OutputFormat = "table",
) -> None:
    """Estimate what the endpoints of specs cost.

    An hour and a month, and the traffic from which NAT gateways would cost the same.
    """
    with boundary(output_format):
        from decimal import Decimal

        from generator.cli.views import cost as cost_report
        from generator.cli.views.data import document
        from generator.cost.cost import Assumptions, estimate
        from generator.cost.prices import Prices
        from generator.intent.region import region_to_ask
        from generator.source.source import read

        table = Prices.load()
        if prices is not None:
            table = table.with_file(read(prices))
        scope, batch = scoped(specs, project), Batch()
        assume = partial(Assumptions, hours=Decimal(hours), traffic_gb=Decimal(traffic_gb), zones=zones)

        intents = intents_of(batch.targets_of(scope), batch, scope)

        def estimated(target: Target) -> Estimate:
            return estimate(intents[target], table, assume(region=region_to_ask(intents[target], region)))

        found = [*batch.each_of(intents, estimated).values()]
        if output_format == "json":
            data = {"estimates": [cost_report.as_data(each) for each in found], "total": cost_report.total(found)}
            say_result(document("cost", data))
        elif found:
            say("\n\n".join((*map(cost_report.as_table, found), *([cost_report.by_module(found)] * (len(found) > 1)))))
        try:
            batch.end(["estimated"] * len(found))
        finally:
            if output_format != "json" and len(found) > 1:
                say(f"\n{cost_report.total_line(found)}")
