"""The emulated AWS refuses of security groups and their rules what AWS refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from .network import Network

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import SecurityGroupRuleTypeDef

    from .emulated_aws import EmulatedAws
    from .network import Made

SQS: dict[str, Any] = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.eu-west-1.sqs"}
SMALL = Network(
    region="eu-west-1",
    vpc="small",
    subnets={"a": "a"},
    security_groups=("it", "other"),
    prefix_lists=("office",),
)


@pytest.fixture
def made(aws: EmulatedAws) -> Made:
    """Return a VPC with a subnet, two security groups and a prefix list beside it."""
    return SMALL.make(aws)


def https(**sources: Any) -> Any:
    """Return a permission to come in on port 443 from sources."""
    return [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **sources}]


def rules(made: Made) -> list[SecurityGroupRuleTypeDef]:
    """Return the inbound rules of the group."""
    filters: Any = [{"Name": "group-id", "Values": [made.ids["security_group/it"]]}]
    found = made.client.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return [rule for rule in found if not rule["IsEgress"]]


def test_refuses_to_delete_a_group_in_use(made: Made) -> None:
    """A security group that an endpoint has can't go before it."""
    endpoint = made.create(**SQS, SubnetIds=["subnet/a"], SecurityGroupIds=["security_group/it"])
    with pytest.raises(ClientError, match="DependencyViolation"):
        made.client.delete_security_group(GroupId=made.ids["security_group/it"])
    made.client.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    made.client.delete_security_group(GroupId=made.ids["security_group/it"])


def test_refuses_to_delete_a_group_that_a_rule_means(made: Made) -> None:
    """A security group that a rule of another one refers to can't go before the rule; one that means itself can."""
    group, other = made.ids["security_group/it"], made.ids["security_group/other"]
    for each in (group, other):
        made.client.authorize_security_group_ingress(
            GroupId=each, IpPermissions=https(UserIdGroupPairs=[{"GroupId": group}])
        )
    with pytest.raises(ClientError, match="DependencyViolation"):
        made.client.delete_security_group(GroupId=group)
    made.client.delete_security_group(GroupId=other)
    made.client.delete_security_group(GroupId=group)


def test_refuses_a_second_group_of_one_name(made: Made) -> None:
    """A VPC has one security group of a name."""
    with pytest.raises(ClientError, match=r"InvalidGroup\.Duplicate"):
        made.client.create_security_group(VpcId=made.vpc_id, GroupName="it", Description="Another")


@pytest.mark.parametrize(
    ("standing", "equal"),
    [
        ({"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}, {"IpRanges": [{"CidrIp": "10.0.0.9/16", "Description": "x"}]}),
        ({"Ipv6Ranges": [{"CidrIpv6": "2001:DB8::/32"}]}, {"Ipv6Ranges": [{"CidrIpv6": "2001:db8:0::/32"}]}),
        ({"PrefixListIds": ["office"]}, {"PrefixListIds": ["office"], "IpRanges": [{"CidrIp": "10.1.0.0/16"}]}),
        ({"UserIdGroupPairs": ["other"]}, {"UserIdGroupPairs": ["other"]}),
    ],
    ids=["IPv4", "IPv6", "prefix list", "security group"],
)
def test_refuses_an_equal_rule(made: Made, standing: dict[str, list[Any]], equal: dict[str, list[Any]]) -> None:
    """A rule that means what another means is refused, whatever its text and description; nothing of the call stays."""
    names = {
        "office": {"PrefixListId": made.ids["prefix_list/office"]},
        "other": {"GroupId": made.ids["security_group/other"]},
    }
    first, second = (
        https(
            **{
                kind: [names[each] if isinstance(each, str) else each for each in value]
                for kind, value in given.items()
            }
        )
        for given in (standing, equal)
    )
    group = made.ids["security_group/it"]
    made.client.authorize_security_group_ingress(GroupId=group, IpPermissions=first)
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        made.client.authorize_security_group_ingress(GroupId=group, IpPermissions=second)
    another_port: Any = [{**second[0], "ToPort": 444}]
    made.client.authorize_security_group_ingress(GroupId=group, IpPermissions=another_port)

    assert len(rules(made)) == 2 + ("IpRanges" in equal and "PrefixListIds" in equal)


def test_refuses_a_change_that_makes_two_equal(made: Made) -> None:
    """A rule can't be changed to what another one is; it can be changed to anything else."""
    blocks = [{"CidrIpv6": "2001:db8:1::/48"}, {"CidrIpv6": "2001:db8:2::/48"}]
    group = made.ids["security_group/it"]
    made.client.authorize_security_group_ingress(GroupId=group, IpPermissions=https(Ipv6Ranges=blocks))
    first = rules(made)[0]["SecurityGroupRuleId"]

    def become(block: str) -> None:
        wanted: Any = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv6": block, "Description": "new"}
        made.client.modify_security_group_rules(
            GroupId=group, SecurityGroupRules=[{"SecurityGroupRuleId": first, "SecurityGroupRule": wanted}]
        )

    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        become("2001:DB8:2::/48")
    become("2001:DB8:1::/48")
    become("2001:DB8:3::/48")
    assert [(rule["CidrIpv6"], rule.get("Description")) for rule in rules(made)] == [
        ("2001:db8:3::/48", "new"),
        ("2001:db8:2::/48", None),
    ]
