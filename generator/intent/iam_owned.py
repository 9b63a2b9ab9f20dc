"""Whether a policy lets callers in a VPC reach what AWS owns, as the layers of images and patches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, product
from operator import itemgetter

from generator.intent.iam import allows, statements_of
from generator.intent.iam_condition import MODULE_VPC, Request, Test, tests
from generator.intent.iam_keys import DIRECT
from generator.intent.iam_pattern import Answer, kinds
from generator.intent.iam_values import is_without
from generator.spec.json_document import once

_ORGANIZATION = {"orgid": ("o-aws",), "orgpaths": ("o-aws/",), "account": ("*",)}
_MOST_REQUESTS = 100


def requests_for(
    request: Request, *, signed: bool, choices: Mapping[str, Iterable[tuple[str, ...]]], account: str = ""
) -> list[Request]:
    """Return what requests have of each key for what AWS owns; of those in `choices`, each of what they may have.

    What AWS owns is of no organization or `account` that a policy is for; nor is who asks, where AWS has `signed` it.
    https://github.com/aws-samples/data-perimeter-policy-examples/blob/main/service_owned_resources.md (2026-11-28)
    """
    whose = ("aws:resource", "s3:resource", *(("aws:principal",) if signed else ()))
    owned = {f"{each}{what}": had for each in whose for what, had in _ORGANIZATION.items()}
    others = {key: (account,) for key in owned if key.endswith("account") and account}
    known = replace(request, context={**request.context, **DIRECT, **owned}, others=others)
    return [*islice(_chosen(known, choices), _MOST_REQUESTS)]


def _chosen(request: Request, choices: Mapping[str, Iterable[tuple[str, ...]]]) -> Iterator[Request]:
    own = {key: [had] if (had := request.context.get(key)) else [] for key in choices}
    for way in product(*([*own[key], *each] for key, each in choices.items())):
        context = {**request.context, **dict(zip(choices, way, strict=True))}
        yield replace(request, context={**context, MODULE_VPC: context.get("aws:sourcevpc", (MODULE_VPC,))})


@once
def named_values(document: object, key: str) -> tuple[tuple[str, ...], ...]:
    """Return a value of each kind that the conditions of a policy tell apart of a key, in small letters."""
    named = (test for test in _tests(document) if test.key == key)
    listed = {text for test in named if test.operator != "null" for text in test.values if text} - {MODULE_VPC}
    return tuple((each,) for each in (*sorted(listed), *(kinds("?*", frozenset(listed)) or ())))


@once
def _tests(document: object) -> tuple[Test, ...]:
    return tuple(test for each in statements_of(document) for test in tests(each.get("Condition")))


def reach(document: object, action: str, resource: str, requests: Iterable[Request]) -> tuple[Answer, Request]:
    """Return how far a policy lets the requests through of which it lets most, and what these have.

    A condition key that AWS lists for other actions is none of theirs; but no list of AWS alone stops them.
    """
    named = {test.key: None for test in _tests(document)}
    lacks = dict.fromkeys((key for key in named if is_without(action, key)), ())
    ways = [*requests]
    ways += [replace(each, context={**lacks, **each.context}) for each in ways if lacks]
    return max(((allows(document, action, resource, each), each) for each in ways), key=itemgetter(0))
