"""What AWS answered is let in whole, of one Region and without contradictions, or not at all."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import permutations
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore import xform_name
from typer.testing import CliRunner

from generator import cli
from generator.live import answers
from generator.live.answer_fields import TOKENS, table
from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS, VPC_ATTRIBUTES, command, commands
from generator.live.fields import FIELDS
from generator.live.filling import Level
from generator.source.diagnostics import Refused
from tests.answers import whole
from tests.cases import ROOT
from tests.worlds import from_file, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.live.answer_fields import Field
    from tests.worlds import Answers, World

REGION = "eu-west-1"
WORLDS = pytest.mark.parametrize("world", worlds(), ids=lambda world: f"{world.command}-{world.files[0]}")
VPC = {"VpcId": "vpc-1", "OwnerId": "111111111111"}
SUBNET: dict[str, Any] = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}
OTHERS = {"OwnerId": "222222222222"}
SPECS = {"preflight": "fine.yaml", "verify": "band-up.yaml", "drift": "spec.yaml"}
ENDPOINT: dict[str, Any] = {
    "VpcEndpointId": "vpce-1",
    "VpcEndpointType": "Interface",
    "VpcId": "vpc-1",
    "State": "available",
    "ServiceName": "com.amazonaws.eu-west-1.sqs",
    "SubnetIds": ["subnet-1"],
    "OwnerId": "111111111111",
}
Place = tuple[dict[str, Any], str, "Field", Level, str]


def _text(given: Answers) -> str:
    return "\n".join(map(json.dumps, given))


def _places(
    found: dict[str, Any], fields: Mapping[str, Field], path: str, above: Level | None = None
) -> Iterator[Place]:
    """Yield each field of an object that the table has: whose, its name, its row, its level, its owner's path."""
    level = Level([found], above, owners=[0])
    for name, row in fields.items():
        if name in found:
            yield found, name, row, level, path
            for index, each in enumerate(found[name] if row.is_list else [found[name]]):
                if row.fields:
                    at = f"{path}.{name}[{index}]" if row.is_list else f"{path}.{name}"
                    yield from _places(each, row.fields, at, level)


def _all_places(given: Answers) -> Iterator[Place]:
    for answer in given:
        for kind in answer.keys() & KINDS.keys():
            for index, each in enumerate(answer[kind]):
                yield from _places(each, table()[kind], f"$.{kind}[{index}]")
        if answer.keys() & ATTRIBUTES.keys():
            yield from _places(answer, table()["Attributes"], "$")


@WORLDS
def test_what_is_always_sent_and_lacks_is_refused_by_its_path(world: World) -> None:
    """Each required field of each recorded object is taken out in turn; what AWS leaves out when empty may go."""
    given, seen = world.answers(), set()
    before = answers.read([("x.json", _text(given))], world.region)
    for found, name, row, level, path in _all_places(given):
        value = found.pop(name)
        pattern = (re.sub(r"\[\d+\]", "", path), name, str(found.get("VpcEndpointType")), str(value)[:1])
        if level.requires(row) == [True] and pattern not in seen:
            seen.add(pattern)
            with pytest.raises(Refused) as refused:
                from_file(world, _text(given))
            said = [finding.message for finding in refused.value.diagnostics if finding.code == "E406"]
            assert any(each.startswith(f"{path} has no ") and name in each for each in said), (path, name)
        elif row.absence == "empty" and value in ("", []):
            assert answers.read([("x.json", _text(given))], world.region) == before, (path, name)
        found[name] = value
    assert len(seen) > 40


def test_what_is_always_sent_of_some_is_no_matter_of_others() -> None:
    """The conditions of the table hold for an interface endpoint, and not for a gateway, or for another's service."""
    made = whole("VpcEndpoints", ENDPOINT)["VpcEndpoints"][0]
    for name in ("Groups", "PrivateDnsEnabled", "PolicyDocument", "IpAddressType", "DnsOptions", "NetworkInterfaceIds"):
        without = {key: value for key, value in made.items() if key != name}
        assert f"$.VpcEndpoints[0] has no {name}" in _refusal({"VpcEndpoints": [without]})
        gateway = {**without, "VpcEndpointType": "Gateway", "RouteTableIds": []}
        assert ("has no PolicyDocument" in _refusal({"VpcEndpoints": [gateway]})) == (name == "PolicyDocument")
    del made["PolicyDocument"]
    for more in ({"ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d"}, {"State": "pendingAcceptance"}):
        assert _refusal({"VpcEndpoints": [{**made, **more}]}) == ""


