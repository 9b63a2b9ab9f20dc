"""What is around the endpoints: a VPC with its subnets, route tables, security groups and lists of prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.estates.growing import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.estates.growing import Estate

_GROUPS = ("web", "end points", "end-points", "end_points", "sgx_1", "no", "0815", "#1 & more", "x y: z")

_OTHER_PORTS = (
    *(("tcp", 0, 65535), ("udp", 53, 99), ("-1", -1, -1)),
    *(("icmp", -1, -1), ("icmp", 8, -1), ("icmpv6", -1, -1), ("icmpv6", 128, -1)),
)


def add_network(made: Estate) -> None:
    """Add a VPC with subnets and route tables."""
    chance, vpc_id, six = made.chance, made.id("vpc"), made.is_so(0.5)
    blocks = ["10.0.0.0/16", *(["10.1.0.0/16"] if made.is_so(0.3) else [])]
    associated = [{"CidrBlock": each, "CidrBlockState": {"State": "associated"}} for each in blocks]
    block = {"Ipv6CidrBlock": "2001:db8:1200::/56", "Ipv6CidrBlockState": {"State": "associated"}}
    made.add(
        "Vpcs",
        VpcId=vpc_id,
        OwnerId=ACCOUNT,
        CidrBlock=blocks[0],
        CidrBlockAssociationSet=associated,
        Ipv6CidrBlockAssociationSet=[block] if six else [],
        Tags=made.tags(),
    )
    made.attributes |= {"EnableDnsSupport": True, "EnableDnsHostnames": made.is_so(0.8)}
    for index in range(chance.randint(1, 5)):
        own = {"Ipv6CidrBlock": f"2001:db8:1200:{index:x}::/64", "Ipv6CidrBlockState": {"State": "associated"}}
        zone = "abc"[index % 3]
        made.add(
            "Subnets",
            SubnetId=made.id("subnet"),
            VpcId=vpc_id,
            AvailabilityZone=made.region + zone,
            AvailabilityZoneId=f"az{'abc'.index(zone) + 1}",
            CidrBlock=f"10.0.{index}.0/24",
            Ipv6CidrBlockAssociationSet=[own] if six else [],
            Tags=made.tags(),
        )
    for index in range(chance.randint(1, 4)):
        associations = [{"Main": True}] if not index else []
        made.add("RouteTables", RouteTableId=made.id("rtb"), VpcId=vpc_id, Associations=associations, Tags=made.tags())


def add_groups(made: Estate) -> None:
    """Add security groups, and a list of prefixes that their rules may name."""
    vpc_id = made.answers["Vpcs"][0]["VpcId"]
    if made.is_so(0.5):
        name = made.chance.choice(("office", "0815", "no", "x y"))
        made.add("PrefixLists", PrefixListId=made.id("pl"), PrefixListName=name, Tags=[])
    for index in range(made.chance.randint(1, 5)):
        name = f"{made.chance.choice(('web', 'end points', 'sgx_1', 'no', '0815'))}{index}" if index else "default"
        tags = made.tags(0.7, 1) if index else []
        if index and made.is_so(0.4):
            tags = [*(each for each in tags if each["Key"] != "Name"), {"Key": "Name", "Value": name}]
        made.add(
            "SecurityGroups",
            GroupId=made.id("sg"),
            VpcId=vpc_id,
            OwnerId=ACCOUNT,
            GroupName=name,
            Description=made.chance.choice(("A test", "Who may call AWS; by #1", "${x}")),
            IpPermissions=[],
            Tags=tags,
        )
    for group in made.of("SecurityGroups"):
        is_odd = made.is_so(0.25)
        rules = [
            rule for _ in range(made.chance.randint(0 if is_odd else 1, 4)) for rule in _rules(made, is_odd=is_odd)
        ]
        unique = {repr({key: each[key] for key in each if key != "Description"}): each for each in rules}
        for rule in unique.values():
            made.add("SecurityGroupRules", SecurityGroupRuleId=made.id("sgr"), GroupId=group["GroupId"], **rule)
        group["IpPermissions"] = [_permission(each) for each in unique.values() if not each["IsEgress"]]


def _rules(made: Estate, *, is_odd: bool) -> Iterator[dict[str, Any]]:
    """Yield a rule, or those of the whole VPC."""
    vpc, chance = made.answers["Vpcs"][0], made.chance
    odd = (("icmp", 8, 0), ("50", -1, -1)) if is_odd else ()
    protocol, first, last = chance.choice((*[("tcp", 443, 443)] * 3, *_OTHER_PORTS, *odd))
    ports = {"IpProtocol": protocol, "FromPort": first, "ToPort": last, "IsEgress": made.is_so(0.1)}
    ports["Description"] = chance.choice(("", "", "HTTPS", "from: the VPC #1"))
    group = {"GroupId": chance.choice(made.of("SecurityGroups"))["GroupId"], "UserId": ACCOUNT}
    lists = [{"PrefixListId": each["PrefixListId"]} for each in made.answers.get("PrefixLists", ())]
    blocks = [{"CidrIpv4": each["CidrBlock"]} for each in vpc["CidrBlockAssociationSet"]]
    blocks += [{"CidrIpv6": each["Ipv6CidrBlock"]} for each in vpc["Ipv6CidrBlockAssociationSet"]]
    some = ({"CidrIpv4": "192.168.0.0/16"}, {"CidrIpv4": "10.0.0.0/16"}, {"CidrIpv6": "2001:db8:ff::/48"})
    source = chance.choice((*some, {"ReferencedGroupInfo": group}, *lists, None))
    yield from ({**ports, **each} for each in ([source] if source else blocks))


def _permission(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule in the form in which its group has it."""
    told = {"Description": rule["Description"]}
    kinds = {
        "IpRanges": {"CidrIp": rule.get("CidrIpv4")},
        "Ipv6Ranges": {"CidrIpv6": rule.get("CidrIpv6")},
        "UserIdGroupPairs": rule.get("ReferencedGroupInfo", {"GroupId": None}),
        "PrefixListIds": {"PrefixListId": rule.get("PrefixListId")},
    }
    sources = {kind: [{**name, **told}] if all(name.values()) else [] for kind, name in kinds.items()}
    return {**{key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort")}, **sources}
