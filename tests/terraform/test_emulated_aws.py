"""What moto leaves out about endpoints, the emulated AWS has: every gap that is closed, seen from a client."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

import pytest

from .network import Network

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import NetworkInterfaceTypeDef, VpcEndpointTypeDef

    from .emulated_aws import EmulatedAws
    from .network import Made

SERVICES = "com.amazonaws.eu-west-1"
SQS: dict[str, Any] = {"VpcEndpointType": "Interface", "ServiceName": f"{SERVICES}.sqs"}
S3: dict[str, Any] = {"VpcEndpointType": "Gateway", "ServiceName": f"{SERVICES}.s3"}
LATTICE = "arn:aws:vpc-lattice:eu-west-1:123456789012"
SMALL = Network(
    region="eu-west-1",
    vpc="small",
    subnets={"a": "a", "b": "b", "c": "c"},
    route_tables={"private": ("a",), "public": ()},
    security_groups=("one", "two"),
    prefix_lists=("office",),
    has_ipv6=True,
)


@pytest.fixture
def made(aws: EmulatedAws) -> Made:
    """Return a VPC with three subnets, two route tables and two security groups."""
    return SMALL.make(aws)


def described(made: Made, endpoint: str) -> VpcEndpointTypeDef:
    """Return what AWS says of an endpoint."""
    (found,) = made.client.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    return found


def interfaces(made: Made, endpoint: str) -> list[NetworkInterfaceTypeDef]:
    """Return an endpoint's interfaces, as one finds them who knows its id: by their description."""
    filters: Any = [{"Name": "description", "Values": [f"VPC Endpoint Interface {endpoint}"]}]
    return made.client.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]


def routes(made: Made, table: str) -> list[str]:
    """Return the endpoints to which a route table leads."""
    (found,) = made.client.describe_route_tables(RouteTableIds=[made.ids[f"route_table/{table}"]])["RouteTables"]
    return [route["GatewayId"] for route in found["Routes"] if "DestinationPrefixListId" in route]


def test_interface_in_each_subnet(made: Made) -> None:
    """An endpoint has an interface in each subnet: an address of it, the endpoint's groups, AWS as its owner."""
    endpoint = made.create(**SQS, SubnetIds=["subnet/a", "subnet/b"], SecurityGroupIds=["security_group/one"])

    found = interfaces(made, endpoint)
    assert {each["NetworkInterfaceId"] for each in found} == set(described(made, endpoint)["NetworkInterfaceIds"])
    assert {each["SubnetId"] for each in found} == {made.ids["subnet/a"], made.ids["subnet/b"]}
    for each in found:
        third = 2 if each["SubnetId"] == made.ids["subnet/a"] else 3
        assert ipaddress.ip_address(each["PrivateIpAddress"]) in ipaddress.ip_network(f"10.0.{third}.0/24")
        assert [group["GroupId"] for group in each["Groups"]] == [made.ids["security_group/one"]]
        assert (each["RequesterManaged"], each["Status"], each["InterfaceType"]) == (True, "in-use", "vpc_endpoint")


def test_default_group(made: Made) -> None:
    """An endpoint without security groups gets the VPC's default group."""
    (group,) = described(made, made.create(**SQS))["Groups"]

    assert group["GroupName"] == "default"


def test_fixed_addresses(made: Made) -> None:
    """A fixed address is the interface's; another one replaces the interface, the others stay."""
    subnet = made.ids["subnet/a"]
    fixed = [{"SubnetId": subnet, "Ipv4": "10.0.2.77"}]
    endpoint = made.create(**SQS, SubnetIds=["subnet/a", "subnet/b"], SubnetConfigurations=fixed)
    before = {each["SubnetId"]: each for each in interfaces(made, endpoint)}
    made.client.modify_vpc_endpoint(
        VpcEndpointId=endpoint, SubnetConfigurations=[{"SubnetId": subnet, "Ipv4": "10.0.2.78"}]
    )
    after = {each["SubnetId"]: each for each in interfaces(made, endpoint)}

    assert before[subnet]["PrivateIpAddress"] == "10.0.2.77"
    assert after[subnet]["PrivateIpAddress"] == "10.0.2.78"
    assert after[made.ids["subnet/b"]] == before[made.ids["subnet/b"]]


def test_subnets_and_groups_change(made: Made) -> None:
    """Changed subnets come with interfaces and go with them; changed groups reach the interfaces."""
    endpoint = made.create(**SQS, SubnetIds=["subnet/a", "subnet/b"], SecurityGroupIds=["security_group/one"])
    made.client.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        AddSubnetIds=[made.ids["subnet/c"]],
        RemoveSubnetIds=[made.ids["subnet/a"]],
        AddSecurityGroupIds=[made.ids["security_group/two"]],
        RemoveSecurityGroupIds=[made.ids["security_group/one"]],
    )

    wanted = {made.ids["subnet/b"], made.ids["subnet/c"]}
    assert set(described(made, endpoint)["SubnetIds"]) == wanted
    assert {each["SubnetId"] for each in interfaces(made, endpoint)} == wanted
    groups = {group["GroupId"] for each in interfaces(made, endpoint) for group in each["Groups"]}
    assert groups == {made.ids["security_group/two"]}


