"""What the texts of the policy language cover: patterns with `*` and `?`, and variables that may be anything."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from functools import cache

from generator.spec.policy_text import as_text

PART = "\0"
"""In the pattern that texts are to be within: any text without `:` and `/`, as an account or the name of a bucket."""
_MOST_STEPS = 40_000
"""So many steps take a tenth of a second."""
_VARIABLE = re.compile(r"\$\{([*?$])\}|\$\{([^},]*)(?:,\s*'([^']*)')?[^}]*\}")


class Answer(IntEnum):
    """Whether something holds: surely not, for some, or surely for all."""

    NO = 0
    MAYBE = 1
    YES = 2


def texts(value: object) -> tuple[str, ...]:
    """Return the texts that a value of the policy language holds, one or a list of them, as far as they are known."""
    items = map(as_text, value if isinstance(value, list) else [value])
    return tuple(text for text in items if text is not None)


def variables(text: str) -> set[str]:
    """Return the keys of the policy variables in a text, in small letters."""
    return {found[2].strip().casefold() for found in _VARIABLE.finditer(text) if found[2] is not None}


def filled_in(text: str, value: Callable[[str], str | None]) -> str:
    """Return a text with its policy variables by the `value` of each key, or by their defaults, where there is one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """

    def put(found: re.Match[str]) -> str:
        text = None if found[2] is None else value(found[2].strip().casefold())
        return found[0] if text is None else text or found[3] or found[0]

    return _VARIABLE.sub(put, text)


def covers(pattern: str, asked: str) -> Answer:
    """Tell whether a pattern covers all of `asked`, some of it, or nothing; policy variables may be anything."""
    plain = _VARIABLE.sub(lambda found: found[1] or "*", pattern)
    if plain == pattern and _regex(pattern).fullmatch(asked):
        return Answer.YES
    if plain == pattern and "*" not in asked:
        return Answer.NO
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


@cache
def kinds(within: str, patterns: frozenset[str]) -> tuple[str, ...] | None:
    """Return a text within a pattern for each way in which patterns cover texts there; None where that takes too long.

    Whatever they cover or leave, alone or together, one of these texts is such a one.
    """
    # As a deterministic automaton of all of them: a state has the positions that a text may have come to in each, and
    # the text itself while one without `*` or `?` may begin so. Each state is visited once, by its shortest text.
    wild = [within, *(each for each in patterns if {"*", "?"} & {*each})]
    plain = patterns - {*wild}
    beginnings = {each[:end] for each in plain for end in range(len(each) + 1)}
    after_beginning = defaultdict[str | None, set[str]](set)
    for each in beginnings - {""}:
        after_beginning[each[:-1]].add(each[-1])
    start = tuple(_skipped(each, {0}) for each in wild)
    reached, found = {(start, "" if "" in beginnings else None): ""}, dict[object, str]()
    steps = len(plain)
    for (state, beginning), text in (queue := list(reached.items())):
        if len(within) in state[0]:
            ends = tuple(len(each) in at for each, at in zip(wild, state, strict=True))
            found.setdefault((ends, beginning if beginning in plain else None), text)
        for character in _next(wild, state, {*after_beginning.get(beginning, ())}):
            after = tuple(_step(each, at, character) for each, at in zip(wild, state, strict=True))
            longer = f"{beginning}{character}"
            key = (after, longer if beginning is not None and longer in beginnings else None)
            if after[0] and key not in reached:
                reached[key] = text + character
                queue.append((key, reached[key]))
        steps += 4 * len(wild)
        if steps > _MOST_STEPS:
            return None
    return tuple(found.values())


def _next(wild: list[str], state: tuple[frozenset[int], ...], named: set[str]) -> Iterator[str]:
    """Yield the characters that make a difference after a state, and one that is none of them."""
    for pattern, reach in zip(wild, state, strict=True):
        named.update(*(":/" if pattern[at] == PART else pattern[at] for at in reach if at < len(pattern)))
    yield from sorted(named - {"*", "?"})
    yield next(each for each in "xyzabcdefghijklmnopqrstuvw0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ" if each not in named)


def _step(pattern: str, reach: Iterable[int], character: str) -> frozenset[int]:
    kept = {"*"} if character in ":/" else {"*", PART}
    stay = {at for at in reach if pattern[at : at + 1] in kept}
    return _skipped(pattern, stay | {at + 1 for at in reach if pattern[at : at + 1] in {character, "?"}})


def _skipped(pattern: str, reach: set[int]) -> frozenset[int]:
    """Return the positions, and those behind a `*` that is empty."""
    ends, behind = set(reach), reach
    while behind := {at + 1 for at in behind if pattern[at : at + 1] in {"*", PART}} - ends:
        ends |= behind
    return frozenset(ends)
