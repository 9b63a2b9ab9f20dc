"""The evaluator: a yes only where everybody surely may, a no only where surely nobody may."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.intent.iam import allows
from generator.intent.iam_condition import Request, through
from generator.intent.iam_owned import reach
from generator.intent.iam_pattern import Answer, kinds
from generator.intent.iam_use import Doubt, doubt_of, nothing_of

BUCKET = "arn:aws:s3:::layers/*"
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
ONLY_TLS = {"Bool": {"aws:SecureTransport": "true"}}
OURS = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
OTHERS = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
THERE = {"StringLike": {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60718"}}
NO, MAYBE, YES = Answer.NO, Answer.MAYBE, Answer.YES


def _answer(*statements: object) -> Answer:
    return allows({"Version": "2012-10-17", "Statement": list(statements)}, "s3:GetObject", BUCKET)


def _but(**other: Any) -> dict[str, Any]:
    return {**ALLOW, **other}


def _without(element: str, **other: Any) -> dict[str, Any]:
    return {key: value for key, value in _but(**other).items() if key != element}


@pytest.mark.parametrize(
    ("statements", "answer"),
    [
        ([ALLOW], YES),
        ([], NO),
        (["text", None, {}], NO),
        ([_but(Action="S3:getobject")], YES),
        ([_but(Action=["s3:PutObject", "s3:Get*"])], YES),
        ([_but(Action="s3:GetObject?")], NO),
        ([_but(Principal={"AWS": "*"})], YES),
        ([_but(Principal={"AWS": ["*"]})], YES),
        ([_but(Principal={"AWS": "111122223333"})], MAYBE),
        ([_without("Principal")], MAYBE),
        ([_but(Resource="arn:aws:s3:::layers/*")], YES),
        ([_but(Resource="arn:*:s3:::lay*")], YES),
        ([_but(Resource="arn:aws:s3:::layers/images/*")], MAYBE),
        ([_but(Resource="arn:aws:s3:::layers/?")], MAYBE),
        ([_but(Resource="arn:aws:s3:::layers")], NO),
        ([_but(Resource="arn:aws:s3:::${aws:username}/*")], MAYBE),
        ([_but(Resource="arn:aws:s3:::layers/${*}")], MAYBE),
        ([_but(Resource={"join": ["arn:aws:s3:::", {"variable": "bucket"}, "/*"]})], NO),
        ([_but(Resource=[{"variable": "bucket_arn"}, "arn:aws:s3:::layers/*"])], YES),
        ([ALLOW, _but(Effect="Deny", Resource={"join": ["arn:aws:s3:::", {"variable": "bucket"}, "/*"]})], YES),
        ([_but(Principal={"AWS": {"account": True}})], MAYBE),
        ([_but(Condition=ONLY_TLS)], MAYBE),
        ([_but(Condition={})], YES),
        ([_without("Action", NotAction="s3:Put*")], YES),
        ([_without("Action", NotAction="s3:*")], NO),
        ([_without("Resource", NotResource="arn:aws:s3:::layers/secret/*")], MAYBE),
        ([_without("Resource", NotResource="arn:aws:s3:::other/*")], YES),
        ([ALLOW, _but(Effect="Deny")], NO),
        ([ALLOW, _but(Effect="Deny", Action="s3:PutObject")], YES),
        ([ALLOW, _but(Effect="Deny", Condition=ONLY_TLS)], MAYBE),
        ([ALLOW, _but(Effect="Deny", Resource="arn:aws:s3:::layers/secret")], MAYBE),
        ([_but(Condition=ONLY_TLS), ALLOW], YES),
        ([_but(Effect="deny"), ALLOW], YES),
    ],
)
def test_what_a_document_allows(statements: list[object], answer: Answer) -> None:
    """Conditions, principals and parts of a resource leave a maybe; a deny outdoes every allow."""
    assert _answer(*statements) is answer


def test_a_single_statement_need_not_be_a_list() -> None:
    """`Statement` may be one mapping, and a document that is none allows nothing."""
    assert allows({"Version": "2012-10-17", "Statement": ALLOW}, "s3:GetObject", BUCKET) is YES
    assert allows("text", "s3:GetObject", BUCKET) is NO


TEXTS = ["".join(letters) for length in range(8) for letters in product("ab", repeat=length)]


def _fits(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_fits(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in {"?", text[0]} and _fits(pattern[1:], text[1:])


@given(pattern=st.text("ab*?", max_size=5), asked=st.text("ab", max_size=2), rest=st.sampled_from(["", "*"]))
def test_patterns_cover_what_iam_s_patterns_cover(pattern: str, asked: str, rest: str) -> None:
    """All that begins so, some of it, or nothing: as trying every short text says."""
    fitting = [text for text in TEXTS if _fits(asked + rest, text)]
    covered = [text for text in fitting if _fits(pattern, text)]
    answer = allows({"Version": "2012-10-17", "Statement": _but(Resource=pattern)}, "s3:GetObject", asked + rest)

    if answer is YES:
        assert covered == fitting
    elif answer is NO:
        assert covered == []
    else:
        assert len(covered) > 0


@pytest.mark.parametrize(
    ("statements", "service", "nothing"),
    [
        ([ALLOW], "ecr.dkr", ""),
        ([ALLOW, _but(Effect="Deny")], "ecr.dkr", "anything"),
        ([ALLOW, _but(Effect="Deny", Action="*:*")], "sqs", "anything"),
        ([ALLOW, _but(Effect="Deny", Action="ECR:*")], "ecr.dkr", "ecr:*"),
        ([ALLOW, _but(Effect="Deny", Action="ec?:*")], "ecr.api-fips", "ecr:*"),
        ([ALLOW, _without("Action", Effect="Deny", NotAction="iam:Foo")], "ecr.dkr", "ecr:*"),
        ([ALLOW, _without("Action", Effect="Deny", NotAction="ecr:*")], "ecr.dkr", ""),
        ([ALLOW, _but(Effect="Deny", Action="ecr:*", Resource="arn:*")], "ecr.dkr", "ecr:*"),
        ([ALLOW, _but(Effect="Deny", Action="ecr:*", Resource="arn:*")], "ecr.api", ""),  # a token has no ARN
        ([_but(Action="sqs:*")], "ecr.dkr", "ecr:*"),
        ([_but(Action="ecr:PutImage", Resource="arn:aws:ecr:*:*:repository/a")], "ecr.dkr", ""),
        ([ALLOW, _but(Effect="Deny", Action="sqs:*")], "sqs", "sqs:*"),
        ([_but(Action="cloudwatch:*")], "monitoring", ""),
        ([_but(Action="sns:*")], "sqs", "sqs:*"),
        ([_but(Action="sns:*")], "sqs-fips", "sqs:*"),
        ([_but(Action="ses:*")], "monitoring", "cloudwatch:*"),
        ([_but(Action="iot:*")], "iot.data", ""),
        ([_but(Action="s3-object-lambda:*")], "s3", ""),  # no source says that it is another endpoint's
        ([_but(Action="s3express:*")], "s3", "s3:*"),
        ([_but(Action="sns:*")], "email-smtp", ""),  # of which no source names the prefix
        ([_but(Action="logs:PutLogEvents"), _but(Effect="Deny", Action="logs:Put*")], "logs", "anything"),
        ([_but(Action="LOGS:Put*"), _but(Effect="Deny", Action=["logs:P*", "logs:G*"])], "logs", "anything"),
        ([_but(Action="logs:Get*"), _without("Action", Effect="Deny", NotAction="logs:Put*")], "logs", "anything"),
        ([_but(Action=["logs:Put*", "logs:Get*"]), _but(Effect="Deny", Action="logs:Put*")], "logs", ""),
        ([_but(Action="logs:Put*"), _but(Effect="Deny", Action="logs:PutLogEvents")], "logs", ""),
        ([_without("Action", NotAction="sqs:*"), _but(Effect="Deny", Action="logs:Put*")], "logs", ""),
    ],
)
def test_what_nobody_may_use(statements: list[object], service: str, nothing: str) -> None:
    """All of a service is refused however the statements name it; no service's actions are guessed by its name."""
    assert nothing_of({"Version": "2012-10-17", "Statement": statements}, service) == nothing


