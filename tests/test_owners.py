"""Who else owns what exists in a VPC: each row of the table knows its own, and nothing that only looks alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from generator.authoring.adopt.adoption import AdoptOptions, adopt
from generator.authoring.adopt.groups import describe_groups
from generator.authoring.adopt.sayable import unsayable
from generator.cli.views.drift import code
from generator.live.aws import ACTIONS, NO_AWS
from generator.live.drift.compare import compare
from generator.live.drift.comparison import Comparison
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands
from generator.live.estate import ACCOUNT, Estate
from generator.live.locate import Located, locate
from generator.live.match import match
from generator.live.owners import OF_OWNERS, owner_of, rows, way_in
from generator.live.preflight.checks import examine
from generator.live.verify.check import check
from generator.source.diagnostics import ExitCode, Place
from tests.answers import of
from tests.cases import intent

NOWHERE = Estate(region="eu-west-1")
OPTIONS = AdoptOptions(vpc="vpc-0a1b2c3d4e5f60701", name="x", path="x.yaml")
TODAY = date(2026, 11, 28)
SOURCES = ("https://docs.aws.amazon.com/", "https://github.com/", "https://kubernetes-sigs.github.io/")


def _marked(row: dict[str, Any]) -> dict[str, Any]:
    """Return an endpoint with the mark of a row."""
    if "service" in row:
        return {"ServiceName": f"aws.{row['service']}x", "Tags": []}
    key = f"{row['tag']}x" if row["tag"].endswith((":", "/")) else row["tag"]
    tags = {key: row.get("value", "x"), **({"Name": row["name"]} if "name" in row else {})}
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row["who"]))
def test_each_row_knows_its_own_and_has_a_source(row: dict[str, Any]) -> None:
    """What has the mark is the owner's, what has another value or key is not known to be anybody's."""
    found = _marked(row)
    owner = owner_of(found, NOWHERE)

    assert owner is not None
    assert row["who"] in owner.who
    assert row["source"].startswith(SOURCES)
    assert date(2026, 1, 1) <= row["checked"] <= TODAY
    for tag in found["Tags"]:
        others = [each for each in found["Tags"] if each != tag]
        key = row["tag"][:-1] if tag["Key"].endswith("x") else f"{tag['Key']}-2"
        assert not _is_of(row, others)
        assert not _is_of(row, [*others, {**tag, "Key": key}])
        if "value" in row:
            assert not _is_of(row, [*others, {**tag, "Value": "false"}])
        if tag["Key"] != "Name":
            assert _is_of(row, [*others, {"Key": tag["Key"].upper(), "Value": tag["Value"].title()}])


def _is_of(row: dict[str, Any], tags: list[dict[str, str]]) -> bool:
    owner = owner_of({"Tags": tags}, NOWHERE)
    return owner is not None and row["who"] in owner.who


@pytest.mark.parametrize(
    ("tags", "who"),
    [
        (["aws:cloudformation:stack-id=arn:x", "aws:cloudformation:logical-id=E"], "the CloudFormation stack arn:x"),
        (["aws:cloudformation:stack-name=a", "aws:cloudformation:stack-id=b"], "the CloudFormation stack a"),
        (["aws:cloudformation:logical-id=E"], "the CloudFormation stack"),
        (["aws:servicecatalog:provisionedProductArn=x"], "the Service Catalog product x"),
        (["aws:servicecatalog:productArn=x", "aws:cloudformation:stack-name=a"], "the CloudFormation stack a"),
        (["kubernetes.io/cluster/x=owned"], "a Kubernetes cluster"),
        (["kubernetes.io/cluster/x=shared"], None),
        (["elbv2.k8s.aws/cluster=x"], "AWS Load Balancer Controller"),
        (["sigs.k8s.io/cluster-api-provider-aws/cluster/x=owned"], "Cluster API Provider AWS"),
        (
            ["sigs.k8s.io/cluster-api-provider-aws/cluster/x=owned", "kubernetes.io/cluster/x=owned"],
            "Cluster API Provider AWS",
        ),
        (["sigs.k8s.io/cluster-api-provider-aws/cluster/x=shared"], None),
        (["sigs.k8s.io/cluster-api-provider-aws/role=common"], None),
        (["kubernetes.io/aws-vpce-operator=managed"], "AWS VPCE Operator of OpenShift"),
        (["AWSEndpointService=kube-apiserver-private"], "HyperShift of OpenShift"),
        (
            ["services.k8s.aws/namespace=x", "services.k8s.aws/controller-version=ec2-v1.10.0"],
            "AWS Controllers for Kubernetes",
        ),
        (["crossplane-kind=vpcendpoint.ec2.aws.upbound.io", "crossplane-name=x"], "the Crossplane resource x"),
        (["alpha.eksctl.io/cluster-name=x", "alpha.eksctl.io/eksctl-version=0.210.0"], "the eksctl cluster x"),
        (["eksctl.cluster.k8s.io/v1alpha1/cluster-name=x"], "the eksctl cluster x"),
        (["guarddutymanaged=true"], "Amazon GuardDuty"),
        (["OpenSearchManaged=True"], "Amazon OpenSearch Service"),
        (["aws-cdk:auto-delete=x", "awsApplication=x", "=x", "aws:x=x"], None),
    ],
)
def test_an_owner_is_known_by_tags_as_they_are_written(tags: list[str], who: str | None) -> None:
    """In whatever case, by any tag of its family, and told by what names it."""
    pairs = (each.partition("=") for each in tags)
    owner = owner_of({"Tags": [{"Key": key, "Value": value} for key, _, value in pairs]}, NOWHERE)

    assert (owner and owner.who) == who


def test_an_account_is_another_only_where_the_caller_is_known() -> None:
    """Without the caller's account nobody can say that an owner is another."""
    found = {"OwnerId": "111122223333"}

    assert owner_of(found, NOWHERE) is None
    assert owner_of(found, replace(NOWHERE, account="111122223333")) is None
    assert owner_of(found, replace(NOWHERE, account="444455556666")) is not None


