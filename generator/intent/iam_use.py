"""What the policy of an endpoint lets nobody use of a service; and whether it surely lets anybody use anything."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from generator.catalog.catalog import Catalog
from generator.catalog.policy_needs import NO_RESOURCE, also_of, listed_of, only_of, prefix_of, uses
from generator.intent.iam import ANY_REQUEST, names, statements_of
from generator.intent.iam_condition import Request
from generator.intent.iam_pattern import PART, Answer, kinds, texts
from generator.intent.iam_search import lets_through
from generator.intent.iam_values import Calls
from generator.spec.json_document import once
from generator.spec.policy_text import VERSION

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
    KEYS = "keys"
    SIZE = "size"
    VERSION = "version"


@once
def nothing_of(document: object, service_id: str = "", request: Request = ANY_REQUEST) -> str:
    """Return what a document lets nobody, or nobody of an account, use: ANYTHING, or all of a service, as `ecr:*`."""
    statements, partition = [*statements_of(document)], _partition(*request.context.get("aws:requestedregion", ()))
    if (
        service_id
        and (whole := _on_all(statements))
        and not nothing_of({"Version": VERSION, "Statement": whole}, "", request)
    ):
        return ""
    for actions, resources in _wholes(service_id, partition):
        calls = _kinds_of(statements, actions, resources)
        if not lets_through(statements, calls, request, sure=False, partition=partition):
            return actions[0].replace("*:*", ANYTHING)
    return ""


@once
def doubt_of(document: object, service_id: str, *, region: str, request: Request) -> Doubt:
    """Return why a document is not known to let anybody use an action that AWS lists on a resource that it takes."""
    statements, partition = [*statements_of(document)], _partition(region)

    def is_let(calls: list[Calls]) -> bool:
        return lets_through(statements, calls, request, sure=True, partition=partition)

    listed = [*_listed(service_id, region, partition)]
    *_, (actions, resources) = _wholes(service_id, partition)
    any_of_it = _kinds_of(statements, actions, resources)
    if is_let(listed or any_of_it):
        whole = {(each.get("Effect"), names(each, "*:*") is Answer.YES) for each in statements}
        is_unclear = not prefix_of(service_id) and (("Allow", True) not in whole or ("Deny", False) in whole)
        return Doubt.PREFIX if is_unclear else Doubt.NONE
    if not is_let(any_of_it):
        return _what_decides(statements, document)
    if is_let([each._replace(resources=dict.fromkeys(each.resources)) for each in listed]):
        return Doubt.KEYS
    if is_let([*_listed(service_id, PART, partition)]):
        return Doubt.REGION
    may_be = lets_through(statements, listed, request, sure=False, partition=partition)
    return _what_decides(statements, document) if may_be else Doubt.ACTIONS


def _on_all(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the statements on all actions and resources if each Deny is one: what they let through is of any service.

    Any other is an Allow, by which no less is.
    """
    of_all = [
        not {"NotAction", "NotResource"} & each.keys()
        and all("*" in texts(each.get(of)) for of in ("Action", "Resource"))
        for each in statements
    ]
    each_of = [*zip(statements, of_all, strict=True)]
    return [
        each for each, is_whole in each_of if is_whole and all(so or one.get("Effect") != "Deny" for one, so in each_of)
    ]


def _what_decides(statements: list[dict[str, Any]], document: object) -> Doubt:
    if "${$}{" in repr(statements) and "${$}{" not in repr(document):
        return Doubt.VERSION
    if "${" in repr(statements) or any(each.get("Condition") for each in statements):
        return Doubt.CONDITIONS
    return Doubt.SIZE if all(each.get("Principal") == "*" for each in statements) else Doubt.PRINCIPALS


def _listed(service_id: str, region: str, partition: str) -> Iterator[Calls]:
    """Yield the actions that AWS lists of a service, by what they take in a Region, and with which condition keys."""
    only = only_of(service_id)
    for prefix in (prefix_of(service_id), *also_of(service_id)):
        for each in listed_of(prefix):
            actions = tuple(action for action in each.actions if not only or action in only)
            filled = {arn: arn.format(region=region, part=PART) for arn in each.arns}
            whole = {arn: text if arn == NO_RESOURCE else f"{_begin(partition)}{text}" for arn, text in filled.items()}
            yield Calls(actions, {whole[arn]: (each.keys, of_arn) for arn, of_arn in each.arns.items()})


def _partition(region: str = "") -> str:
    return Catalog.load().partition_of(region)


def _begin(partition: str) -> str:
    """Return how the ARNs of a partition begin; no request has one of another than that of its Region.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (checked 2026-11-28)
    """
    return f"arn:{partition or '*'}:"


def _kinds_of(statements: list[dict[str, Any]], actions: tuple[str, ...], resources: tuple[str, ...]) -> list[Calls]:
    """Return one of each kind of actions that statements tell apart."""
    named = {text for each in statements for of in ("Action", "NotAction") for text in texts(each.get(of))}
    found = [kinds(each.casefold(), frozenset(map(str.casefold, named))) for each in actions]
    return [Calls(each, dict.fromkeys(resources)) for each in found]


def _wholes(service_id: str, partition: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield all actions, then those of a service, of which any may be all that is used, each on all resources."""
    any_arn = f"{_begin(partition)}*" if partition else "arn:*"
    yield ("*:*",), (any_arn, NO_RESOURCE)
    known = [use for use in uses() if service_id and use.is_of(service_id)]
    for use in known:
        yield (f"{use.prefix}*",), (any_arn, NO_RESOURCE) if use.resource == NO_RESOURCE else (any_arn,)
    if not known and (prefix := prefix_of(service_id)):
        own = {partition} if partition else {each.partition for each in Catalog.load().regions.values()}
        all_of_it = sorted(f"{_begin(each)}{prefix}*" for each in own) if prefix in _OWN_ALONE else (any_arn,)
        yield tuple(f"{each}*" for each in (prefix, *also_of(service_id))), (*all_of_it, NO_RESOURCE)
