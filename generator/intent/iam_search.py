"""Look for a request that all statements of a policy together let through; or prove that there is none.

A request is an action, a resource, and what it has of each key that a condition or a principal is about. Of each of the
three only what the statements tell apart is tried, one of a kind, so that where none passes no other does. One that is
found is *sure* if nothing of it is but possible: callers of the account, what they choose, and what is known of all.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import combinations, product
from typing import Any, NamedTuple

from generator.intent.iam import names, reaches
from generator.intent.iam_condition import ANY_ADDRESS, DIRECT, Request, Test, edges, numbers, tests
from generator.intent.iam_pattern import Answer, filled_in, kinds, texts, variables
from generator.intent.iam_principal import CALLER, OTHERS, PRINCIPAL, account_of, is_meant, principal_test

Had = tuple[str, ...] | None
"""What a request has of a key; None where that is not known."""
_ACCOUNT, _ADDRESS = "aws:principalaccount", "aws:vpcsourceip"
_CHOSEN = re.compile(r"aws:(principal|resource|userid|username).*|(?!aws:).+")
"""The keys of which callers have or give any value: whose they are, whose the resource is, and a service's own."""
_SEVERAL = re.compile(r"aws:(tagkeys|calledvia|principalservicenameslist|(principal|resource|vpce|source)orgpaths)")
"""The keys of AWS that may have several values at once."""
_OF_RESOURCES = ("Resource", "NotResource")
_MOST_VALUES, _MOST_WORLDS, _MOST_WAYS, _MOST_READ = 6, 64, 500, 60_000
Calls = tuple[tuple[str, ...] | None, tuple[str, ...]]
"""Actions, or None where they are too many, and what their resources are within."""
Domains = dict[str, list[Had]]
Answers = Callable[[Test, Had], Answer]


class _Evaluation(NamedTuple):
    """The statements of a policy, and what is known of requests."""

    statements: list[dict[str, Any]]
    domains: Domains
    answer: Answers
    account: str


def lets_through(stated: list[dict[str, Any]], calls: list[Calls], request: Request, *, sure: bool) -> bool:
    """Tell whether a request is let through: a sure one, or any that may be; so it is too where there are too many."""
    for number, (statements, known) in enumerate(_worlds(stated, request, sure=sure)):
        if number == _MOST_WORLDS:
            return not sure
        domains = {key: _values(key, statements, known, sure=sure) for key in _keys(statements)}
        evaluation = _Evaluation(statements, domains, cache(partial(_answer, request=known)), known.account)
        for ways in _ways(statements, calls):
            if (ways is None and not sure) or (ways and _passes(evaluation, ways, sure=sure)):
                return True
    return False


def _worlds(
    stated: list[dict[str, Any]], request: Request, *, sure: bool
) -> Iterator[tuple[list[dict[str, Any]], Request]]:
    """Yield the statements with each value of their policy variables in place, and what is then known of requests."""
    named = {CALLER if key == _ACCOUNT else key for key in variables(repr(stated).replace("\\'", "'"))}
    values = {key: _values(key, stated, request, sure=sure) for key in sorted(named)}
    for way in product(*values.values()):
        had = {key: each for key, each in zip(values, way, strict=True) if each is not None}
        known = replace(request, context={**request.context, **had}) if had else request
        yield (_with(stated, had) if had else stated), known


def _with(value: Any, had: dict[str, tuple[str, ...]]) -> Any:
    if isinstance(value, dict):
        return {key: _with(each, had) for key, each in value.items()}
    if isinstance(value, list):
        return [_with(each, had) for each in value]
    return filled_in(value, lambda key: _of(key, had)) if isinstance(value, str) else value


def _of(key: str, had: dict[str, tuple[str, ...]]) -> str | None:
    found = had.get(CALLER if key == _ACCOUNT else key)
    return None if found is None else "".join(_read(key, found) or ())


def _read(key: str, had: Had) -> Had:
    """Return what a request has of a key, of its account what its caller's ARN has."""
    return (account_of(had),) if key == _ACCOUNT and had else had


def _tests(statement: dict[str, Any]) -> Iterator[Test]:
    """Yield what a statement says of a request beside its action and resource."""
    if found := principal_test(statement):
        yield found
    yield from tests(statement.get("Condition"))


def _keys(statements: list[dict[str, Any]]) -> set[str]:
    return {CALLER if test.key == _ACCOUNT else test.key for each in statements for test in _tests(each)}


def _answer(test: Test, had: Had, request: Request) -> Answer:
    """Tell whether a test holds for what a request has of its key."""
    if had is None:
        return Answer.MAYBE
    if test.operator in {PRINCIPAL, OTHERS}:
        return is_meant(test, had)
    return request.holds(test, _read(test.key, had) or ())


def _values(key: str, statements: list[dict[str, Any]], request: Request, *, sure: bool) -> list[Had]:
    """Return what requests have of a key, one of each kind that the statements tell apart."""
    named = [
        test for each in statements for test in _tests(each) if test.key in {key, _ACCOUNT if key == CALLER else key}
    ]
    if key in request.context:
        return _known(key, request.context[key], named, sure=sure)
    if key == CALLER:
        return _callers(named, request, sure=sure)
    if sure and (key in DIRECT or not _CHOSEN.fullmatch(key)):
        return [(each,) for each in DIRECT.get(key, ())] or [None]
    found = _texts(named, sure=sure)
    if found is None:
        return [None]
    is_set = any(test.operator.startswith("for") for test in named) and (key[:4] != "aws:" or _SEVERAL.fullmatch(key))
    sizes = range(2, len(found) + 1 if is_set else 2)
    several: list[Had] = (
        [each for size in sizes for each in combinations(found, size)] if len(found) <= _MOST_VALUES else [None]
    )
    return [*((each,) for each in found), (), *(several if is_set else ())]


