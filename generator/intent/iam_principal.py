"""Whom a statement is about, as a test of who asks: `Principal`, or all others than `NotPrincipal` has.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html (both 2026-11-28)
Who is of one partition asks for nothing in another: each has its own accounts and credentials.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (checked 2026-11-28)
"""

from __future__ import annotations

import re
from typing import Any

from generator.intent.iam_condition import Test
from generator.intent.iam_keys import CALLER
from generator.intent.iam_pattern import Answer, texts

PRINCIPAL, OTHERS = "principal", "notprincipal"
_WHOSE = re.compile(r"(?:arn:[^:]+:(iam|sts)::)?([0-9]{12})(:.+)?")
_PARTITION = re.compile(r"arn:([^:*?$]+):(?:iam|sts)::.*")


def principal_test(statement: dict[str, Any]) -> Test | None:
    """Return what a statement says of who asks, by operators of its own; None if that is anybody."""
    is_but = "NotPrincipal" in statement
    principal = statement.get("NotPrincipal" if is_but else "Principal")
    if principal == "*" and not is_but:
        return None
    of_kind = principal if isinstance(principal, dict) else {"AWS" if principal == "*" else "": principal}
    is_service = of_kind.keys() == {"Service"} and statement.get("Effect") == "Deny"  # no caller in a VPC is one
    named = () if is_service else texts(of_kind.get("AWS"))
    is_unclear = not is_service and (of_kind.keys() - {"AWS"} or (is_but and not named))
    others = (None,) if is_unclear else ()
    return Test(OTHERS if is_but else PRINCIPAL, CALLER, (*named, *others))


def is_meant(test: Test, had: tuple[str, ...]) -> Answer:
    """Tell whether a caller of an ARN, or of none, is whom a statement is about."""
    found = max((_is_of(str(each), had) if each else Answer.MAYBE for each in test.values), default=Answer.NO)
    if test.operator == PRINCIPAL:
        return found
    is_all = "*" in test.values  # who else is left out has to be named with its account, and its role and session
    return Answer(Answer.YES - (found if is_all else min(found, Answer.MAYBE)))


def is_anybody(statement: dict[str, Any], account: str = "") -> Answer:
    """Tell whether a statement is about anybody, or anybody of an account; whom it names, it may be about."""
    if (test := principal_test(statement)) is None:
        return Answer.YES
    found = is_meant(test, (f"arn:*:iam::{account}:root",) if account else ())
    return found if found is (Answer.YES if test.operator == PRINCIPAL else Answer.NO) else Answer.MAYBE


def is_elsewhere(statement: dict[str, Any], partition: str) -> bool:
    """Tell whether a statement is about principals of other partitions alone."""
    test = principal_test(statement)
    named = test.values if test and test.operator == PRINCIPAL else ()
    return bool(named) and all(_is_away(each or "", partition) for each in named)


def account_of(had: tuple[str, ...]) -> str:
    """Return the account of a caller's ARN; empty where it has none."""
    return had[0].split(":")[4] if had else ""


def _is_of(principal: str, had: tuple[str, ...]) -> Answer:
    """Tell whether a caller is of a principal; which session or id is whose is not known."""
    if had and _is_away(principal, had[0].split(":")[1]):
        return Answer.NO
    account = account_of(had)
    whose = _WHOSE.fullmatch(principal)
    is_account = whose and whose[2] == account and (whose[1], whose[3]) == ("iam", ":root")
    if is_account or principal in {"*", account, *had}:
        return Answer.YES
    is_other = not had or (whose and (whose[2] != account or whose[1] == "iam"))
    return Answer.NO if is_other else Answer.MAYBE


def _is_away(principal: str, partition: str) -> bool:
    found = _PARTITION.fullmatch(principal)
    return bool(found and partition not in {"", "*", found[1]})
