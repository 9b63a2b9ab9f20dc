"""What AWS always has, and has once, is not taken for what does not exist, or for one of two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.live import answers
from generator.live.answer_fields import table
from generator.live.estate import KINDS
from generator.live.untold import undescribed
from generator.source.diagnostics import Refused
from tests.answers import whole
from tests.cases import ROOT
from tests.worlds import worlds

if TYPE_CHECKING:
    from pathlib import Path

REGION = "eu-west-1"
VPC = "vpc-0a000001"
SPECS = {"preflight": "fine.yaml", "verify": "band-up.yaml", "drift": "spec.yaml"}


def _refusal(*given: dict[str, Any]) -> str:
    try:
        answers.read([("x.json", "\n".join(map(json.dumps, given)))], REGION)
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("elsewhere", [True, False])
@pytest.mark.parametrize("command", SPECS)
def test_a_vpc_without_a_main_route_table_is_not_told_whole(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    """Whether all tables are gone, or are another VPC's: each VPC has a main one."""
    world = next(each for each in worlds() if each.command == command and any("Vpcs" in one for one in each.answers()))
    given = world.answers()
    for answer in given:
        for found in answer.get("RouteTables", ()) if elsewhere else ():
            found["VpcId"] = "vpc-0ffffff1"
        if "RouteTables" in answer and not elsewhere:
            answer["RouteTables"] = []
    (tmp_path / "given.json").write_text("\n".join(map(json.dumps, given)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    spec = str(ROOT / "tests" / command / SPECS[command])
    run = CliRunner().invoke(cli.application(), [command, spec, "--region", world.region, "--from", "given.json"])

    assert run.exit_code == 1, run.output
    assert "E406 not told which route table" in run.output or "E407" in run.output
    assert "no main route table of vpc-" in run.output or "is of vpc-0ffffff1" in run.output


@pytest.mark.parametrize(
    ("kind", "key", "association", "said"),
    [
        ("RouteTables", "RouteTableId", {"Main": True}, f"associates {VPC}"),
        ("RouteTables", "RouteTableId", {"Main": False, "SubnetId": "subnet-0a000001"}, "associates subnet-0a000001"),
        ("NetworkAcls", "NetworkAclId", {"SubnetId": "subnet-0a000001"}, "associates subnet-0a000001"),
    ],
)
def test_what_aws_associates_once_is_not_associated_twice(
    kind: str, key: str, association: dict[str, Any], said: str
) -> None:
    """A VPC has one main route table, a subnet one table and one network ACL; the same object may be told twice."""
    first, second = ({key: each, "VpcId": VPC, "Associations": [association]} for each in ("x-0a000001", "x-0a000002"))

    assert _refusal(whole(kind, first), whole(kind, first)) == ""
    assert f"E407 $.{kind}[1].Associations[0] {said}, as x-0a000001 does" in _refusal(whole(kind, first, second))
    assert _refusal(whole(kind, {**first, "Associations": []}, second)) == ""


def test_a_network_interface_is_of_one_endpoint() -> None:
    """The same endpoint may be told twice."""
    stated = {"VpcEndpointType": "Interface", "VpcId": VPC, "ServiceName": "com.amazonaws.eu-west-1.sqs"}
    first, second = ({**stated, "VpcEndpointId": f"vpce-{each}", "NetworkInterfaceIds": ["eni-1"]} for each in "12")
    told = whole("VpcEndpoints", first)

    assert _refusal(told, told) == ""
    assert _refusal(whole("VpcEndpoints", first, {**second, "NetworkInterfaceIds": ["eni-2"]})) == ""
    assert "E407 $.VpcEndpoints[1].NetworkInterfaceIds[0] is eni-1, which vpce-1 has too" in _refusal(
        whole("VpcEndpoints", first, second)
    )
    for other, said in (("1", ""), ("2", "E407 $.VpcEndpoints[0].NetworkInterfaceIds[0] is eni-1, which is of vpce-2")):
        own = {"NetworkInterfaceId": "eni-1", "VpcId": VPC, "SubnetId": "subnet-1"}
        own["Description"] = f"VPC Endpoint Interface vpce-{other}"
        there = {"SubnetIds": ["subnet-1"], "State": "available"}
        both = whole("VpcEndpoints", first | there, {**second, **there, "NetworkInterfaceIds": []})
        message = _refusal(both, whole("NetworkInterfaces", own))
        assert said in message if said else message == ""


@pytest.mark.parametrize("association", [{"Main": True}, {"Main": False, "SubnetId": "subnet-0a000001"}])
@pytest.mark.parametrize(
    ("state", "holds"),
    [("associating", True), ("associated", True), *((each, False) for each in ("disassociating", "failed"))],
)
def test_an_association_that_does_not_hold_is_none(association: dict[str, Any], state: str, *, holds: bool) -> None:
    """AWS shows it for a while beside the one that holds, which a subnet or its VPC uses."""
    first, second = (
        {"RouteTableId": each, "VpcId": VPC, "Associations": [{**association, **more}]}
        for each, more in (("rtb-0a000001", {}), ("rtb-0a000002", {"AssociationState": {"State": state}}))
    )
    given = whole("RouteTables", first, second), whole("RouteTables", second)

    assert ("E407 $.RouteTables[1].Associations[0] associates" in _refusal(given[0])) is holds
    there = answers.read([("x.json", json.dumps(given[1]))], REGION)
    assert bool(there.tables(VPC, association.get("SubnetId"))) is holds
    assert bool(undescribed(there, "Subnets", VPC)) is (holds and "SubnetId" in association)


@pytest.mark.parametrize(
    ("kind", "field", "key"),
    [
        ("Subnets", "SubnetIds", "SubnetId"),
        ("RouteTables", "RouteTableIds", "RouteTableId"),
        ("NetworkInterfaces", "NetworkInterfaceIds", "NetworkInterfaceId"),
    ],
)
def test_what_an_endpoint_names_is_of_its_vpc(kind: str, field: str, key: str) -> None:
    """Groups may be of another: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html ."""
    stated = {"VpcId": VPC, "State": "available", field: ["x-0a000001"]}
    endpoint = whole(
        "VpcEndpoints", {"ServiceName": "com.amazonaws.eu-west-1.s3", "VpcEndpointType": "Gateway", **stated}
    )
    own, other = (
        whole(kind, {key: "x-0a000001", "VpcId": each, "AvailabilityZone": "eu-west-1a"})
        for each in (VPC, "vpc-0ffffff1")
    )
    said = f"$.VpcEndpoints[0].{field}[0] is x-0a000001, which is of vpc-0ffffff1, and not of {VPC}"

    assert said not in _refusal(endpoint, own)
    assert f"E407 {said}" in _refusal(endpoint, other)


def test_an_id_in_upper_case_is_none() -> None:
    """AWS writes ids in lower case: in two cases one would be two. Quotas have codes, and zones too."""
    assert (
        _refusal(whole("HostedZoneSummaries", {"HostedZoneId": "Z0A1"}), whole("Quotas", {"QuotaCode": "L-29"})) == ""
    )
    assert "E406 $.Vpcs[0].VpcId is 'VPC-0A000001', not an id" in _refusal(whole("Vpcs", {"VpcId": VPC.upper()}))


@pytest.mark.parametrize("token", [0, 5, [], {}, False])
def test_a_token_is_text(token: Any) -> None:
    """What is none tells neither that a page follows nor that none does; null is what some AWS CLIs print for none."""
    assert "E406 $.NextToken is " in _refusal({"Vpcs": [], "NextToken": token})
    assert _refusal({"Vpcs": [], "NextToken": None}) == ""


def test_an_endpoint_of_a_type_that_aws_adds_later_is_no_reason_to_refuse() -> None:
    """It is told as one that is not judged, whatever it does not have."""
    later = {"VpcEndpointId": "vpce-0a000001", "VpcEndpointType": "Tunnel", "VpcId": VPC, "State": "available"}
    given = whole("VpcEndpoints", {**later, "Tags": [], "OwnerId": "111111111111"})

    assert not {"ServiceName", "SubnetIds", "RequesterManaged"} & given["VpcEndpoints"][0].keys()
    assert _refusal(given) == ""


@pytest.mark.parametrize(
    "text",
    [
        *("null", "[]", '{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}', '{"a": 1, "a": 1}', " ", "text"),
        *('{"Statement": [{"Effect": "Allow"}]', '{"a": NaN}', '{"a": [-Infinity]}', '{"a": 1e400}', '{"a": -1E999}'),
    ],
)
@pytest.mark.parametrize("state", ["available", "pending"])
def test_a_policy_that_is_no_object_is_not_told(text: str, state: str) -> None:
    """No endpoint has one: AWS leaves out what there is not, and of a key that is there twice tells but one."""
    endpoint = {"VpcId": VPC, "State": state, "VpcEndpointType": "Gateway", "PolicyDocument": text}
    given = whole("VpcEndpoints", {"ServiceName": "com.amazonaws.eu-west-1.s3", **endpoint})

    assert "E406 $.VpcEndpoints[0].PolicyDocument is " in _refusal(given)


@pytest.mark.parametrize("protocol", ["tcp", "", "06", "-2", "6.0", 6, None, "-1", "6", "255"])
def test_a_protocol_of_a_network_acl_is_a_number(protocol: Any) -> None:
    """As text; by its name AWS tells that of a security group's rule alone."""
    given = whole("NetworkAcls", {"VpcId": VPC, "Entries": [{"Protocol": protocol}]})
    refusal = _refusal(given)

    assert ("E406 $.NetworkAcls[0].Entries[0].Protocol is " in refusal) is (protocol not in {"-1", "6", "255"}), refusal


@pytest.mark.parametrize(("kind", "lacks"), [("Gateway", True), ("GatewayLoadBalancer", False)])
def test_an_empty_policy_is_none(kind: str, *, lacks: bool) -> None:
    """Which types that take one always have, and others have not."""
    endpoint = {"VpcId": VPC, "State": "available", "VpcEndpointType": kind, "PolicyDocument": ""}
    given = whole("VpcEndpoints", {"ServiceName": "com.amazonaws.eu-west-1.s3", **endpoint})

    assert ("E406 $.VpcEndpoints[0] has no PolicyDocument" in _refusal(given)) is lacks


@pytest.mark.parametrize("value", [None, {"a": "b"}, [{"Value": "x"}], [1], "text", 5])
@pytest.mark.parametrize("field", ["Tags", "TagSet", "VpcEndpointType", "Ipv6CidrBlock"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_no_object_of_a_kind_has_is_not_read(kind: str, field: str, value: Any) -> None:
    """Whatever it is, as the tags of a service, or the `TagSet` of a VPC; what the kind has must be right."""
    stated = {"AvailabilityZone": "eu-west-1a", "ServiceName": "com.amazonaws.eu-west-1.s3"}
    usual = whole(kind, {key: each for key, each in stated.items() if key in table()[kind]})
    given = {kind: [{**usual[kind][0], field: value}]}
    is_right = field not in table()[kind] or (field == "VpcEndpointType" and value == "text")

    assert ("" if is_right else f"E406 $.{kind}[0].{field}") in _refusal(given)
    assert not (is_right and _refusal(given))


@pytest.mark.parametrize("value", [-1, -5.0])
def test_a_number_of_things_is_not_below_zero(value: float) -> None:
    """Neither a quota nor the free addresses of a subnet."""
    assert "E406 $.Quotas[0].Value is " in _refusal(whole("Quotas", {"QuotaCode": "L-29", "Value": value}))
    subnet = {"VpcId": VPC, "AvailabilityZone": "eu-west-1a", "AvailableIpAddressCount": value}
    assert "E406 $.Subnets[0].AvailableIpAddressCount is " in _refusal(whole("Subnets", subnet))


@pytest.mark.parametrize(("kind", "lacks"), [("efa-only", False), ("efa", True), ("interface", True)])
def test_a_network_interface_has_an_address_unless_it_is_efa_only(kind: str, *, lacks: bool) -> None:
    """One that carries EFA's traffic alone has no IP address."""
    found = whole("NetworkInterfaces", {"InterfaceType": kind})["NetworkInterfaces"][0]
    found.pop("PrivateIpAddress", None)

    assert ("E406 $.NetworkInterfaces[0] has no PrivateIpAddress" in _refusal({"NetworkInterfaces": [found]})) is lacks


@pytest.mark.parametrize(
    ("more", "lacks"),
    [
        ({"State": "active"}, True),
        ({"State": "blackhole"}, True),  # which endpoint it led to is not told
        ({"State": "active", "OdbNetworkArn": "arn:aws:odb:eu-west-1:123456789012:odb-network/odbnet_1"}, False),
    ],
)
def test_a_route_by_prefix_list_has_a_target(more: dict[str, str], *, lacks: bool) -> None:
    """Of any kind; one that leads nowhere too."""
    found = whole("RouteTables", {"VpcId": VPC})["RouteTables"][0]
    found["Routes"] = [{"DestinationPrefixListId": "pl-0a000001", **more}]

    assert ("E406 $.RouteTables[0].Routes[0] has no GatewayId" in _refusal({"RouteTables": [found]})) is lacks