def _texts(named: list[Test], *, sure: bool) -> list[str] | None:
    """Return texts of which one of each kind is or is not what tests compare with; None where these are too many."""
    listed = {text for test in named for text in test.values if text is not None and test.operator != "null"}
    counted = numbers(named)
    if counted and all(re.search("numeric|null", test.operator) for test in named):
        return [*counted]
    found = kinds("?*", frozenset(listed))
    extra = {text.swapcase() for text in listed} if any("ignorecase" in test.operator for test in named) else set()
    extra |= {"true", "false"} if any("bool" in test.operator for test in named) else set()
    extra |= set() if sure else listed & {""}
    extra |= {*counted}
    is_much = found is None or len(found) * len(listed) > _MOST_READ
    return None if is_much else [*dict.fromkeys((*(found or ()), *sorted(extra)))]


def _known(key: str, had: tuple[str, ...], named: list[Test], *, sure: bool) -> list[Had]:
    """Return what is known: of addresses the VPC's blocks; that may be any of what a test tells apart."""
    if key == _ADDRESS and sure:
        had = tuple(each for each in had if each not in ANY_ADDRESS) or had
    elif key == _ADDRESS:
        had = edges(had, [each for test in named for each in test.values]) or had
    return [(each,) for each in had] or [()]


def _callers(named: list[Test], request: Request, *, sure: bool) -> list[Had]:
    """Return ARNs of callers, of each account and partition that is named or that of the endpoint."""
    listed = {str(text) for test in named for text in test.values if test.operator != "null"}
    arns = frozenset(each for each in listed if each.startswith("arn:"))
    if (accounts := _texts([test for test in named if test.key == _ACCOUNT], sure=sure)) is None:
        return [None]
    accounts += [found[2] for each in listed if (found := re.fullmatch(r"(arn:[^:]+:\w+::)?([0-9]{12})(:.*)?", each))]
    own = {request.account} if sure and request.account else {*accounts, "000000000000", request.account}
    partitions = sorted({part for each in arns if not re.search(r"[*?$]", part := each.split(":")[1])}) or ["aws"]
    forms = ("arn:{}:iam::{}:*",) if sure else ("arn:{}:iam::{}:*", "arn:{}:sts::{}:federated-user/*")
    reached = [
        kinds(form.format(part, each), arns) for form in forms for part in partitions for each in sorted(own - {""})
    ]
    if None in reached:
        return [None]
    return [*((each,) for some in reached if some for each in some), *(() if sure else ((),))]


def _ways(statements: list[dict[str, Any]], calls: list[Calls]) -> Iterator[tuple[Answer, ...] | None]:
    """Yield how the statements name each kind of call, once each; None where there are too many kinds."""
    patterns = frozenset(text for each in statements for of in _OF_RESOURCES for text in texts(each.get(of)))
    size, seen = len(repr(statements)) // 20, set[tuple[Answer, ...]]()
    for actions, wholes in calls:
        resources = [kinds(whole, patterns) for whole in wholes]
        listed = {text: None for some in resources for text in some or ()}
        if actions is None or None in resources or (len(actions) + len(listed)) * size > _MOST_READ:
            yield None
            return
        named = {tuple(names(each, action) for each in statements) for action in actions}
        taken = {tuple(reaches(each, text) for each in statements) for text in listed}
        if len(named) * len(taken) * len(statements) > 2 * _MOST_READ:
            yield None
            return
        for way in product(sorted(named, reverse=True), sorted(taken, reverse=True)):
            if (both := tuple(map(min, *way))) not in seen:
                seen.add(both)
                yield both
        if len(seen) > _MOST_WAYS:
            yield None
            return


def _passes(evaluation: _Evaluation, ways: tuple[Answer, ...], *, sure: bool) -> bool:
    """Tell whether an Allow lets a kind of call through that no Deny takes back."""
    statements, domains, answer, account = evaluation
    least, most = (Answer.YES, Answer.NO) if sure else (Answer.MAYBE, Answer.MAYBE)
    denies = [
        [*_tests(each)]
        for each, way in zip(statements, ways, strict=True)
        if each.get("Effect") == "Deny" and way > most
    ]
    for allow, way in zip(statements, ways, strict=True):
        if allow.get("Effect") == "Allow" and way >= least:
            left = dict(domains)
            for test in _tests(allow):
                key = CALLER if test.key == _ACCOUNT else test.key
                left[key] = [had for had in left[key] if answer(test, had) >= least]
            own = [had for had in left.get(CALLER, ()) if _read(_ACCOUNT, had) == (account,)]
            left |= {CALLER: own} if own else {}  # others are who it is for only if none of the endpoint's own are
            if all(left.values()) and _escapes(denies, left, answer, most):
                return True
    return False


def _escapes(denies: list[list[Test]], domains: Domains, answer: Answers, most: Answer) -> bool:
    """Tell whether what requests may have escapes each Deny, by one of its tests; so it does where that takes long."""
    ways = [domains]
    for deny in denies:
        after: list[Domains] = []
        for way in ways:
            for test in deny:
                key = CALLER if test.key == _ACCOUNT else test.key
                kept = [had for had in way[key] if answer(test, had) <= most]
                if kept == way[key]:
                    after = [*after, way]
                    break
                after += [{**way, key: kept}] if kept else []
        if len(after) > _MOST_WAYS:
            return most is Answer.MAYBE
        ways = after
    return bool(ways)