@WORLDS
def test_null_is_no_answer(world: World) -> None:
    """A projection writes null for what it does not find; AWS never does."""
    given, seen = world.answers(), set()
    for found, name, _, _, path in _all_places(given):
        value, found[name] = found[name], None
        pattern = (re.sub(r"\[\d+\]", "", path), name)
        if pattern not in seen:
            seen.add(pattern)
            with pytest.raises(Refused, match=re.escape(f"E406 {path}.{name} is null, not ")):
                from_file(world, _text(given))
        found[name] = value


@WORLDS
def test_what_is_taken_out_is_refused_or_changes_nothing(world: World) -> None:
    """But for what the table says AWS leaves out: then it means that there is none, or AWS's default."""
    given, seen = world.answers(), set()
    said = from_file(world, _text(given))
    for found, name, row, level, path in _all_places(given):
        pattern = (re.sub(r"\[\d+\]", "", path), name, str(found.get("VpcEndpointType")))
        if pattern not in seen:
            seen.add(pattern)
            value = found.pop(name)
            with suppress(Refused):
                assert from_file(world, _text(given)) == said or level.requires(row) == [False], (path, name)
            found[name] = value


def test_each_field_that_is_read_is_in_the_table() -> None:
    """And no row is there that nothing reads: of all rows, the code names the last part."""
    folders = (ROOT / "generator" / "live", ROOT / "generator" / "authoring")
    files = [*(file for each in folders for file in sorted(each.rglob("*.py"))), ROOT / "generator/catalog/details.py"]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    read = {first or second for first, second in re.findall(r'\["([A-Z]\w+)"\]|\.get\("([A-Z]\w+)"', code)}
    read |= {part for field in FIELDS for part in field.key.split(".") if part}
    rows = {name for fields in table().values() for name in _names(fields)}

    others = {"NextToken", "ServiceNames", "VPCs", "Address", "Root"}  # beside the objects, and of Terraform's state
    others |= {"Error", "ResponseMetadata", "HTTPStatusCode"}  # of what AWS refuses, as botocore has it
    assert read - others - rows - KINDS.keys() == set()
    assert {name for name in rows - read if f'"{name}"' not in code and f"{name[:-1]}" not in code} == set()


def _names(fields: Mapping[str, Field]) -> Iterator[str]:
    for name, row in fields.items():
        yield name
        yield from _names(row.fields)


def test_every_kind_has_its_rows_and_its_source() -> None:
    """The table is dated, and each kind names the page of its API."""
    text = (ROOT / "generator" / "data" / "answers.toml").read_text(encoding="utf-8")

    assert table().keys() == {*KINDS, "Attributes", "Caller"}
    assert re.search(r"Checked 20\d\d-\d\d-\d\d", text)
    assert len(re.findall(r"^\[\w+\]  # https://docs\.aws\.amazon\.com/\S+$", text, re.MULTILINE)) == len(table())


def _refusal(*given: dict[str, Any], region: str = REGION) -> str:
    files = [(f"{name}.json", json.dumps(each)) for name, each in zip("abcdef", given, strict=False)]
    try:
        answers.read(files, region)
    except Refused as refused:
        return str(refused)
    return ""


def _page(*ids: str, following: str = "") -> dict[str, Any]:
    return {**whole("Vpcs", *({"VpcId": each} for each in ids)), **({"NextToken": following} if following else {})}


def _lacking(text: str) -> list[str]:
    """Return what lines of the AWS CLI in a text lack that AWS requires, by botocore's models of its services."""
    models, found = botocore.session.get_session(), list[str]()
    for service, call, options in re.findall(r"\baws (ec2|route53|service-quotas|sts) ([a-z0-9-]+)([^\n;`\"]*)", text):
        operations = models.get_service_model(service)
        names = {xform_name(each, "-"): each for each in operations.operation_names}
        shape = operations.operation_model(names[call]).input_shape
        required = [f"--{xform_name(each, '-')}" for each in (shape.required_members if shape else ())]
        found += [f"{service} {call} {each}" for each in required if f"{each} " not in f"{options} "]
    return found


def test_each_printed_line_of_the_aws_cli_has_what_it_requires() -> None:
    """Of each kind of answer, in each refusal of one, and in all that commands print in the tests."""
    asked = [*KINDS, VPC_ATTRIBUTES, ACCOUNT]
    lines = [line for kind in asked for line in commands(kind, REGION).values()]
    told = [_refusal({kind: [{}], "NextToken": "2"}) + _refusal({kind: [], "NextToken": "2"}) for kind in KINDS]
    told += [_refusal({"VpcId": "vpc-0a1b2c3d4e5f60718", key: {}}) for key in ATTRIBUTES] + [_refusal({ACCOUNT: 1})]
    folders = ("adopt", "preflight", "verify", "drift", "findings")
    printed = [each.read_text() for folder in folders for each in (ROOT / "tests" / folder).rglob("*.txt")]

    assert all("aws " in each for each in told)
    assert "--attribute enableDnsHostnames --region" in told[-2]
    assert _lacking("\n".join([*lines, *(command(kind, REGION) for kind in KINDS), *told, *printed])) == []


