"""Which fields and which target go with which type of endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.intent.endpoints import TAKES, Endpoint, taken_by
from generator.intent.targets import Arn
from generator.rules.rule import endpoint_rule
from generator.spec.references import OfSubnets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.intent import Intent
    from generator.source.diagnostics import Diagnostic

_NEEDS = {
    "Interface": ("subnets", "security_groups"),
    "Resource": ("subnets", "security_groups"),
    "ServiceNetwork": ("subnets", "security_groups"),
    "GatewayLoadBalancer": ("subnets",),
    "Gateway": ("route_tables",),
}
_AN = {name: f"an {name}" if name == "Interface" else f"a {name}" for name in _NEEDS}


@endpoint_rule(
    "E221",
    "a field that this type of endpoint does not take",
    why="AWS refuses, or ignores silently, what does not belong to an endpoint's type: a gateway has route tables "
    "and neither subnets nor security groups, a Gateway Load Balancer endpoint has subnets alone.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
    fix="remove the field, or give the endpoint a type that takes it",
)
def not_taken(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    for name in sorted(endpoint.own.keys() & TAKES.keys() - taken_by(endpoint.type)) if endpoint.type else ():
        place, message = endpoint.path(name), f"{endpoint.key}: {_AN[endpoint.type]} endpoint takes no {name}"
        fix = f"leave {name} out; it is for {', '.join(sorted(TAKES[name]))}"
        yield not_taken.at(intent.source.key_place(place), message, fix)


@endpoint_rule(
    "E222",
    "a field that this type of endpoint needs",
    why="A gateway endpoint without a route table is used by nobody. An endpoint with network interfaces needs "
    "subnets to put them in, and security groups that say who may reach them: where none is given, AWS attaches "
    "the VPC's default group, which answers its own members alone.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    fix="add the field to the endpoint, or to the spec for all endpoints",
)
def needed(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    for name in _NEEDS.get(endpoint.type, ()):
        if not endpoint.stated.get(name):
            where = "the spec" if endpoint.origin[0] == "bundles" else "the endpoint, or to the spec for all endpoints"
            fix = f"add {name}: to {where}"
            yield needed.at(endpoint.place, f"{endpoint.key}: {_AN[endpoint.type]} endpoint needs {name}", fix)
    if OfSubnets() in endpoint.route_tables and not intent.spec.subnets:
        message = f"{endpoint.key}: route_tables: of_subnets needs subnets in the spec"
        yield needed.at(endpoint.place, message, "add subnets: to the spec")


@endpoint_rule(
    "E225",
    "an endpoint in another Region than the spec's",
    why="An endpoint is in the Region of its VPC, and one spec has one VPC. `service_region` is for a service "
    "elsewhere.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    fix="remove `region` from the endpoint; for a service of another Region write `service_region`",
)
def other_region(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    region, spec = endpoint.own.get("region"), intent.spec
    if region is not None and spec.region is not None and region != spec.region:
        message = f"{endpoint.key}: the endpoint is in {region}, the spec in {spec.region}"
        yield other_region.at(intent.place(endpoint, "region"), message)


@endpoint_rule(
    "E226",
    "a Gateway Load Balancer endpoint in other than one subnet",
    why="A Gateway Load Balancer endpoint is in exactly one subnet, which can't be changed later.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html",
    fix="keep one subnet, and make an endpoint for each Availability Zone",
)
def one_subnet(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    subnets = endpoint.stated.get("subnets") or ()
    if endpoint.type == "GatewayLoadBalancer" and len(subnets) > 1:
        message = f"{endpoint.key}: a GatewayLoadBalancer endpoint is in one subnet, not {len(subnets)}"
        yield one_subnet.at(intent.place(endpoint, "subnets"), message)


@endpoint_rule(
    "E227",
    "a target that this type of endpoint does not have",
    why="Resource endpoints lead to a resource configuration, ServiceNetwork endpoints to a service network, all "
    "others to a service by its name.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
    fix="write the `type` that goes with the target",
)
def wrong_target(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    wanted = endpoint.target.type if isinstance(endpoint.target, Arn) else None
    if (wanted or endpoint.type in {"Resource", "ServiceNetwork"}) and wanted != endpoint.type:
        message = f"{endpoint.key}: {endpoint.target.argument} does not go with type {endpoint.type}"
        yield wrong_target.at(intent.place(endpoint, "type"), message, f"write type: {wanted or 'Interface'}")
