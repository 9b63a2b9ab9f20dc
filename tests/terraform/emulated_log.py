"""What the emulated AWS did, in order: each call that may change something, and what there was after it.

    Log     the recorder, within the process: off until it is asked for, so that no other test pays for it
    Call    one call as tests see it: the action, why it was refused if it was, and every VPC after it

Calls are answered one at a time, so that their order is one order. Equal parts of two states are one object.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.ec2.models import EC2Backend
    from moto.ec2.models.route_tables import RouteTable
    from moto.ec2.models.security_groups import SecurityGroupRule

READING = ("Describe", "Get", "AssumeRole")
"""How the names of actions begin that change nothing."""
_CODE = re.compile(r"<code>([\w.]+)</code>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A rule of a security group by what it means: two that are equal AWS takes for one, whatever is described."""

    protocol: str
    from_port: int
    to_port: int
    source: str
    """A CIDR block as AWS writes it, or the id of a security group or prefix list."""


@dataclass(frozen=True, slots=True)
class Door:
    """An endpoint that is available, as who wants to reach it sees it."""

    type: str
    service: str
    groups: frozenset[str]
    names: frozenset[str]
    """The private names that it answers for."""


@dataclass(frozen=True, slots=True)
class Vpc:
    """What there is in one VPC, by id."""

    doors: Mapping[str, Door]
    groups: Mapping[str, frozenset[Rule]]
    """The rules for who comes in, by security group."""
    routes: Mapping[str, frozenset[tuple[str, str]]]
    """Where each route table leads to an endpoint: the destination, and the endpoint."""

    def inbound(self, endpoint: str) -> frozenset[Rule]:
        """Return who may reach an endpoint: the rules of all its groups."""
        found = (self.groups.get(group, frozenset()) for group in self.doors[endpoint].groups)
        return frozenset().union(*found)

    def ids(self) -> set[str]:
        """Return every id that a call may name."""
        return {*self.doors, *self.groups, *self.routes}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was answered."""

    action: str
    parameters: str
    refusal: str
    """AWS's code for why not, or nothing."""
    vpcs: Mapping[str, Vpc]
    """Every VPC after the call, by id."""

    def concerns(self, vpc_id: str) -> bool:
        """Tell whether the call names a VPC, or something in it."""
        return any(each in self.parameters for each in {vpc_id, *self.vpcs[vpc_id].ids()})


@dataclass(slots=True)
class Log:
    """Notes the calls while it is on."""

    is_on: bool = False
    calls: list[Call] = field(default_factory=list)

    def note(self, backend: EC2Backend, action: str, parameters: Any, answer: tuple[int, Any, Any]) -> None:
        """Note a call that was answered, unless it only read."""
        if not self.is_on or action.startswith(READING):
            return
        status, _, body = answer
        is_refused = status >= 400 or action == "DeleteVpcEndpoints"  # which answers 200 with what it did not do
        found = _CODE.search(str(body)) if is_refused else None
        before = self.calls[-1].vpcs if self.calls else {}
        vpcs = {vpc_id: _same(before.get(vpc_id), _vpc(backend, vpc_id)) for vpc_id in backend.vpcs}
        self.calls.append(Call(action, str(parameters), found[1] if found else "", vpcs))


LOG = Log()
"""The log of this process."""


def meaning(rule: SecurityGroupRule) -> Rule:
    """Return what a rule of moto's means; what is not of its protocol (a port of all traffic) is -1."""
    block = rule.cidr_ipv4 or rule.cidr_ipv6
    source = canonical(block) if block else str(rule.prefix_list_id or rule.source_group.get("GroupId"))
    is_all = rule.ip_protocol == "-1"
    ports = (-1, -1) if is_all else (int(rule.from_port or 0), int(rule.to_port or 0))
    return Rule(str(rule.ip_protocol), *ports, source)


def canonical(block: str) -> str:
    """Return a CIDR block as AWS keeps it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html (canonicalizes IPv4 and IPv6 CIDRs)
    """
    return str(ipaddress.ip_network(block, strict=False))


def _same(before: Vpc | None, after: Vpc) -> Vpc:
    return before if before == after and before is not None else after


def _vpc(backend: EC2Backend, vpc_id: str) -> Vpc:
    endpoints: list[Any] = [each for each in backend.vpc_end_points.values() if each.vpc_id == vpc_id]
    tables = [table for table in backend.route_tables.values() if table.vpc_id == vpc_id]
    return Vpc(
        doors={
            each.id: Door(
                each.vpc_endpoint_type,
                each.service_name or "",
                frozenset(each.shape.security_group_ids),
                frozenset([each.dns_entries[-1]["dns_name"]] if each.private_dns_enabled and each.dns_entries else []),
            )
            for each in endpoints
            if each.state == "available"
        },
        groups={group.id: frozenset(map(meaning, group.ingress_rules)) for group in backend.groups[vpc_id].values()},
        routes={table.id: frozenset(_routes(table)) for table in tables},
    )


def _routes(table: RouteTable) -> list[tuple[str, str]]:
    """Return the destination and the target of each route that leads to an endpoint."""
    found = [
        (route.destination_cidr_block or route.destination_prefix_list_id, route.gateway_id) for route in table.routes
    ]
    return [(str(destination), target) for destination, target in found if target and target.startswith("vpce-")]
