"""What rendered endpoints cost by the hour, read from their HCL: of a module whose spec nobody has any more, too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from generator.cost.cost import Assumptions
from generator.cost.prices import Prices
from generator.hcl.hcl import Block
from generator.intent.targets import target_of
from generator.source.region import REGION_NAME

_REGION = re.compile(rf"[.:]({REGION_NAME})[.:]")
_HOURS = Assumptions(region="").hours


def monthly(blocks: Iterable[Block], region: object) -> tuple[Decimal, int]:
    """Return USD a month without traffic, and how many endpoints it leaves out as their price is not known."""
    costs = [*monthly_each(blocks, region).values()]
    known = [each for each in costs if each is not None]
    return sum(known, Decimal(0)), len(costs) - len(known)


def monthly_each(blocks: Iterable[Block], region: object) -> dict[str, Decimal | None]:
    """Return USD a month without traffic by the labels of endpoints; None is unknown.

    Their Region is that of their names, but for services elsewhere; else that of the spec.
    """
    endpoints = [each for each in blocks if each.labels[:1] == ("aws_vpc_endpoint",)]
    near = (each.arguments for each in endpoints if "service_region" not in each.arguments)
    found = _REGION.search("\n".join(str(target_of(each)) for each in near))
    hours = {each.label: _hourly(each, found[1] if found else str(region)) for each in endpoints}
    return {label: hour and hour * _HOURS for label, hour in hours.items()}


def _hourly(endpoint: Block, region: str) -> Decimal | None:
    """Return what one endpoint costs an hour, by zone, where it says in how many it is."""
    kind, subnets = str(endpoint.arguments.get("vpc_endpoint_type")), endpoint.arguments.get("subnet_ids")
    hour = Prices.load().price(region, kind).hour
    zones = 1 if kind == "GatewayLoadBalancer" else len(subnets) if isinstance(subnets, tuple) else 0
    return hour and (hour * zones if zones else None)