def test_of_very_many_values_not_all_are_tried_and_nothing_is_said() -> None:
    """That takes time; and of some of them nothing follows."""
    many = {"StringEquals": {"aws:PrincipalOrgID": [f"o-{number}" for number in range(900)]}}
    denied = _but(
        Effect="Deny",
        Condition={"StringEquals": {"aws:PrincipalOrgID": many["StringEquals"]["aws:PrincipalOrgID"][:-1]}},
    )

    assert nothing_of({"Version": "2012-10-17", "Statement": [_but(Condition=many), denied]}, "logs") == ""


IS_X, IS_NOT_X = {"StringEquals": {"aws:PrincipalOrgID": "o-x"}}, {"StringNotEquals": {"aws:PrincipalOrgID": "o-x"}}
HAS_ONE = {"Null": {"aws:PrincipalOrgID": "false"}}


@pytest.mark.parametrize(
    ("statements", "nothing"),
    [
        ([_but(Condition=IS_X)], ""),
        ([_but(Condition=IS_X), _but(Effect="Deny", Condition=IS_NOT_X)], ""),
        ([_but(Condition=IS_X), _but(Effect="Deny", Condition=IS_X)], "anything"),
        ([ALLOW, _but(Effect="Deny", Condition=IS_X), _but(Effect="Deny", Condition=IS_NOT_X)], "anything"),
        ([_but(Condition=IS_X), _but(Effect="Deny", Condition=HAS_ONE)], "anything"),
        ([ALLOW, _but(Effect="Deny", Condition=HAS_ONE)], ""),
        ([_but(Condition=IS_X | IS_NOT_X)], "anything"),
        ([_but(Condition={"StringLike": {"aws:PrincipalOrgID": "o-*"}}), _but(Effect="Deny", Condition=IS_X)], ""),
        ([_but(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-*"}})], "anything"),
        ([_but(Condition={"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": ["a", "b"]}})], ""),
    ],
)
def test_no_value_of_what_tells_callers_apart_is_let_in(statements: list[object], nothing: str) -> None:
    """Each that the conditions name is tried, one that they do not, and none."""
    assert nothing_of({"Version": "2012-10-17", "Statement": statements}, "logs") == nothing


@pytest.mark.parametrize(
    ("principal", "nothing"),
    [
        ({"AWS": "arn:aws:iam::111122223333:root"}, "anything"),
        ({"AWS": "arn:aws-cn:iam::111122223333:root"}, "anything"),
        ({"AWS": ["444455556666", "111122223333"]}, "anything"),
        ({"AWS": 111122223333}, "anything"),  # a number is its text
        ({"AWS": [444455556666, 111122223333]}, "anything"),
        ({"AWS": "444455556666"}, ""),
        ({"AWS": 444455556666}, ""),
        ({"AWS": "arn:aws:iam::111122223333:role/app"}, ""),
        ({"Service": "111122223333"}, ""),
    ],
)
def test_what_nobody_of_an_account_may_use(principal: object, nothing: str) -> None:
    """The whole account is its id, or its root; a role of it is that role."""
    document = {"Version": "2012-10-17", "Statement": [ALLOW, _but(Effect="Deny", Principal=principal)]}

    assert nothing_of(document, "ecr.dkr", Request(account="111122223333")) == nothing
    assert nothing_of(document, "ecr.dkr") == ""


@pytest.mark.parametrize(
    ("service", "partition", "other"),
    [
        ("com.amazonaws.eu-west-1.ecr.dkr", "aws", "aws-cn"),
        ("com.amazonaws.eu-west-1.ecr.dkr", "aws", "aws-us-gov"),
        ("cn.com.amazonaws.cn-north-1.ecr.dkr", "aws-cn", "aws"),
    ],
)
@pytest.mark.parametrize(
    "who", ["iam::111122223333:root", "iam::111122223333:role/x", "sts::111122223333:assumed-role/x/y"]
)
def test_nobody_is_of_another_partition(service: str, partition: str, other: str, who: str) -> None:
    """Neither an account there nor a role or session of it is let in, or kept out."""
    request = Request(account="111122223333", context=through(endpoint="vpce-1", vpc="vpc-1", service=service))

    def nothing(*statements: object) -> str:
        return nothing_of({"Version": "2012-10-17", "Statement": [*statements]}, "ecr.dkr", request)

    there, here = ({"AWS": f"arn:{each}:{who}"} for each in (other, partition))
    assert nothing(_but(Principal=there)) == "anything"
    assert nothing(_but(Principal=here)) == ""
    assert nothing(ALLOW, _but(Effect="Deny", Principal=there)) == ""
    assert nothing(ALLOW, _but(Effect="Deny", Principal=None, NotPrincipal=there)) == "anything"


def _doubt(statements: object, service: str, request: Request | None = None) -> Doubt:
    request = request or Request()
    return doubt_of(
        {"Version": "2012-10-17", "Statement": statements},
        service,
        region="eu-west-1",
        request=request,
    )


@pytest.mark.parametrize(
    ("principal", "doubt"),
    [
        ({"Service": "cloudtrail.amazonaws.com"}, Doubt.PRINCIPALS),
        ({"AWS": "444455556666"}, Doubt.PRINCIPALS),
        ({"AWS": ["arn:aws:iam::444455556666:root", "arn:aws:sts::777788889999:assumed-role/a/b"]}, Doubt.PRINCIPALS),
        ({"AWS": ["444455556666", "arn:aws:iam::111122223333:role/app"]}, Doubt.NONE),
        ({"AWS": ["444455556666", "AIDAEXAMPLE"]}, Doubt.PRINCIPALS),
        ({"AWS": "444455556666", "Service": "ec2.amazonaws.com"}, Doubt.PRINCIPALS),
    ],
)
def test_what_is_for_other_accounts_alone(principal: object, doubt: Doubt) -> None:
    """It may be what the policy is for, as is a condition on their account: nothing says that it fails."""
    statements, of_own = [_but(Principal=principal)], Request(account="111122223333")

    assert _doubt(statements, "ecr.dkr", of_own) is doubt
    assert nothing_of({"Version": "2012-10-17", "Statement": statements}, "ecr.dkr", of_own) == ""


@pytest.mark.parametrize(
    ("others", "nothing", "doubt"),
    [
        ("*", "", Doubt.NONE),
        ({"AWS": ["444455556666", "*"]}, "", Doubt.NONE),
        ({"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/app"]}, "", Doubt.PRINCIPALS),
        ({"AWS": "arn:aws:iam::111122223333:user/ann"}, "", Doubt.PRINCIPALS),
        ({"AWS": "AIDAEXAMPLE"}, "", Doubt.PRINCIPALS),
        ({"CanonicalUser": "79a5"}, "", Doubt.PRINCIPALS),
        ({"AWS": ["444455556666", "arn:aws:iam::777788889999:root"]}, "anything", Doubt.PRINCIPALS),
        ({"Service": "ec2.amazonaws.com"}, "anything", Doubt.PRINCIPALS),
    ],
)
def test_who_is_left_out_of_a_deny(others: object, nothing: str, doubt: Doubt) -> None:
    """Whoever is of no account that NotPrincipal names is denied; of those that it does, not all may be left out."""
    denied = _without("Principal", Effect="Deny", NotPrincipal=others)
    of_own = Request(account="111122223333")

    assert nothing_of({"Statement": [ALLOW, denied]}, "sqs", of_own) == nothing
    assert _doubt([ALLOW, denied], "sqs", of_own) is doubt
    assert _doubt([ALLOW, {**denied, "Action": "sqs:DeleteQueue"}], "sqs", of_own) is Doubt.NONE
    assert _answer(ALLOW, denied) is (YES if doubt is Doubt.NONE else MAYBE)


@pytest.mark.parametrize(
    ("service", "action", "doubt"),
    [
        ("appconfigdata", "appconfig:GetLatestConfiguration", Doubt.NONE),
        ("appconfigdata", "appconfig:CreateApplication", Doubt.ACTIONS),
        ("aps-workspaces", "aps:RemoteWrite", Doubt.NONE),
        ("cloudhsmv2", "cloudhsm:DescribeClusters", Doubt.NONE),
        ("data-servicediscovery", "servicediscovery:DiscoverInstances", Doubt.NONE),
        ("data-servicediscovery", "servicediscovery:CreateService", Doubt.ACTIONS),
        ("evidently-dataplane", "evidently:EvaluateFeature", Doubt.NONE),
        ("iot.fleethub.api", "iotfleethub:ListApplications", Doubt.NONE),
        ("models-v2-lex", "lex:ListBots", Doubt.NONE),
        ("pinpoint-sms-voice-v2", "sms-voice:SendTextMessage", Doubt.NONE),
        ("rum-dataplane", "rum:PutRumEvents", Doubt.NONE),
        ("rum-dataplane", "rum:ListAppMonitors", Doubt.ACTIONS),
        ("runtime-medical-imaging", "medical-imaging:GetImageFrame", Doubt.NONE),
        ("runtime-v2-lex", "lex:RecognizeText", Doubt.NONE),
        ("runtime-v2-lex", "lex:ListBots", Doubt.ACTIONS),
        ("transcribestreaming", "transcribe:StartStreamTranscription", Doubt.NONE),
        ("elasticbeanstalk-health", "elasticbeanstalk:PutInstanceStatistics", Doubt.PREFIX),  # it takes no policy
        ("q", "q:SendMessage", Doubt.PREFIX),
    ],
)
def test_the_endpoint_of_a_part_of_a_service_takes_its_actions(service: str, action: str, doubt: Doubt) -> None:
    """They begin as those of the service, by the models of AWS's APIs; another service's let nobody use it."""
    assert _doubt([_but(Action=action)], service) is doubt
    known = doubt is not Doubt.PREFIX
    assert bool(nothing_of({"Statement": _but(Action="sqs:*")}, service)) is known


@pytest.mark.parametrize(
    ("statements", "service", "unclear"),
    [
        ([ALLOW], "email-smtp", False),
        ([_but(Action="ses:*")], "email-smtp", True),
        ([_but(Action="ses:*")], "email", False),
        ([_without("Action", NotAction="iam:*")], "email-smtp", True),
        ([ALLOW, _but(Effect="Deny", Action="ses:*")], "email-smtp", True),
        ([ALLOW, _but(Action="ses:*"), _but(Effect="Deny", Condition=IS_X)], "email-smtp", False),
        ([_but(Action="ses:*")], "", True),
    ],
)
def test_what_names_actions_of_no_known_prefix_is_unclear(statements: object, service: str, *, unclear: bool) -> None:
    """Whether it is of the service no source says."""
    assert (_doubt(statements, service) is Doubt.PREFIX) is unclear


USER = "${aws:username}"


@pytest.mark.parametrize("version", [{}, {"Version": "2008-10-17"}, {"Version": "2012-10-17"}])
@pytest.mark.parametrize(
    ("statement", "service"),
    [
        (_but(Resource=f"arn:aws:s3:::layers/{USER}/*"), "s3"),
        (_but(Resource=f"arn:aws:sqs:*:*:{USER}-*"), "sqs"),
        (_but(Condition={"StringLike": {"s3:prefix": [f"home/{USER}/*"]}}), "s3"),
        (_but(Condition={"StringEquals": {"aws:PrincipalTag/name": USER}}), "s3"),
    ],
)
def test_variables_are_plain_text_in_the_old_version(statement: object, service: str, version: dict[str, str]) -> None:
    """No caller is known of whom the text itself is a name."""
    document = {**version, "Statement": [statement]}
    doubt = doubt_of(document, service, region="eu-west-1", request=Request(account="111122223333"))

    assert doubt is (Doubt.NONE if version.get("Version") == "2012-10-17" else Doubt.VERSION)
    assert nothing_of(document, service) == ""


@pytest.mark.parametrize(
    ("key", "value", "service", "doubt"),
    [
        ("aws:PrincipalOrg", "o-a1b2c3d4e5", "sqs", Doubt.CONDITIONS),
        ("aws:PrincipalAccountId", "111122223333", "sqs", Doubt.CONDITIONS),
        ("aws:ResourceAccountID", "111122223333", "sqs", Doubt.CONDITIONS),
        ("aws:ResourceTags/team", "x", "sqs", Doubt.CONDITIONS),
        ("aws:PrincipalTag", "x", "sqs", Doubt.CONDITIONS),
        ("PrincipalOrgID", "o-a1b2c3d4e5", "sqs", Doubt.CONDITIONS),
        ("iam:PrincipalOrgID", "o-a1b2c3d4e5", "sqs", Doubt.CONDITIONS),
        ("s3:prefix", "x", "sqs", Doubt.CONDITIONS),
        ("aws:PrincipalOrgID", "111122223333", "sqs", Doubt.CONDITIONS),
        ("aws:PrincipalOrgID", "ou-ab12-11111111", "sqs", Doubt.CONDITIONS),
        ("aws:PrincipalOrgPaths", "o-a1b2c3d4e5", "sqs", Doubt.CONDITIONS),
        ("aws:ResourceAccount", "o-a1b2c3d4e5", "sqs", Doubt.CONDITIONS),
        ("aws:ResourceAccount", "11112222333", "sqs", Doubt.CONDITIONS),
        ("aws:principalorgid", "o-a1b2c3d4e5", "sqs", Doubt.NONE),
        ("aws:ResourceAccount", "111122223333", "sqs", Doubt.NONE),
        ("aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*", "sqs", Doubt.NONE),
        ("aws:ResourceTag/team", "x", "sqs", Doubt.NONE),
        ("s3:prefix", "x", "s3", Doubt.NONE),
        ("ec2:SourceInstanceARN", "arn:aws:ec2:eu-west-1:111122223333:instance/*", "sqs", Doubt.NONE),
        ("token.actions.githubusercontent.com:sub", "repo:x/y", "sts", Doubt.NONE),
        ("token.actions.githubusercontent.com:sub", "repo:x/y", "sqs", Doubt.CONDITIONS),
    ],
)
def test_callers_have_no_key_that_aws_does_not_have(key: str, value: str, service: str, doubt: Doubt) -> None:
    """Nor a value that the key never has, nor a key of another service."""
    assert _doubt([_but(Condition={"StringLike": {key: value}})], service) is doubt
    assert nothing_of({"Version": "2012-10-17", "Statement": [_but(Condition={"StringLike": {key: value}})]}) == ""


@pytest.mark.parametrize(
    ("statements", "doubt"),
    [
        ([ALLOW], Doubt.NONE),
        ([_but(Condition=ONLY_TLS)], Doubt.NONE),
        ([_but(Condition=OURS)], Doubt.NONE),
        ([_but(Condition=OURS | THERE)], Doubt.CONDITIONS),
        ([_but(Condition=THERE)], Doubt.CONDITIONS),
        ([ALLOW, _but(Effect="Deny", Condition=OTHERS)], Doubt.NONE),
        ([ALLOW, _but(Effect="Deny", Condition=OTHERS | THERE)], Doubt.NONE),
        ([ALLOW, _but(Effect="Deny", Condition=THERE)], Doubt.CONDITIONS),
        ([ALLOW, _but(Effect="Deny", Condition={"StringLike": {"aws:PrincipalArn": "*"}})], Doubt.CONDITIONS),
        ([ALLOW, _but(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})], Doubt.NONE),
        ([ALLOW, _but(Effect="Deny", Condition=ONLY_TLS)], Doubt.CONDITIONS),
        ([ALLOW, _but(Effect="Deny", Action="ecr:*", Condition=ONLY_TLS)], Doubt.CONDITIONS),
        ([ALLOW, _but(Effect="Deny", Action="ecr:PutImage", Condition=ONLY_TLS)], Doubt.NONE),
        ([_but(Condition=THERE), _but(Action="ecr:PutImage")], Doubt.NONE),
    ],
)
def test_what_conditions_decide(statements: list[object], doubt: Doubt) -> None:
    """Conditions decide whether anybody gets through only where nothing gets through without them."""
    assert _doubt(statements, "ecr.dkr") is doubt
    assert nothing_of({"Version": "2012-10-17", "Statement": statements}, "ecr.dkr") == ""


