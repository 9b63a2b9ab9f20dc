"""What requests have of each key that the conditions and principals of a policy are about, one of each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from typing import NamedTuple

from generator.catalog.policy_needs import listed_of
from generator.intent.iam_condition import ANY_ADDRESS, MODULE_VPC, Request, Test, edges, numbers
from generator.intent.iam_keys import (
    ACCOUNT,
    ACCOUNT_ID,
    ALWAYS,
    CALLER,
    CHOSEN,
    DIRECT,
    FORMS,
    SEVERAL,
    is_of_actions,
    is_own,
)
from generator.intent.iam_pattern import Tries, covers, kinds
from generator.intent.iam_principal import account_of

Had = tuple[str, ...] | None
"""What a request has of a key; None where that is not known."""
Keys = tuple[frozenset[str], ...]
"""Condition keys in small letters; `*` is any text."""
_ADDRESS = "aws:vpcsourceip"
_ANY = ("?*",)
_ANY_ID = {(MODULE_VPC,): ("vpc-*",), ("vpce-*",): ("vpce-*",)}
"""What the ids of a spec's VPC and its endpoints are within, where it does not say them."""
_CALLERS = ("arn:{}:iam::{}:role/?*", "arn:{}:iam::{}:user/?*", "arn:{}:iam::{}:root")
_MOST_VALUES, _MOST_READ = 6, 60_000


class Calls(NamedTuple):
    """Actions, or None where they are too many, and what their resources are within, each with its condition keys.

    These are what AWS lists; None where it lists none, and each of the actions' service may be one.
    """

    actions: tuple[str, ...] | None
    resources: Mapping[str, Keys | None]

    def has(self, resource: str, key: str) -> bool:
        """Tell whether a request for an action on a resource may have a key."""
        if (keys := self.resources[resource]) is None:
            return is_own(key, frozenset(each.partition(":")[0] for each in self.actions or ()))
        return any(_lists(some, key) for some in keys)


@cache
def _lists(keys: frozenset[str], key: str) -> bool:
    """Tell whether keys have one; identity providers have more keys than AWS lists, each with a dot in its name."""
    is_provider = "." in key.partition(":")[0]
    return key in keys or any(
        "." in each.partition(":")[0] if is_provider else "*" in each and bool(covers(each, key)) for each in keys
    )


def is_without(action: str, key: str) -> bool:
    """Tell whether AWS lists a condition key for other actions of a service alone."""
    listed = listed_of(action.partition(":")[0] + ":") if is_of_actions(key) else ()
    has = {each.actions: any(_lists(some, key) for some in (each.keys, *each.arns.values())) for each in listed}
    own = [is_with for actions, is_with in has.items() if action in actions]
    return bool(own) and not any(own) and any(has.values())


class Search(NamedTuple):
    """Whether a request is to be a sure one, with which keys of its actions, in which partition, and how much is tried.

    `services` are those of actions of which AWS lists no keys.
    """

    sure: bool
    services: frozenset[str]
    listed: frozenset[frozenset[str]]
    partition: str
    tries: Tries

    def is_chosen(self, key: str) -> bool:
        """Tell whether callers have or give any value of a key in some of the calls."""
        return (
            bool(CHOSEN.fullmatch(key)) or is_own(key, self.services) or any(_lists(some, key) for some in self.listed)
        )


def search_of(calls: list[Calls], *, sure: bool, partition: str) -> Search:
    """Return how to look for a request among calls."""
    open_to_any = (each.actions or () for each in calls if None in each.resources.values())
    services = frozenset(action.partition(":")[0] for actions in open_to_any for action in actions)
    listed = frozenset(some for each in calls for keys in each.resources.values() for some in keys or ())
    return Search(sure, services, listed, partition, Tries())


def key_of(test: Test) -> str:
    """Return the key of a test; of its account a caller's ARN tells."""
    return CALLER if test.key == ACCOUNT else test.key


def read(key: str, had: Had) -> Had:
    """Return what a request has of a key, of its account what its caller's ARN has."""
    return (account_of(had),) if key == ACCOUNT and had else had


