"""The evaluator gives up in time: no policy of the size that AWS takes keeps a command from its end."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from typing import Any

import pytest

from generator.intent.iam import allows
from generator.intent.iam_condition import Request, through
from generator.intent.iam_pattern import kinds
from generator.intent.iam_search import LONGEST
from generator.intent.iam_use import doubt_of, nothing_of
from generator.spec.policy_text import VERSION

ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
DENY = {**ALLOW, "Effect": "Deny"}
BUCKETS = "arn:aws:s3:::"
DRAWN = random.Random(11)
ADDRESSES = [f"10.{number % 256}.{number // 256}.0/24" for number in range(1280)]


def _stars(many: int) -> list[dict[str, Any]]:
    return [{**ALLOW, "Resource": f"{BUCKETS}{'*a' * many}*b"}, {**DENY, "Resource": BUCKETS + "a*" * many}]


def _text(letters: str, length: int) -> str:
    return "".join(DRAWN.choices(letters, k=length))


SLOW: dict[str, list[dict[str, Any]]] = {
    **{f"{many} stars": _stars(many) for many in (30, 100, 1000, 4000)},
    "one text": [{**ALLOW, "Resource": BUCKETS + "a" * 20_000}],
    "question marks": [{**ALLOW, "Resource": BUCKETS + "?*" * 9_000}, {**DENY, "Resource": BUCKETS + "?" * 2_000}],
    "open variables": [{**ALLOW, "Resource": BUCKETS + "${" * 9_000}],
    "a long variable": [{**ALLOW, "Resource": BUCKETS + "${" + "a" * 18_000}],
    "a variable among stars": [{**ALLOW, "Resource": f"{BUCKETS}{'*a' * 4000}${{aws:username}}*"}, *_stars(2_000)],
    "addresses": [ALLOW, {**DENY, "Condition": {"NotIpAddress": {"aws:VpcSourceIp": ADDRESSES}}}],
    "own addresses": [{**ALLOW, "Condition": {"IpAddress": {"aws:VpcSourceIp": ADDRESSES}}}],
    "actions": [{**ALLOW, "Action": [f"s3:{chr(97 + n % 26)}*{n}?*" for n in range(500)]}, DENY | {"Action": "s3:*a"}],
    "resources": [
        *({**DENY, "Resource": [f"{BUCKETS}{'*'.join(_text('abc', 12))}*/*" for _ in range(4)]} for _ in range(80)),
        ALLOW,
    ],
    "keys": [
        {**ALLOW, "Condition": {"StringLike": {f"aws:PrincipalTag/{n}": _text("ab*", 60) for n in range(200)}}},
        {**DENY, "Condition": {"StringNotLike": {"aws:PrincipalTag/1": [_text("ab*", 12) for _ in range(200)]}}},
    ],
    "sets": [
        {**each, "Condition": {f"ForAllValues:String{but}Like": {"aws:TagKeys": [_text("ab*", 9) for _ in range(400)]}}}
        for each, but in ((ALLOW, ""), (DENY, "Not"))
    ],
    "callers": [
        {**each, "Principal": {"AWS": [str(10**11 + DRAWN.randrange(10**11)) for _ in range(600)]}}
        for each in (ALLOW, DENY)
    ],
}


@pytest.mark.parametrize("name", SLOW)
def test_every_policy_that_aws_takes_is_judged_in_time(name: str) -> None:
    """Within two seconds also where others are at work: alone, each takes less than one."""
    document = {"Version": VERSION, "Statement": SLOW[name]}
    own = through(endpoint="vpce-1", vpc="vpc-1", service="com.amazonaws.eu-west-1.s3", addresses=("10.0.0.0/8",))
    request = Request(context=own, account="111122223333")
    nothing_of({"Version": VERSION, "Statement": [ALLOW]}, "s3")  # reads what is known of AWS
    doubt_of({"Version": VERSION, "Statement": []}, "s3", region="eu-west-1", request=request)

    start = time.process_time()
    nothing_of(document, "s3", request)
    doubt_of(document, "s3", region="eu-west-1", request=request)
    allows(document, "s3:GetObject", BUCKETS + "*", request)
    took = time.process_time() - start

    assert len(json.dumps(document, separators=(",", ":"))) < LONGEST + 6_000
    assert took < 2


@pytest.mark.parametrize("name", ["4000 stars", "one text", "open variables"])
def test_what_is_tried_of_a_policy_needs_little_memory(name: str) -> None:
    """Within 50 MiB: a state of the search keeps no text."""
    tracemalloc.start()

    found = kinds("arn:*", frozenset(each["Resource"] for each in SLOW[name]))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found is None
    assert most < 50 << 20
