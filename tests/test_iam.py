"""The evaluator: a yes only where everybody surely may, a no only where surely nobody may."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.intent.iam import Answer, allows, is_unclear, nothing_of

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
    assert allows({"Statement": ALLOW}, "s3:GetObject", BUCKET) is YES
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
    answer = allows({"Statement": _but(Resource=pattern)}, "s3:GetObject", asked + rest)

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
        ([_but(Action="sns:*")], "email-smtp", ""),  # of which no source names the prefix
    ],
)
def test_what_nobody_may_use(statements: list[object], service: str, nothing: str) -> None:
    """All of a service is refused however the statements name it; no service's actions are guessed by its name."""
    assert nothing_of({"Statement": statements}, service) == nothing


@pytest.mark.parametrize(
    ("principal", "nothing"),
    [
        ({"AWS": "arn:aws:iam::111122223333:root"}, "anything"),
        ({"AWS": "arn:aws-cn:iam::111122223333:root"}, "anything"),
        ({"AWS": ["444455556666", "111122223333"]}, "anything"),
        ({"AWS": "444455556666"}, ""),
        ({"AWS": "arn:aws:iam::111122223333:role/app"}, ""),
        ({"Service": "111122223333"}, ""),
    ],
)
def test_what_nobody_of_an_account_may_use(principal: object, nothing: str) -> None:
    """The whole account is its id, or its root; a role of it is that role."""
    document = {"Statement": [ALLOW, _but(Effect="Deny", Principal=principal)]}

    assert nothing_of(document, "ecr.dkr", account="111122223333") == nothing
    assert nothing_of(document, "ecr.dkr") == ""


@pytest.mark.parametrize(
    ("statements", "service", "unclear"),
    [
        ([ALLOW], "email-smtp", False),
        ([_but(Action="ses:*")], "email-smtp", True),
        ([_but(Action="ses:*")], "email", False),
        ([_without("Action", NotAction="iam:*")], "email-smtp", True),
        ([ALLOW, _but(Effect="Deny", Action="ses:*")], "email-smtp", True),
        ([ALLOW, _but(Action="ses:*"), _but(Effect="Deny", Condition=THERE)], "email-smtp", False),
        ([_but(Action="ses:*")], "", True),
    ],
)
def test_what_names_actions_of_no_known_prefix_is_unclear(statements: object, service: str, *, unclear: bool) -> None:
    """Whether it is of the service no source says."""
    assert is_unclear({"Statement": statements}, service) is unclear


@pytest.mark.parametrize(
    ("statements", "nothing"),
    [
        ([ALLOW], ""),
        ([_but(Condition=ONLY_TLS)], ""),
        ([_but(Condition=OURS)], ""),
        ([_but(Condition=OURS | THERE)], "anything"),
        ([_but(Condition=THERE)], "anything"),
        ([ALLOW, _but(Effect="Deny", Condition=OTHERS)], ""),
        ([ALLOW, _but(Effect="Deny", Condition=OTHERS | THERE)], ""),
        ([ALLOW, _but(Effect="Deny", Condition=THERE)], "anything"),
        ([ALLOW, _but(Effect="Deny", Condition={"StringLike": {"aws:PrincipalArn": "*"}})], "anything"),
        ([ALLOW, _but(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})], ""),
        ([ALLOW, _but(Effect="Deny", Condition=ONLY_TLS)], "anything"),
        ([ALLOW, _but(Effect="Deny", Action="ecr:*", Condition=ONLY_TLS)], "ecr:*"),
        ([ALLOW, _but(Effect="Deny", Action="ecr:PutImage", Condition=ONLY_TLS)], ""),
        ([_but(Condition=THERE), _but(Action="ecr:PutImage")], ""),
    ],
)
def test_what_nobody_may_use_in_the_worst_case(statements: list[object], nothing: str) -> None:
    """Conditions decide whether anybody gets through only where nothing gets through without them."""
    assert nothing_of({"Statement": statements}, "ecr.dkr", is_worst=True) == nothing
    assert nothing_of({"Statement": statements}, "ecr.dkr") == ""
