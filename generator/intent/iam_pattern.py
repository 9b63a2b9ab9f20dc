"""What the texts of the policy language cover: patterns with `*` and `?`, and variables that may be anything."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache

from generator.spec.policy_text import as_text


class Answer(IntEnum):
    """Whether something holds: surely not, for some, or surely for all."""

    NO = 0
    MAYBE = 1
    YES = 2


def texts(value: object) -> tuple[str, ...]:
    """Return the texts that a value of the policy language holds, one or a list of them, as far as they are known."""
    items = map(as_text, value if isinstance(value, list) else [value])
    return tuple(text for text in items if text is not None)


def covers(pattern: str, asked: str) -> Answer:
    """Tell whether a pattern covers all of `asked`, some of it, or nothing; policy variables may be anything."""
    plain = re.sub(r"\$\{([*?$])\}|\$\{[^}]*\}", lambda found: found[1] or "*", pattern)
    if plain == pattern and _regex(pattern).fullmatch(asked):
        return Answer.YES
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
