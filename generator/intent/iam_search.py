"""Look for a request that all statements of a policy together let through; or prove that there is none.

A request is an action, a resource, and what it has of each key that a condition or a principal is about. Of each of the
three only what the statements tell apart is tried, one of a kind, so that where none passes no other does. One that is
found is *sure* if nothing of it is but possible: callers of the account, what they choose, and what is known of all.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from generator.intent.iam import names, reaches
from generator.intent.iam_condition import Request, Test, tests
from generator.intent.iam_keys import ACCOUNT, CALLER, is_of_actions
from generator.intent.iam_pattern import Answer, TooMuchError, Tries, filled_in, kinds, texts, variables
from generator.intent.iam_principal import OTHERS, PRINCIPAL, is_meant, principal_test
from generator.intent.iam_values import Calls, Had, Search, key_of, read, search_of, values_of
from generator.spec.json_document import once

LONGEST = 20_480
"""The most characters of a policy that AWS takes, which does not count blanks."""
_STEPS_OF = {"ipaddress": 1 / 16, PRINCIPAL: 4, OTHERS: 4}
"""What a value takes of some tests; of others it is one step."""
_OF_RESOURCES = ("Resource", "NotResource")
_MOST_WORLDS, _MOST_WAYS, _MOST_READ = 64, 500, 60_000
Domains = dict[str, list[Had]]
_Kind = tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]
"""Actions, what their resources are within, and which condition keys no request for them has."""
Answers = Callable[[Test, Had], Answer]


class _Evaluation(NamedTuple):
    """The statements of a policy with the tests of each, and what is known of requests."""

    statements: list[dict[str, Any]]
    tests: list[tuple[Test, ...]]
    domains: Domains
    answer: Answers
    account: str


def lets_through(
    stated: list[dict[str, Any]], calls: list[Calls], request: Request, *, sure: bool, partition: str = ""
) -> bool:
    """Tell whether a request is let through: a sure one, or any that may be; so it is too where there are too many."""
    if len(repr(stated)) > 2 * LONGEST:
        return not sure
    search = search_of(calls, sure=sure, partition=partition)
    try:
        return any(_is_let(statements, calls, known, search) for statements, known in _worlds(stated, request, search))
    except TooMuchError:
        return not sure


def _is_let(statements: list[dict[str, Any]], calls: list[Calls], known: Request, search: Search) -> bool:
    named = [tuple(_tests(each)) for each in statements]
    every = dict[str, list[Test]]()
    for test in (each for some in named for each in some):
        every.setdefault(key_of(test), []).append(test)
    domains = {key: values_of(key, of_it, known, search) for key, of_it in every.items()}
    evaluation = _Evaluation(statements, named, domains, _answer_by(known, search.tries), known.account)
    asked = [key for key in sorted({*domains, *known.context}) if is_of_actions(key) and search.is_chosen(key)]
    each_kind = _by_keys(calls, asked if search.sure else [], search.tries)
    return any(
        _passes(evaluation, ways, search, lacks)
        for ways, lacks in _ways(statements, each_kind, search.tries)
        if not any(known.context.get(key) for key in lacks)
    )


def _answer_by(request: Request, tries: Tries) -> Answers:
    """Return what tells whether a test holds for what a request has; each is tried once."""
    known = dict[tuple[int, Had], Answer]()

    def answer(test: Test, had: Had) -> Answer:
        if (key := (id(test), had)) not in known:
            tries.take(1 + int(len(test.values) * _STEPS_OF.get(test.operator.replace("not", ""), 1)))
            known[key] = _answer(test, had, request)
        return known[key]

    return answer


def _worlds(
    stated: list[dict[str, Any]], request: Request, search: Search
) -> Iterator[tuple[list[dict[str, Any]], Request]]:
    """Yield the statements with each value of their policy variables in place, and what is then known of requests."""
    named = {CALLER if key == ACCOUNT else key for key in variables(repr(stated).replace("\\'", "'"))}
    every = [test for each in stated for test in _tests(each)]
    values = {key: values_of(key, every, request, search) for key in sorted(named)}
    for number, way in enumerate(product(*values.values())):
        if number == _MOST_WORLDS:
            raise TooMuchError
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
    found = had.get(CALLER if key == ACCOUNT else key)
    return None if found is None else "".join(read(key, found) or ())


def _tests(statement: dict[str, Any]) -> Iterator[Test]:
    """Yield what a statement says of a request beside its action and resource."""
    if found := principal_test(statement):
        yield found
    yield from tests(statement.get("Condition"))


def _answer(test: Test, had: Had, request: Request) -> Answer:
    """Tell whether a test holds for what a request has of its key."""
    if had is None:
        return Answer.MAYBE
    if test.operator in {PRINCIPAL, OTHERS}:
        return is_meant(test, had)
    return request.holds(test, read(test.key, had) or ())


def _by_keys(calls: list[Calls], asked: list[str], tries: Tries) -> Iterator[_Kind]:
    """Yield the calls by which of some condition keys a request for each has not."""
    found = defaultdict[tuple[tuple[str, ...], frozenset[str]], list[str]](list)
    for each in calls:
        if each.actions is None:
            raise TooMuchError
        tries.take(len(asked) * len(each.resources) // 8)
        lacking = defaultdict[frozenset[str], list[str]](list)
        for arn, keys in each.resources.items():
            lacking[frozenset(key for key in asked if keys is not None and not each.has(arn, key))].append(arn)
        for lacks, arns in lacking.items():
            found[tuple(arns), lacks] += each.actions
    yield from ((tuple(actions), arns, lacks) for (arns, lacks), actions in found.items())


def _ways(
    statements: list[dict[str, Any]], calls: Iterator[_Kind], tries: Tries
) -> Iterator[tuple[tuple[Answer, ...], frozenset[str]]]:
    """Yield how the statements name each kind of call, once each; TooMuchError where there are too many kinds."""
    patterns = frozenset(text for each in statements for of in _OF_RESOURCES for text in texts(each.get(of)))
    size, seen = len(repr(statements)) // 20, set[tuple[tuple[Answer, ...], frozenset[str]]]()
    for actions, wholes, lacks in calls:
        resources = [kinds(whole, patterns, tries) for whole in wholes]
        listed = {text: None for some in resources for text in some or ()}
        if None in resources or (len(actions) + len(listed)) * size > _MOST_READ:
            raise TooMuchError
        tries.take((len(actions) + len(listed)) * size // 8)
        named, taken = (
            _answers(_only(statements, of), of, asked)
            for of, asked in (("Action", actions), ("Resource", tuple(listed)))
        )
        tries.take(len(named) * len(taken) * len(statements) // 4)
        for way in product(named, taken):
            if (both := (tuple(map(min, *way)), lacks)) not in seen and any(both[0]):
                seen.add(both)
                yield both
        if len(seen) > _MOST_WAYS:
            raise TooMuchError


def _only(statements: list[dict[str, Any]], element: str) -> list[dict[str, Any]]:
    """Return statements with nothing but an element, which many policies have the same."""
    return [{of: each[of] for of in (element, f"Not{element}") if of in each} for each in statements]


@once
def _answers(statements: Any, element: str, asked: tuple[str, ...]) -> list[tuple[Answer, ...]]:
    """Return how statements name some actions or resources, what they name most first, once each."""
    answer = {"Action": names, "Resource": reaches}[element]
    return sorted({tuple(answer(each, text) for each in statements) for text in asked}, reverse=True)


def _passes(evaluation: _Evaluation, ways: tuple[Answer, ...], search: Search, lacks: frozenset[str]) -> bool:
    """Tell whether an Allow lets a kind of call through that no Deny takes back, where it `lacks` some keys."""
    least, most = (Answer.YES, Answer.NO) if search.sure else (Answer.MAYBE, Answer.MAYBE)
    each_way = [*zip(evaluation.statements, evaluation.tests, ways, strict=True)]
    denies = [deny for stated, deny, way in each_way if stated.get("Effect") == "Deny" and way > most]
    for stated, allow, way in each_way:
        if stated.get("Effect") == "Allow" and way >= least:
            left = evaluation.domains | {key: [()] for key in lacks & evaluation.domains.keys()}
            for test in allow:
                search.tries.take(1 + len(left[key_of(test)]) // 4)
                left[key_of(test)] = [had for had in left[key_of(test)] if evaluation.answer(test, had) >= least]
            own = [had for had in left.get(CALLER, ()) if read(ACCOUNT, had) == (evaluation.account,)]
            left |= {CALLER: own} if own else {}  # others are who it is for only if none of the endpoint's own are
            if all(left.values()) and _escapes(denies, left, evaluation.answer, search, most):
                return True
    return False


def _escapes(denies: list[tuple[Test, ...]], domains: Domains, answer: Answers, search: Search, most: Answer) -> bool:
    """Tell whether what requests may have escapes each Deny, by one of its tests; so it does where that takes long."""
    ways = [domains]
    for deny in denies:
        after: list[Domains] = []
        for way in ways:
            for test in deny:
                had_of = way[key_of(test)]
                search.tries.take(1 + len(had_of) // 4)
                kept = [had for had in had_of if answer(test, had) <= most]
                if kept == had_of:
                    after = [*after, way]
                    break
                after += [{**way, key_of(test): kept}] if kept else []
        if len(after) > _MOST_WAYS:
            return most is Answer.MAYBE
        ways = after
    return bool(ways)
