"""Whether a policy document allows an action on a resource to anybody, as IAM evaluates it and one document can say.

It never takes a maybe for a yes: what depends on a condition, on who asks, or on a part of the resource is `MAYBE`.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

from generator.catalog.catalog import Catalog
from generator.catalog.policy_needs import NO_RESOURCE, also_of, prefix_of, uses
from generator.intent.iam_condition import Request
from generator.intent.iam_pattern import Answer, covers, texts

ANYTHING = "anything"
"""What a document lets nobody use that allows nothing at all."""
_OWN_ALONE = frozenset({"kms:"})
"""With what the actions begin that take keys and aliases of their own service, or no resource, and none of another's.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html (2026-11-28)
"""
_OF_ANOTHER = {"sts:": "iam:", "rds-data:": "rds:"}
"""With what the ARNs begin that the actions of a service take, where another has them: roles, and clusters.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html
"""
_MOST_READ = 200_000
"""So many characters of a document are read, once for each request that is tried: some tenths of a second."""
ANY_REQUEST = Request()
"""A request of which nothing is known."""


def allows(document: object, action: str, resource: str, request: Request = ANY_REQUEST) -> Answer:
    """Tell whether a document lets anybody use `action` on `resource`, which may end in `*` for all that begins so.

    A deny that surely holds is a no; one that may hold leaves no more than a maybe.
    """
    effects = {"Allow": Answer.NO, "Deny": Answer.NO}
    for statement in _statements(document):
        effect = statement.get("Effect")
        if isinstance(effect, str) and effect in effects:
            effects[effect] = max(effects[effect], applies(statement, action, resource, request))
    if effects["Deny"] is Answer.YES:
        return Answer.NO
    return min(effects["Allow"], Answer.MAYBE) if effects["Deny"] else effects["Allow"]


def _statements(document: object) -> Iterator[dict[str, Any]]:
    """Yield the statements of a document; none of what is no policy."""
    stated = document.get("Statement") if isinstance(document, dict) else None
    yield from (each for each in (stated if isinstance(stated, list) else [stated]) if isinstance(each, dict))


def nothing_of(document: object, service_id: str = "", request: Request = ANY_REQUEST) -> str:
    """Return what a document lets nobody, or nobody of an account, use: ANYTHING, or all of a service, as `ecr:*`.

    Each of what its conditions tell callers apart by is tried, unless that is very much.
    """
    statements, size = [*_statements(document)], len(repr(document))
    requests = [*islice(request.each_of(each.get("Condition") for each in statements), _MOST_READ // size + 1)]
    for actions, resources in _wholes(service_id):
        asked = [*dict.fromkeys(each for action in actions for each in _allowed(statements, action))]
        of_all = len(asked) * len(requests) * size < _MOST_READ
        tried = product(*((requests, asked) if of_all else ([request], actions)), resources)
        if not any(allows(document, action, each, caller) for caller, action, each in tried):
            return actions[0].replace("*:*", ANYTHING)
    return ""


def _allowed(statements: list[dict[str, Any]], action: str) -> Iterator[str]:
    """Yield of all that an action with `*` may be what is allowed by name, or the action where more of it may be."""
    for statement in statements:
        if statement.get("Effect") == "Allow":
            named = texts(statement.get("Action"))
            inside = [each for each in named if covers(action.casefold(), each.casefold()) is Answer.YES]
            yield from inside if len(inside) == len(named) and "NotAction" not in statement else (action,)


def _wholes(service_id: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield all actions, then those of a service, of which any may be all that is used, each on all resources."""
    yield ("*:*",), ("arn:*", NO_RESOURCE)
    known = [use for use in uses() if service_id and use.is_of(service_id)]
    for use in known:
        yield (f"{use.prefix}*",), ("arn:*", NO_RESOURCE) if use.resource == NO_RESOURCE else ("arn:*",)
    if not known and (prefix := prefix_of(service_id)):
        partitions = {each.partition for each in Catalog.load().regions.values()} if prefix in _OWN_ALONE else ()
        all_of_it = sorted(_own_of(prefix, each) for each in partitions) or ("arn:*",)
        yield tuple(f"{each}*" for each in (prefix, *also_of(service_id))), (*all_of_it, NO_RESOURCE)


