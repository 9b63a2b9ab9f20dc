"""Security groups: how many, what they may be called, and whether anybody gets through. Facts checked 2026-11-22."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.intent.names import named, service_of
from generator.module.lookups import slug
from generator.source.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.catalog.catalog import Port
    from generator.intent.case import Case, Path
    from generator.intent.endpoints import Wanted
    from generator.spec.references import CreatedSecurityGroup, Ingress

_CREATE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"
_QUOTAS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups"
NO_GROUP_NAME = Code(
    "E243",
    "a name or description that AWS does not take for a security group",
    "Letters of a to z, digits, spaces and ._-:/()#,@[]+=&;{}!$* are allowed. A group's name does not begin with "
    "`sg-`, as ids do, and is not `default`, which each VPC has already. A rule's description takes the same letters, "
    "with whichever resource makes the rule.",
    _CREATE,
)
LABELS_ALIKE = Code(
    "E244",
    "two created security groups with one label",
    "A group's Terraform label is made of its name: small letters, digits and underscores. Two groups of one label "
    "would change places when the spec's order changes. AWS, too, tells names apart without regard to case.",
    _CREATE,
)
TOO_MANY_GROUPS = Code(
    "E245", "more than 16 security groups", "AWS takes 16 groups a network interface at most.", _QUOTAS
)
NAMED_DEFAULT = Code(
    "W214",
    "a security group looked up by the name default",
    "`name` is a Name tag, and the default group of a VPC has none unless somebody gave it one.",
    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
)
PORT_CLOSED = Code(
    "W215",
    "security groups that keep the service's port closed",
    "A service answers on its own ports alone: Keyspaces on 9142, SMTP on 465, 587, 2465 and 2587, most others on 443. "
    "Where no rule opens one of them, calls time out.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
)
PORT_UNKNOWN = Code(
    "W216",
    "ports that no source tells",
    "A created group opens the ports of the services. Where nobody knows them, as with another account's endpoint "
    "service or resource, it opens the ports of the other endpoints, or 443.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
)
MANY_GROUPS = Code(
    "W217",
    "more security groups than AWS's default quota",
    "A network interface has at most 5 groups, unless AWS raises the quota for the account.",
    _QUOTAS,
)
MANY_RULES = Code(
    "W218",
    "more rules than AWS's default quota",
    "A security group has at most 60 inbound rules for IPv4 and 60 for IPv6, unless AWS raises the quota for the "
    "account. A prefix list counts as many as its entries can be.",
    _QUOTAS,
)
_ALLOWED = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
_GROUPS, _MOST_GROUPS, _RULES = 5, 16, 60
_HTTPS = (443, 443, "tcp")
Range = tuple[int, int, str]


def no_group_name(case: Case) -> Iterator[Diagnostic]:
    """Refuse names and descriptions that AWS refuses."""
    for path, group in case.created():
        place = case.source.place((*path, "name"))
        if group.name.lower().startswith("sg-") or group.name.lower() == "default":
            message = f"security group {group.name}: AWS keeps this name for itself"
            yield NO_GROUP_NAME.at(place, message, "take another name")
        for words, where in _texts(path, group):
            if not _ALLOWED.fullmatch(words):
                odd = next(letter for letter in words if not _ALLOWED.fullmatch(letter))
                message = f"security group {group.name}: AWS does not take {odd!r} in its {where[-1]}"
                yield NO_GROUP_NAME.at(case.source.place(where), message, "write it without that character")


def _texts(path: Path, group: CreatedSecurityGroup) -> Iterator[tuple[str, Path]]:
    yield group.name, (*path, "name")
    yield group.description, (*path, "description")
    for index, ingress in enumerate(group.ingress):
        if ingress.description is not None:
            yield ingress.description, (*path, "ingress", index, "description")


def labels_alike(case: Case) -> Iterator[Diagnostic]:
    """Refuse two created groups whose names make one Terraform label; two of one name are E210."""
    first: dict[str, str] = {}
    for path, group in case.created():
        other = first.setdefault(slug(group.name, "group"), group.name)
        if other != group.name:
            message = f"security group {group.name}: its label is that of {other}"
            fix = "take a name that differs in more than case and punctuation"
            yield LABELS_ALIKE.at(case.source.place((*path, "name")), message, fix)


def group_count(case: Case) -> Iterator[Diagnostic]:
    """Refuse more groups than AWS takes, and warn of more than it takes at first."""
    for stated in case.stated("security_groups"):
        count, place = len(stated.value), case.source.place(stated.path)
        if count > _MOST_GROUPS:
            yield TOO_MANY_GROUPS.at(place, f"{stated.subject}: {count} security groups", f"keep {_MOST_GROUPS}")
        elif count > _GROUPS:
            fix = f"keep {_GROUPS}, or have the quota raised in Service Quotas and ignore this warning"
            yield MANY_GROUPS.at(place, f"{stated.subject}: {count} security groups", fix)


def rule_count(case: Case) -> Iterator[Diagnostic]:
    """Warn of more rules in a created group than AWS takes at first."""
    for path, group in case.created():
        for family, other in (("IPv4", "cidr_ipv6"), ("IPv6", "cidr_ipv4")):
            count = sum(len(ingress.ports or "?") for ingress in group.ingress if ingress.form != other)
            if count > _RULES:
                message = f"security group {group.name}: {count} rules for {family}"
                fix = "use a prefix list, or have the quota raised in Service Quotas and ignore this warning"
                yield MANY_RULES.at(case.source.place((*path, "ingress")), message, fix)


def named_default(case: Case) -> Iterator[Diagnostic]:
    """Warn of a lookup by a Name tag where the VPC's default group is meant."""
    for stated in case.stated("security_groups"):
        for index, reference in enumerate(stated.value):
            if reference.name == "default":
                message = f"{stated.subject}: this looks for a security group with the Name tag default"
                fix = "for the VPC's default group write {default: true}"
                yield NAMED_DEFAULT.at(case.source.place((*stated.path, index)), message, fix)


