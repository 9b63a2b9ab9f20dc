"""The rules of created security groups: ports, sources, and whether anybody gets through. Facts checked 2026-11-22."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.intent.groups import HTTPS, port_range
from generator.rules.rule import endpoint_rule, rule
from generator.spec.references import Create, Ipv4Block, Ipv6Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.catalog.catalog import Port
    from generator.intent.endpoints import Endpoint
    from generator.intent.groups import PortRange
    from generator.intent.intent import Intent
    from generator.source.diagnostics import Diagnostic
    from generator.spec.references import Ingress, Source

_RULES, _HIGHEST_PORT = 60, 65535


@rule(
    "E211",
    "ports that are not a range",
    why="A range runs from the lower port to the higher, and ports end at 65535.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
    fix="write the range as `1400-1499`, the lower port first",
)
def ports(intent: Intent) -> Iterator[Diagnostic]:
    for created in intent.groups:
        for index, ingress in enumerate(created.group.ingress):
            for position, text in enumerate(ingress.ports):
                low, high, _ = port_range(text)
                if low > high or high > _HIGHEST_PORT:
                    place = intent.source.place((*created.path, "ingress", index, "ports", position))
                    yield ports.at(place, f"{text} is not a range of ports")


@rule(
    "E214",
    "two rules for one source and port",
    why="AWS takes each rule of a security group once.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
    fix="remove one of the two rules",
)
def two_alike(intent: Intent) -> Iterator[Diagnostic]:
    for created in intent.groups:
        made: set[tuple[Source, PortRange]] = set()
        for index, ingress in enumerate(created.group.ingress):
            for port in created.ports(ingress):
                rule = (ingress.source, port)
                if rule in made:
                    place = intent.source.place((*created.path, "ingress", index))
                    message = f"{created.group.name} has this source on this port already"
                    yield two_alike.at(place, message)
                made.add(rule)


@rule(
    "W218",
    "more rules than AWS's default quota",
    why="A security group has at most 60 inbound rules for IPv4 and 60 for IPv6, unless AWS raises the quota for the "
    "account. A prefix list counts as many as its entries can be.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups",
    fix="use a prefix list, or have the quota raised in Service Quotas and ignore this warning",
)
def rule_count(intent: Intent) -> Iterator[Diagnostic]:
    for path, group in intent.created():
        for family, other in (("IPv4", Ipv6Block), ("IPv6", Ipv4Block)):
            count = sum(len(ingress.ports) or 1 for ingress in group.ingress if not isinstance(ingress.source, other))
            if count > _RULES:
                message = f"security group {group.name}: {count} rules for {family}"
                yield rule_count.at(intent.source.place((*path, "ingress")), message)


@endpoint_rule(
    "W215",
    "security groups that keep the service's port closed",
    why="A service answers on its own ports alone: Keyspaces on 9142, SMTP on 465, 587, 2465 and 2587, most others on "
    "443. Where no rule opens one of them, calls time out.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    fix="add the port to the `ports` of a rule, or leave `ports` out",
)
def port_closed(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    service, references = endpoint.service, endpoint.security_groups
    created = [reference for reference in references if isinstance(reference, Create)]
    if service is None or not service.ports or not created or len(created) < len(references):
        return
    if endpoint.catalog_service is not None and not all(
        ingress.ports for group in created for ingress in group.ingress
    ):
        return  # a rule without ports opens those of the service
    opened = {port for group in created for ingress in group.ingress for port in _opened(intent, endpoint, ingress)}
    if not any(_meet(port, there) for port in service.ports for there in opened):
        ports = ", ".join(f"{port.from_port}" for port in service.ports)
        message = f"{endpoint.key}: {service.id} listens on {ports}, and no rule of its security groups opens that"
        fix = f"add {service.ports[0].from_port} to the ports of a rule"
        fix += ", or leave ports out" if endpoint.catalog_service else ""
        yield port_closed.at(intent.place(endpoint, "security_groups"), message, fix)


def _opened(intent: Intent, endpoint: Endpoint, ingress: Ingress) -> Iterator[PortRange]:
    """Yield the ports that a rule opens: its own, else those of all services behind the same list of groups."""
    for text in ingress.ports:
        yield port_range(text)
    if not ingress.ports:
        path = endpoint.at("security_groups")
        users = [each.catalog_service for each in intent.endpoints if each.at("security_groups") == path]
        ports = [
            (port.from_port, port.to_port, port.protocol) for service in users if service for port in service.ports
        ]
        yield from ports or [HTTPS]


def _meet(port: Port, there: PortRange) -> bool:
    return port.protocol == there[2] and port.from_port <= there[1] and there[0] <= port.to_port


@endpoint_rule(
    "W216",
    "ports that no source states",
    why="A created group opens the ports of the services. Where they are not known, as with another account's endpoint "
    "service or resource, it opens the ports of the other endpoints, or 443.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    fix="add `ports` to each rule of the group, or give the endpoint a group of its own",
)
def port_unknown(_intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    service, name = endpoint.service, endpoint.full_name
    known = not endpoint.is_settled or (service.ports if service else name is not None and not name.owned)
    for group in endpoint.security_groups if not known else ():
        if isinstance(group, Create) and not all(ingress.ports for ingress in group.ingress):
            message = f"{endpoint.key}: its ports are not known, and a rule of security group {group.name} states none"
            yield port_unknown.at(endpoint.place, message)
