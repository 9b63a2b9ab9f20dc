"""Where a spec's references lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.generate import understand
from generator.live.locate import Located, LocatedEndpoint, locate
from tests.answers import of

if TYPE_CHECKING:
    from pathlib import Path

REGION = "eu-west-1"


def _thing(key: str, identifier: str, named: str = "", **more: Any) -> dict[str, Any]:
    tags = [{"Key": "Name", "Value": named}] if named else []
    return {key: identifier, "VpcId": "vpc-0a000001", "Tags": [*tags, {"Key": "Tier", "Value": "private"}], **more}


ESTATE = of(
    [
        {"Vpcs": [_thing("VpcId", "vpc-0a000001", "app"), {"VpcId": "vpc-0a000002", "Tags": []}]},
        {
            "Subnets": [
                _thing("SubnetId", "subnet-0a000001", "a"),
                _thing("SubnetId", "subnet-0a000002", "b"),
                _thing("SubnetId", "subnet-0a000003", "twin"),
                _thing("SubnetId", "subnet-0a000004", "twin"),
                {**_thing("SubnetId", "subnet-0a000005", "a"), "VpcId": "vpc-0a000002"},
            ]
        },
        {
            "RouteTables": [
                _thing("RouteTableId", "rtb-0a000001", Associations=[{"Main": True}]),
                _thing("RouteTableId", "rtb-0a000002", "own", Associations=[{"SubnetId": "subnet-0a000001"}]),
            ]
        },
        {
            "SecurityGroups": [
                _thing("GroupId", "sg-0a000001", "web", GroupName="web-servers"),
                _thing("GroupId", "sg-0a000002", GroupName="default"),
                _thing("GroupId", "sg-0a000003", GroupName="made"),
            ]
        },
        {
            "VpcEndpoints": [
                _thing("VpcEndpointId", f"vpce-0a00000{number}", named, **more)
                for number, (named, more) in enumerate(
                    [
                        ("old", {"ServiceName": f"com.amazonaws.{REGION}.sqs", "State": "deleted"}),
                        ("other", {"ServiceName": f"com.amazonaws.{REGION}.sqs", "State": "available"}),
                        ("queue", {"ServiceName": f"com.amazonaws.{REGION}.sqs", "State": "available"}),
                        ("logs", {"ServiceName": f"com.amazonaws.{REGION}.logs", "State": "available"}),
                    ]
                )
            ]
        },
    ],
    REGION,
)


def _located(tmp_path: Path, text: str, **inputs: tuple[str, ...]) -> Located:
    path = tmp_path / "spec.yaml"
    path.write_text(f"name: x\nregion: {REGION}\n{text}", encoding="utf-8")
    return locate(understand(str(path)), ESTATE, inputs)


def _spec(*, subnets: str = "[{name: a}, {name: b}]", tables: str = "of_subnets", groups: str = "[{name: web}]") -> str:
    return (
        f"vpc: {{name: app}}\nsubnets: {subnets}\nsecurity_groups: {groups}\nroute_tables: {tables}\n"
        "endpoints:\n  sqs: {service: sqs, name: queue}\n  s3: {service: s3, type: Gateway}\n"
    )


def _ids(placed: LocatedEndpoint) -> tuple[list[str], list[str], list[str]]:
    return (
        [each["SubnetId"] for each in placed.subnets],
        [each["GroupId"] for each in placed.security_groups],
        [each["RouteTableId"] for each in placed.route_tables],
    )


@pytest.mark.parametrize(
    ("spec", "subnets", "groups", "tables"),
    [
        (_spec(), "12", "1", "21"),
        (_spec(subnets="[{id: subnet-0a000002}]"), "2", "1", "1"),
        (_spec(tables="[{main: true}]"), "12", "1", "1"),
        (_spec(tables="[{name: own}, {subnet: {name: b}}]"), "12", "1", "21"),
        (_spec(groups="[{default: true}]"), "12", "2", "21"),
        (_spec(groups="[{create: {name: made, ingress: [{vpc: true}]}}]"), "12", "3", "21"),
        (_spec(subnets="[{tags: {Tier: private}}]"), "1234", "1", "21"),
    ],
)
def test_references_lead_to_what_is_there(tmp_path: Path, spec: str, subnets: str, groups: str, tables: str) -> None:
    """Each form of a reference finds its things in the spec's VPC; a subnet without a table uses the main."""
    found = _located(tmp_path, spec)
    sqs, s3 = found.endpoints

    assert (found.vpc_id, found.findings) == ("vpc-0a000001", {})
    assert sqs.service_name == f"com.amazonaws.{REGION}.sqs"
    assert _ids(sqs)[:2] == ([f"subnet-0a00000{n}" for n in subnets], [f"sg-0a00000{n}" for n in groups])
    assert _ids(s3)[2] == [f"rtb-0a00000{n}" for n in tables]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (_spec().replace("{name: app}", "{name: gone}"), "spec.yaml:3:6: E402 eu-west-1 has no VPC gone"),
        (_spec(subnets="[{name: gone}]"), "4:11: E402 VPC vpc-0a000001 has no subnet gone"),
        (
            _spec(subnets="[{name: twin}]"),
            "4:11: E403 VPC vpc-0a000001 has 2 subnets twin: subnet-0a000003, subn",
        ),
        (_spec(subnets="[{id: subnet-0a000005}]"), "E402 VPC vpc-0a000001 has no subnet subnet-0a000005"),
        (_spec(groups="[{variable: sg_ids}]"), "5:30: E404 the value of var.sg_ids is not known"),
    ],
)
def test_what_leads_nowhere_is_told_once(tmp_path: Path, spec: str, message: str) -> None:
    """What is not there, or not alone, has its place in the spec, however many endpoints use it."""
    (finding,) = _located(tmp_path, spec).findings

    assert message in str(finding)


def test_inputs_and_groups_to_come(tmp_path: Path) -> None:
    """An input leads to the ids that it gets; a group that the module is yet to make is absent, and no mistake."""
    spec = _spec(groups="[{variable: sg_ids}, {create: {name: to-come, ingress: [{vpc: true}]}}]")
    found = _located(tmp_path, spec, sg_ids=("sg-0a000001",))

    assert found.findings == {}
    assert _ids(found.endpoints[0])[1] == ["sg-0a000001"]
    assert found.endpoints[0].absent_groups == ("to-come",)


def test_a_service_name_by_input_is_the_one_that_is_given(tmp_path: Path) -> None:
    """An endpoint leads to the service whose name its input gets; without one it is told once what to add."""
    text = _spec().replace("{service: sqs,", "{service_name: {variable: queue},")
    name = f"com.amazonaws.{REGION}.sqs"
    found = _located(tmp_path, text, queue=(name,))
    (finding,) = _located(tmp_path, text).findings

    assert (found.findings, found.endpoints[0].target, found.endpoints[0].service_name) == ({}, name, name)
    assert str(finding) == (
        f"{tmp_path}/spec.yaml:8:34: E404 the value of var.queue is not known\n    add --var queue=NAME"
    )