def test_options_change(made: Made) -> None:
    """Private DNS, policy, DNS options and address type are what they were last set to."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    endpoint = made.create(**SQS, SubnetIds=["subnet/a"], PrivateDnsEnabled=True, PolicyDocument=policy)
    before = described(made, endpoint)
    made.client.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        PrivateDnsEnabled=False,
        ResetPolicy=True,
        IpAddressType="dualstack",
        DnsOptions={"DnsRecordIpType": "service-defined"},
    )
    after = described(made, endpoint)

    assert (before["PrivateDnsEnabled"], before["IpAddressType"]) == (True, "ipv4")
    assert (before["DnsOptions"], before["PolicyDocument"]) == ({"DnsRecordIpType": "ipv4"}, policy)
    assert (after["PrivateDnsEnabled"], after["IpAddressType"]) == (False, "dualstack")
    assert after["DnsOptions"] == {"DnsRecordIpType": "service-defined"}
    assert json.loads(after["PolicyDocument"])["Statement"][0]["Action"] == "*"


def test_dns_names(made: Made) -> None:
    """An endpoint has a name for the Region, one for each zone and, with private DNS, the service's own."""
    endpoint = made.create(**SQS, SubnetIds=["subnet/a", "subnet/b"], PrivateDnsEnabled=True)
    names = [each["DnsName"] for each in described(made, endpoint)["DnsEntries"]]

    tail = "sqs.eu-west-1.vpce.amazonaws.com"
    stem = names[0].removesuffix(f".{tail}")
    assert stem.startswith(f"{endpoint}-")
    assert names[1:] == [f"{stem}-eu-west-1a.{tail}", f"{stem}-eu-west-1b.{tail}", "sqs.eu-west-1.amazonaws.com"]


def test_gateway_routes(made: Made) -> None:
    """A gateway's routes are in its route tables alone, and go with it."""
    endpoint = made.create(**S3, RouteTableIds=["route_table/private"])
    assert (routes(made, "private"), routes(made, "public")) == ([endpoint], [])
    made.client.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        AddRouteTableIds=[made.ids["route_table/public"]],
        RemoveRouteTableIds=[made.ids["route_table/private"]],
    )
    assert (routes(made, "private"), routes(made, "public")) == ([], [endpoint])
    made.client.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert (routes(made, "public"), made.endpoints()) == ([], [])


def test_gateway_defaults(made: Made) -> None:
    """A gateway has no private DNS, and DNS records as its service defines them."""
    found = described(made, made.create(**S3))

    assert (found["PrivateDnsEnabled"], found["DnsOptions"]) == (False, {"DnsRecordIpType": "service-defined"})


@pytest.mark.parametrize("stated", [None, True, False])
def test_inbound_resolver(made: Made, *, stated: bool | None) -> None:
    """Private DNS for Amazon S3 is for inbound Resolver endpoints alone unless it says otherwise."""
    option = "PrivateDnsOnlyForInboundResolverEndpoint"
    made.create(**S3)
    options = {} if stated is None else {option: stated}
    endpoint = made.create(
        VpcEndpointType="Interface", ServiceName=f"{SERVICES}.s3", PrivateDnsEnabled=True, DnsOptions=options
    )

    assert described(made, endpoint)["DnsOptions"] == {"DnsRecordIpType": "ipv4", option: stated is not False}


@pytest.mark.parametrize(
    "stated",
    [
        {
            "VpcEndpointType": "GatewayLoadBalancer",
            "ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60718",
            "SubnetIds": ["subnet/a"],
        },
        {
            "VpcEndpointType": "Resource",
            "ResourceConfigurationArn": f"{LATTICE}:resourceconfiguration/rcfg-0a1b2c3d4e5f60718",
            "SubnetIds": ["subnet/a"],
            "PrivateDnsEnabled": True,
        },
        {
            "VpcEndpointType": "ServiceNetwork",
            "ServiceNetworkArn": f"{LATTICE}:servicenetwork/sn-0a1b2c3d4e5f60718",
            "SubnetIds": ["subnet/a"],
        },
        {
            "VpcEndpointType": "Interface",
            "ServiceName": "com.amazonaws.eu-central-1.kms",
            "ServiceRegion": "eu-central-1",
            "SubnetIds": ["subnet/a"],
        },
        {"VpcEndpointType": "Interface", "ServiceName": f"{SERVICES}.dynamodb", "SubnetIds": ["subnet/a"]},
    ],
    ids=["GatewayLoadBalancer", "Resource", "ServiceNetwork", "another Region", "dynamodb"],
)
def test_other_endpoints(made: Made, stated: dict[str, Any]) -> None:
    """An endpoint of each other kind is made, and is what it was asked to be."""
    endpoint = made.create(**stated)

    found: Any = described(made, endpoint)
    asked = {name: value for name, value in stated.items() if name != "SubnetIds"}
    assert {name: found.get(name) for name in asked} == asked
    assert [each["SubnetId"] for each in interfaces(made, endpoint)] == [made.ids["subnet/a"]]