def test_a_page_is_no_answer_without_the_others() -> None:
    """All pages in any order are; one of them, the first twice, or one with what is no page of it, are not.

    Which file is read first says nothing of which page AWS sent first; in one file they are as AWS sent them.
    """
    first, second, last = _page("vpc-1", following="2"), _page("vpc-2", following="3"), _page("vpc-3")

    assert _refusal(first, second, last) == _refusal(last, first, second) == _refusal(first, second, _page()) == ""
    assert len(answers.read([("a", _text([first, second, last]))], REGION).all("Vpcs")) == len("123")
    for pages in permutations((first, second, _page())):  # as p10.json is before p2.json in a folder
        assert _refusal(*pages) == ""
    with pytest.raises(Refused, match="it is one page of Vpcs"):
        answers.read([("a", _text([_page(), first]))], REGION)
    for pages in ((first,), (first, second), (first, first, last), (first, _page("vpc-1"))):
        message = _refusal(*pages)
        assert "E406 $.NextToken: it is one page of Vpcs, and the last one is not given" in message
        assert "without --max-items and --no-paginate" in message


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_page_with_a_token_is_no_last_one(kind: str) -> None:
    """AWS sends such pages; a last one without a token may be empty too."""
    first, second = ({**whole(kind), token: f"{at}"} for at, token in enumerate(TOKENS[:2]))
    part = {**whole(kind, {}), "NextToken": "3"}

    for pages in ((first,), (first, second), (part, first)):
        assert f"it is one page of {kind}, and the last one is not given" in _refusal(*pages)
    assert _refusal(first, second, whole(kind)) == _refusal(whole(kind)) == ""


@pytest.mark.parametrize(
    ("zone", "region", "other"),
    [
        ("us-west-2a", "us-west-2", "us-west-1"),
        ("us-west-2-lax-1a", "us-west-2", "us-west-1"),
        ("us-east-1-wl1-bos-wlz-1", "us-east-1", "us-east-2"),
        ("us-gov-west-1b", "us-gov-west-1", "us-west-1"),
    ],
)
def test_a_zone_tells_its_region(zone: str, region: str, other: str) -> None:
    """Local Zones and Wavelength Zones are of their parents' Region."""
    given = whole("Subnets", {**SUBNET, "AvailabilityZone": zone})

    assert _refusal(given, region=region) == ""
    assert f"$.Subnets[0] is of {region}, by its AvailabilityZone, and {other} was asked for" in _refusal(
        given, region=other
    )


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("Subnets", {"SubnetArn": "arn:aws:ec2:eu-west-2:111111111111:subnet/subnet-1"}, "eu-west-2, by its SubnetArn"),
        ("VpcEndpoints", {"VpcEndpointType": "Gateway", "ServiceName": "com.amazonaws.eu-west-2.s3"}, "ServiceName"),
        ("VpcEndpoints", {"ServiceName": "com.amazonaws.eu-west-2.sqs"}, "eu-west-2, by its ServiceName"),
        ("VpcEndpoints", {"ServiceName": "com.amazonaws.eu-west-2.sqs", "ServiceRegion": "eu-west-2"}, ""),
        ("ServiceDetails", {"ServiceName": "com.amazonaws.eu-west-2.sqs"}, "eu-west-2, by its ServiceName"),
        ("PrefixLists", {"PrefixListName": "com.amazonaws.eu-west-2.s3"}, "eu-west-2, by its PrefixListName"),
        ("PrefixLists", {"PrefixListName": "com.amazonaws.eu-west-2.ipv6.vpc-lattice"}, "eu-west-2, by its PrefixList"),
        ("PrefixLists", {"PrefixListName": "com.amazonaws.global.cloudfront.origin-facing"}, ""),
        ("PrefixLists", {"PrefixListName": "office.eu-west-2.vpn"}, ""),
    ],
)
def test_what_is_of_another_region_is_refused(kind: str, more: dict[str, Any], said: str) -> None:
    """By ARNs and names of services; an interface endpoint that tells its service's Region may be here all the same."""
    stated = {"Subnets": SUBNET, "VpcEndpoints": ENDPOINT}.get(kind, {})
    message = _refusal(whole(kind, {**stated, **more}))

    assert (said in message and "E407" in message) if said else not message