@pytest.mark.parametrize(
    ("state", "account", "way"),
    [
        ("available", "111122223333", "gen-endpoints adopt "),
        ("Rejected", "111122223333", "delete it, for it carries no traffic: aws ec2 delete-vpc-endpoints "),
        ("failed", None, "delete it, if it is nobody else's: not told whether others manage what is there: "),
        ("failed", "444455556666", "leave it: "),
    ],
)
def test_what_is_dead_is_not_to_be_adopted(state: str, account: str | None, way: str) -> None:
    """It is to be deleted, by a line that is given where nobody else is known to have it, and all is told."""
    found = {"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "OwnerId": "111122223333", "State": state}

    assert way_in(found, replace(NOWHERE, account=account)).startswith(way)


@pytest.mark.parametrize("kind", OF_OWNERS)
@pytest.mark.parametrize("is_refused", [True, False])
def test_an_unknown_owner_is_told_and_nothing_is_deleted(kind: str, *, is_refused: bool) -> None:
    """Where AWS refuses a call, or files lack it, drift, verify and adopt say so, and what to allow or to give."""
    objects, account = dict(_located("Name=detector").estate.objects), None if kind == ACCOUNT else "111122223333"
    (own,) = objects["VpcEndpoints"]
    objects["VpcEndpoints"] = (own, {**own, "VpcEndpointId": "vpce-2", "Tags": (), "PrivateDnsEnabled": False})
    objects |= {"ServiceDetails": ()} if kind == ACCOUNT else {}
    refusal = NO_AWS.at(Place("AWS eu-west-1"), "AccessDenied: not you", "")
    there = Estate(region="eu-west-1", objects=objects, account=account, refused={kind: refusal} if is_refused else {})
    located, commands = locate(intent(SPEC), there), Commands(spec="x.yaml", out="out", region="eu-west-1")
    rows = compare([Comparison.of(located, commands=commands, rendered=RenderedDifferences())], unsayable=unsayable)
    (checked,) = (each for row in check(match([located])[0]).rows for each in row.checks if each.what == "owner")
    adopted = adopt(there, OPTIONS)
    why = "AccessDenied: not you" if is_refused else f"the files have no `{kind}`"
    way = (
        f"allow {ACTIONS[kind]}" if is_refused else f"give what this prints: aws {'sts' if kind == ACCOUNT else 'ec2'}"
    )

    assert [(row.kind, row.subject, row.known) for row in rows if "whether others manage" in repr(row)] == [
        ("info", "vpc-0a1b2c3d4e5f60701", False),
        ("not-told", "vpce-2", False),
    ]
    assert "delete" not in repr(rows)
    assert code(rows) == ExitCode.REFUSED
    assert (checked.outcome, why in checked.seen, checked.fix.startswith(way)) == ("unknown", True, True)
    assert [(each.code, why in each.message, each.fix.startswith(way)) for each in adopted.warnings][:1] == [
        ("W420", True, True)
    ]


@pytest.mark.parametrize(("tag", "is_known"), [("AWS:newService:x", False), ("AWS:CREATEDBY", True), ("awsx:x", True)])
def test_a_tag_that_aws_alone_sets_may_be_of_an_owner(tag: str, *, is_known: bool) -> None:
    """No row knows whose it is: verify and adopt say so, and adopt does not make such a group the spec's."""
    told = _located(f"{tag}=y").estate
    there = replace(told, objects={**told.objects, "ServiceDetails": ()}, account="111122223333")
    located, (live,) = locate(intent(SPEC), there), there.objects["VpcEndpoints"]
    (checked,) = (row.checks for row in check(match([located])[0]).rows)
    warned = [each for each in adopt(there, OPTIONS).warnings if tag in each.message]
    group = {"GroupId": "sg-1", "GroupName": "own", "Description": "own", "VpcId": "vpc-1", "IpPermissions": []}
    _, found = describe_groups([{**group, "Tags": live["Tags"]}], there)

    assert owner_of(live, located.estate) is None
    assert any(each.what == "owner" and tag in each.seen for each in checked) != is_known
    assert [each.place.file for each in warned] == ([] if is_known else [live["VpcEndpointId"]])
    assert not any("delete" in each.fix for each in warned)
    assert any(f"whether others manage it: AWS has the tag {tag} on it" in each.message for each in found) != is_known


SPEC = """
name: app
region: eu-west-1
vpc: {id: vpc-0a1b2c3d4e5f60701}
subnets: [{id: subnet-0a1b2c3d4e5f60701}]
security_groups: [{id: sg-0a1b2c3d4e5f60701}]
endpoints:
  detector: {service: guardduty-data, name: detector}
"""


def _located(*tags: str, **more: Any) -> Located:
    live = {
        "VpcEndpointId": "vpce-1",
        "VpcId": "vpc-0a1b2c3d4e5f60701",
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.eu-west-1.guardduty-data",
        "State": "available",
        "SubnetIds": ["subnet-0a1b2c3d4e5f60701"],
        "PrivateDnsEnabled": True,
        "Groups": [{"GroupId": "sg-0a1b2c3d4e5f60701"}],
        "Tags": [{"Key": key, "Value": value} for key, _, value in (each.partition("=") for each in tags)],
        **more,
    }
    objects = {
        "Vpcs": [{"VpcId": "vpc-0a1b2c3d4e5f60701"}],
        "Subnets": [{"SubnetId": "subnet-0a1b2c3d4e5f60701", "VpcId": "vpc-0a1b2c3d4e5f60701"}],
        "SecurityGroups": [{"GroupId": "sg-0a1b2c3d4e5f60701", "VpcId": "vpc-0a1b2c3d4e5f60701"}],
        "VpcEndpoints": [live],
    }
    kinds = ("RouteTables", "PrefixLists", "NetworkInterfaces")
    return locate(intent(SPEC), of([{**dict.fromkeys(kinds, ()), **objects}], "eu-west-1"))


@pytest.mark.parametrize(
    ("tags", "more", "is_ours"),
    [
        (("Name=detector",), {}, True),
        (("Name=other",), {}, True),
        (("Name=detector", "GuardDutyManaged=true"), {}, False),
        (("Name=detector",), {"RequesterManaged": True}, False),
        (("Name=detector", "aws:cloudformation:stack-name=base"), {}, True),
        (("Name=other", "aws:cloudformation:stack-name=base"), {}, False),
    ],
)
def test_no_command_takes_what_another_owns_for_the_spec_s(
    tags: tuple[str, ...], more: dict[str, Any], *, is_ours: bool
) -> None:
    """Matching, drift, verify and preflight have one answer; a stack's is the spec's by its name alone."""
    located = _located(*tags, **more)
    (matched,) = match([located])
    commands = Commands(spec="x.yaml", out="out", region="eu-west-1")
    rows = compare([Comparison.of(located, commands=commands, rendered=RenderedDifferences())], unsayable=unsayable)
    told = [(row.kind, row.next) for row in rows if row.subject == "vpce-1"]
    codes = {finding.code for finding in examine(matched).findings}

    assert (matched.endpoints[0].live is not None) == is_ours
    assert bool(check(matched).rows[0].id) == is_ours
    assert [kind for kind, _ in told] == ([] if is_ours else ["info"])
    assert not any("delete-vpc-endpoints" in step for _, step in told)
    assert ("E427" in codes) == (not is_ours)