def test_express_gateway(made: Made) -> None:
    """S3 Express One Zone has a gateway, with routes."""
    endpoint = made.create(ServiceName=f"{SERVICES}.s3express", RouteTableIds=["route_table/private"])

    assert routes(made, "private") == [endpoint]


def test_filters(made: Made) -> None:
    """Endpoints are found by each filter that the API has."""
    endpoint = made.create(
        **SQS, TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "k", "Value": "v"}]}]
    )
    made.create(**S3, IpAddressType="dualstack")
    wanted = {
        "ip-address-type": "ipv4",
        "service-name": f"{SERVICES}.sqs",
        "vpc-endpoint-id": endpoint,
        "vpc-endpoint-type": "Interface",
        "tag:k": "v",
        "tag-key": "k",
    }
    for name, value in wanted.items():
        found = made.client.describe_vpc_endpoints(Filters=[{"Name": name, "Values": [value]}])["VpcEndpoints"]
        assert [each["VpcEndpointId"] for each in found] == [endpoint], name


def test_prefix_lists(made: Made) -> None:
    """AWS's prefix lists come with their blocks."""
    filters: Any = [{"Name": "prefix-list-name", "Values": [f"{SERVICES}.s3"]}]
    (found,) = made.client.describe_prefix_lists(Filters=filters)["PrefixLists"]

    assert "52.216.0.0/15" in found["Cidrs"]


def test_rules_keep_descriptions(made: Made) -> None:
    """A rule of a security group keeps its description, whatever its source is."""
    group, other = made.ids["security_group/one"], made.ids["security_group/two"]
    answer = made.client.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 1,
                "ToPort": 1,
                "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "a"}],
            },
            {
                "IpProtocol": "tcp",
                "FromPort": 2,
                "ToPort": 2,
                "UserIdGroupPairs": [{"GroupId": other, "Description": "b"}],
                "PrefixListIds": [{"PrefixListId": made.ids["prefix_list/office"], "Description": "c"}],
            },
        ],
    )
    filters: Any = [{"Name": "group-id", "Values": [group]}]
    found = made.client.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]

    assert [rule["Description"] for rule in answer["SecurityGroupRules"]] == ["a", "b", "c"]
    assert sorted(rule["Description"] for rule in found if not rule["IsEgress"]) == ["a", "b", "c"]


def test_route_tables_by_association(made: Made) -> None:
    """Route tables are found by the subnet that is associated with them, and the main table by being it."""

    def tables(name: str, value: str) -> list[str]:
        filters: Any = [{"Name": "vpc-id", "Values": [made.vpc_id]}, {"Name": name, "Values": [value]}]
        return [
            str(table["RouteTableId"]) for table in made.client.describe_route_tables(Filters=filters)["RouteTables"]
        ]

    assert tables("association.subnet-id", made.ids["subnet/a"]) == [made.ids["route_table/private"]]
    assert tables("association.subnet-id", made.ids["subnet/b"]) == []
    (main,) = tables("association.main", "true")
    assert main not in made.ids.values()


def test_ipv6_blocks(aws: EmulatedAws) -> None:
    """AWS writes a VPC's IPv6 block without zeros in front, else every plan would change the rules made for it."""
    client = aws.ec2("eu-west-1")
    for _ in range(40):
        vpc = client.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        (block,) = (each["Ipv6CidrBlock"] for each in vpc["Ipv6CidrBlockAssociationSet"])
        assert block == str(ipaddress.ip_network(block))


def test_forgets(made: Made, aws: EmulatedAws) -> None:
    """What one test made, the next does not find."""
    made.create(**SQS)
    aws.forget()

    assert made.client.describe_vpc_endpoints()["VpcEndpoints"] == []
    vpcs = made.client.describe_vpcs()["Vpcs"]
    assert [vpc["IsDefault"] for vpc in vpcs] == [True]


def test_call_that_is_sent_twice(made: Made) -> None:
    """A call that AWS's SDK sends again, since it had no answer, is done once; what was refused is tried again."""
    client = made.client

    def make(name: str) -> str:
        return client.create_security_group(GroupName=name, Description="x", VpcId=made.vpc_id)["GroupId"]

    def same_call(request: Any, **_: Any) -> None:
        request.headers["amz-sdk-invocation-id"] = made.vpc_id

    client.meta.events.register("before-send.ec2", same_call)
    with pytest.raises(client.exceptions.ClientError, match="already exists"):
        make("one")
    first, second = make("three"), make("three")
    client.meta.events.unregister("before-send.ec2", same_call)

    assert first == second
    with pytest.raises(client.exceptions.ClientError, match="already exists"):
        make("three")