def test_an_endpoint_of_another_region_is_in_none_of_the_vpcs() -> None:
    """That it tells its service's Region excuses it in a VPC of the Region that was asked for, or beside another's."""
    far = {**ENDPOINT, "ServiceName": "com.amazonaws.eu-west-2.sqs", "ServiceRegion": "eu-west-2"}
    there, other = whole("VpcEndpoints", far), whole("Vpcs", {**VPC, "VpcId": "vpc-2"})
    here = {**ENDPOINT, "VpcEndpointId": "vpce-2", "VpcId": "vpc-2"}

    assert _refusal(there, whole("Vpcs", VPC)) == _refusal(whole("VpcEndpoints", far, here), other) == ""
    assert _refusal(there, whole("VpcEndpoints", here), other) == ""
    assert "E407 $.VpcEndpoints[0] is of eu-west-2, by its ServiceName, and eu-west-1 was asked for" in _refusal(
        there, other
    )
    gateway = whole("VpcEndpoints", {**far, "VpcEndpointType": "Gateway"}, here)
    assert "E407 $.VpcEndpoints[0] is of eu-west-2, by its ServiceName" in _refusal(gateway, other)


def test_services_of_another_region_may_be_in_a_file_of_their_own() -> None:
    """Or in the same, as one call lists them with --service-regions; without one of the Region they are another's."""
    own, other = (
        whole("ServiceDetails", {"ServiceId": f"x-{each}", "ServiceName": f"com.amazonaws.{each}.sqs", **more})
        for each, more in ((REGION, {}), ("us-east-1", {"ServiceRegion": "us-east-1"}))
    )

    both = {"ServiceDetails": [*other["ServiceDetails"], *own["ServiceDetails"]]}

    assert _refusal(own, other) == _refusal(other, own) == _refusal(both) == ""
    assert "E407 $.ServiceDetails[0] is of us-east-1, by its ServiceName, and eu-west-1" in _refusal(other)


@pytest.mark.parametrize(
    ("of_table", "of_vpc", "caller", "endpoints", "is_right"),
    [
        ("2", "2", "1", [], True),
        ("", "2", "1", [], True),
        ("2", "", "1", ["1"], True),
        ("2", "2", "", ["1"], True),
        ("1", "1", "1", ["1"], False),
        ("1", "1", "", ["1"], False),
        ("1", "1", "1", [], False),
        ("2", "2", "", [], False),
        ("", "2", "", ["1"], False),
    ],
)
def test_the_owner_of_a_shared_vpc_has_endpoints_that_others_do_not_see(
    of_table: str, of_vpc: str, caller: str, endpoints: list[str], *, is_right: bool
) -> None:
    """A participant sees the owner's route tables, with the endpoints to which they lead."""
    table: dict[str, Any] = {"RouteTableId": "rtb-1", "VpcId": "vpc-1"}
    table |= {"OwnerId": of_table * 12} if of_table else {}
    table["Routes"] = [{"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-9", "State": "active"}]
    given = [whole("RouteTables", table)]
    given += [whole("Vpcs", {"VpcId": "vpc-1", "OwnerId": of_vpc * 12})] if of_vpc else []
    given += [{"Account": caller * 12}] if caller else []
    given += [whole("VpcEndpoints", *({**ENDPOINT, "OwnerId": each * 12} for each in endpoints))]
    said = "E407 $.RouteTables[0].Routes[0].GatewayId is vpce-9, which the answers with VpcEndpoints lack"

    assert (_refusal(*given) == "") if is_right else (said in _refusal(*given))
    assert ("if the VPC is another account's, this too: aws sts" in _refusal(*given)) is not (is_right or bool(caller))


