"""Policies combined: each statement once, readable Sids, and counted as Terraform sends them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.catalog.catalog import Catalog
from generator.catalog.presets import presets
from generator.generate import generate, understand_text
from generator.hcl.hcl import Call, Expression
from generator.intent import policies
from generator.intent.iam_search import LONGEST
from generator.intent.policy_parts import Part
from generator.module.resolve import resolve
from generator.source.diagnostics import Refused
from generator.source.source import Source
from generator.spec.json_document import JsonDocument
from tests.cases import KEPT, ROOT, generated, intent, module

if TYPE_CHECKING:
    from pathlib import Path

    from generator.intent.intent import Intent
    from generator.module.module import Module

CATALOG = Catalog.load()
SOURCE = Source("spec.yaml", {})
ARGUMENTS = {"org_id": "org_id: o-a1b2c3d4e5", "account_id": "account_id: '111122223333'"}
OF_S3 = [preset.name for preset in presets().values() if preset.fits("s3")]
HEAD = "name: x\nvpc: {name: a}\nsubnets: [{name: a}]\nsecurity_groups: [{name: a}]\nroute_tables: [{main: true}]\n"


def _part(document: dict[str, Any], preset: str = "") -> Part:
    return Part(document=JsonDocument(document), source=SOURCE, path=(), preset=presets().get(preset))


def _statement(sid: str, action: str = "*") -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}


def test_a_single_document_stays_as_it_is() -> None:
    """What a document alone says is not touched, its version and Id included."""
    document = {"Version": "2008-10-17", "Id": "mine", "Statement": _statement("A")}

    assert policies.combine((_part(document),)) == document


def test_each_statement_stands_once() -> None:
    """Equal statements are one, in the order in which they were given."""
    first = {"Version": "2012-10-17", "Statement": [_statement("A"), _statement("B")]}
    second = {"Version": "2012-10-17", "Statement": _statement("A")}
    third = {"Version": "2012-10-17", "Statement": [_statement("C")]}
    combined = policies.combine((_part(first), _part(second), _part(third)))

    assert [each["Sid"] for each in combined["Statement"]] == ["A", "B", "C"]


def test_a_preset_gives_way_with_its_sid() -> None:
    """A preset's Sid gets a number where a document or another preset has it for something else."""
    mine = {"Version": "2012-10-17", "Statement": _statement("EcrLayers")}
    preset = {"Version": "2012-10-17", "Statement": [_statement("EcrLayers", "s3:GetObject")]}
    other = {"Version": "2012-10-17", "Statement": [_statement("EcrLayers", "s3:GetObjectVersion")]}
    combined = policies.combine((_part(preset, "ecr-layers"), _part(mine), _part(other, "ecr-layers")))

    assert [each["Sid"] for each in combined["Statement"]] == ["EcrLayers2", "EcrLayers", "EcrLayers3"]
    assert [list(each) for each in combined["Statement"]] == [list(_statement(""))] * 3


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"b": [1, True, None], "a": "é\n"}, '{"a":"é\\n","b":[1,true,null]}'),
        ("<a> & \u2028", '"\\u003ca\\u003e \\u0026 \\u2028"'),
        ([1e21, 0.0000001, -1.5, 2.0, 100.0], "[1000000000000000000000,0.0000001,-1.5,2,100]"),
    ],
)
def test_a_document_is_counted_as_terraform_writes_it(document: object, text: str) -> None:
    """No white space, and the escapes of `jsonencode`; real Terraform is asked in tests/terraform."""
    assert policies.encode(document) == text


def _policy_of(made: Module) -> dict[str, Any]:
    call = made.endpoints[0].arguments["policy"]
    assert isinstance(call, Call)
    plain: dict[str, Any] = json.loads(json.dumps(call.arguments[0], default=_plain))
    return plain


def _plain(value: object) -> object:
    return value.text if isinstance(value, Expression) else str(value)


