"""Whether a policy document allows an action on a resource to anybody, as IAM evaluates it and one document can say.

It never takes a maybe for a yes: what depends on a condition, on who asks, or on a part of the resource is `MAYBE`.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from functools import cache
from typing import Any

from generator.catalog.policy_needs import NO_RESOURCE, prefix_of, uses
from generator.spec.policy_text import as_text

ANYTHING = "anything"
"""What a document lets nobody use that allows nothing at all."""
_OF_CALLERS = ("aws:principal", "aws:resource")


class Answer(IntEnum):
    """Whether something holds: surely not, for some, or surely for all."""

    NO = 0
    MAYBE = 1
    YES = 2


def allows(document: object, action: str, resource: str, *, is_worst: bool = False, account: str = "") -> Answer:
    """Tell whether a document lets anybody use `action` on `resource`, which may end in `*` for all that begins so.

    A deny that surely holds is a no; one that may hold leaves no more than a maybe. In the worst case the conditions of
    each deny hold, and those of no allow, but for those that tell callers apart. Of an `account`, anybody is one of it.
    """
    effects = {"Allow": Answer.NO, "Deny": Answer.NO}
    for statement in _statements(document):
        effect = statement.get("Effect")
        if isinstance(effect, str) and effect in effects:
            condition = Answer.MAYBE
            if is_worst and not _tells_callers_apart(statement.get("Condition"), effect):
                condition = Answer.YES if effect == "Deny" else Answer.NO
            effects[effect] = max(effects[effect], applies(statement, action, resource, condition, account))
    if effects["Deny"] is Answer.YES:
        return Answer.NO
    return min(effects["Allow"], Answer.MAYBE) if effects["Deny"] else effects["Allow"]


def _statements(document: object) -> Iterator[dict[str, Any]]:
    """Yield the statements of a document; none of what is no policy."""
    stated = document.get("Statement") if isinstance(document, dict) else None
    yield from (each for each in (stated if isinstance(stated, list) else [stated]) if isinstance(each, dict))


def _tells_callers_apart(condition: object, effect: str) -> bool:
    """Tell whether a condition is of who calls for what, and how, so that some pass: all of an allow, one of a deny.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (checked 2026-11-27)
    """
    operators: dict[str, Any] = condition if isinstance(condition, dict) else {}
    tests = [
        (key.casefold(), {text.casefold() for text in texts(value)})
        for each in operators.values()
        for key, value in (each.items() if isinstance(each, dict) else ())
    ]
    secure = "true" if effect == "Allow" else "false"
    ordinary = [
        values == {secure} if key == "aws:securetransport" else key.startswith(_OF_CALLERS) and not _covers_all(values)
        for key, values in tests
    ]
    return bool(ordinary) and (all if effect == "Allow" else any)(ordinary)


def _covers_all(values: Iterable[str]) -> bool:
    return any(not value.strip("*") for value in values)


def nothing_of(document: object, service_id: str = "", *, is_worst: bool = False, account: str = "") -> str:
    """Return what a document lets nobody, or nobody of an account, use: ANYTHING, or all of a service, as `ecr:*`."""
    for action, resources in _wholes(service_id):
        if not any(allows(document, action, each, is_worst=is_worst, account=account) for each in resources):
            return action.replace("*:*", ANYTHING)
    return ""


def _wholes(service_id: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield all actions, then a service's, each on all resources."""
    yield "*:*", ("arn:*", NO_RESOURCE)
    known = [use for use in uses() if service_id and use.is_of(service_id)]
    for use in known:
        yield f"{use.prefix}*", ("arn:*", NO_RESOURCE) if use.resource == NO_RESOURCE else ("arn:*",)
    if not known and (prefix := prefix_of(service_id)):
        yield f"{prefix}*", ("arn:*", NO_RESOURCE)


def is_unclear(document: object, service_id: str) -> bool:
    """Tell whether a document names actions of which no source says whether they are those of a service."""
    whole = {(each.get("Effect"), names(each, "*:*") is Answer.YES) for each in _statements(document)}
    return not prefix_of(service_id) and (("Allow", True) not in whole or ("Deny", False) in whole)


def texts(value: object) -> tuple[str, ...]:
    """Return the texts that a value of the policy language holds, one or a list of them, as far as they are known."""
    items = map(as_text, value if isinstance(value, list) else [value])
    return tuple(text for text in items if text is not None)


def is_anybody(principal: object, account: str = "") -> bool:
    """Tell whether a `Principal` is everybody, `"*"` or `{"AWS": "*"}`, or everybody of an account: it or its root.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
    """
    named = texts(principal.get("AWS")) if isinstance(principal, dict) else ()
    whole = re.compile(rf"(arn:[^:]+:iam::)?{account}(?(1):root)") if account else None
    return principal == "*" or any(each == "*" or (whole and whole.fullmatch(each)) for each in named)


def applies(
    statement: dict[str, Any], action: str, resource: str, condition: Answer = Answer.MAYBE, account: str = ""
) -> Answer:
    """Tell whether a statement holds for a request, as its condition does if it has one."""
    who = Answer.YES if is_anybody(statement.get("Principal"), account) else Answer.MAYBE
    when = condition if statement.get("Condition") else Answer.YES
    what = _named(statement, "Resource", lambda pattern: _covers(pattern, resource))
    return min(who, when, what, names(statement, action))


def names(statement: dict[str, Any], action: str) -> Answer:
    """Tell whether a statement names an action, which may end in `*` for all that begins so."""
    return _named(statement, "Action", lambda pattern: _covers(pattern.casefold(), action.casefold()))


def _named(statement: dict[str, Any], element: str, covers: Callable[[str], Answer]) -> Answer:
    """Tell whether an element names something; its `Not…` form names all but what it lists."""
    if f"Not{element}" in statement:
        left_out = max((covers(pattern) for pattern in texts(statement[f"Not{element}"])), default=Answer.NO)
        return Answer(Answer.YES - left_out)
    return max((covers(pattern) for pattern in texts(statement.get(element))), default=Answer.NO)


def _covers(pattern: str, asked: str) -> Answer:
    """Tell whether a pattern covers all of `asked`, some of it, or nothing; policy variables may be anything."""
    plain = re.sub(r"\$\{([*?$])\}|\$\{[^}]*\}", lambda found: found[1] or "*", pattern)
    if plain == pattern and _regex(pattern).fullmatch(asked):
        return Answer.YES
    return Answer.MAYBE if _meet(plain, asked) else Answer.NO


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    parts = ({"*": ".*", "?": "[^*]"}.get(character, re.escape(character)) for character in pattern)
    return re.compile("".join(parts), re.DOTALL)


def _meet(left: str, right: str) -> bool:
    """Tell whether some text fits two patterns; in the second, `?` is a character like any other."""
    # As a non-deterministic automaton: `left` is read once, and `reach` has every position in `right` that some choice
    # of what the stars of both stand for has come to.
    right = re.sub(r"\*+", "*", right)
    reach = {0, 1} if right.startswith("*") else {0}
    for character in left:
        if character == "*":
            reach = set(range(min(reach), len(right) + 1)) if reach else reach
        else:
            fits = {character, "*"} if character != "?" else {*right}
            reach = {at if right[at] == "*" else at + 1 for at in reach if right[at : at + 1] in fits}
            reach |= {at + 1 for at in reach if right[at : at + 1] == "*"}
    return len(right) in reach