def test_an_endpoint_that_its_interfaces_tell_is_not_left_out() -> None:
    """AWS describes them by it: of a VPC whose endpoints are told, it is missing there."""
    own = {"Description": "VPC Endpoint Interface vpce-9", "VpcId": "vpc-1", "SubnetId": "subnet-1"}
    interfaces, endpoint = whole("NetworkInterfaces", own), whole("VpcEndpoints", ENDPOINT)

    assert _refusal(interfaces) == _refusal(interfaces, whole("VpcEndpoints", {**ENDPOINT, "VpcId": "vpc-2"})) == ""
    for told in (endpoint, whole("VpcEndpoints")):
        assert "E407 $.NetworkInterfaces[0] is of vpce-9, which the answers with VpcEndpoints lack" in _refusal(
            interfaces, told
        )
    assert _refusal(interfaces, whole("VpcEndpoints", {**ENDPOINT, "VpcEndpointId": "vpce-9"})) == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"Groups": [{"GroupId": "sg-2"}, {"GroupId": "sg-1"}]}, ""),
        ({}, ""),
        ({"Groups": [{"GroupId": "sg-1"}], "InterfaceType": "interface", "Description": "own"}, ""),
        ({"Groups": [{"GroupId": "sg-1"}]}, "which does not have sg-2, which the endpoint has"),
        (
            {"Groups": [{"GroupId": "sg-1"}], "Description": ""},
            "which does not have sg-2, which the endpoint has",
        ),
        (
            {"Groups": [{"GroupId": f"sg-{each}"} for each in (1, 2, 3)]},
            "has sg-3, which the endpoint does not have",
        ),
        (
            {"Groups": [], "Description": "made", "InterfaceType": "vpc_endpoint"},
            "which does not have sg-1, sg-2, which the endpoint has",
        ),
        (OTHERS, "which is of account 222222222222, and not of 111111111111"),
        ({"OwnerId": "111111111111", "RequesterId": "222222222222"}, ""),
        (OTHERS | {"InterfaceType": "interface", "Description": "own"}, ""),
        ({"AvailabilityZone": "eu-west-1b"}, "subnet-1, which is in eu-west-1a, and not in eu-west-1b"),
        ({"PrivateIpAddress": "10.0.9.10"}, "subnet-1, which does not have a block around 10.0.9.10"),
        ({"Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}]}, "which does not have a block around 2001:db8::1"),
        ({"SubnetId": "subnet-2"}, ""),
    ],
)
@pytest.mark.parametrize("state", ["available", "pending"])
def test_a_network_interface_is_as_its_endpoint_and_its_subnet_are(more: dict[str, Any], said: str, state: str) -> None:
    """It is the endpoint's, which alone changes its groups; AWS makes it while the endpoint is pending."""
    own = {"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.1.10"}
    own["Description"] = "VPC Endpoint Interface vpce-1"
    groups = [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]
    subnets = ["subnet-1", more.get("SubnetId", "subnet-1")]
    stated = {**ENDPOINT, "State": state, "NetworkInterfaceIds": ["eni-1"], "Groups": groups, "SubnetIds": subnets}
    message = _refusal(
        whole("VpcEndpoints", stated),
        whole("NetworkInterfaces", own | more),
        whole("Vpcs") if "SubnetId" in more else whole("Subnets", {**SUBNET, "CidrBlock": "10.0.1.0/24"}),
    )
    is_said = bool(said) and (state == "available" or "subnet-1" in said or "block" in said)

    assert ("E407 $." in message and said in message) if is_said else message == ""


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("Subnets", OTHERS, "$.Subnets[0].VpcId is vpc-1, which is of account 111111111111, and not of 222222222222"),
        (
            "Subnets",
            {"SubnetArn": "arn:aws:ec2:eu-west-1:222222222222:subnet/subnet-1"},
            "$.Subnets[0].VpcId is vpc-1, which is of account 111111111111, and not of 222222222222",
        ),
        ("Subnets", {"SubnetArn": "arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-1"}, ""),
        (
            "Subnets",
            {"SubnetArn": "arn:aws-cn:ec2:eu-west-1:111111111111:subnet/subnet-1"},
            "$.Subnets[0] is of partition aws-cn, by its SubnetArn, and eu-west-1 is of aws",
        ),
        (
            "SecurityGroups",
            {
                "OwnerId": "111111111111",
                "SecurityGroupArn": "arn:aws:ec2:eu-west-1:222222222222:security-group/sg-1",
            },
            "$.SecurityGroups[0] is of 111111111111 and 222222222222, by its OwnerId and its ARN",
        ),
        (
            "Subnets",
            {"AvailabilityZoneId": "use1-az1"},
            "[1].AvailabilityZoneId is euw1-az1, and eu-west-1a is use",
        ),
        (
            "Subnets",
            {"AvailabilityZone": "eu-west-1b"},
            "[1].AvailabilityZone is eu-west-1a, and euw1-az1 is eu-w",
        ),
        (
            "VpcEndpoints",
            {"ServiceRegion": "us-east-1"},
            "[0].ServiceRegion is us-east-1, and com.amazonaws.eu-",
        ),
        ("VpcEndpoints", {"ServiceRegion": "eu-west-1"}, ""),
        ("VpcEndpoints", {"ServiceName": "com.amazonaws.iam", "ServiceRegion": "us-east-1"}, ""),
        (
            "ServiceDetails",
            {"ServiceRegion": "us-east-1"},
            "ServiceDetails[0].ServiceRegion is us-east-1, and com.am",
        ),
        (
            "VpcEndpoints",
            {
                "VpcEndpointType": "Resource",
                "ResourceConfigurationArn": "arn:aws:vpc-lattice:us-east-1:111111111111:resourceconfiguration/rcfg-1",
            },
            "$.VpcEndpoints[0] is of us-east-1, by its ResourceConfigurationArn, and eu-west-1 was asked for",
        ),
        (
            "VpcEndpoints",
            {
                "VpcEndpointType": "ServiceNetwork",
                "ServiceNetworkArn": "arn:aws-cn:vpc-lattice:eu-west-1:111111111111:servicenetwork/sn-1",
            },
            "$.VpcEndpoints[0] is of partition aws-cn, by its ServiceNetworkArn, and eu-west-1 is of aws",
        ),
        (
            "RouteTables",
            {"VpcId": "vpc-1", "OwnerId": "222222222222"},
            "$.RouteTables[0].VpcId is vpc-1, which is of account 111111111111, and not of 222222222222",
        ),
        (
            "NetworkAcls",
            {"VpcId": "vpc-1", "OwnerId": "222222222222"},
            "$.NetworkAcls[0].VpcId is vpc-1, which is of account 111111111111, and not of 222222222222",
        ),
        ("NetworkAcls", {"VpcId": "vpc-1", "OwnerId": "111111111111"}, ""),
    ],
)
def test_what_is_told_twice_is_told_alike(kind: str, more: dict[str, Any], said: str) -> None:
    """A subnet and its VPC have one owner, a zone has one id, a service is in the Region of its name."""
    stated = {"Subnets": SUBNET | {"AvailabilityZoneId": "euw1-az1"}, "VpcEndpoints": ENDPOINT}.get(kind)
    stated = stated or {"ServiceName": "com.amazonaws.eu-west-1.sqs"}
    others = [{**stated, "SubnetId": "subnet-2"}] if kind == "Subnets" and more != OTHERS else []
    message = _refusal(whole("Vpcs", VPC), whole(kind, stated | more, *others))

    assert ("E407 $" in message and said in message) if said else message == ""


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        ("arn:aws:sts::111111111111:assumed-role/Admin/me", ""),
        (
            "arn:aws:sts::222222222222:assumed-role/Admin/me",
            "$.Arn is of account 222222222222, and $.Account is 111111111111",
        ),
        ("arn:aws-us-gov:iam::111111111111:user/me", "$.Arn is of partition aws-us-gov, and eu-west-1 is of aws"),
    ],
)
def test_a_caller_is_of_one_account_and_of_the_partition_of_the_region(arn: str, said: str) -> None:
    """Two callers of one account may be told, in two sessions; a quota tells whose it is, too."""
    caller = {"UserId": "A", "Account": "111111111111", "Arn": arn}
    other = {"UserId": "B", "Account": "111111111111", "Arn": "arn:aws:iam::111111111111:root"}
    message = _refusal(caller, other)

    assert ("E407" in message and said in message) if said else message == ""
    quota = {"QuotaCode": "L-1", "QuotaArn": "arn:aws:servicequotas:eu-west-1:222222222222:vpc/L-1"}
    assert "E407 $.Quotas[0] is of account 222222222222, and the caller is 111111111111" in _refusal(
        other, whole("Quotas", quota)
    )


