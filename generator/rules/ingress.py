"""The rules of created security groups: ports, sources, and whether anybody gets through. Facts checked 2026-11-22."""

from __future__ import annotations

from generator.catalog.ports import ALL_TRAFFIC, Port
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.spec.references import Create, Source

_RULES, _HIGHEST_PORT, _HIGHEST_TYPE = 60, 65535, 255


@rule("E211")
def ports(intent: Intent) -> Findings:
    """Ports that are not a range."""
    for created in intent.groups:
        for index, ingress in enumerate(created.group.ingress):
            for position, text in enumerate(ingress.ports):
                low, high, protocol = Port.read(text)
                where = (*created.path, "ingress", index, "ports", position)
                if protocol.startswith("icmp"):
                    if low > _HIGHEST_TYPE:
                        yield where, f"{text}: the highest type of ICMP is {_HIGHEST_TYPE}", "write a type, as 8/icmp"
                elif high > _HIGHEST_PORT or low > _HIGHEST_PORT:
                    yield where, f"{text}: the highest port is {_HIGHEST_PORT}", "write a port of the service, as 443"
                elif low > high:
                    yield where, f"{text} is not a range of ports"


@rule("E214")
def two_alike(intent: Intent) -> Findings:
    """Two rules for one source and port."""
    for created in intent.groups:
        made: set[tuple[Source, Port]] = set()
        for index, ingress in enumerate(created.group.ingress):
            for port in created.ports(ingress):
                if (rule := (ingress.source, port)) in made:
                    place = (*created.path, "ingress", index)
                    yield place, f"{created.group.name} has this source on this port already"
                made.add(rule)


@rule("W218")
def rule_count(intent: Intent) -> Findings:
    """More rules than AWS's default quota."""
    for path, group in intent.created():
        for family in ("ipv4", "ipv6"):
            ours = [each for each in group.ingress if getattr(each.source, "family", family) == family]
            if (count := sum(len(each.ports) or 1 for each in ours)) > _RULES:
                yield (*path, "ingress"), f"security group {group.name}: {count} rules for {family.replace('ip', 'IP')}"


@rule("W215")
def port_closed(intent: Intent) -> Findings:
    """Security groups that keep the service's port closed."""
    groups = {created.group.name: created for created in intent.groups}
    for endpoint in intent.endpoints:
        service, references = endpoint.service, endpoint.security_groups
        used = [groups[reference.name] for reference in references if isinstance(reference, Create)]
        rules = [(group, ingress) for group in used for ingress in group.group.ingress]
        if service is None or not service.ports or not used or len(used) < len(references):
            continue
        if endpoint.catalog_service is not None and not all(ingress.ports for _, ingress in rules):
            continue  # a rule without ports opens those of the service
        opened = {port for group, ingress in rules for port in group.ports(ingress)}
        if not any(_meet(port, there) for port in service.ports for there in opened):
            ports = ", ".join(f"{port.from_port}" for port in service.ports)
            message = f"{endpoint.key}: {service.id} listens on {ports}, and no rule of its security groups opens that"
            fix = f"add {service.ports[0].from_port} to the ports of a rule"
            fix += ", or leave ports out" if endpoint.catalog_service else ""
            yield endpoint.at("security_groups"), message, fix


def _meet(one: Port, other: Port) -> bool:
    if other == ALL_TRAFFIC:
        return True
    return one.protocol == other.protocol and one.from_port <= other.to_port and other.from_port <= one.to_port


@endpoint_rule("W216")
def port_unknown(_intent: Intent, endpoint: Endpoint) -> Findings:
    """Ports that no source states."""
    service, name = endpoint.service, endpoint.full_name
    known = endpoint.obstacle or (service.ports if service else name is not None and not name.owned)
    for group in endpoint.security_groups if not known else ():
        if isinstance(group, Create) and not all(ingress.ports for ingress in group.ingress):
            message = f"{endpoint.key}: its ports are not known, and a rule of security group {group.name} states none"
            yield endpoint.place, message