def values_of(key: str, every: list[Test], request: Request, search: Search) -> list[Had]:
    """Return what requests have of a key, one of each kind that the tests of all statements tell apart."""
    named = [test for test in every if key_of(test) == key]
    if key in request.context:
        return _known(key, request.context[key], named, search)
    if key == CALLER:
        return _callers(named, request, search)
    if search.sure and (key in DIRECT or not search.is_chosen(key)):
        return [(each,) for each in DIRECT[key]] or [()] if key in DIRECT else [None]
    if key in ALWAYS:
        return [(each,) for each in ALWAYS[key]]
    found = _texts(named, search, FORMS.get(key, _ANY) if search.sure else _ANY)
    if found is None:
        return [None]
    is_set = any(test.operator.startswith("for") for test in named) and (key[:4] != "aws:" or SEVERAL.fullmatch(key))
    sizes = range(2, len(found) + 1 if is_set else 2)
    several: list[Had] = (
        [each for size in sizes for each in combinations(found, size)] if len(found) <= _MOST_VALUES else [None]
    )
    return [*((each,) for each in found), (), *(several if is_set else ())]


def _texts(named: list[Test], search: Search, forms: tuple[str, ...]) -> list[str] | None:
    """Return texts of which one of each kind is or is not what tests compare with; None where these are too many."""
    listed = {text for test in named for text in test.values if text is not None and test.operator != "null"}
    counted = numbers(named)
    if counted and all(re.search("numeric|null", test.operator) for test in named):
        return [*counted]
    within = [each.format(partition=search.partition or "*") for each in forms]
    some = [kinds(each, frozenset(listed), search.tries) for each in within]
    found = None if None in some else [text for each in some for text in each or ()]
    extra = {text.swapcase() for text in listed} if any("ignorecase" in test.operator for test in named) else set()
    extra |= {"true", "false"} if any("bool" in test.operator for test in named) else set()
    extra |= {*counted}
    extra = {text for text in extra if any(covers(each, text) for each in within)} | (
        set() if search.sure else listed & {""}
    )
    if found and forms == ACCOUNT_ID:
        found = [text for text in found if text not in listed or text.isdigit()]
    is_much = found is None or len(found) * len(listed) > _MOST_READ
    return None if is_much else [*dict.fromkeys((*(found or ()), *sorted(extra)))]


def _known(key: str, had: tuple[str, ...], named: list[Test], search: Search) -> list[Had]:
    """Return what is known: of addresses the VPC's blocks; that may be any of what a test tells apart."""
    if key == _ADDRESS and search.sure:
        had = tuple(each for each in had if each not in ANY_ADDRESS) or had
    elif key == _ADDRESS:
        had = edges(had, [each for test in named for each in test.values]) or had
    elif had in _ANY_ID and (found := _texts(named, search, _ANY_ID[had])):
        had = tuple(found)
    return [(each,) for each in had] or [()]


def _callers(named: list[Test], request: Request, search: Search) -> list[Had]:
    """Return ARNs of callers, of each account and partition that is named or that of the endpoint."""
    listed = {str(text) for test in named for text in test.values if test.operator != "null"}
    arns = frozenset(each for each in listed if each.startswith("arn:"))
    if (accounts := _texts([test for test in named if test.key == ACCOUNT], search, _ANY)) is None:
        return [None]
    accounts += [found[2] for each in listed if (found := re.fullmatch(r"(arn:[^:]+:\w+::)?([0-9]{12})(:.*)?", each))]
    own = {request.account} if search.sure and request.account else {*accounts, "000000000000", request.account}
    named_in = {part for each in arns if not re.search(r"[*?$]", part := each.split(":")[1])}
    partitions = [search.partition] if search.partition else sorted(named_in) or ["aws"]
    forms = _CALLERS if search.sure else ("arn:{}:iam::{}:*", "arn:{}:sts::{}:federated-user/*")
    reached = [
        kinds(form.format(part, each), arns, search.tries)
        for form in forms
        for part in partitions
        for each in sorted(own - {""})
    ]
    if None in reached:
        return [None]
    return [*((each,) for some in reached if some for each in some), *(() if search.sure else ((),))]
