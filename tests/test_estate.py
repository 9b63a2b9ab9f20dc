"""What the AWS CLI prints, read."""

from __future__ import annotations

import json

import pytest

from generator.live import answers, estate
from generator.source.diagnostics import Place, Refused
from tests.answers import whole

VPCS = whole("Vpcs", {"VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "app"}]}, {"VpcId": "vpc-2"})
SUBNETS = whole("Subnets", {"SubnetId": "subnet-1", "VpcId": "vpc-1"}, {"SubnetId": "subnet-2", "VpcId": "vpc-2"})
DNS = [
    {"VpcId": "vpc-1", "EnableDnsSupport": {"Value": True}},
    {"VpcId": "vpc-1", "EnableDnsHostnames": {"Value": False}},
]


def test_answers_come_together() -> None:
    """Answers in several files, and one after the other in one, are one estate."""
    texts = [("a.json", json.dumps(VPCS, indent=4)), ("b.json", "\n".join(map(json.dumps, [SUBNETS, *DNS, VPCS])))]
    found = answers.read(texts, "eu-west-1")

    assert [estate.name(vpc) for vpc in found.all("Vpcs")] == ["app", None]
    assert [subnet["SubnetId"] for subnet in found.all("Subnets", "vpc-2")] == ["subnet-2"]
    assert (found.one("Vpcs", "vpc-2") or {})["Tags"] == []
    assert found.one("Vpcs", "vpc-3") is None
    assert found.vpc_attributes == {"vpc-1": {"EnableDnsSupport": True, "EnableDnsHostnames": False}}


def test_who_asked_and_each_type_of_a_service_are_known() -> None:
    """Amazon S3 has two services of one name, each with an id of its own."""
    kinds = [[{"ServiceType": "Gateway"}], [{"ServiceType": "Interface"}]]
    ids = [f"vpce-svc-{kind[0]['ServiceType'].lower()}" for kind in kinds]
    details = [
        {"ServiceName": "s3", "ServiceType": kind, "ServiceId": each} for kind, each in zip(kinds, ids, strict=True)
    ]
    texts = ('{"UserId": "A", "Account": "111111111111"}', json.dumps(whole("ServiceDetails", *details)))
    found = answers.read([("a.json", "".join(texts))], "eu-west-1")

    assert (found.account, [each["ServiceId"] for each in found.all("ServiceDetails")]) == ("111111111111", ids)
    assert estate.of([], "eu-west-1").account is None


def test_what_was_not_asked_for_is_not_nothing() -> None:
    """An empty answer is known; a kind that is in no answer is not, and the command that asks is told."""
    found = answers.read([("a.json", json.dumps({"Subnets": []}))], "eu-west-1")
    assert (found.knows("Subnets"), found.knows("RouteTables")) == (True, False)
    estate.require(found, ["Subnets"], Place("a.json"))

    with pytest.raises(
        Refused, match="E405 the files have no `RouteTables`\n    aws ec2 describe-route-tables --region eu-w"
    ):
        estate.require(found, ["Subnets", "RouteTables"], Place("a.json"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "a.json:1:2: E401 not JSON"),
        ('{"Vpcs": []} x', "a.json:1:14: E401 not JSON"),
        ('{"Buckets": []}', "a.json: E401 not an answer of the AWS CLI that this command reads"),
        ("[]", "a.json: E401 a list, as --query prints it, and not an answer of the AWS CLI"),
        ('{"Vpcs": []}\n\n[]', "a.json:3:1: E401 a list, as --query prints it"),
        (
            "\nAn error occurred (UnauthorizedOperation) when calling the DescribeVpcs operation: no",
            "a.json:2:1: E401 not JSON but an error of the AWS CLI: UnauthorizedOperation",
        ),
        ("VPCS\t10.0.0.0/16\tdopt-1", "a.json:1:1: E401 not JSON: Expecting value; it looks like --output text"),
        ("----------\n|DescribeVpcs|", "a.json:1:1: E401 not JSON: Expecting value; it looks like --output table"),
        ("Vpcs:\n- CidrBlock: 10.0.0.0/16", "a.json:1:1: E401 not JSON: Expecting value; it looks like --output yaml"),
        ('{"Vpcs": [], "Vpcs": []}', "a.json: E401 not JSON: an object has a key twice"),
        ('{"Vpcs": [{"CidrBlock": NaN}]}', "a.json: E401 not JSON: NaN is not a number"),
        (f'{{"Vpcs": [{"9" * 5000}]}}', "a.json: E401 a number has more digits than any of"),
        (
            '{"Vpcs": 5}',
            "a.json: E406 $.Vpcs is a number, not a list\n    give all that this prints, without --query: aws",
        ),
        ('{"Vpcs": ["vpc-1"]}', "a.json: E406 $.Vpcs[0] is 'vpc-1', not an object"),
        ('{"Vpcs": [{"Tags": []}, {}]}', "a.json: E406 $.Vpcs[0] has no VpcId, OwnerId, CidrBlock, CidrBlockAssoc"),
        ('{"EnableDnsSupport": true}', "a.json: E406 $ has no VpcId"),
        ('{"Account": 1}', "a.json: E406 $.Account is a number, not an account"),
        ("[" * 100_000, "a.json: E401 it is nested too deeply"),
    ],
)
def test_what_is_no_answer_is_told(text: str, message: str) -> None:
    """A text that AWS's CLI does not print has its place and the way out."""
    with pytest.raises(Refused) as refused:
        answers.read([("a.json", text)], "eu-west-1")

    assert str(refused.value).startswith(message)
