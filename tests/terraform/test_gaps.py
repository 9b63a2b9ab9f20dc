"""What an edit breaks on its way is seen, wherever in the log it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .emulated_log import Call, Door, Rule, Vpc
from .gaps import gaps

HTTPS = Rule("tcp", 443, 443, "10.0.0.0/16")
OFFICE = Rule("tcp", 443, 443, "192.168.0.0/16")
LOGS = Door("Interface", "logs", frozenset({"sg-old"}), frozenset({"logs.aws"}))
S3 = Door("Gateway", "s3", frozenset(), frozenset())
BEFORE = Vpc(
    {"vpce-logs": LOGS, "vpce-s3": S3},
    {"sg-old": frozenset({HTTPS, OFFICE}), "sg-new": frozenset({HTTPS})},
    {"rtb-1": frozenset({("pl-s3", "vpce-s3")})},
)
AFTER = replace(BEFORE, doors={"vpce-logs": replace(LOGS, groups=frozenset({"sg-new"})), "vpce-s3": S3})
NEW = Door("Interface", "kms", frozenset({"sg-new"}), frozenset())
CLOSED = "logs is closed to 10.0.0.0/16 on tcp 443-443 after B"


@pytest.mark.parametrize(
    ("between", "found"),
    [
        (BEFORE, []),
        (replace(BEFORE, groups={"sg-new": frozenset({HTTPS})}), [CLOSED]),
        (replace(BEFORE, groups={"sg-old": frozenset({HTTPS})}), []),  # the office is let in no more in the end
        (replace(BEFORE, groups={"sg-old": frozenset({replace(HTTPS, to_port=444)})}), [CLOSED]),
        (replace(BEFORE, doors={"vpce-s3": S3}), ["nobody answers for logs.aws after B"]),
        (replace(BEFORE, routes={"rtb-1": frozenset()}), ["rtb-1 leads nowhere with pl-s3 after B"]),
        (replace(BEFORE, doors={"vpce-logs": LOGS}), ["rtb-1 leads nowhere with pl-s3 after B"]),
    ],
    ids=["the same", "no group", "a rule fewer", "another port", "no name", "no route", "a route to nothing"],
)
def test_sees_what_is_not_there_for_a_while(between: Vpc, found: list[str]) -> None:
    """What is there before and after is to be there in every state between."""
    calls = [Call("A", "", "", {"vpc-1": BEFORE}), Call("B", "", "", {"vpc-1": between})]
    calls += [Call("C", "", "", {"vpc-1": between}), Call("D", "", "", {"vpc-1": AFTER})]

    assert gaps(calls, "vpc-1", BEFORE) == found


def test_sees_a_door_before_its_rules() -> None:
    """A new endpoint has all its rules from the first moment."""
    after = replace(BEFORE, doors={**BEFORE.doors, "vpce-kms": NEW})
    early = replace(after, groups={**after.groups, "sg-new": frozenset()})
    calls = [Call("A", "", "", {"vpc-1": early}), Call("B", "", "", {"vpc-1": after})]

    assert gaps(calls, "vpc-1", BEFORE) == ["kms is closed to 10.0.0.0/16 on tcp 443-443 after A"]


@pytest.mark.parametrize(("parameters", "found"), [("sg-old", ["A is refused with DependencyViolation"]), ("sg-x", [])])
def test_sees_a_refusal(parameters: str, found: list[str]) -> None:
    """A refused call counts in the VPC that it names something of."""
    calls = [Call("A", parameters, "DependencyViolation", {"vpc-1": BEFORE})]

    assert gaps(calls, "vpc-1", BEFORE) == found
