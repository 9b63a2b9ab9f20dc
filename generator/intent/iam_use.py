"""What the policy of an endpoint lets nobody use of a service; and whether it surely lets anybody use anything."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from generator.catalog.catalog import Catalog
from generator.catalog.policy_needs import NO_RESOURCE, also_of, calls_of, prefix_of, uses
from generator.intent.iam import ANY_REQUEST, names, statements_of
from generator.intent.iam_condition import Request
from generator.intent.iam_pattern import PART, Answer, kinds, texts
from generator.intent.iam_search import Calls, lets_through

ANYTHING = "anything"
"""What a document lets nobody use that allows nothing at all."""
_OWN_ALONE = frozenset({"kms:"})
"""With what the actions begin that take keys and aliases of their own service, or no resource, and none of another's.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html (2026-11-28)
"""


class Doubt(Enum):
    """Why it is not known that a policy lets anybody use anything of its endpoint's service."""

    NONE = ""
    PREFIX = "prefix"
    CONDITIONS = "conditions"
    PRINCIPALS = "principals"
    REGION = "region"
    ACTIONS = "actions"
    SIZE = "size"
    VERSION = "version"


def nothing_of(document: object, service_id: str = "", request: Request = ANY_REQUEST) -> str:
    """Return what a document lets nobody, or nobody of an account, use: ANYTHING, or all of a service, as `ecr:*`."""
    statements = [*statements_of(document)]
    for actions, resources in _wholes(service_id):
        if not lets_through(statements, _kinds_of(statements, actions, resources), request, sure=False):
            return actions[0].replace("*:*", ANYTHING)
    return ""


def doubt_of(document: object, service_id: str, *, region: str, partition: str, request: Request) -> Doubt:
    """Return why a document is not known to let anybody use an action that AWS lists on a resource that it takes."""
    statements = [*statements_of(document)]

    def is_let(calls: list[Calls]) -> bool:
        return lets_through(statements, calls, request, sure=True)

    listed = [*_listed(service_id, region, partition)]
    *_, (actions, resources) = _wholes(service_id)
    any_of_it = _kinds_of(statements, actions, resources)
    if is_let(listed or any_of_it):
        whole = {(each.get("Effect"), names(each, "*:*") is Answer.YES) for each in statements}
        is_unclear = not prefix_of(service_id) and (("Allow", True) not in whole or ("Deny", False) in whole)
        return Doubt.PREFIX if is_unclear else Doubt.NONE
    if not is_let(any_of_it):
        if "${$}{" in repr(statements) and "${$}{" not in repr(document):
            return Doubt.VERSION
        if "${" in repr(statements) or any(each.get("Condition") for each in statements):
            return Doubt.CONDITIONS
        return Doubt.SIZE if all(each.get("Principal") == "*" for each in statements) else Doubt.PRINCIPALS
    return Doubt.REGION if is_let([*_listed(service_id, PART, partition)]) else Doubt.ACTIONS


def _listed(service_id: str, region: str, partition: str) -> Iterator[Calls]:
    """Yield the actions that AWS lists of a service, by what they take in a Region."""
    for prefix in (prefix_of(service_id), *also_of(service_id)):
        for arns, actions in calls_of(prefix):
            filled = (each.format(region=region, part=PART) for each in arns)
            yield actions, tuple(each if each == NO_RESOURCE else f"arn:{partition}:{each}" for each in filled)


def _kinds_of(statements: list[dict[str, Any]], actions: tuple[str, ...], resources: tuple[str, ...]) -> list[Calls]:
    """Return one of each kind of actions that statements tell apart."""
    named = {text for each in statements for of in ("Action", "NotAction") for text in texts(each.get(of))}
    found = [kinds(each.casefold(), frozenset(map(str.casefold, named))) for each in actions]
    return [(each, resources) for each in found]


def _wholes(service_id: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield all actions, then those of a service, of which any may be all that is used, each on all resources."""
    yield ("*:*",), ("arn:*", NO_RESOURCE)
    known = [use for use in uses() if service_id and use.is_of(service_id)]
    for use in known:
        yield (f"{use.prefix}*",), ("arn:*", NO_RESOURCE) if use.resource == NO_RESOURCE else ("arn:*",)
    if not known and (prefix := prefix_of(service_id)):
        partitions = {each.partition for each in Catalog.load().regions.values()} if prefix in _OWN_ALONE else ()
        all_of_it = sorted(f"arn:{each}:{prefix}*" for each in partitions) or ("arn:*",)
        yield tuple(f"{each}*" for each in (prefix, *also_of(service_id))), (*all_of_it, NO_RESOURCE)
