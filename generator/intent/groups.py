"""The security groups that a spec creates, each with the ports of all services that share it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from generator.hcl.hcl import slug
from generator.intent.endpoints import Endpoint
from generator.spec.references import BlocksOf, Create, Ingress, Ipv4Block, Ipv6Block, MembersOf, VpcBlocks

PortRange = tuple[int, int, str]
"""The lowest port, the highest, and the protocol."""
HTTPS: PortRange = (443, 443, "tcp")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedGroup:
    """A group that the module makes, and what its users need of it."""

    group: Create
    path: tuple[str | int, ...]
    """Where the spec first asks for it: the path of its `create`."""
    service_ports: dict[PortRange, None] = field(default_factory=dict)
    """The ports of the services of all endpoints that use it, in their order."""

    def ports(self, ingress: Ingress) -> tuple[PortRange, ...]:
        """Return the ports that a rule opens: its own, else those of the services, else 443."""
        own = tuple(port_range(text) for text in ingress.ports)
        return own or tuple(self.service_ports) or (HTTPS,)


def group_key(group: Create) -> str:
    """Return the Terraform label of a created group: its key, else one made of its name."""
    return group.key or slug(group.name, "group")


def created_groups(endpoints: Iterable[Endpoint]) -> tuple[CreatedGroup, ...]:
    """Return the groups that endpoints ask the module to make, each name once, in the order of their first use."""
    groups: dict[str, CreatedGroup] = {}
    for endpoint in endpoints:
        service = endpoint.catalog_service
        ports = [(each.from_port, each.to_port, each.protocol) for each in (service.ports if service else ())]
        for index, reference in enumerate(endpoint.security_groups):
            if isinstance(reference, Create):
                path = (*endpoint.at("security_groups"), index, "create")
                group = groups.setdefault(reference.name, CreatedGroup(group=reference, path=path))
                group.service_ports.update(dict.fromkeys(ports))
    return tuple(groups.values())


def port_range(text: str) -> PortRange:
    """Return the ports that a spec writes as `443`, `1400-1499` or `4195/udp`."""
    numbers, _, protocol = text.partition("/")
    first, _, last = numbers.partition("-")
    return int(first), int(last or first), protocol or "tcp"


def rule_description(ingress: Ingress, port: PortRange) -> str:
    """Return the description of a rule: the spec's own, else what the rule lets in."""
    if ingress.description is not None:
        return ingress.description
    service = (
        "HTTPS" if port == HTTPS else f"{port[2].upper()} {port[0]}" + (f" to {port[1]}" if port[1] != port[0] else "")
    )
    match ingress.source:
        case VpcBlocks(of_subnets):
            return f"{service} from the {'subnets' if of_subnets else 'VPC'}"
        case MembersOf():
            return f"{service} from the security group"
        case BlocksOf():
            return f"{service} from the prefix list"
        case Ipv4Block(cidr) | Ipv6Block(cidr):
            return f"{service} from {cidr}"
        case _:
            assert_never(ingress.source)
