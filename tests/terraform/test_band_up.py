"""The endpoints of the workshop, in the networks that people have: what is made there, and what is refused in time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from .examples import BAND_UP, MODULES

if TYPE_CHECKING:
    from .bench import Bench
    from .network import Made, Network

ENDPOINTS = {
    "ecr-endpoint": ("Interface", "com.amazonaws.ap-southeast-1.ecr.dkr"),
    "ecr-api-endpoint": ("Interface", "com.amazonaws.ap-southeast-1.ecr.api"),
    "cloudwatch-endpoint": ("Interface", "com.amazonaws.ap-southeast-1.logs"),
    "s3-endpoint": ("Gateway", "com.amazonaws.ap-southeast-1.s3"),
}
FIRST, SECOND = BAND_UP.subnets
OTHERS = {"public-subnet": "a", "database-subnet": "b"}
"""Subnets of the VPC that have nothing to do with the endpoints."""


def tables_to(made: Made, endpoint: str) -> set[str]:
    """Return the route tables of the VPC that lead to an endpoint, `main` for the VPC's main table."""
    found = made.client.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [made.vpc_id]}])["RouteTables"]
    names = {identifier: thing.removeprefix("route_table/") for thing, identifier in made.ids.items()}
    leading = [table for table in found if endpoint in {route.get("GatewayId") for route in table["Routes"]}]
    return {names.get(table["RouteTableId"], "main") for table in leading}


@pytest.mark.parametrize(
    ("tables", "leading"),
    [
        ({"public": ("public-subnet",)}, {"main"}),
        ({"first": (FIRST,), "public": ("public-subnet",)}, {"first", "main"}),
        ({"first": (FIRST,), "second": (SECOND,), "public": ("public-subnet",)}, {"first", "second"}),
    ],
    ids=["main table only", "one table of its own", "a table each"],
)
def test_makes_what_the_workshop_makes(bench: Bench, tables: dict[str, tuple[str, ...]], leading: set[str]) -> None:
    """The four endpoints stand in their subnets, S3 is in the tables that these use, and a second plan is empty."""
    network = replace(BAND_UP, subnets={**BAND_UP.subnets, **OTHERS}, route_tables=tables)
    terraform, made = bench.within(network, MODULES["band-up"])
    terraform.must("init")
    terraform.must("apply", "-auto-approve")

    found = {tag["Value"]: each for each in made.endpoints() for tag in each["Tags"] if tag["Key"] == "Name"}
    assert {name: (each["VpcEndpointType"], each["ServiceName"]) for name, each in found.items()} == ENDPOINTS
    gateway = found.pop("s3-endpoint")
    assert tables_to(made, gateway["VpcEndpointId"]) == leading
    for each in found.values():
        assert set(each["SubnetIds"]) == {made.ids[f"subnet/{FIRST}"], made.ids[f"subnet/{SECOND}"]}
        assert [group["GroupName"] for group in each["Groups"]] == ["band-up-endpoints"]
        assert each["PrivateDnsEnabled"]
    outputs = json.loads(terraform.must("output", "-json").output)
    entries = [(each["DnsName"], each["HostedZoneId"]) for each in found["ecr-endpoint"]["DnsEntries"]]
    pairs = zip(*(outputs[name]["value"]["ecr_dkr"] for name in ("dns_names", "dns_zone_ids")), strict=True)
    assert [*pairs] == entries
    assert entries
    again = terraform.run("plan", "-detailed-exitcode")
    assert again.code == 0, again


def test_lets_in_https_from_the_vpc(bench: Bench) -> None:
    """The created group lets in port 443 from each block of the VPC, and from nowhere else."""
    terraform, made = bench.within(replace(BAND_UP, has_ipv6=True), MODULES["band-up"])
    made.client.associate_vpc_cidr_block(VpcId=made.vpc_id, CidrBlock="10.1.0.0/16")
    terraform.must("init")
    terraform.must("apply", "-auto-approve")

    (group,) = made.client.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [made.vpc_id]}, {"Name": "group-name", "Values": ["band-up-endpoints"]}]
    )["SecurityGroups"]
    (permission,) = group["IpPermissions"]
    (vpc,) = made.client.describe_vpcs(VpcIds=[made.vpc_id])["Vpcs"]
    assert (permission["IpProtocol"], permission["FromPort"], permission["ToPort"]) == ("tcp", 443, 443)
    assert {each["CidrIp"] for each in permission["IpRanges"]} == {"10.0.0.0/16", "10.1.0.0/16"}
    assert [each["CidrIpv6"] for each in permission["Ipv6Ranges"]] == [
        each["Ipv6CidrBlock"] for each in vpc["Ipv6CidrBlockAssociationSet"]
    ]


@pytest.mark.parametrize(
    ("network", "region", "message"),
    [
        (BAND_UP, "eu-west-1", "This module is for ap-southeast-1, and the provider is configured for eu-west-1."),
        (
            replace(BAND_UP, has_dns=False),
            "",
            "Private DNS needs enableDnsSupport and enableDnsHostnames, and VPC vpc-",
        ),
        (
            replace(BAND_UP, subnets={FIRST: "a", SECOND: "a"}),
            "",
            "Two subnets of endpoint ecr_dkr are in one Availability Zone.",
        ),
    ],
    ids=["another Region", "a VPC without DNS", "two subnets in one zone"],
)
def test_is_refused_at_plan(bench: Bench, network: Network, region: str, message: str) -> None:
    """What can't work is refused before anything is made, with a message that says what to do."""
    terraform, made = bench.within(network, MODULES["band-up"], region=region)
    terraform.must("init")
    run = terraform.run("plan")

    assert run.code == 1
    assert message in run.text
    assert made.endpoints() == []
