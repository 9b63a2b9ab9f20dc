"""Security groups that a spec makes its own: as AWS describes them → `create:`, with the ids of group and rules.

The spec refers to a group that it can't describe exactly, or that is another's, and a warning says why. Outbound rules
stay as they are: the module has none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from generator.authoring.adopt.references import reference
from generator.catalog.ports import Port
from generator.hcl.hcl import slug
from generator.intent.groups import is_sayable
from generator.live.change import own_tags
from generator.live.estate import AwsObject, Estate
from generator.live.objects import CONTRADICTION
from generator.live.owners import owner_of, unknown_mark
from generator.live.vpc_blocks import vpc_blocks
from generator.rules.tags import objections
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.frozen import frozen
from generator.source.suggest import some
from generator.source.text import objection

OUTBOUND = Code("W412")
REFERRED = Code("W415")
_MOST = 1000  # https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
Entry: TypeAlias = tuple[dict[str, Any], dict[str, str]]
"""What lets somebody in, as a spec says it; and the ids of its rules in AWS by CIDR block, or "" for the only one."""


@frozen(kw_only=True)
class GroupDescription:
    """A group: as AWS has it, and as a spec would make it."""

    id: str
    reference: dict[str, Any]
    """How the spec refers to it where it is not its own."""
    name: str
    description: str
    ingress: tuple[Entry, ...]
    tags: Mapping[str, str]
    name_tag: bool

    def as_stated(self, default_tags: Mapping[str, str] | None) -> dict[str, Any]:
        """Return what the spec writes below `create:`, where it has `default_tags`."""
        own: dict[str, Any] = {} if dict(self.tags) == (default_tags or {}) else {"tags": dict(self.tags)}
        own |= {} if self.name_tag else {"name_tag": False}
        ingress = [entry for entry, _ in self.ingress]
        return {"name": self.name, "description": self.description, **own, "ingress": ingress}


def describe_groups(
    groups: Iterable[AwsObject], estate: Estate, refer: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, GroupDescription], tuple[Diagnostic, ...]]:
    """Return the groups that a spec can make its own, by id, and warnings: why it can't make others, what is not made.

    `refer` says why of some. The VPC's default group is left out: Terraform can't make one.
    """
    found: dict[str, GroupDescription] = {}
    findings: list[Diagnostic] = []
    labels: dict[str, str] = {}
    unique = {str(group["GroupId"]): group for group in groups if group["GroupName"] != "default"}
    for identifier, group in unique.items():
        entries, wrong = _ingress(group, estate, unique.keys() - refer.keys())
        own = own_tags(group)
        if identifier in refer:
            wrong.append(_cannot(group, refer[identifier]))
        if owner := owner_of(group, estate):
            wrong.append(_cannot(group, owner.reason))
        elif mark := unknown_mark(group):
            wrong.append(_cannot(group, f"not told whether others manage it: {mark}"))
        if group["IpPermissions"] and not _rules(group, estate, is_egress=False):
            message = f"SecurityGroups have inbound rules of {identifier}, and SecurityGroupRules have none"
            raise Refused([CONTRADICTION.at(_place(group), message, "give what both commands print now")])
        if not entries and not wrong:
            wrong.append(_cannot(group, "it has no inbound rules, and a group of a spec needs one"))
        texts = (*own, *own.values(), str(group.get("Description")), *(str(each["description"]) for each, _ in entries))
        wrong += [_cannot(group, why[1]) for text in texts if (why := objection(text))]
        wrong += [_cannot(group, what) for _, what, _ in objections(own)]
        if other := labels.get(slug(group["GroupName"], "")):
            wrong.append(_cannot(group, f"its label would be that of {other}"))
        findings += wrong or _outbound(group, estate)
        if not wrong:
            labels[slug(group["GroupName"], "")] = str(group["GroupName"])
            found[identifier] = GroupDescription(
                id=identifier,
                reference=reference("SecurityGroups", group, estate),
                name=str(group["GroupName"]),
                description=str(group["Description"]),
                ingress=entries,
                tags={key: value for key, value in own.items() if (key, value) != ("Name", group["GroupName"])},
                name_tag="Name" in own,
            )
    return found, tuple(findings)


def _ingress(group: AwsObject, estate: Estate, made: Collection[str]) -> tuple[tuple[Entry, ...], list[Diagnostic]]:
    """Return the inbound rules as a spec says them, each with the ids of the rules behind it.

    `made` has the ids of the groups that the spec may make.
    """
    findings: list[Diagnostic] = []
    by_ports: dict[tuple[str, str], list[AwsObject]] = {}
    if len(rules := sorted(_rules(group, estate, is_egress=False), key=_id)) > _MOST:
        return (), [_cannot(group, f"it has {len(rules)} inbound rules, and AWS lets {_MOST} have an effect")]
    for rule in rules:
        port = Port.of(rule["IpProtocol"], rule["FromPort"], rule["ToPort"])
        if not is_sayable(port):
            what = f"{'protocol ' * port.protocol.isdecimal()}{port.traffic}"
            findings.append(_cannot(group, f"rule {_id(rule)} is for {what}, which `ports` do not say"))
            continue
        by_ports.setdefault((str(port), rule["Description"]), []).append(rule)
    entries: list[Entry] = []
    for (ports, description), same_ports in by_ports.items():
        for source, ids in _sources(group, same_ports, estate, made, findings):
            listed: list[str | int] = [int(ports) if ports.isdecimal() else ports]
            entries.append(({**source, "ports": listed, "description": description}, ids))
    return tuple(entries), findings


def _sources(
    group: AwsObject, rules: Iterable[AwsObject], estate: Estate, made: Collection[str], findings: list[Diagnostic]
) -> Iterator[Entry]:
    """Yield the sources of rules with one range of ports and one description: all blocks of the VPC are the VPC."""
    cidrs = {_cidr(rule): rule for rule in rules if _cidr(rule)}
    of_vpc_now = vpc_blocks(estate.one("Vpcs", str(group["VpcId"])) or {}, provider="0")
    blocks = {*of_vpc_now.ipv4, *of_vpc_now.ipv6}
    is_told = of_vpc_now.is_told or not any(":" in each for each in cidrs)
    of_vpc = bool(blocks) and is_told and not of_vpc_now.unsure and blocks <= cidrs.keys()
    if of_vpc:
        yield {"vpc": True}, {block: _id(cidrs[block]) for block in sorted(blocks)}
    for rule in rules:
        if of_vpc and _cidr(rule) in blocks:
            continue
        if _cidr(rule):
            yield {"cidr_ipv4" if rule.get("CidrIpv4") else "cidr_ipv6": _cidr(rule)}, {"": _id(rule)}
        elif rule.get("PrefixListId"):
            identifier = str(rule["PrefixListId"])
            found = estate.one("PrefixLists", identifier) or {"PrefixListId": identifier}
            yield {"prefix_list": reference("PrefixLists", found, estate)}, {"": _id(rule)}
        else:
            yield from _of_group(group, rule, estate, made, findings)


def _of_group(
    group: AwsObject, rule: AwsObject, estate: Estate, made: Collection[str], findings: list[Diagnostic]
) -> Iterator[Entry]:
    """Yield the members of a group as the source; one that the spec makes by its id: a lookup needs one that exists."""
    info = rule["ReferencedGroupInfo"]
    other = estate.one("SecurityGroups", str(info["GroupId"]))
    if info["UserId"] != group["OwnerId"] or other is None:
        findings.append(_cannot(group, f"rule {_id(rule)} names a group of another account or VPC, {info['GroupId']}"))
        return
    named = reference("SecurityGroups", other, estate)
    is_plain = "name" in named and other["GroupId"] not in {group["GroupId"], *made}
    yield {"security_group": named if is_plain else {"id": str(info["GroupId"])}}, {"": _id(rule)}


def _outbound(group: AwsObject, estate: Estate) -> Iterator[Diagnostic]:
    """Warn of outbound rules that are not those which AWS gives each new group."""
    rules = _rules(group, estate, is_egress=True)
    if any(rule["IpProtocol"] != "-1" or _cidr(rule) not in {"0.0.0.0/0", "::/0"} for rule in rules):
        message = f"Terraform will not manage its outbound rules: {some(map(_id, rules))}"
        yield OUTBOUND.at(_place(group), message, "an endpoint needs none")


def _rules(group: AwsObject, estate: Estate, *, is_egress: bool) -> list[AwsObject]:
    of_group = estate.having("SecurityGroupRules", "GroupId", str(group["GroupId"]))
    return [each for each in of_group if bool(each["IsEgress"]) == is_egress]


def _cidr(rule: AwsObject) -> str:
    return str(rule.get("CidrIpv4") or rule.get("CidrIpv6") or "")


def _id(rule: AwsObject) -> str:
    return str(rule["SecurityGroupRuleId"])


def _cannot(group: AwsObject, message: str, fix: str = "the spec refers to the group") -> Diagnostic:
    return REFERRED.at(_place(group), message, fix)


def _place(group: AwsObject) -> Place:
    return Place(f"{group['GroupId']} ({group.get('GroupName')})")
