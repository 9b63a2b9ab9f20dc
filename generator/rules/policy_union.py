"""Parts of a policy that undo each other: what one of them allows, no other takes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.intent.iam import is_anybody, names, texts
from generator.rules.policy import called
from generator.rules.rule import endpoint_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent
    from generator.intent.policy_parts import Part
    from generator.source.diagnostics import Diagnostic

    Statement = tuple[Part, tuple[str | int, ...], dict[str, Any]]

_AROUND = frozenset(
    f"aws:{whose}{what}" for whose in ("principal", "resource") for what in ("orgid", "orgpaths", "account")
)
_CONFINES = _AROUND | {
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "s3:resourceaccount",
    "ssm:nodeorgid",
    "ssm:nodeaccountid",
}
"""The condition keys that say who asks, or whose the resource is; `ssm:Node…` say it of nodes that are no instances.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (checked 2026-11-24)
https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html (checked 2026-11-24)
"""
_ARN_PARTS = 6


@endpoint_rule(
    "W246",
    "a perimeter that another part of the policy opens",
    why="The statements of a policy add up: a request passes if one of them allows it and none denies it. An Allow "
    "for anybody beside a perimeter lets in those whom the perimeter would keep out.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    fix="Remove the open statement, or give it the conditions of the perimeter.",
)
def cancelled(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of an Allow for anybody beside a perimeter; a Deny of others holds whatever is allowed beside it."""
    found = list(_statements(intent, endpoint))
    if any(statement.get("Effect") == "Deny" and _keys(statement) & _AROUND for *_, statement in found):
        return
    allowed = [each for each in found if each[2].get("Effect") == "Allow"]
    perimeters = [each for each in allowed if _confining(each[2]) & _AROUND and _reaches_beyond(each)]
    for each in allowed:
        opened = next((other for other in perimeters if _share_actions(each[2], other[2])), None)
        if opened and is_anybody(each[2].get("Principal")) and not _confining(each[2]) and _reaches_beyond(each):
            name, perimeter = _name(each), _name(opened)
            message = f"{endpoint.key}: {name} lets anybody in beside {perimeter}: the statements of a policy add up"
            way = "write its actions in a document, with" if each[0].preset else "give it"
            fix = f"take it out; or {way} the conditions of {perimeter}"
            yield cancelled.at(each[0].place(*each[1]), message, fix)


def _statements(intent: Intent, endpoint: Endpoint) -> Iterator[Statement]:
    for part in intent.policies.parts.get(endpoint.key, ()):
        yield from ((part, path, each) for path, each in part.statements() if isinstance(each, dict))


def _name(statement: Statement) -> str:
    part, path, stated = statement
    return part.preset.name if part.preset else called(path, stated)


def _keys(statement: dict[str, Any], *, confining: bool = False) -> set[str]:
    """Return the keys of a statement's conditions, in small letters; or those that confine it to their values."""
    stated = statement.get("Condition")
    return {
        key.casefold()
        for operator, keys in (stated.items() if isinstance(stated, dict) else ())
        if isinstance(keys, dict) and not (confining and re.search("not|null", operator.casefold()))
        for key in keys
    }


def _confining(statement: dict[str, Any]) -> set[str]:
    return _keys(statement, confining=True) & _CONFINES


def _reaches_beyond(statement: Statement) -> bool:
    """Tell whether a statement is about more than resources that it names, or that AWS owns."""
    part, _, stated = statement
    resources = texts(stated.get("Resource"))
    return "NotResource" in stated or any(not (part.is_of_aws(each) or _is_named(each)) for each in resources)


def _is_named(resource: str) -> bool:
    """Tell whether an ARN leaves no doubt whose the resource is: it has the account, or a bucket's whole name."""
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return False
    return not re.search(r"[*?$]", parts[4] or parts[5].partition("/")[0])


def _share_actions(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return "NotAction" in left or any(names(right, action) for action in texts(left.get("Action")))