def _own_of(prefix: str, partition: str) -> str:
    """Return the ARNs of what a service's actions take; of Amazon S3 its buckets' and objects'."""
    prefix = _OF_ANOTHER.get(prefix, prefix)
    return f"arn:{partition}:{prefix}{'::*' if prefix == 's3:' else '*'}"


def no_own_of(document: object, service_id: str, partition: str, request: Request = ANY_REQUEST) -> str:
    """Return the service's own resources where a document lets nobody use any: whether others do, no source says."""
    needs_none = any(use.is_of(service_id) and use.resource == NO_RESOURCE for use in uses())
    prefix = "" if needs_none else prefix_of(service_id)
    actions, own = (f"{each}*" for each in (prefix, *also_of(service_id))), _own_of(prefix, partition)
    return own if prefix and not any(allows(document, each, own, request) for each in actions) else ""


def is_unclear(document: object, service_id: str) -> bool:
    """Tell whether a document names actions of which no source says whether they are those of a service."""
    whole = {(each.get("Effect"), names(each, "*:*") is Answer.YES) for each in _statements(document)}
    return not prefix_of(service_id) and (("Allow", True) not in whole or ("Deny", False) in whole)


def is_anybody(principal: object, account: str = "") -> bool:
    """Tell whether a `Principal` is everybody, `"*"` or `{"AWS": "*"}`, or everybody of an account: it or its root.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
    """
    named = texts(principal.get("AWS")) if isinstance(principal, dict) else ()
    whole = re.compile(rf"(arn:[^:]+:iam::)?{account}(?(1):root)") if account else None
    return principal == "*" or any(each == "*" or (whole and whole.fullmatch(each)) for each in named)


def _accounts(principal: object) -> set[str]:
    """Return the accounts that a `Principal` is of, by ids or ARNs of IAM; empty where some may be of any."""
    named = texts(principal["AWS"]) if isinstance(principal, dict) and principal.keys() == {"AWS"} else ()
    found = [re.fullmatch(r"(?:arn:[^:]+:(?:iam|sts)::)?([0-9]{12})(?::.+)?", each) for each in named]
    return {each[1] for each in found if each} if all(found) else set()


def applies(statement: dict[str, Any], action: str, resource: str, request: Request = ANY_REQUEST) -> Answer:
    """Tell whether a statement holds for a request."""
    principal = statement.get("Principal")
    who = Answer.YES if is_anybody(principal, request.account) else Answer.MAYBE
    is_service = isinstance(principal, dict) and principal.keys() <= {"Service"}
    if request.is_worst and is_service:  # the callers are in the VPC
        who = Answer.NO
    if request.is_worst and request.account and request.account not in (_accounts(principal) or {request.account}):
        who = Answer.NO  # as of a condition on their account
    when = request.meets(statement.get("Condition"), str(statement.get("Effect")))
    what = _named(statement, "Resource", lambda pattern: covers(pattern, resource))
    return min(who, when, what, names(statement, action))


def names(statement: dict[str, Any], action: str) -> Answer:
    """Tell whether a statement names an action, which may end in `*` for all that begins so."""
    return _named(statement, "Action", lambda pattern: covers(pattern.casefold(), action.casefold()))


def _named(statement: dict[str, Any], element: str, answer: Callable[[str], Answer]) -> Answer:
    """Tell whether an element names something; its `Not…` form names all but what it lists."""
    if f"Not{element}" in statement:
        left_out = max((answer(pattern) for pattern in texts(statement[f"Not{element}"])), default=Answer.NO)
        return Answer(Answer.YES - left_out)
    return max((answer(pattern) for pattern in texts(statement.get(element))), default=Answer.NO)
