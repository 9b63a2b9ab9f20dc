"""Whether a policy document allows an action on a resource to anybody, as IAM evaluates it and one document can say.

It never takes a maybe for a yes: what depends on a condition, on who asks, or on a part of the resource is `MAYBE`.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generator.intent.iam_condition import Request
from generator.intent.iam_pattern import Answer, as_plain, covers, texts
from generator.intent.iam_principal import is_anybody
from generator.spec.json_document import once
from generator.spec.policy_text import VERSION

ANY_REQUEST = Request()
"""A request of which nothing is known."""


@once
def allows(document: object, action: str, resource: str, request: Request = ANY_REQUEST) -> Answer:
    """Tell whether a document lets anybody use `action` on `resource`, which may end in `*` for all that begins so.

    A deny that surely holds is a no; one that may hold leaves no more than a maybe.
    """
    effects = {"Allow": Answer.NO, "Deny": Answer.NO}
    for statement in statements_of(document):
        effect = statement.get("Effect")
        if isinstance(effect, str) and effect in effects:
            effects[effect] = max(effects[effect], applies(statement, action, resource, request))
    if effects["Deny"] is Answer.YES:
        return Answer.NO
    return min(effects["Allow"], Answer.MAYBE) if effects["Deny"] else effects["Allow"]


def statements_of(document: object) -> Iterator[dict[str, Any]]:
    """Yield the statements of a document; none of what is no policy.

    Policy variables are plain text in all but the new version of the policy language:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html (checked 2026-11-28)
    """
    policy: dict[object, Any] = document if isinstance(document, dict) else {}
    stated = policy.get("Statement")
    stated = stated if policy.get("Version") == VERSION else as_plain(stated)
    yield from (each for each in (stated if isinstance(stated, list) else [stated]) if isinstance(each, dict))


def applies(statement: dict[str, Any], action: str, resource: str, request: Request = ANY_REQUEST) -> Answer:
    """Tell whether a statement holds for a request."""
    when = request.meets(statement.get("Condition"))
    return min(is_anybody(statement, request.account), when, reaches(statement, resource), names(statement, action))


def names(statement: dict[str, Any], action: str) -> Answer:
    """Tell whether a statement names an action, which may end in `*` for all that begins so."""
    return _named(statement, "Action", lambda pattern: covers(pattern.casefold(), action.casefold()))


def reaches(statement: dict[str, Any], resource: str) -> Answer:
    """Tell whether a statement is about a resource, which may end in `*` for all that begins so."""
    return _named(statement, "Resource", lambda pattern: covers(pattern, resource))


def _named(statement: dict[str, Any], element: str, answer: Callable[[str], Answer]) -> Answer:
    """Tell whether an element names something; its `Not…` form names all but what it lists."""
    if f"Not{element}" in statement:
        left_out = max((answer(pattern) for pattern in texts(statement[f"Not{element}"])), default=Answer.NO)
        return Answer(Answer.YES - left_out)
    return max((answer(pattern) for pattern in texts(statement.get(element))), default=Answer.NO)
