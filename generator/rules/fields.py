"""Which fields and which target go with which type of endpoint."""

from __future__ import annotations

from generator.intent.endpoints import TAKES, Endpoint, taken_by
from generator.intent.intent import Intent
from generator.intent.targets import Arn
from generator.rules.rule import Findings, endpoint_rule
from generator.spec.references import ByInput, Create, OfSubnets, VpcBlocks

_NEEDS = {
    "Interface": ("subnets", "security_groups"),
    "Resource": ("subnets", "security_groups"),
    "ServiceNetwork": ("subnets", "security_groups"),
    "GatewayLoadBalancer": ("subnets",),
    "Gateway": ("route_tables",),
}
_AN = {name: f"an {name}" if name == "Interface" else f"a {name}" for name in _NEEDS}


@endpoint_rule("E221")
def not_taken(intent: Intent, endpoint: Endpoint) -> Findings:
    """A field that this type of endpoint does not take."""
    for name in sorted(endpoint.own.keys() & TAKES.keys() - taken_by(endpoint.type)) if endpoint.type else ():
        place, message = endpoint.path(name), f"{endpoint.key}: {_AN[endpoint.type]} endpoint takes no {name}"
        yield intent.source.key_place(place), message, f"leave {name} out; it is for {', '.join(sorted(TAKES[name]))}"


@endpoint_rule("E222")
def needed(intent: Intent, endpoint: Endpoint) -> Findings:
    """A field that this type of endpoint needs."""
    for name in _NEEDS.get(endpoint.type, ()):
        if not endpoint.stated.get(name):
            where = "the spec" if endpoint.origin[0] == "bundles" else "the endpoint, or to the spec for all endpoints"
            fix = f"add {name}: to {where}"
            yield endpoint.place, f"{endpoint.key}: {_AN[endpoint.type]} endpoint needs {name}", fix
    if OfSubnets() in endpoint.route_tables and not intent.spec.subnets:
        message = f"{endpoint.key}: route_tables: of_subnets needs subnets in the spec"
        yield endpoint.place, message, "add subnets: to the spec"
    for group in endpoint.security_groups if not intent.spec.subnets else ():
        if isinstance(group, Create) and any(ingress.source == VpcBlocks(of_subnets=True) for ingress in group.ingress):
            message = f"{endpoint.key}: ingress of security group {group.name} from subnets needs subnets in the spec"
            yield endpoint.place, message, "add subnets: to the spec"


@endpoint_rule("E225")
def other_region(intent: Intent, endpoint: Endpoint) -> Findings:
    """An endpoint in another Region than the spec's, or than another endpoint."""
    region, spec = endpoint.own.get("region"), intent.spec
    if region is not None and region != (spec.region or spec.managed_region):
        where = f"var.{spec.region.variable}" if isinstance(spec.region, ByInput) else spec.known_region
        whose = "the spec" if spec.region else "another of this VPC"
        yield endpoint.at("region"), f"{endpoint.key}: the endpoint is in {region}, and {whose} in {where}"


@endpoint_rule("E226")
def one_subnet(_intent: Intent, endpoint: Endpoint) -> Findings:
    """A Gateway Load Balancer endpoint in other than one subnet."""
    if endpoint.type == "GatewayLoadBalancer" and (count := len(endpoint.subnets)) > 1:
        yield endpoint.at("subnets"), f"{endpoint.key}: a GatewayLoadBalancer endpoint is in one subnet, not {count}"


@endpoint_rule("E227")
def wrong_target(_intent: Intent, endpoint: Endpoint) -> Findings:
    """A target that this type of endpoint does not have."""
    wanted = endpoint.target.type if isinstance(endpoint.target, Arn) else None
    if (wanted or endpoint.type in {"Resource", "ServiceNetwork"}) and wanted != endpoint.type:
        message = f"{endpoint.key}: {endpoint.target.argument} does not go with type {endpoint.type}"
        yield endpoint.at("type"), message, f"write type: {wanted or 'Interface'}"
