"""The rules of security groups: as the spec states those of the groups that the module makes, and as AWS has them."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Self, assert_never

from generator.catalog.ports import ALL_TRAFFIC, Port
from generator.intent.groups import CreatedGroup, group_key, rule_description
from generator.intent.intent import Path
from generator.live.change import Change, difference, tag_changes
from generator.live.estate import AwsObject
from generator.live.locate import Located
from generator.live.refusals.order import maker_of
from generator.live.untold import is_told
from generator.live.vpc_blocks import Network, associated
from generator.source.diagnostics import Refused
from generator.source.frozen import frozen
from generator.spec.addresses import as_stored
from generator.spec.references import BlocksOf, ById, CidrBlock, Existing, MembersOf, Source, VpcBlocks, as_written

_IPV6 = 6
_PEERING, _ACTIVE = "PeeringStatus", "active"
_NUMBERS = {"6": "tcp", "17": "udp"}
"""The protocols that AWS may answer by their numbers."""
SOURCES = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "UserIdGroupPairs": "GroupId",
    "PrefixListIds": "PrefixListId",
}
"""The kinds of source of an IpPermission, and the field that names one; as `ingress_rules` orders families.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""


@frozen(order=True)
class Rule:
    """A rule that lets somebody in: protocol, ports, and one source as AWS names it."""

    protocol: str
    from_port: int
    to_port: int
    source: str

    @classmethod
    def of(cls, port: Port, source: str) -> Self:
        """Return the rule that opens a range of ports, or what has none, to a source."""
        return cls(port.protocol, port.from_port, port.to_port, source)

    def __str__(self) -> str:
        """Return the rule as `tcp 443 from 10.0.0.0/16`."""
        return f"{self.traffic} from {self.source}"

    @property
    def traffic(self) -> str:
        """What it lets in, as `tcp 443`."""
        return self.port.traffic

    @property
    def port(self) -> Port:
        """What it opens."""
        return Port(self.from_port, self.to_port, self.protocol)

    @property
    def network(self) -> Network | None:
        """The addresses that it lets in; None where its source is a group or a prefix list."""
        return _network(self.source)

    def opens(self, port: Port) -> bool:
        """Tell whether it lets in all of a range of ports."""
        return self.port._replace(protocol=_NUMBERS.get(self.protocol, self.protocol)).includes(port)

    @property
    def permission(self) -> str:
        """The rule as the AWS CLI takes it in `--ip-permissions`, in its shorthand."""
        kinds = {"sg-": "UserIdGroupPairs", "pl-": "PrefixListIds"}
        kind = kinds.get(self.source[:3], "Ipv6Ranges" if ":" in self.source else "IpRanges")
        ports = "" if self.protocol == ALL_TRAFFIC.protocol else f",FromPort={self.from_port},ToPort={self.to_port}"
        return f"IpProtocol={self.protocol}{ports},{kind}=[{{{SOURCES[kind]}={self.source}}}]"


@frozen(kw_only=True)
class Group:
    """A security group that the module makes, as the spec says it."""

    key: str
    name: str
    description: str
    tags: Mapping[str, str]
    rules: Mapping[Rule, str]
    """The rules, each with its description."""
    derived: Mapping[Rule, str]
    """Those of the blocks of the VPC, or of its subnets, each with how the spec says them all."""
    possible: frozenset[Rule]
    """Those of the VPC's blocks that the module may or may not have, depending on what was not told."""
    has_untold: bool
    """Whether it lets in the blocks of a VPC of which no IPv6 block was told, nor that there is none."""


def groups(spec: Located) -> tuple[Group, ...]:
    """Return the groups that the module makes, each once; raises Refused for a source that leads nowhere."""
    return tuple(_group(each, spec) for each in spec.intent.groups)


def rules_of(group: AwsObject) -> dict[Rule, str]:
    """Return the rules that a group has in AWS, each with its description."""
    return {rule: source["Description"] for rule, source in _rules(group)}


def single_rule(found: AwsObject) -> Rule:
    """Return a rule as `describe-security-group-rules` has it."""
    source = found.get("CidrIpv4") or found.get("CidrIpv6") or found.get("PrefixListId")
    source = as_stored(source or found["ReferencedGroupInfo"]["GroupId"])
    return Rule.of(Port.of(found["IpProtocol"], found["FromPort"], found["ToPort"]), source)


def letting_in(group: AwsObject) -> list[Rule]:
    """Return the rules of a group but for stale ones, that name a peer VPC's group and let nobody in.

    "The VPC peering connection must be in the `active` state."
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeStaleSecurityGroups.html (checked 2026-11-28)
    """
    return [rule for rule, source in _rules(group) if str(source.get(_PEERING, _ACTIVE)).lower() == _ACTIVE]


def of_peers(group: AwsObject) -> Iterator[str]:
    """Yield the groups of peer VPCs that the rules of a group name.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
    """
    return (rule.source for rule, source in _rules(group) if _PEERING in source)


