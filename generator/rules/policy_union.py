"""Parts of a policy that undo each other: what one of them allows, no other takes back."""

from __future__ import annotations

import re
from typing import Any

from generator.intent.endpoints import Endpoint
from generator.intent.iam import names
from generator.intent.iam_pattern import Answer, texts
from generator.intent.iam_principal import is_anybody
from generator.intent.intent import Intent
from generator.intent.policy_parts import owner_of
from generator.rules.policy_statements import PERIMETER, Statement, statements
from generator.rules.rule import Findings, policy_rule

_CONFINES = PERIMETER | {
    *("aws:principalarn", "aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"),
    *("s3:resourceaccount", "ssm:nodeorgid", "ssm:nodeaccountid"),
}
"""The condition keys that say who asks, or whose the resource is; `ssm:Node…` say it of nodes that are no instances.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (checked 2026-11-24)
https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html (checked 2026-11-24)
"""
_ARN_PARTS = 6


@policy_rule("W246")
def cancelled(intent: Intent, endpoint: Endpoint) -> Findings:
    """A perimeter that another part of the policy opens."""
    found = list(statements(intent, endpoint))
    denied = (each.conditions() for each in found if each.stated.get("Effect") == "Deny")
    if any(condition.key.casefold() in PERIMETER for conditions in denied for condition in conditions):
        return
    allowed = [each for each in found if each.stated.get("Effect") == "Allow"]
    perimeters = [each for each in allowed if _confining(each) & PERIMETER and _reaches_beyond(each)]
    for each in allowed:
        opened = next((other for other in perimeters if _share_actions(each.stated, other.stated)), None)
        if opened and is_anybody(each.stated) is Answer.YES and not _confining(each) and _reaches_beyond(each):
            perimeter = _name(opened)
            message = f"{endpoint.key}: {_name(each)} lets anybody in beside {perimeter}: statements of a policy add up"
            way = "write its actions in a document, with" if each.part.preset else "give it"
            yield each.place(), message, f"remove it; or {way} the conditions of {perimeter}"


def _name(statement: Statement) -> str:
    return statement.part.preset.name if statement.part.preset else statement.name


def _confining(statement: Statement) -> set[str]:
    """Return the keys whose conditions confine a statement to their values."""
    conditions = statement.conditions()
    keys = {each.key.casefold() for each in conditions if not re.search("not|null", each.operator.casefold())}
    return keys & _CONFINES


def _reaches_beyond(statement: Statement) -> bool:
    """Tell whether a statement is about more than resources that it names, or that AWS owns."""
    resources = texts(statement.stated.get("Resource"))
    return "NotResource" in statement.stated or any(not (owner_of(each) or _is_named(each)) for each in resources)


def _is_named(resource: str) -> bool:
    """Tell whether an ARN leaves no doubt whose the resource is: it has the account, or a bucket's whole name."""
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return "<" in resource
    return not re.search(r"[*?$]", parts[4] or parts[5].partition("/")[0])


def _share_actions(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return "NotAction" in left or any(names(right, action) for action in texts(left.get("Action")))
