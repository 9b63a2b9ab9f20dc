"""The emulated AWS refuses what AWS refuses, and leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from .network import Network

if TYPE_CHECKING:
    from .emulated_aws import EmulatedAws
    from .network import Made

REGION = "com.amazonaws.eu-west-1"
SQS = {"VpcEndpointType": "Interface", "ServiceName": f"{REGION}.sqs"}
S3 = {"ServiceName": f"{REGION}.s3"}
ARN = "arn:aws:vpc-lattice:eu-west-1:123456789012:resourceconfiguration/rcfg-0a1b2c3d4e5f60718"
BALANCER = {
    "VpcEndpointType": "GatewayLoadBalancer",
    "ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60718",
}
INBOUND = {"PrivateDnsOnlyForInboundResolverEndpoint": True}


SMALL = Network(
    region="eu-west-1",
    vpc="small",
    subnets={"a": "a", "b": "b", "a-too": "a"},
    route_tables={"private": ()},
    security_groups=("it",),
)


@pytest.fixture
def made(aws: EmulatedAws) -> Made:
    """Return a VPC with three subnets in two zones, a route table and a security group."""
    return SMALL.make(aws)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({**SQS, "ServiceName": f"{REGION}.sqss"}, "InvalidServiceName", "sqss"),
        ({**SQS, "ServiceName": "com.amazonaws.eu-west-2.sqs"}, "InvalidServiceName", "eu-west-2"),
        (
            {**SQS, "VpcEndpointType": "Gateway"},
            "InvalidParameter",
            "does not match available service types ([Interface])",
        ),
        ({"VpcEndpointType": "Resource", **S3}, "InvalidParameter", "takes a resource_configuration_arn"),
        (
            {"VpcEndpointType": "ServiceNetwork", "ResourceConfigurationArn": ARN},
            "InvalidParameter",
            "service_network_arn",
        ),
        ({**S3, "SubnetIds": ["subnet/a"]}, "InvalidParameter", "can't have subnets"),
        ({**S3, "PrivateDnsEnabled": True}, "InvalidParameter", "can't have private DNS"),
        ({**SQS, "RouteTableIds": ["route_table/private"]}, "InvalidParameter", "can't have route tables"),
        ({**BALANCER, "SubnetIds": ["subnet/a", "subnet/b"]}, "InvalidParameter", "has exactly one subnet"),
        ({**SQS, "PolicyDocument": "Allow"}, "InvalidPolicyDocument", "JSON object"),
        (
            {**SQS, "SubnetIds": ["subnet/a", "subnet/a-too"]},
            "DuplicateSubnetsInSameZone",
            "another VPC endpoint subnet",
        ),
        ({**SQS, "SubnetIds": ["subnet-00000000000000000"]}, "InvalidSubnetID.NotFound", "subnet-0"),
        ({**SQS, "SubnetIds": ["subnet/a"], "IpAddressType": "dualstack"}, "InvalidParameter", "of the type dualstack"),
        ({**SQS, "SecurityGroupIds": ["sg-00000000000000000"]}, "InvalidGroup.NotFound", "sg-0"),
        ({**SQS, "DnsOptions": {"DnsRecordIpType": "ipv6"}}, "InvalidParameter", "does not go with"),
        ({**SQS, "DnsOptions": INBOUND}, "InvalidParameter", "not supported for this service"),
        ({**S3, "DnsOptions": INBOUND}, "InvalidParameter", "applicable only to Interface"),
        (
            {**S3, "VpcEndpointType": "Interface", "PrivateDnsEnabled": True},
            "InvalidParameter",
            "must have a Gateway endpoint for the service",
        ),
        ({**S3, "RouteTableIds": ["rtb-00000000000000000"]}, "InvalidRouteTableID.NotFound", "rtb-0"),
        (
            {**BALANCER, "VpcEndpointType": "Interface", "PolicyDocument": "{}"},
            "InvalidParameter",
            "only supports the full",
        ),
    ],
)
def test_refuses_to_make(made: Made, arguments: dict[str, Any], code: str, message: str) -> None:
    """What AWS refuses at creation is refused with AWS's code, and no endpoint and no interface is left."""
    with pytest.raises(ClientError) as refusal:
        made.create(**arguments)

    assert refusal.value.response["Error"]["Code"] == code
    assert message in refusal.value.response["Error"]["Message"]
    assert made.endpoints() == []
    assert made.client.describe_network_interfaces()["NetworkInterfaces"] == []


@pytest.mark.parametrize("address", ["10.0.2.3", "10.0.2.255", "10.0.3.10"])
def test_refuses_addresses(made: Made, address: str) -> None:
    """An address that AWS keeps, or of another subnet, can't be fixed."""
    fixed = [{"SubnetId": made.ids["subnet/a"], "Ipv4": address}]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        made.create(**SQS, SubnetIds=["subnet/a"], SubnetConfigurations=fixed)