def _test(operator: str, key: str, *values: object) -> dict[str, Any]:
    return {operator: {key: [*values]}}


OWN = Request(
    context=through(
        endpoint="vpce-1", vpc="vpc-1", service="com.amazonaws.eu-west-1.s3", addresses=("10.0.0.0/16", "10.1.0.0/16")
    ),
    account="111122223333",
)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (_test("StringEquals", "aws:SourceVpce", "vpce-1"), YES),
        (_test("StringEquals", "AWS:sourcevpce", "vpce-2", "vpce-1"), YES),
        (_test("StringEquals", "aws:SourceVpce", "vpce-2"), NO),
        (_test("StringEquals", "aws:SourceVpce", "VPCE-1"), NO),
        (_test("StringEqualsIgnoreCase", "aws:SourceVpce", "VPCE-1"), YES),
        (_test("StringEquals", "aws:SourceVpce", "vpce-*"), NO),
        (_test("StringLike", "aws:SourceVpce", "vpce-*"), YES),
        (_test("ArnLike", "aws:SourceVpce", "vpce-*"), YES),
        (_test("StringNotLike", "aws:SourceVpce", "vpce-*"), NO),
        (_test("StringNotEquals", "aws:SourceVpce", "vpce-1"), NO),
        (_test("StringNotEquals", "aws:SourceVpce", "vpce-2", "vpce-3"), YES),
        (_test("StringNotEqualsIfExists", "aws:SourceVpce", "vpce-2"), YES),
        (_test("ForAnyValue:StringEquals", "aws:SourceVpce", "vpce-1"), YES),
        (_test("ForAllValues:StringNotEqualsIgnoreCase", "aws:SourceVpc", "VPC-1"), NO),
        (_test("StringEquals", "aws:SourceVpc", "${aws:PrincipalTag/vpc}"), MAYBE),
        (_test("StringEquals", "aws:SourceVpc", {"variable": "vpc"}), MAYBE),
        (_test("StringEquals", "aws:SourceVpc", {"vpc": True}), YES),
        (_test("StringNotEquals", "aws:RequestedRegion", "eu-west-1"), NO),
        (_test("StringEquals", "aws:RequestedRegion", "us-east-1"), NO),
        (_test("Null", "aws:SourceVpce", "true"), NO),
        (_test("Null", "aws:SourceVpce", "false"), YES),
        (_test("Null", "aws:SourceIp", *json.loads("[true]")), YES),
        (_test("IpAddress", "aws:SourceIp", "0.0.0.0/0"), NO),
        (_test("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), YES),
        (_test("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24"), YES),
        (_test("ForAnyValue:NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), NO),
        (_test("ForAllValues:IpAddress", "aws:SourceIp", "203.0.113.0/24"), YES),
        (_test("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"), YES),
        (_test("IpAddress", "aws:VpcSourceIp", "10.0.0.0/17", "10.0.128.0/17", "10.1.2.3/16"), YES),
        (_test("IpAddress", "aws:VpcSourceIp", "10.0.0.0/16"), MAYBE),
        (_test("IpAddress", "aws:VpcSourceIp", "10.0.0.1"), MAYBE),
        (_test("IpAddress", "aws:VpcSourceIp", "fd00::/8"), NO),
        (_test("NotIpAddress", "aws:VpcSourceIp", "192.168.0.0/16"), YES),
        (_test("IpAddress", "aws:VpcSourceIp", "here"), MAYBE),
        (_test("StringEquals", "aws:PrincipalAccount", "111122223333"), YES),
        (_test("StringEquals", "aws:PrincipalAccount", "444455556666"), MAYBE),
        (_test("StringNotEquals", "aws:PrincipalAccount", "111122223333"), NO),
        (_test("StringEquals", "aws:PrincipalOrgID", "o-1"), MAYBE),
        (_test("StringEquals", "aws:SourceVpce", "vpce-1") | _test("Null", "aws:CalledVia", "true"), MAYBE),
        (_test("StringEquals", "aws:SourceVpce", "vpce-2") | _test("Null", "aws:CalledVia", "true"), NO),
        (_test("DateLessThan", "aws:SourceVpce", "vpce-1"), MAYBE),
        ({"StringEquals": "aws:SourceVpce"}, MAYBE),
        ("StringEquals", MAYBE),
        ({}, YES),
    ],
)
def test_what_the_endpoint_s_own_requests_meet(condition: object, answer: Answer) -> None:
    """Its id, its VPC's, its Region's name and the VPC's blocks decide a condition; several tests are all to hold."""
    assert OWN.meets(condition) is answer
    assert (
        allows({"Version": "2012-10-17", "Statement": _but(Condition=condition)}, "s3:GetObject", BUCKET, OWN) is answer
    )
    denied = allows(
        {"Version": "2012-10-17", "Statement": [ALLOW, _but(Effect="Deny", Condition=condition)]},
        "s3:GetObject",
        BUCKET,
        OWN,
    )
    assert denied is Answer(YES - answer)


@pytest.mark.parametrize(
    ("effect", "condition", "is_sure"),
    [
        ("Deny", _test("NotIpAddress", "aws:VpcSourceIp", "10.0.0.0/16"), True),  # who is in it passes
        ("Deny", _test("IpAddress", "aws:VpcSourceIp", "10.0.0.0/16"), False),
        ("Allow", _test("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"), True),
        ("Allow", _test("IpAddress", "aws:VpcSourceIp", "192.168.0.0/16"), False),
        ("Allow", _test("StringEquals", "aws:PrincipalAccount", "444455556666"), False),
        ("Deny", _test("StringNotEquals", "aws:PrincipalAccount", "444455556666", "111122223333"), True),
        ("Deny", _test("NumericLessThan", "s3:TlsVersion", "1.2"), True),
        ("Allow", _test("NumericLessThan", "s3:TlsVersion", "1.2"), False),
    ],
)
def test_what_callers_from_elsewhere_leave_open(effect: str, condition: object, *, is_sure: bool) -> None:
    """An interface endpoint has callers outside of its VPC, and any endpoint those of other accounts."""
    context = {**OWN.context, "aws:vpcsourceip": ("10.0.0.0/16", "0.0.0.0/0")}
    statements, request = [ALLOW] * (effect == "Deny"), Request(context=context, account=OWN.account)
    statements = [*statements, _but(Effect=effect, Condition=condition)]

    assert _doubt(statements, "logs", request) is (Doubt.NONE if is_sure else Doubt.CONDITIONS)
    assert nothing_of({"Version": "2012-10-17", "Statement": statements}, "logs", request) == ""


def _on(resource: object, **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": resource, **more}


def _deny(resource: object = "*", **more: object) -> dict[str, object]:
    return _on(resource, Effect="Deny", **more)


NOT_S, SEND = _without("Action", Effect="Deny", NotAction="sqs:S*"), "sqs:SendMessage"
BUCKETS = "arn:aws:s3:::"
MAX, NONE, HOME = "s3:max-keys", Doubt.NONE, {"StringLike": {"s3:prefix": "home/*"}}
TWO_ORGS = {"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}
EACH_OF_X = {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-x"}}


@pytest.mark.parametrize(
    ("statements", "service", "verdict"),
    [
        # the Denies together
        ([ALLOW, _deny(Action="sqs:S*"), NOT_S], "sqs", "anything"),
        ([_on("*", Action=SEND), _deny(Action=SEND)], "sqs", "anything"),
        ([_on("*", Action=[SEND, "sqs:Get*"]), _deny(Action=SEND), _deny(Action="sqs:G*")], "sqs", "anything"),
        ([_on("*", Action="sqs:Send*"), _deny(Action=SEND), _deny(Action=SEND + "Batch")], "sqs", Doubt.ACTIONS),
        ([_on("*", Action="sqs:S*"), _deny(Action=SEND)], "sqs", Doubt.NONE),
        ([_on("*", Action="sqs:NoSuchAction")], "sqs", Doubt.ACTIONS),
        # by their resources
        ([_on(BUCKETS + "b/*"), _deny(BUCKETS + "b*")], "s3", "anything"),
        ([_on(BUCKETS + "c/*"), _without("Resource", Effect="Deny", NotResource=BUCKETS + "d/*")], "s3", "anything"),
        ([_on(BUCKETS + "c/*"), _without("Resource", Effect="Deny", NotResource=BUCKETS + "c/*")], "s3", Doubt.NONE),
        ([_on(BUCKETS + "b?/*"), _deny(BUCKETS + "b*")], "s3", "anything"),
        ([_on([BUCKETS + "a/*", BUCKETS + "b/*"]), _deny(BUCKETS + "a*"), _deny(BUCKETS + "b/?*")], "s3", Doubt.NONE),
        ([_on([BUCKETS + "a/x", BUCKETS + "b/x"]), _deny(BUCKETS + "a*"), _deny(BUCKETS + "b/?*")], "s3", "anything"),
        # set operators of one value, and variables
        ([_but(Condition=IS_X), _deny(Condition=EACH_OF_X)], "sqs", "anything"),
        ([_but(Condition=TWO_ORGS), _deny(Condition=TWO_ORGS)], "sqs", Doubt.CONDITIONS),
        ([_but(Condition=TWO_ORGS)], "sqs", Doubt.NONE),
        ([_on(BUCKETS + "${aws:PrincipalAccount}-b/*")], "s3", Doubt.NONE),
        ([_on(BUCKETS + "${aws:username}/*"), _deny(BUCKETS + "${aws:username}/*")], "s3", Doubt.CONDITIONS),
        # what an action takes, and where
        ([_on(BUCKETS + "b", Action="s3:GetObject")], "s3", Doubt.ACTIONS),
        ([_on(BUCKETS + "b/*", Action="s3:ListBucket")], "s3", Doubt.ACTIONS),
        ([_on([BUCKETS + "b", BUCKETS + "b/*"], Action=["s3:GetObject", "s3:ListBucket"])], "s3", Doubt.NONE),
        ([_on("arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*")], "s3", Doubt.NONE),
        ([_on("arn:aws:sqs:us-east-1:111122223333:*")], "sqs", Doubt.REGION),
        ([_on("arn:aws:sqs:*:111122223333:*")], "sqs", Doubt.NONE),
        ([_on("arn:aws:iam::111122223333:role/x")], "iam", Doubt.NONE),
        ([_on("arn:aws:s3:::x/*")], "kms", "kms:*"),
        ([_on("*"), _deny("arn:aws:kms:*", Action="?ms:*")], "kms", Doubt.NONE),  # some take no key
        ([_on("*"), _deny([BUCKETS + "*", BUCKETS + "*/*"])], "s3", Doubt.NONE),
        ([_on("arn:aws:iam::111122223333:role/x")], "sts", Doubt.NONE),  # what AssumeRole takes
        ([_on("arn:aws:sqs:*")], "sts", Doubt.ACTIONS),
        ([_on("arn:aws:kms:*:*:key/x")], "kms", Doubt.NONE),
        ([_on("*"), _deny("arn:aws-cn:kms:*")], "kms", Doubt.NONE),
        ([_on("-", Action="ecr:GetAuthorizationToken")], "ecr.api", Doubt.NONE),
        # a service's own keys are what callers give
        ([_but(Condition={"StringEquals": {"cloudwatch:namespace": "App"}})], "monitoring", Doubt.NONE),
        ([_but(Condition={"StringEquals": {"s3:ResourceAccount": "111122223333"}})], "s3", Doubt.NONE),
        ([ALLOW, _deny(Condition={"Bool": {"aws:ViaAWSService": "true"}})], "sqs", Doubt.NONE),
        ([_but(Condition=_test("NumericLessThan", MAX, "10") | _test("NumericGreaterThan", MAX, "5"))], "s3", NONE),
        ([_but(Condition=_test("NumericNotEquals", MAX, "0"))], "s3", NONE),
        ([_but(Condition=_test("NumericLessThanEquals", MAX, "a"))], "s3", Doubt.CONDITIONS),
        # the keys of each action and resource: of others no request has them
        ([_but(Action="s3:GetObject", Condition=HOME)], "s3", Doubt.KEYS),
        ([_but(Action="s3:PutObject", Condition=HOME | ONLY_TLS)], "s3", Doubt.KEYS),
        ([_but(Action=["s3:GetObject", "s3:ListBucket"], Condition=HOME)], "s3", NONE),
        ([_on(BUCKETS + "b/*", Condition=HOME)], "s3", Doubt.KEYS),
        ([_but(Condition=_test("StringEquals", "s3:prefx", "home/"))], "s3", Doubt.KEYS),
        ([_but(Action="s3:GetObject", Condition=_test("StringNotEquals", "s3:prefix", "a"))], "s3", NONE),
        ([_but(Action="s3:GetObject", Condition=_test("StringEqualsIfExists", "s3:prefix", "a"))], "s3", NONE),
        ([_but(Action="s3:GetObject", Condition=_test("ForAllValues:StringEquals", "s3:prefix", "a"))], "s3", NONE),
        ([_but(Action="s3:GetObject", Condition=_test("Null", "s3:prefix", "true"))], "s3", NONE),
        ([_but(Action="s3:GetObject", Condition=_test("Null", "s3:prefix", "false"))], "s3", Doubt.KEYS),
        ([_but(Action="s3:GetObject"), _deny(Condition=_test("StringNotEquals", "s3:prefix", "a"))], "s3", Doubt.KEYS),
        ([ALLOW, _deny(Condition=_test("StringNotEquals", "s3:prefix", "a"))], "s3", NONE),
        ([_but(Action="s3:GetObject"), _deny(Condition=HOME)], "s3", NONE),
        ([_on(BUCKETS + "${s3:prefix}/*", Action="s3:GetObject")], "s3", Doubt.KEYS),
        (
            [_but(Action="sqs:SendMessage", Condition=_test("StringEquals", "aws:RequestTag/a", "b"))],
            "sqs",
            Doubt.CONDITIONS,
        ),
        ([_but(Action="sqs:*", Condition=_test("StringEquals", "aws:RequestTag/a", "b"))], "sqs", NONE),
        ([_but(Action="sqs:ListQueues", Condition=_test("StringEquals", "aws:ResourceTag/a", "b"))], "sqs", Doubt.KEYS),
        ([_but(Condition=_test("StringEquals", "kms:EncryptionContext:a", "b"))], "kms", NONE),
        ([_but(Condition=_test("StringEquals", "secretsmanager:ResourceTag/a", "b"))], "secretsmanager", NONE),
        (
            [_but(Action="sts:GetCallerIdentity", Condition=_test("StringEquals", "idp.example.com:sub", "b"))],
            "sts",
            Doubt.KEYS,
        ),
        ([_but(Action="sqs:NoSuch"), _but(Action="sqs:S*", Condition=THERE)], "sqs", Doubt.CONDITIONS),
        # what an endpoint takes a part of
        ([_but(Action=["ecr:GetAuthorizationToken", "ecr:CreateRepository"])], "ecr.dkr", Doubt.ACTIONS),
        ([_but(Action=["ecr:GetAuthorizationToken", "ecr:CreateRepository"])], "ecr.api", NONE),
        ([_but(Action="ecr:BatchGetImage")], "ecr.dkr", NONE),
        # what only requests of AWS's services have
        ([_but(Condition=_test("StringEquals", "kms:ViaService", "sqs"))], "kms", Doubt.CONDITIONS),
        ([_but(Condition=_test("StringEquals", "aws:SourceAccount", "111122223333"))], "sqs", Doubt.CONDITIONS),
        ([_but(Condition=_test("StringLike", "aws:PrincipalServiceName", "*"))], "sqs", Doubt.CONDITIONS),
        ([ALLOW, _deny(Condition=_test("StringEquals", "aws:SourceAccount", "1"))], "sqs", NONE),
        # values that a key never has
        ([_but(Condition=_test("StringEquals", "aws:PrincipalType", "Role"))], "sqs", Doubt.CONDITIONS),
        ([_but(Condition=_test("StringEquals", "aws:PrincipalType", "AssumedRole"))], "sqs", NONE),
        (
            [_but(Condition=_test("StringLike", "aws:PrincipalArn", "arn:aws-cn:iam::111122223333:*"))],
            "sqs",
            Doubt.CONDITIONS,
        ),
        (
            [_but(Condition=_test("StringLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:app"))],
            "sqs",
            Doubt.CONDITIONS,
        ),
        ([_but(Condition=_test("StringLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/a*"))], "sqs", NONE),
        ([_but(Condition=_test("StringEquals", "s3:authType", "header"))], "s3", Doubt.CONDITIONS),
        ([_but(Condition=_test("StringEquals", "s3:ResourceAccount", "o-1"))], "s3", Doubt.CONDITIONS),
        # both ways
        (
            [ALLOW, *(_deny(Condition=_test("Bool", "aws:SecureTransport", way)) for way in ("true", "false"))],
            "sqs",
            "anything",
        ),
        ([_on(BUCKETS + "*"), _deny([BUCKETS + f"b{number}*" for number in range(900)])], "s3", Doubt.SIZE),
    ],
)
def test_what_all_statements_together_let_through(statements: object, service: str, verdict: str | Doubt) -> None:
    """A request that is known to be one passes, none does, or why it is not known."""
    nothing = nothing_of({"Version": "2012-10-17", "Statement": statements}, service, Request(account="111122223333"))

    assert (nothing or _doubt(statements, service, Request(account="111122223333"))) == verdict


@pytest.mark.parametrize(
    ("statements", "answer"),
    [
        ([ALLOW, _deny(Condition=HOME)], YES),
        ([ALLOW, _deny(Condition=_test("StringEquals", "s3:ExistingObjectTag/a", "b"))], MAYBE),
        ([ALLOW, _deny(Condition=_test("StringNotEquals", "s3:prefix", "b"))], MAYBE),
        ([_but(Condition=HOME)], MAYBE),
    ],
)
def test_what_aws_does_not_list_for_an_action_stops_no_request_for_it(statements: list[object], answer: Answer) -> None:
    """Nor does it fail one: AWS may list it later."""
    document = {"Version": "2012-10-17", "Statement": statements}

    assert reach(document, "s3:GetObject", BUCKET, [OWN])[0] is answer


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        (_test("DateLessThan", "aws:CurrentTime", "2026-11-27T23:59:59Z"), "anything"),
        (_test("DateLessThan", "aws:CurrentTime", "2026-11-28T12:00:00Z"), Doubt.CONDITIONS),
        (_test("DateLessThan", "aws:CurrentTime", "2026-11-29T00:00:01Z"), Doubt.NONE),
        (_test("DateGreaterThan", "aws:CurrentTime", "2999-01-01"), "anything"),
        (_test("DateGreaterThan", "aws:CurrentTime", "2026-11-28T01:00:00+02:00"), Doubt.NONE),
        (_test("DateNotEquals", "aws:CurrentTime", "2020-01-01"), Doubt.NONE),
        (_test("DateEquals", "aws:CurrentTime", "2020-01-01", "2026-11-28T12:00:00Z"), Doubt.CONDITIONS),
        (_test("DateGreaterThanEquals", "aws:EpochTime", "1577836800"), Doubt.NONE),
        (_test("NumericLessThan", "aws:EpochTime", "1577836800"), "anything"),
        (_test("NumericGreaterThan", "aws:EpochTime", 0), Doubt.NONE),
        (_test("DateLessThan", "aws:CurrentTime", "tomorrow"), Doubt.CONDITIONS),
        (_test("DateLessThan", "aws:CurrentTime", "20200101"), Doubt.CONDITIONS),
        (_test("StringLike", "aws:CurrentTime", "2026-*"), Doubt.CONDITIONS),
        (_test("Null", "aws:CurrentTime", "true"), "anything"),
        (_test("DateLessThan", "aws:TokenIssueTime", "2020-01-01"), Doubt.CONDITIONS),
    ],
)
def test_what_the_day_decides(condition: object, verdict: str | Doubt) -> None:
    """Of the time only the day is known, in UTC; of other times nothing is."""
    context = through(endpoint="vpce-1", vpc="vpc-1", service="com.amazonaws.eu-west-1.sqs", day=date(2026, 11, 28))
    statements, request = [_but(Condition=condition)], Request(context=context, account="111122223333")
    nothing = nothing_of({"Version": "2012-10-17", "Statement": statements}, "sqs", request)

    assert (nothing or _doubt(statements, "sqs", request)) == verdict


@given(
    patterns=st.frozensets(st.text("ab*?", max_size=4), max_size=3),
    within=st.sampled_from(["*", "a*", "?*"]),
)
def test_of_each_kind_of_texts_that_patterns_tell_apart_there_is_one(patterns: frozenset[str], within: str) -> None:
    """All that short texts show is among the kinds, and each kind is within the pattern."""

    def kind(text: str) -> frozenset[str]:
        return frozenset(pattern for pattern in patterns if _fits(pattern, text))

    found = kinds(within, patterns)

    assert found is not None
    assert {kind(text) for text in TEXTS if _fits(within, text)} <= {kind(text) for text in found}
    assert all(_fits(within, text) for text in found)
    assert len({kind(text) for text in found}) == len(found)
