"""Whether the endpoints of a spec work, as far as AWS's own answers tell: a Intent and an Estate in, a Report out.

verify ──▶ verify_endpoint   state, Name tag, network interfaces, private DNS
       ──▶ verify_groups     who is let in on the service's ports
       ──▶ verify_routes     which tables lead to a gateway
       ──▶ verify_policy     what the policy is, and what it must let through
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.live.estate import name
from generator.live.locate import Follower, locate, matching
from generator.live.verify import (
    endpoint as verify_endpoint,
)
from generator.live.verify import (
    groups as verify_groups,
)
from generator.live.verify import (
    policy as verify_policy,
)
from generator.live.verify import (
    routes as verify_routes,
)
from generator.live.verify.verified import Check, Outcome, Report, Row, Standing
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.intent.intent import Intent
    from generator.live.estate import AwsObject, Estate
    from generator.live.locate import LocatedEndpoint, Location

KINDS = ("Subnets", "RouteTables", "SecurityGroups", "PrefixLists", "VpcEndpoints", "NetworkInterfaces")
"""What AWS is asked for, besides the VPCs."""


def verify(intent: Intent, estate: Estate, inputs: Mapping[str, tuple[str, ...]] | None = None) -> Report:
    """Return whether each endpoint of a spec is there and works.

    `inputs` are the ids that the module's inputs get, by name. Raises Refused where the spec names what is not there.
    """
    location = locate(intent, estate, inputs)
    if location.findings or location.vpc_id is None:
        raise Refused(location.findings)
    follower = Follower(intent=intent, estate=estate, inputs=inputs or {}, vpc_id=location.vpc_id)
    rows = tuple(_row(location, follower, placed) for placed in location.endpoints)
    return Report(spec=intent.spec.name, region=estate.region, vpc_id=location.vpc_id, rows=rows)


def _row(location: Location, follower: Follower, placed: LocatedEndpoint) -> Row:
    endpoint, estate = placed.endpoint, follower.estate
    target = endpoint.target.in_region(estate.region)
    live = next(iter(matching(placed, estate, str(location.vpc_id))), None)
    region = endpoint.region
    checks: tuple[Check, ...]
    if region not in {None, estate.region}:
        checks, state = (_elsewhere(str(region), estate.region),), "unknown"
    elif live is None:
        checks, state = (_absent(placed, target, estate, str(location.vpc_id)),), "absent"
    else:
        found = Standing(location=location, follower=follower, placed=placed, live=live)
        checks, state = _settled(tuple(_checks(found))), str(live.get("State"))
    return Row(
        key=endpoint.key,
        name=(name(live) if live else endpoint.name) or "",
        id=str(live["VpcEndpointId"]) if live else "",
        type=endpoint.type,
        service=target,
        state=state,
        checks=checks,
    )


def _checks(found: Standing) -> Iterator[Check]:
    yield verify_endpoint.state(found)
    yield from verify_endpoint.named(found)
    yield from verify_endpoint.interfaces(found)
    yield from verify_endpoint.private_dns(found)
    yield from verify_endpoint.settings(found)
    yield from verify_groups.ports(found)
    yield from verify_routes.route_tables(found)
    yield from verify_routes.workloads(found)
    yield from verify_policy.policy(found)
    yield from verify_policy.needs(found)


def _settled(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """Return the checks of an endpoint; while it is being made, what AWS makes with it is awaited too, not missing."""
    if checks[0].outcome is not Outcome.PENDING:
        return checks
    awaited = {verify_endpoint.INTERFACES, verify_endpoint.PRIVATE_DNS, verify_routes.ROUTES, verify_routes.WORKLOADS}
    return tuple(
        replace(check, outcome=Outcome.PENDING, fix="")
        if check.what in awaited and check.outcome is Outcome.FAILED
        else check
        for check in checks
    )


def _absent(placed: LocatedEndpoint, target: str, estate: Estate, vpc_id: str) -> Check:
    """Say that an endpoint is not there; one that goes, or is of another type, is named."""
    others = [each for each in estate.all("VpcEndpoints", vpc_id) if target and target in _targets(each)]
    shown = ", ".join(
        f"{each['VpcEndpointId']} is {each.get('VpcEndpointType')}, {each.get('State')}" for each in others
    )
    seen = f"VPC {vpc_id} has no {placed.endpoint.type} endpoint for {target}" + (f": {shown}" if shown else "")
    return Check(what="exists", outcome=Outcome.FAILED, seen=seen, fix="terraform apply in the module's folder")


def _elsewhere(region: str, here: str) -> Check:
    seen = f"the endpoint is in {region}, and {here} was asked"
    return Check(what="exists", outcome=Outcome.UNKNOWN, seen=seen, fix="give its Region a spec of its own")


def _targets(endpoint: AwsObject) -> tuple[str, ...]:
    keys = ("ServiceName", "ResourceConfigurationArn", "ServiceNetworkArn")
    return tuple(str(endpoint[key]) for key in keys if endpoint.get(key))