@settings(max_examples=150, deadline=None)
@given(
    region=st.sampled_from(sorted(CATALOG.regions)),
    names=st.lists(st.sampled_from(OF_S3), min_size=1, max_size=12),
    orgs=st.lists(st.sampled_from(["o-a1b2c3d4e5", "o-b1b2c3d4e5"]), max_size=2),
)
def test_any_mix_of_presets_is_a_valid_policy_or_refused(region: str, names: list[str], orgs: list[str]) -> None:
    """Whatever presets are combined: one document in which each Sid stands once, or the reason why there is none."""
    given_presets = [f"{{preset: {name}{_argument(name)}}}" for name in names]
    given_presets += [f"{{preset: org-perimeter, org_id: {org}}}" for org in orgs]
    made = _made(region, given_presets)
    if isinstance(made, set):
        assert "E268" in made
        assert made <= {"E268", "W242"}
        return
    document = _policy_of(resolve(made))
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert document["Version"] == "2012-10-17"
    assert len(set(sids)) == len(sids)
    assert len(policies.encode(document)) <= LONGEST
    assert {warning.code for warning in made.warnings} <= {"W242", "W246"}
    for name in names:
        for template in presets()[name].templates:
            assert any(sid.startswith(template["Sid"]) for sid in sids)


def _made(region: str, parts: list[str]) -> Intent | set[str]:
    """Return what is meant by an S3 gateway with a policy of these parts, or the codes that refuse it."""
    endpoint = f"{{service: s3, type: Gateway, policy: [{', '.join(parts)}]}}"
    try:
        return intent(f"{HEAD}region: {region}\nendpoints:\n  s3: {endpoint}\n")
    except Refused as refused:
        return {finding.code for finding in refused.diagnostics}


def _argument(name: str) -> str:
    return "".join(f", {ARGUMENTS[argument]}" for argument in presets()[name].takes)


PIECES = ["$", "${a}", "%{", '"', "see (var.bucket) data.aws_vpc.this.id", "é\n", ""]


@pytest.mark.parametrize("vpc", ["{name: a}", "{id: vpc-0a1b2c3d4e5f60718}", "{variable: vpc_id}"])
def test_text_around_what_terraform_knows_stays_text(vpc: str, tmp_path: Path) -> None:
    """Whatever stands beside a reference, the module reads back as it was meant, in both readings."""
    known = [{"vpc": True}, {"account": True}, {"variable": "bucket"}]
    texts = [{"join": [piece, each, piece, each, other]} for each in known for piece, other in pairwise(PIECES)]
    conditions = {"aws:PrincipalOrgID": {"variable": "org"}, "aws:SourceVpc": [{"vpc": True}, {"variable": "other"}]}
    statement = {**_statement("A"), "Resource": texts, "Condition": {"StringEquals": conditions}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        f"{HEAD.replace('{name: a}', vpc, 1)}endpoints:\n  logs: {{service: logs, policy: {policy}}}\n", "utf-8"
    )
    files = generate(str(spec), KEPT).files

    assert files["variables.tf"].count("validation {") == 3 + ("variable" in vpc)
    assert '"aws:PrincipalOrgID" = var.org\n' in files["main.tf"]


WORDS = st.sampled_from(["*", "Allow", "Deny", "arn:aws:s3:::a/*", "arn:", "2012-10-17", "", "${a}", "Action", "1111*"])
ELEMENTS = ["Version", "Statement", "Effect", "Principal", "Action", "NotAction", "Resource", "Condition", "Sid"]
KEYS = st.sampled_from([*ELEMENTS, "AWS", "StringLike", "NumericEquals", "aws:PrincipalAccount", "aws:PrincipalOrgID"])
ANYTHING = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
STATEMENTS = st.fixed_dictionaries({}, optional=dict.fromkeys(("Effect", "Principal", "Action", "Condition"), ANYTHING))
DOCUMENTS = st.fixed_dictionaries(
    {"Version": ANYTHING, "Statement": ANYTHING | STATEMENTS | st.lists(STATEMENTS | ANYTHING, max_size=3)}
)