@pytest.mark.parametrize(
    ("more", "is_said"),
    [
        ({"GroupOwnerId": "222222222222"}, True),
        ({"GroupOwnerId": "111111111111"}, False),
        ({"SecurityGroupRuleArn": "arn:aws:ec2:eu-west-1:222222222222:security-group-rule/sgr-1"}, True),
    ],
)
def test_a_rule_is_of_the_owner_of_its_group(more: dict[str, Any], *, is_said: bool) -> None:
    """By its `GroupOwnerId` and by its ARN."""
    rule = {"GroupId": "sg-1", "IsEgress": True, **more}
    message = _refusal(
        whole("SecurityGroups", {"GroupId": "sg-1", "OwnerId": "111111111111"}), whole("SecurityGroupRules", rule)
    )

    assert ("E407 $.SecurityGroupRules[0] is of account 222222222222, and sg-1 of 1111111111" in message) is is_said


def test_a_service_is_told_in_both_lists() -> None:
    """AWS prints the names of all services that it describes, once on all pages."""
    first, second = (
        whole("ServiceDetails", {"ServiceName": f"com.amazonaws.eu-west-1.{each}", "ServiceId": f"vpce-svc-{each}"})
        for each in ("a", "b")
    )
    names = {"ServiceNames": ["com.amazonaws.eu-west-1.a", "com.amazonaws.eu-west-1.b"]}

    assert _refusal(names | first, second) == _refusal(first, second) == _refusal({**first, "ServiceNames": 1}) == ""
    assert (
        "a.json: E407 $.ServiceNames has com.amazonaws.eu-west-1.b, which the answers with ServiceDetails lack"
        in _refusal(names | first)
    )