def port_closed(case: Case, wish: Wanted) -> Iterator[Diagnostic]:
    """Warn of created groups none of which opens a port of the service."""
    service, references = service_of(case, wish), wish.stated.get("security_groups") or ()
    created = [reference.create for reference in references]
    if service is None or not service.ports or not created or None in created:
        return
    if wish.service is not None and not all(ingress.ports for group in created for ingress in group.ingress):
        return  # a rule without ports opens those of the service
    opened = {port for group in created for ingress in group.ingress for port in _opened(case, wish, ingress)}
    if not any(_meet(port, there) for port in service.ports for there in opened):
        ports = ", ".join(f"{port.from_port}" for port in service.ports)
        message = f"{wish.key}: {service.id} listens on {ports}, and no rule of its security groups opens that"
        fix = f"add {service.ports[0].from_port} to the ports of a rule"
        fix += ", or leave ports out" if wish.service else ""
        yield PORT_CLOSED.at(case.place(wish, "security_groups"), message, fix)


def _opened(case: Case, wish: Wanted, ingress: Ingress) -> Iterator[Range]:
    """Yield the ports that a rule opens: its own, else those of all services behind the same list of groups."""
    for text in ingress.ports or ():
        numbers, _, protocol = text.partition("/")
        low, _, high = numbers.partition("-")
        yield int(low), int(high or low), protocol or "tcp"
    if not ingress.ports:
        path = wish.at("security_groups")
        behind = [other.service for other in case.endpoints if other.at("security_groups") == path and other.service]
        ports = [(port.from_port, port.to_port, port.protocol) for service in behind for port in service.ports]
        yield from ports or [_HTTPS]


def _meet(port: Port, there: Range) -> bool:
    return port.protocol == there[2] and port.from_port <= there[1] and there[0] <= port.to_port


def port_unknown(case: Case, wish: Wanted) -> Iterator[Diagnostic]:
    """Warn of a created group that opens a port by guess."""
    service, name = service_of(case, wish), named(wish, case.catalog)
    known = service.ports if service else wish.endpoint.form == "service_name" and not (name and name.owned)
    for reference in wish.stated.get("security_groups") or () if not known else ():
        group = reference.create
        if group is not None and not all(ingress.ports for ingress in group.ingress):
            message = f"{wish.key}: no source tells its ports, and a rule of security group {group.name} names none"
            fix = "add ports: to each rule of the group, or give the endpoint a group of its own"
            yield PORT_UNKNOWN.at(wish.place, message, fix)
