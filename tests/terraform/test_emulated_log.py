"""The emulated AWS says what it did in which order, and can begin again from what there was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from .emulated_log import Rule
from .network import Network

if TYPE_CHECKING:
    from .emulated_aws import EmulatedAws
    from .network import Made

SQS: dict[str, Any] = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.eu-west-1.sqs"}
S3: dict[str, Any] = {"ServiceName": "com.amazonaws.eu-west-1.s3"}
SMALL = Network(
    region="eu-west-1", vpc="small", subnets={"a": "a"}, route_tables={"private": ()}, security_groups=("one", "two")
)
HTTPS: Any = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.1/16"}]}]


@pytest.fixture
def made(aws: EmulatedAws) -> Made:
    """Return a VPC with a subnet, a route table and two security groups."""
    return SMALL.make(aws)


def test_says_what_was_done(made: Made) -> None:
    """Each call that changes something is there with what there is after it, one that only reads is not."""
    group = made.ids["security_group/one"]
    with made.aws.recorded() as calls:
        endpoint = made.create(**SQS, SecurityGroupIds=["security_group/one"], PrivateDnsEnabled=True)
        made.endpoints()
        made.client.authorize_security_group_ingress(GroupId=group, IpPermissions=HTTPS)
        gateway = made.create(**S3, RouteTableIds=["route_table/private"])
    after = [call.vpcs[made.vpc_id] for call in calls]

    assert [call.action for call in calls] == [
        "CreateVpcEndpoint",
        "AuthorizeSecurityGroupIngress",
        "CreateVpcEndpoint",
    ]
    assert [state.inbound(endpoint) for state in after] == [
        frozenset(),
        *[frozenset({Rule("tcp", 443, 443, "10.0.0.0/16")})] * 2,
    ]
    assert after[0].doors[endpoint].names == {"sqs.eu-west-1.amazonaws.com"}
    ((_, target),) = after[2].routes[made.ids["route_table/private"]]
    assert target == gateway
    assert after[2].groups is not after[1].groups
    assert all(call.concerns(made.vpc_id) for call in calls)


def test_says_what_was_refused(made: Made) -> None:
    """A refused call has AWS's code, also one of which AWS says 200; what concerns one VPC concerns no other."""
    made.create(**S3)
    made.create(**S3, VpcEndpointType="Interface", SubnetIds=["subnet/a"], PrivateDnsEnabled=True)
    gateway = made.endpoints()[0]["VpcEndpointId"]
    with made.aws.recorded() as calls:
        with pytest.raises(ClientError):
            made.client.create_security_group(VpcId=made.vpc_id, GroupName="one", Description="x")
        made.client.delete_vpc_endpoints(VpcEndpointIds=[gateway])
    others = {*calls[0].vpcs} - {made.vpc_id}

    assert [call.refusal for call in calls] == ["InvalidGroup.Duplicate", "InvalidParameter"]
    assert not any(call.concerns(other) for call in calls for other in others)


def test_is_silent_unless_asked(made: Made) -> None:
    """A log ends where the block ends, and begins empty."""
    made.create(**SQS)
    with made.aws.recorded() as calls:
        pass
    made.create(**S3)

    assert calls == []


def test_begins_again(made: Made) -> None:
    """What was kept is there again, as often as one likes, and can be changed by the same ids."""
    endpoint = made.create(**SQS, SubnetIds=["subnet/a"], SecurityGroupIds=["security_group/one"])
    made.aws.keep()
    for _ in range(2):
        made.client.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
        made.client.delete_security_group(GroupId=made.ids["security_group/one"])
        assert made.endpoints() == []
        made.aws.restore()
        (found,) = made.endpoints()
        assert found["VpcEndpointId"] == endpoint
        assert [group["GroupName"] for group in found["Groups"]] == ["one"]
        assert len(made.client.describe_network_interfaces()["NetworkInterfaces"]) == 1
