"""The security groups that a spec creates, each with the ports of all services that share it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from typing import assert_never

from generator.catalog.ports import Port
from generator.hcl.hcl import slug
from generator.intent.endpoints import Endpoint
from generator.source.frozen import frozen
from generator.spec.references import BlocksOf, CidrBlock, Create, Ingress, MembersOf, VpcBlocks
from generator.spec.scalars import PORTS

HTTPS = Port(443, 443)


@frozen(kw_only=True)
class CreatedGroup:
    """A group that the module makes, and what its users need of it."""

    group: Create
    path: tuple[str | int, ...]
    """Where the spec first asks for it: the path of its `create`."""
    service_ports: dict[Port, None] = field(default_factory=dict)
    """The ports of the services of all endpoints that use it, in their order."""

    def ports(self, ingress: Ingress) -> tuple[Port, ...]:
        """Return the ports that a rule opens: its own, else those of the services, else 443."""
        return tuple(map(Port.read, ingress.ports)) or tuple(self.service_ports) or (HTTPS,)


def group_key(group: Create) -> str:
    """Return the Terraform label of a created group: its key, else one made of its name."""
    return group.key or slug(group.name, "group")


def is_sayable(port: Port) -> bool:
    """Tell whether `ports` of a rule can say what one in AWS opens: not a code of ICMP, nor other protocols."""
    return bool(re.match(PORTS, str(port))) and Port.read(str(port)) == port


def created_groups(endpoints: Iterable[Endpoint]) -> tuple[CreatedGroup, ...]:
    """Return the groups that endpoints ask the module to make, each name once, in the order of their first use."""
    groups: dict[str, CreatedGroup] = {}
    for endpoint in endpoints:
        service = endpoint.catalog_service
        for index, reference in enumerate(endpoint.security_groups):
            if isinstance(reference, Create):
                path = (*endpoint.at("security_groups"), index, "create")
                group = groups.setdefault(reference.name, CreatedGroup(group=reference, path=path))
                group.service_ports.update(dict.fromkeys(service.ports if service else ()))
    return tuple(groups.values())


def rule_description(ingress: Ingress, port: Port) -> str:
    """Return the description of a rule: the spec's own, else what the rule lets in."""
    if ingress.description is not None:
        return ingress.description
    service = "HTTPS" if port == HTTPS else port.title
    match ingress.source:
        case VpcBlocks(of_subnets):
            return f"{service} from the {'subnets' if of_subnets else 'VPC'}"
        case MembersOf():
            return f"{service} from the security group"
        case BlocksOf():
            return f"{service} from the prefix list"
        case CidrBlock(_, cidr):
            return f"{service} from {cidr}"
        case _:
            assert_never(ingress.source)
