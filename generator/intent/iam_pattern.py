"""What the texts of the policy language cover: patterns with `*` and `?`, and variables that may be anything."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from generator.spec.policy_text import as_text

PART = "\0"
"""In the pattern that texts are to be within: any text without `:` and `/`, as an account or the name of a bucket."""
_MOST_STEPS = 60_000
"""So many steps take a tenth of a second."""
_VARIABLE = re.compile(r"\$\{([*?$])\}|\$\{([^{},]*+)(?:,\s*+'([^']*+)')?[^{}]*+\}")


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


def as_plain(value: Any) -> Any:
    """Return a value of the policy language whose `${` is to be plain text, as a policy variable says it."""
    if isinstance(value, dict):
        return {key: as_plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_plain(each) for each in value]
    return value.replace("${", "${$}{") if isinstance(value, str) else value


def filled_in(text: str, value: Callable[[str], str | None]) -> str:
    """Return a text with its policy variables by the `value` of each key, or by their defaults, where there is one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """

    def put(found: re.Match[str]) -> str:
        text = None if found[2] is None else value(found[2].strip().casefold())
        return found[0] if text is None else text or found[3] or found[0]

    return _VARIABLE.sub(put, text)


@lru_cache(2**12)
def covers(pattern: str, asked: str) -> Answer:
    """Tell whether a pattern covers all of `asked`, some of it, or nothing; policy variables may be anything."""
    plain = _VARIABLE.sub(lambda found: found[1] or "*", pattern)
    if plain == pattern and _is_of(asked, pattern):
        return Answer.YES
    if plain == pattern and "*" not in asked:
        return Answer.NO
    return Answer.MAYBE if _meet(plain, asked) else Answer.NO


@cache
def _parts(pattern: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """Return what stands between the `*` of a pattern, each with its length."""
    parts = re.split(r"\*+", pattern)
    return tuple((re.compile(re.escape(part).replace(r"\?", "[^*]"), re.DOTALL), len(part)) for part in parts)


def _is_of(text: str, pattern: str) -> bool:
    """Tell whether a text is one of a pattern's; each part is looked for once, from the left."""
    (first, _), *others = _parts(pattern)
    if not others:
        return bool(first.fullmatch(text))
    *between, (last, length) = others
    found = first.match(text)
    for part, _ in between:
        found = found and part.search(text, found.end())
    return bool(found and found.end() <= len(text) - length and last.fullmatch(text, len(text) - length))


def _meet(left: str, right: str) -> bool:
    """Tell whether some text fits two patterns; in the second, `?` is a character like any other."""
    # As a non-deterministic automaton: `left` is read once, and the bits of `reach` are the positions in `right` that
    # some choice of what the stars of both stand for has come to.
    at = _places(right, wild="*")
    whole = (at.end << 1) - 1
    reach = _skipped(at, 1)
    for character in re.sub(r"\*+", "*", left):
        if character == "*":
            reach = whole & -(reach & -reach)
        else:
            fits = at.of.get(character, 0) if character != "?" else whole & ~at.end & ~at.many
            reach = _skipped(at, (reach & fits) << 1 | (reach & at.many))
    return bool(reach & at.end)


class _Places(NamedTuple):
    """Where in a pattern what stands, a bit for each position; `end` is behind the last."""

    of: dict[str, int]
    any_one: int
    many: int
    part: int
    end: int


@cache
def _places(pattern: str, *, wild: str = f"*?{PART}") -> _Places:
    text, of = re.sub(r"\*+", "*", pattern), defaultdict[str, int](int)
    for at, character in enumerate(text):
        of[character] |= 1 << at
    star, any_one, part = (of.pop(each, 0) if each in wild else 0 for each in f"*?{PART}")
    return _Places(dict(of), any_one, star | part, part, 1 << len(text))


def _skipped(at: _Places, reach: int) -> int:
    """Return the positions, and those behind a `*` that is empty."""
    while more := (reach & at.many) << 1 & ~reach:
        reach |= more
    return reach


class TooMuchError(Exception):
    """There is more to try than a search may."""


@dataclass
class Tries:
    """How many steps a search may still take."""

    left: int = 700_000

    def take(self, steps: int) -> None:
        """Count steps; TooMuchError when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuchError


def kinds(within: str, patterns: frozenset[str], tries: Tries | None = None) -> tuple[str, ...] | None:
    """Return a text within a pattern for each way in which patterns cover texts there; None where that takes too long.

    Whatever they cover or leave, alone or together, one of these texts is such a one.
    """
    found, steps = _kinds(within, patterns)
    (tries or Tries()).take(steps)
    return found


@cache
def _kinds(within: str, patterns: frozenset[str]) -> tuple[tuple[str, ...] | None, int]:
    # As a deterministic automaton of all of them: a state has the positions that a text may have come to in each, and
    # how much of those without `*` or `?` it begins with. Each state is visited once, by its shortest text.
    listed = [each.replace("${$}", "$") for each in patterns]
    wild = [_places(each) for each in (within, *(each for each in listed if {"*", "?"} & {*each}))]
    beginnings, plain = _beginnings(each for each in listed if not {"*", "?"} & {*each})
    start = (tuple(_skipped(each, 1) for each in wild), 0)
    reached, found = {start: (start, "")}, dict[object, object]()
    steps, width = len(beginnings) // 4, sum(1 + each.end.bit_length() // 256 for each in wild)
    for key in (queue := [start]):
        state, beginning = key
        if state[0] & wild[0].end:
            ends = tuple(bool(at & each.end) for each, at in zip(wild, state, strict=True))
            found.setdefault((ends, beginning if beginning in plain else None), key)
        after_beginning = beginnings[beginning] if beginning >= 0 else {}
        for character in (characters := [*_next(wild, state, {*after_beginning})]):
            after = tuple(_step(each, at, character) for each, at in zip(wild, state, strict=True))
            following = (after, after_beginning.get(character, -1))
            if after[0] and following not in reached:
                reached[following] = (key, character)
                queue.append(following)
        steps += 4 + 2 * width * len(characters)
        if steps > _MOST_STEPS:
            return None, steps
    return tuple(_text(reached, key) for key in found.values()), steps


def _beginnings(texts: Iterable[str]) -> tuple[list[dict[str, int]], set[int]]:
    """Return by which characters texts go on from one beginning to another, and which beginnings are whole texts."""
    following, whole = [dict[str, int]()], set[int]()
    for text in texts:
        at = 0
        for character in text:
            if character not in following[at]:
                following[at][character] = len(following)
                following.append({})
            at = following[at][character]
        whole.add(at)
    return following, whole


def _text(reached: dict[Any, tuple[Any, str]], key: object) -> str:
    """Return the text by which a state was reached."""
    characters = list[str]()
    while character := reached[key][1]:
        characters.append(character)
        key = reached[key][0]
    return "".join(reversed(characters))


def _next(wild: list[_Places], state: tuple[int, ...], named: set[str]) -> Iterator[str]:
    """Yield the characters that make a difference after a state, and one that is none of them."""
    for each, reach in zip(wild, state, strict=True):
        if reach:
            named.update(character for character, at in each.of.items() if reach & at)
            named.update(":/" if reach & each.part else "")
    yield from sorted(named)
    yield next(each for each in "xyzabcdefghijklmnopqrstuvw0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ" if each not in named)


def _step(at: _Places, reach: int, character: str) -> int:
    if not reach:
        return 0
    stay = reach & at.many & ~(at.part if character in ":/" else 0)
    return _skipped(at, stay | (reach & (at.of.get(character, 0) | at.any_one)) << 1)
