"""Policies that say the same in other words, and policies that do not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.intent.iam_same import is_default, same_to_provider, says_the_same

FULL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
READ: dict[str, Any] = {
    "Sid": "Read",
    "Effect": "Allow",
    "Principal": {"AWS": ["111122223333", "444455556666"]},
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::a"],
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1", "o-2"]}, "Bool": {"aws:SecureTransport": "true"}},
}


def _document(*statements: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


@pytest.mark.parametrize(
    "other",
    [
        json.dumps(_document(READ, FULL), indent=2),
        _document(FULL, READ),
        _document(READ, FULL, FULL),
        _document(READ, {**FULL, "Principal": {"AWS": "*"}}),
        _document(READ, {**FULL, "Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["*"], "Condition": {}}),
        _document(READ, {**FULL, "Sid": ""}),
        {"Statement": [READ, FULL]},
        {"Version": "2008-10-17", "Statement": [READ, FULL]},
        _document({**READ, "Action": ["S3:listbucket", "s3:GetObject"]}, FULL),
        _document({**READ, "Resource": READ["Resource"][::-1]}, FULL),
        _document({**READ, "Principal": {"AWS": ["arn:aws:iam::444455556666:root", "111122223333"]}}, FULL),
        _document(
            {
                **READ,
                "Condition": {
                    "Bool": {"aws:securetransport": True},
                    "StringEquals": {"AWS:PrincipalOrgId": ["o-2", "o-1"]},
                },
            },
            FULL,
        ),
    ],
)
def test_says_the_same(other: object) -> None:
    """What makes no difference to AWS is no difference, whichever of the two is first."""
    assert says_the_same(_document(READ, FULL), other)
    assert says_the_same(other, _document(READ, FULL))


def test_the_roots_of_two_partitions_are_two() -> None:
    """An account's id is that of either."""
    one, other, either = (
        _document({**READ, "Principal": {"AWS": each}})
        for each in ("arn:aws:iam::111122223333:root", "arn:aws-cn:iam::111122223333:root", "111122223333")
    )
    assert not says_the_same(one, other)
    assert says_the_same(one, either)
    assert says_the_same(either, other)


@pytest.mark.parametrize(
    "other",
    [
        _document(READ),
        _document(READ, {**FULL, "Effect": "Deny"}),
        _document({**READ, "Sid": "Other"}, FULL),
        _document(READ, FULL, Id="one"),
        _document({**READ, "Action": "s3:GetObject"}, FULL),
        _document({key: item for key, item in READ.items() if key != "Condition"}, FULL),
        _document({**READ, "Resource": ["arn:aws:s3:::A/*", "arn:aws:s3:::a"]}, FULL),
        _document({**READ, "Principal": {"AWS": ["arn:aws:iam::444455556666:role/x", "111122223333"]}}, FULL),
        _document(
            {**{key: item for key, item in READ.items() if key != "Action"}, "NotAction": READ["Action"]},
            FULL,
        ),
        {**_document(READ, FULL), "Statement": None},
        "no JSON",
        None,
    ],
)
def test_says_something_else(other: object) -> None:
    """What AWS decides by, and the names that people give to it, are differences."""
    assert not says_the_same(_document(READ, FULL), other)


def test_a_number_is_its_text_wherever_it_is() -> None:
    """As AWS reads it: an account that somebody wrote without quotes is that account."""
    texts = {**FULL, "Sid": "7", "Principal": {"AWS": ["111122223333", "*"]}, "Action": "5", "Resource": ["2", "true"]}
    others = {"Sid": 7, "Principal": {"AWS": ["*", 111122223333]}, "Action": [5], "Resource": [2.0, True]}

    assert says_the_same({"Statement": texts}, {"Statement": texts | others})
    assert not says_the_same({"Statement": texts}, {"Statement": texts | {"Principal": {"AWS": ["*", 11112222333]}}})


def test_the_version_counts_where_a_variable_stands() -> None:
    """Before 2012-10-17 `${…}` was plain text, and a policy without a version is as old."""
    statement = {**FULL, "Resource": "arn:aws:s3:::a/${aws:username}/*"}

    assert not says_the_same(_document(statement), {"Statement": [statement]})
    assert says_the_same({"Version": "2008-10-17", "Statement": statement}, {"Statement": [statement]})


@pytest.mark.parametrize(
    "document",
    [
        None,
        "",
        {"Statement": [FULL]},
        {"Version": "2008-10-17", "Statement": FULL},
        json.dumps({"Version": "2012-10-17", "Statement": [{**FULL, "Sid": "All", "Principal": {"AWS": "*"}}]}),
    ],
)
def test_full_access_is_the_default(document: object) -> None:
    """The console and the API write AWS's own policy in different words."""
    assert is_default(document)


@pytest.mark.parametrize(
    "document",
    [
        {"Statement": []},
        {"Statement": [FULL, READ]},
        {"Statement": [{**FULL, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]},
        {"Statement": [{**FULL, "Action": "s3:*"}]},
        {"Statement": [{**FULL, "Effect": "Deny"}]},
        {"Statement": ["*"]},
        "no JSON",
        "[" * 100_000,
        [],
    ],
)
def test_anything_else_is_not(document: object) -> None:
    """A policy that narrows anything, or is none at all, is somebody's own."""
    assert not is_default(document)


NAMES = st.sampled_from(["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "*"])
LISTS = st.lists(NAMES, min_size=1, max_size=3, unique=True)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Principal": st.just("*"), "Action": LISTS, "Resource": LISTS}
)


@given(statements=st.lists(STATEMENTS, min_size=1, max_size=3), order=st.randoms())
def test_order_never_counts(statements: list[dict[str, Any]], order: Any) -> None:
    """Statements and lists in any order are the same; a statement more that is not there is not."""
    mixed = [{**each, "Action": order.sample(each["Action"], len(each["Action"]))} for each in statements]
    order.shuffle(mixed)

    assert says_the_same({"Statement": statements}, {"Statement": mixed})
    assert not says_the_same({"Statement": statements}, {"Statement": [*mixed, {**READ, "Sid": "More"}]})


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"Statement": FULL}, True),
        ({"Statement": [{**FULL, "Action": ["*"], "Sid": ""}]}, True),
        ({"Statement": [{**FULL, "Sid": "All"}]}, False),
        ({"Version": "2012-10-17", "Statement": [FULL]}, False),
        ({"Statement": [{**FULL, "Action": "s3:*"}]}, False),
        ({"Statement": [FULL, {**FULL, "Effect": "Deny"}]}, False),
    ],
)
def test_policies_are_one_where_the_provider_takes_them_for_one(other: object, *, same: bool) -> None:
    """What is equal in all that AWS keeps is one policy; a version or a Sid makes another."""
    assert same_to_provider({"Statement": [FULL]}, other) is same