@settings(max_examples=400, deadline=None)
@given(given_policy=DOCUMENTS | ANYTHING | st.lists(DOCUMENTS | ANYTHING, min_size=1, max_size=2))
def test_any_document_is_taken_or_told(given_policy: object) -> None:
    """Whatever stands where a policy belongs: a module, or findings; never a trace."""
    policy = json.dumps(given_policy)
    ecr = "service_name: com.amazonaws.eu-west-1.ecr.dkr"
    endpoints = f"  s3: {{service: s3, type: Gateway, policy: {policy}}}\n  ecr: {{{ecr}}}\n"
    try:
        module(f"{HEAD}region: eu-west-1\nendpoints:\n{endpoints}")
    except Refused as refused:
        found = [finding.code for finding in refused.diagnostics]
    else:
        found = []

    assert "E002" not in found


def test_a_policy_that_is_left_to_others_is_not_rendered() -> None:
    """The files are those of a spec that states none, and the second reading agrees; another default is not taken."""
    files = generated(ROOT / "tests" / "valid" / "E274-policies-left-to-others.yaml").files

    assert files["main.tf"].count("policy") == files["main.tf"].count("policy = jsonencode({") == 1


def test_a_policy_above_the_limit_is_refused() -> None:
    """The limit holds for what is combined, not for each part."""
    statement = "{{Sid: {0}, Effect: Allow, Principal: '*', Action: '*', Resource: {1}}}"
    parts = [f"{{Version: 2012-10-17, Statement: [{statement.format(sid, 'x' * 7000)}]}}" for sid in "ABC"]

    assert _made("eu-west-1", parts) == {"E272"}
    assert not isinstance(_made("eu-west-1", parts[:2]), set)


OURS, THEIRS = {"aws:ResourceOrgID": "o-a1b2c3d4e5"}, {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}


@pytest.mark.parametrize(
    ("effect", "condition", "how"),
    [
        ("Deny", {"Bool": {"aws:SecureTransport": "false"}}, ""),
        ("Allow", {"Bool": {"aws:SecureTransport": "true"}}, ""),
        ("Allow", {"Bool": {"aws:SecureTransport": "false"}}, "will"),
        ("Deny", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}, ""),
        ("Deny", {"NumericLessThan": {"s3:TlsVersion": "1.3"}}, "may"),
        ("Allow", {"NumericGreaterThanEquals": {"s3:TlsVersion": ["1.2"]}}, ""),
        ("Allow", {"NumericEquals": {"s3:TlsVersion": "new"}}, "may"),
        ("Deny", {"StringNotEquals": {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60718"}}, ""),
        ("Deny", {"StringNotEquals": {"aws:SourceVpc": {"vpc": True}}}, ""),
        ("Deny", {"StringEquals": {"aws:SourceVpc": {"vpc": True}}}, "will"),
        ("Allow", {"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60718"}}, ""),
        ("Allow", {"StringEquals": {"aws:VpceOrgID": "o-a1b2c3d4e5"}}, ""),
        ("Allow", {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}}, ""),
        ("Allow", {"IpAddress": {"aws:SourceIp": "10.0.0.0/16"}}, "will"),
        ("Deny", {"StringNotEqualsIfExists": THEIRS}, "will"),
        ("Deny", {"StringNotEquals": OURS, "Bool": {"aws:SecureTransport": "false"}}, ""),
        ("Allow", {"StringEquals": OURS}, "will"),
        ("Allow", {"StringEquals": {"aws:ResourceAccount": "111122223333"}}, "may"),
        ("Allow", {"StringEquals": {"aws:PrincipalTag/team": "a"}}, "may"),
    ],
)
def test_whether_layers_are_reached(effect: str, condition: object, how: str) -> None:
    """Callers in the VPC ask by TLS, at addresses and through an endpoint that no spec says; what AWS owns is AWS's."""
    everything = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    statements = [everything] if effect == "Deny" else []
    document = {
        "Version": "2012-10-17",
        "Statement": [*statements, {**everything, "Effect": effect, "Condition": condition}],
    }
    s3 = f"  s3: {{service: s3, type: Gateway, policy: {json.dumps(document)}}}\n"
    made = understand_text(f"{HEAD}region: eu-west-1\nendpoints:\n  ecr_dkr: {{service: ecr.dkr}}\n{s3}", "spec.yaml")

    told = [each.message for each in made.warnings if each.code == "W240"]
    assert [each.split(" fail: ")[0] for each in told] == ([f"ecr_dkr: image pulls {how}"] if how else [])
