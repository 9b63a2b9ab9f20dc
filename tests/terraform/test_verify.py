"""`gen-endpoints verify` against the emulated AWS: the workshop's endpoints, and then one thing broken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.live.verify.report import Outcome

from .emulated_aws import CREDENTIAL
from .examples import BAND_UP, MODULES, OUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from .bench import Bench
    from .emulated_aws import EmulatedAws
    from .network import Made

SPEC = str(OUT.parent / "specs" / "band-up.yaml")
SUBNETS = [f"subnet/{name}" for name in BAND_UP.subnets]
SERVICE = "com.amazonaws.ap-southeast-1."
NAMES = {
    "ecr_dkr": ("ecr-endpoint", "ecr.dkr"),
    "ecr_api": ("ecr-api-endpoint", "ecr.api"),
    "logs": ("cloudwatch-endpoint", "logs"),
    "s3": ("s3-endpoint", "s3"),
}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give boto3 the credentials that the emulated AWS takes, and no proxy."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, CREDENTIAL)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def made(aws: EmulatedAws) -> Made:
    """Make the four endpoints by hand, as the workshop does."""
    network = BAND_UP.make(aws)
    group = network.client.create_security_group(
        VpcId=network.vpc_id, GroupName="band-up-endpoints", Description="A test's"
    )["GroupId"]
    network.client.authorize_security_group_ingress(GroupId=group, IpPermissions=[https_from("10.0.0.0/16")])
    for name, service in NAMES.values():
        where: dict[str, Any] = {"VpcEndpointType": "Gateway", "RouteTableIds": ["route_table/private"]}
        if service != "s3":
            where = {"VpcEndpointType": "Interface", "PrivateDnsEnabled": True}
            where |= {"SubnetIds": SUBNETS, "SecurityGroupIds": [group]}
        tags = [{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Name", "Value": name}]}]
        network.create(ServiceName=f"{SERVICE}{service}", TagSpecifications=tags, **where)
    return network


def https_from(block: str) -> Any:
    """Return a permission for HTTPS from a block."""
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": block}]}


def endpoint(made: Made, key: str) -> str:
    """Return the id of one of the four."""
    return next(
        str(each["VpcEndpointId"]) for each in made.endpoints() for tag in each["Tags"] if tag["Value"] == NAMES[key][0]
    )


def verified(aws: EmulatedAws) -> tuple[int, dict[str, dict[str, str]]]:
    """Run the command; return its exit code, and the outcome of each check by endpoint and check."""
    result = CliRunner().invoke(cli.application(), ["verify", SPEC, "--endpoint-url", aws.url, "--format", "json"])
    rows = json.loads(result.stdout)["specs"][0]["report"]["endpoints"]
    return result.exit_code, {row["key"]: {each["what"]: each["outcome"] for each in row["checks"]} for row in rows}


def failures(found: dict[str, dict[str, str]]) -> set[tuple[str, str]]:
    """Return what did not pass."""
    return {(key, what) for key, checks in found.items() for what, how in checks.items() if how != Outcome.PASSED}


def test_what_the_module_makes_works(bench: Bench) -> None:
    """After terraform apply every check passes, and each kind of check was made."""
    terraform, _ = bench.within(BAND_UP, MODULES["band-up"])
    terraform.must("init")
    terraform.must("apply", "-auto-approve")
    code, found = verified(bench.aws)

    assert (code, failures(found)) == (0, set())
    assert {*found["logs"]} == {"state", "name", "network interfaces", "private DNS", "port 443", "network ACLs"}
    assert {*found["s3"]} == {"state", "name", "route tables", "workload subnets", "policy for ecr-layers"} | {
        what for what in found["s3"] if what.startswith("policy for ")
    }


@pytest.mark.usefixtures("made")
def test_what_the_workshop_makes_works(aws: EmulatedAws) -> None:
    """The endpoints made by hand as the workshop says work, too."""
    code, found = verified(aws)

    assert (code, failures(found)) == (0, set())


def revoke(made: Made) -> None:
    """Let nobody in any more."""
    (group,) = made.client.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [made.vpc_id]}, {"Name": "group-name", "Values": ["band-up-endpoints"]}]
    )["SecurityGroups"]
    made.client.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[https_from("10.0.0.0/16")])


def disassociate(made: Made) -> None:
    """Take the gateway's route out of the private table."""
    made.client.modify_vpc_endpoint(
        VpcEndpointId=endpoint(made, "s3"), RemoveRouteTableIds=[made.ids["route_table/private"]]
    )


def private_dns_off(made: Made) -> None:
    """Switch private DNS of one endpoint off."""
    made.client.modify_vpc_endpoint(VpcEndpointId=endpoint(made, "ecr_api"), PrivateDnsEnabled=False)


def no_hostnames(made: Made) -> None:
    """Switch the VPC's DNS hostnames off."""
    made.client.modify_vpc_attribute(VpcId=made.vpc_id, EnableDnsHostnames={"Value": False})


def delete(made: Made) -> None:
    """Delete one endpoint."""
    made.client.delete_vpc_endpoints(VpcEndpointIds=[endpoint(made, "logs")])


def out_of_a_subnet(made: Made) -> None:
    """Take one endpoint out of one of the subnets."""
    made.client.modify_vpc_endpoint(VpcEndpointId=endpoint(made, "logs"), RemoveSubnetIds=[made.ids[SUBNETS[1]]])


def another_block(made: Made) -> None:
    """Give the VPC a block that the group does not let in."""
    made.client.associate_vpc_cidr_block(VpcId=made.vpc_id, CidrBlock="10.1.0.0/16")


def a_narrow_policy(made: Made) -> None:
    """Let the S3 endpoint reach one bucket alone."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::mine/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made.client.modify_vpc_endpoint(VpcEndpointId=endpoint(made, "s3"), PolicyDocument=document)


def another_name(made: Made) -> None:
    """Give one endpoint another name."""
    made.client.create_tags(Resources=[endpoint(made, "logs")], Tags=[{"Key": "Name", "Value": "mine"}])


INTERFACES = ("ecr_dkr", "ecr_api", "logs")


@pytest.mark.parametrize(
    ("breaks", "expected"),
    [
        (revoke, {(key, "port 443") for key in INTERFACES}),
        (another_block, {(key, "port 443") for key in INTERFACES}),
        (disassociate, {("s3", "route tables"), ("s3", "workload subnets")}),
        (private_dns_off, {("ecr_api", "private DNS")}),
        (no_hostnames, {(key, "private DNS") for key in INTERFACES}),
        (delete, {("logs", "exists")}),
        (out_of_a_subnet, {("logs", "network interfaces")}),
        (a_narrow_policy, {("s3", "policy"), ("s3", "policy for ecr-layers")}),
        (another_name, {("logs", "name")}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_broken_is_told(
    made: Made, aws: EmulatedAws, breaks: Callable[[Made], None], expected: set[tuple[str, str]]
) -> None:
    """Once one thing is broken the command ends with 1, and that alone fails."""
    breaks(made)
    code, found = verified(aws)

    assert (code, failures(found)) == (1, expected)