def test_refuses_a_taken_address(made: Made) -> None:
    """An address that another interface has can't be fixed."""
    fixed = [{"SubnetId": made.ids["subnet/a"], "Ipv4": "10.0.2.10"}]
    made.create(**SQS, SubnetIds=["subnet/a"], SubnetConfigurations=fixed)
    with pytest.raises(ClientError, match=r"InvalidIPAddress\.InUse"):
        made.create(**SQS, SubnetIds=["subnet/a"], SubnetConfigurations=fixed)


def test_refuses_private_dns_without_dns(made: Made) -> None:
    """Private DNS needs both DNS attributes of the VPC, at creation and later."""
    made.client.modify_vpc_attribute(VpcId=made.vpc_id, EnableDnsHostnames={"Value": False})
    with pytest.raises(ClientError, match="Enabling private DNS requires both"):
        made.create(**SQS, PrivateDnsEnabled=True)
    endpoint = made.create(**SQS, PrivateDnsEnabled=False)
    with pytest.raises(ClientError, match="Enabling private DNS requires both"):
        made.client.modify_vpc_endpoint(VpcEndpointId=endpoint, PrivateDnsEnabled=True)


def test_refuses_a_second_private_name(made: Made) -> None:
    """One service has private DNS once in a VPC; without it, it may stand there again."""
    made.create(**SQS, PrivateDnsEnabled=True)
    second = made.create(**SQS, PrivateDnsEnabled=False)
    with pytest.raises(
        ClientError, match=r"already a conflicting DNS domain for sqs\.eu-west-1\.amazonaws\.com in the VPC"
    ):
        made.client.modify_vpc_endpoint(VpcEndpointId=second, PrivateDnsEnabled=True)


def test_refuses_a_second_route(made: Made) -> None:
    """A route table has one route to a service."""
    made.create(**S3, RouteTableIds=["route_table/private"])
    second = made.create(**S3)
    with pytest.raises(ClientError, match="RouteAlreadyExists"):
        made.client.modify_vpc_endpoint(VpcEndpointId=second, AddRouteTableIds=[made.ids["route_table/private"]])


@pytest.mark.parametrize(
    ("arguments", "parameter", "field"),
    [(SQS, "SubnetIds", "SubnetId"), (S3, "RouteTableIds", "RouteTableId"), (SQS, "SecurityGroupIds", "GroupId")],
)
def test_refuses_what_is_of_another_vpc(made: Made, arguments: dict[str, Any], parameter: str, field: str) -> None:
    """A subnet, a route table and a security group of another VPC are refused."""
    of_all: dict[str, Any] = {
        "SubnetId": made.client.describe_subnets,
        "RouteTableId": made.client.describe_route_tables,
        "GroupId": made.client.describe_security_groups,
    }
    (found,) = (each for name, each in of_all[field]().items() if name != "ResponseMetadata")
    other = next(each[field] for each in found if each["VpcId"] != made.vpc_id)
    with pytest.raises(ClientError, match=r"is not in the VPC|InvalidGroup\.NotFound"):
        made.create(**arguments, **{parameter: [other]})


def test_keeps_an_endpoint_that_routes_lead_to(made: Made) -> None:
    """A Gateway Load Balancer endpoint can't go before the routes to it: AWS says 200, and why it stays."""
    first, second = (made.create(**BALANCER, SubnetIds=[f"subnet/{name}"]) for name in "ab")
    table = made.ids["route_table/private"]
    made.client.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", VpcEndpointId=first)
    kept = made.client.delete_vpc_endpoints(VpcEndpointIds=[first])["Unsuccessful"]
    assert [(each["ResourceId"], each["Error"]["Code"]) for each in kept] == [(first, "DependencyViolation")]

    made.client.replace_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", VpcEndpointId=second)
    assert made.client.delete_vpc_endpoints(VpcEndpointIds=[first])["Unsuccessful"] == []
    made.client.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    assert made.client.delete_vpc_endpoints(VpcEndpointIds=[second])["Unsuccessful"] == []


def test_keeps_a_gateway_that_an_interface_needs(made: Made) -> None:
    """The gateway of S3 can't go before an interface whose private DNS is for inbound Resolver endpoints alone."""
    gateway = made.create(**S3)
    interface = made.create(**S3, VpcEndpointType="Interface", PrivateDnsEnabled=True, DnsOptions=INBOUND)
    (kept,) = made.client.delete_vpc_endpoints(VpcEndpointIds=[gateway])["Unsuccessful"]
    assert f"cannot be deleted while Interface endpoint {interface}" in str(kept["Error"])

    made.client.modify_vpc_endpoint(
        VpcEndpointId=interface, DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": False}
    )
    assert made.client.delete_vpc_endpoints(VpcEndpointIds=[gateway])["Unsuccessful"] == []


def test_refuses_unknown_filters(made: Made) -> None:
    """A filter that DescribeVpcEndpoints does not have is refused, not ignored."""
    made.create(**S3)
    with pytest.raises(ClientError, match="The filter 'nonsense' is invalid"):
        made.client.describe_vpc_endpoints(Filters=[{"Name": "nonsense", "Values": ["1"]}])