def _rules(group: AwsObject) -> Iterator[tuple[Rule, AwsObject]]:
    for permission in group["IpPermissions"]:
        port = Port.of(str(permission["IpProtocol"]), permission.get("FromPort"), permission.get("ToPort"))
        for kind, key in SOURCES.items():
            for source in permission[kind]:
                yield Rule.of(port, as_stored(str(source[key]))), source


def rules_from(made: CreatedGroup, index: int, spec: Located) -> Iterator[tuple[Port, Rule]]:
    """Yield what one `ingress` of a created group comes to in AWS, by port; raises Refused where it leads nowhere."""
    ingress = made.group.ingress[index]
    for port in made.ports(ingress):
        for source in _sources(ingress.source, spec, (*made.path, "ingress", index)):
            yield port, Rule.of(port, source)


def subnet_blocks(spec: Located) -> Iterator[str]:
    """Yield the blocks of the spec's own subnets."""
    for index, subnet in enumerate(spec.intent.spec.subnets or ()):
        for each in spec.follow("Subnets", subnet, ("subnets", index), one=False):
            yield from (*associated(each, "CidrBlock"), *associated(each, "Ipv6CidrBlock"))


def changes(wanted: Mapping[Rule, str], found: Mapping[Rule, str]) -> Iterator[Change]:
    """Yield the rules that are missing, and those with another description; not those that are there beside them."""
    for rule, said in wanted.items():
        if rule not in found:
            yield Change(field="ingress", wanted=str(rule), found=None)
        elif found[rule] != said:
            told, known = f"{rule}: {found[rule]}", is_told(found[rule])
            yield Change(field="ingress.description", wanted=f"{rule}: {said}", found=told, known=known)


def group_changes(group: Group, live: AwsObject, *, ignored_tags: Collection[str] = ()) -> Iterator[Change]:
    """Yield in what a group differs from the one of the spec."""
    found = rules_of(live)
    told = live["Description"]  # a state may have null there
    yield from difference("description", group.description, told, known=told is not None)
    yield from tag_changes(group.tags, live, ignored_tags)
    yield from changes(group.rules, found)
    for rule in sorted(found.keys() - group.rules.keys() - group.possible):
        known = not (group.has_untold and rule.network and rule.network.version == _IPV6)
        yield Change(field="ingress", wanted=None, found=str(rule), known=known)


def _group(made: CreatedGroup, spec: Located) -> Group:
    group, unsure = made.group, spec.blocks.unsure
    rules: dict[Rule, str] = {}
    derived: dict[Rule, str] = {}
    possible: set[Rule] = set()
    for index, ingress in enumerate(group.ingress):
        for port, rule in rules_from(made, index, spec):
            if is_of_vpc := isinstance(ingress.source, VpcBlocks):
                derived[rule] = "subnets: true" if ingress.source.of_subnets else "vpc: true"
            if is_of_vpc and rule.source in unsure:
                possible.add(rule)
            elif not (is_of_vpc and rule in rules):  # what is stated for a block itself is what the module says
                rules[rule] = rule_description(ingress, port)
    return Group(
        key=group_key(group),
        name=group.name,
        description=group.description,
        tags=group.tagged(spec.intent.spec.tags),
        rules=rules,
        derived=derived,
        possible=frozenset(possible - rules.keys()),
        has_untold=not spec.blocks.is_told and VpcBlocks() in [each.source for each in group.ingress],
    )


def _sources(source: Source, spec: Located, path: Path) -> Iterator[str]:
    """Yield the sources of an ingress as AWS names them; of a VPC the blocks that the module's `data.aws_vpc` has."""
    match source:
        case VpcBlocks(of_subnets=True):
            yield from subnet_blocks(spec)
        case VpcBlocks():
            yield from (*spec.blocks.ipv4, *spec.blocks.ipv6, *sorted(spec.blocks.unsure - {*spec.blocks.ipv6}))
        case MembersOf(group):
            yield _id("SecurityGroups", "GroupId", group, spec, (*path, "security_group"))
        case BlocksOf(prefix_list):
            yield _id("PrefixLists", "PrefixListId", prefix_list, spec, (*path, "prefix_list"))
        case CidrBlock(_, cidr):
            yield cidr
        case _:
            assert_never(source)


def _id(kind: str, key: str, reference: Existing, spec: Located, path: Path) -> str:
    """Return an id: the stated one as it is, for it may be another VPC's or another account's."""
    if isinstance(reference, ById):
        return reference.id
    try:
        return str(spec.follow(kind, reference, path)[0][key])
    except Refused:
        if kind == "SecurityGroups" and (maker := maker_of(spec, reference)):
            return f"{as_written(reference)}, which {maker} makes"
        raise


@lru_cache(2**14)
def _network(source: str) -> Network | None:
    with suppress(ValueError):
        return ipaddress.ip_network(source, strict=False)
    return None