def test_a_route_leads_to_an_endpoint_that_is_told() -> None:
    """An answer without any endpoint lacks it, too; without an answer it may be there."""
    route = {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-9", "State": "active"}
    table = whole("RouteTables", {"VpcId": "vpc-1", "Routes": [route]})

    assert _refusal(table) == ""
    for told in (whole("VpcEndpoints"), whole("VpcEndpoints", ENDPOINT)):
        assert "Routes[0].GatewayId is vpce-9, which the answers with VpcEndpoints lack" in _refusal(table, told)


@pytest.mark.parametrize("kind", ["VpcEndpoints", "RouteTables"])
def test_a_state_is_not_empty(kind: str) -> None:
    """AWS always tells one; the value of a tag may be empty."""
    route = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": ""}
    stated = {"VpcEndpoints": {**ENDPOINT, "State": ""}, "RouteTables": {"VpcId": "vpc-1", "Routes": [route]}}[kind]
    tagged = {**VPC, "Tags": [{"Key": "a", "Value": ""}]}

    assert "State is '', not text" in _refusal(whole(kind, stated))
    assert _refusal(whole("Vpcs", tagged)) == ""


@pytest.mark.parametrize(
    ("kind", "field"), [("Vpcs", "Tags"), ("VpcEndpoints", "Tags"), ("NetworkInterfaces", "TagSet")]
)
def test_an_object_has_a_tag_once(kind: str, field: str) -> None:
    """Of two of one key nobody knows which is its own; another case is another key."""
    stated = {"VpcEndpoints": ENDPOINT}.get(kind, {"VpcId": "vpc-1"})
    first, other = {"Key": "Name", "Value": "a"}, {"Key": "name", "Value": "a"}

    assert _refusal(whole(kind, {**stated, field: [first, other]})) == ""
    for second in (first, {**first, "Value": "b"}):
        assert f"E407 $.{kind}[0].{field}[2] has the key Name again, and AWS has but one" in _refusal(
            whole(kind, {**stated, field: [first, other, second]})
        )


def test_a_group_has_its_name_alone_in_its_vpc() -> None:
    """Which of two the spec's name means nobody knows; another account's may have it in a shared VPC."""
    first = {"GroupId": "sg-1", "VpcId": "vpc-1", "GroupName": "default", "OwnerId": "111111111111"}

    assert "E407 $.SecurityGroups[1] has the name of sg-1, which is in its VPC too, and AWS has but one" in _refusal(
        whole("SecurityGroups", first, {**first, "GroupId": "sg-2"})
    )
    for more in ({"VpcId": "vpc-2"}, {"OwnerId": "222222222222"}, {"GroupName": "Default"}):
        assert _refusal(whole("SecurityGroups", first, {**first, "GroupId": "sg-2", **more})) == ""


def test_answers_that_contradict_each_other_are_refused() -> None:
    """Both are named; what is the same in another order is not one, nor are shared subnets."""
    vpc, subnet = whole("Vpcs", VPC), whole("Subnets", SUBNET)
    endpoint = whole("VpcEndpoints", ENDPOINT)
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    caller = {"UserId": "x", "Account": "111111111111"}
    off, on = ({"VpcId": "vpc-1", "EnableDnsSupport": {"Value": value}} for value in (False, True))

    assert _refusal(whole("Vpcs", {**VPC, "Tags": tags}), whole("Vpcs", {**VPC, "Tags": tags[::-1]})) == ""
    shared = [whole(*each) for each in (("Vpcs", VPC | OTHERS), ("Subnets", SUBNET | OTHERS))]
    assert _refusal(*shared, endpoint, caller) == ""
    assert "b.json: E407 $.Vpcs[0] describes vpc-1 in another way than $.Vpcs[0] in a.json" in _refusal(
        vpc, whole("Vpcs", {**VPC, "CidrBlock": "10.1.0.0/16"})
    )
    assert "$.VpcEndpoints[0].SubnetIds[0] is subnet-9, which the answers with Subnets lack" in _refusal(
        subnet, whole("VpcEndpoints", {**ENDPOINT, "SubnetIds": ["subnet-9"]})
    )
    assert "a.json: E407 $.VpcEndpoints[0] is of account 222222222222, and the caller is 111111111111" in _refusal(
        whole("VpcEndpoints", {**ENDPOINT, "OwnerId": "222222222222"}), caller
    )
    assert "b.json: E407 $.Account describes the caller in another way than $.Account in a.json" in _refusal(
        caller, {**caller, "Account": "222222222222"}
    )
    assert (
        "b.json: E407 $.EnableDnsSupport describes vpc-1 in another way than $.EnableDnsSupport in a.json"
        in _refusal(off, on)
    )
    assert _refusal(on, on, vpc, vpc, endpoint, endpoint) == ""


@pytest.mark.parametrize("command", ["adopt", "preflight", "verify", "drift"])
def test_every_command_refuses_half_an_answer(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With exit code 1, the file and the path."""
    world = next(each for each in worlds() if each.command == command)
    given = world.answers()
    for answer in given:
        for subnet in answer.get("Subnets", ()):
            del subnet["AvailabilityZone"]
    (tmp_path / "half.json").write_text(_text(given), encoding="utf-8")
    spec = ["--vpc", "app", "--out", "x.yaml"]
    if command != "adopt":
        spec = [str(ROOT / "tests" / command / SPECS[command])]
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(cli.application(), [command, *spec, "--region", world.region, "--from", "half.json"])

    assert run.exit_code == 1, run.output
    assert re.search(r"half\.json(:\d+:1)?: E406 \$\.Subnets\[0\] has no AvailabilityZone; ", run.output)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 " * 2**18, "E401 not an answer of the AWS CLI that this command reads; nor are 9999 more"),
        ("{}\n" * 2**18, "file.json:10001:1: E013 the file has more than 10,000 answers"),
        ('{"Vpcs":[]}\n' * 20_000, "file.json:10001:1: E013 the file has more than 10,000 answers"),
    ],
)
def test_what_has_no_end_of_answers_is_told_at_once(text: str, said: str) -> None:
    """A file may be 64 MiB of them; each takes much more memory than it is long."""
    with pytest.raises(Refused) as refused:
        answers.read([("file.json", text)], REGION)

    assert said in str(refused.value)
    assert len(refused.value.diagnostics) <= len("12")


@pytest.mark.parametrize(
    "policy",
    [
        '{"Statement":' + "[" * 500 + "]" * 500 + "}",
        '{"Statement":' + '{"a":' * 40 + "1" + "}" * 40 + "}",
        json.dumps({"Statement": [{"Action": [f"s3:Get{number}" for number in range(10_000)]}]}),
    ],
    ids=["deep", "objects", "long"],
)
@pytest.mark.parametrize("command", ["drift", "verify", "adopt"])
def test_a_policy_that_aws_never_took_is_refused(
    command: str, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not compared: that would take what no limit bounds. Brackets inside of strings are no depth."""
    world = next(
        each
        for each in worlds()
        if each.command == command and any(answer.get("VpcEndpoints") for answer in each.answers())
    )
    told = []
    for text in ('{"Statement": [{"Sid": "' + "[" * 99 + '"}]}', policy):
        given = world.answers()
        for answer in given:
            for endpoint in answer.get("VpcEndpoints", ()):
                endpoint["PolicyDocument"] = text
        (tmp_path / "given.json").write_text(_text(given), encoding="utf-8")
        spec = ["--vpc", "app", "--out", "x.yaml"]
        if command != "adopt":
            spec = [str(ROOT / "tests" / command / SPECS[command])]
        monkeypatch.chdir(tmp_path)
        words = [command, *spec, "--region", world.region, "--from", "given.json"]
        told.append(CliRunner().invoke(cli.application(), words))

    assert "not a policy document" not in told[0].output
    assert told[1].exit_code == 1
    assert re.search(
        r"E406 \$\.VpcEndpoints\[\d+\]\.PolicyDocument is .*, (not a policy document|more than the 65,536)",
        told[1].output,
    )


@pytest.mark.parametrize(
    ("of_vpc", "said"),
    [
        ({}, False),
        ({"Ipv6CidrBlockAssociationSet": []}, True),
        ({"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8:1::/56"}]}, True),
        ({"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8::/56"}]}, False),
    ],
)
def test_a_subnet_is_in_a_block_of_its_vpc(of_vpc: dict[str, Any], *, said: bool) -> None:
    """A VPC that has none contradicts its subnets as one does that has another; a file without the key does not."""
    state = {"Ipv6CidrBlockState": {"State": "associated"}}
    blocks = [each | state for each in of_vpc.get("Ipv6CidrBlockAssociationSet", ())]
    vpc = VPC | ({"Ipv6CidrBlockAssociationSet": blocks} if of_vpc else {})
    subnet = SUBNET | {"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8::/64"} | state]}
    message = _refusal(whole("Vpcs", vpc), whole("Subnets", subnet))

    assert ("E407 $.Subnets[0].VpcId is vpc-1, which does not have a block around 2001:db8::/64" in message) is said
    assert said or message == ""
