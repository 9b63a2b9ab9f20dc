"""Where endpoints are: subnets, zones and route tables, and how many of them AWS takes. Facts checked 2026-11-22."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.spec.references import ByInput, Create, Reference, RouteTable, as_written, is_one


class Quota(NamedTuple):
    """How many endpoints of some types AWS takes in a VPC, or a Region, unless it raised that; and the quota's code."""

    types: tuple[str, ...]
    default: int
    code: str | None
    of_region: bool = False


QUOTAS = (
    Quota(("Interface", "GatewayLoadBalancer"), 50, "L-29B6F2EB"),
    Quota(("Gateway",), 20, "L-1B52E74A", of_region=True),
    Quota(("Resource",), 200, None),
    Quota(("ServiceNetwork",), 50, None),
)


@rule("E241")
def table_twice(intent: Intent) -> Findings:
    """Two gateways of one service on one route table."""
    first: dict[tuple[object, RouteTable], Endpoint] = {}
    for endpoint in intent.endpoints:
        for table, words in intent.gateway_tables(endpoint).items():
            if (other := first.setdefault((endpoint.service_name, table), endpoint)) is not endpoint:
                message = f"{endpoint.key}: {other.key} has a route to this service in {words} already"
                fix = f"give {endpoint.key} and {other.key} different route_tables:, or keep one of the two"
                yield intent.own_place(endpoint, "route_tables"), message, fix
                break


@rule("E242")
def subnet_twice(intent: Intent) -> Findings:
    """One subnet twice in one list."""
    for place, message, subnet in _repeated(intent, "subnets", "subnet"):
        if not isinstance(subnet, ByInput):  # whose ids Terraform puts together: of that `twice` warns
            yield place, message


@rule("W204")
def twice(intent: Intent) -> Findings:
    """One thing twice in one list."""
    for field, noun in (("route_tables", "route table"), ("security_groups", "security group"), ("subnets", "subnet")):
        for place, message, reference in _repeated(intent, field, noun):
            if not isinstance(reference, Create) and (field != "subnets" or isinstance(reference, ByInput)):
                yield place, message


def _repeated(intent: Intent, field: str, noun: str) -> Iterator[tuple[Path, str, Reference]]:
    """Yield each reference that its list has already: its place, a message, and the reference."""
    for subject, path, references in intent.stated(field):
        before: set[Reference] = set()
        for index, reference in enumerate(references):
            if reference in before:
                yield (*path, index), f"{subject}: {noun} {as_written(reference)} is in the list already", reference
            before.add(reference)


@endpoint_rule("W205")
def one_zone(intent: Intent, endpoint: Endpoint) -> Findings:
    """An endpoint in one Availability Zone."""
    subnets = endpoint.subnets
    if endpoint.type != "GatewayLoadBalancer" and len(subnets) == 1 and is_one(subnets[0]):
        yield endpoint.at("subnets"), f"{intent.subject(endpoint, 'subnets')}: one subnet is one Availability Zone"


@rule("W206")
def many_subnets(intent: Intent) -> Findings:
    """More subnets than the Region has Availability Zones."""
    judged = {(endpoint.at("subnets"), endpoint.region): endpoint for endpoint in intent.endpoints}
    for (place, name), endpoint in judged.items():  # a list that thousands have is counted once
        region, count = intent.catalog.regions.get(name or ""), len(set(filter(is_one, endpoint.subnets)))
        if region and region.azs and count > region.azs:
            message = f"{intent.subject(endpoint, 'subnets')}: {count} subnets, and {region.id} has {region.azs} zones"
            yield place, message


@rule("W207")
def over_quota(intent: Intent) -> Findings:
    """More endpoints than AWS's default quota."""
    for types, most, _, of_region in QUOTAS:
        if len(of_type := [endpoint for endpoint in intent.endpoints if endpoint.type in types]) > most:
            endpoint, where = of_type[most], "a Region" if of_region else "a VPC"
            message = f"{endpoint.key}: endpoint {most + 1} of {len(of_type)} of type {' or '.join(types)}"
            fix = f"the default quota is {most} in {where}; have it raised in Service Quotas, then ignore this warning"
            yield endpoint.place, message, fix
