"""Words that views share."""

from __future__ import annotations

_LONGEST = 1000


def counted(number: int, noun: str) -> str:
    """Return how many there are of something, as `1 check` or `2 checks`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def in_words(fact: object, unknown: str = "unknown", none: str = "none") -> str:
    """Return a fact in words: yes, no, what a list holds, or `none` where it is empty; `unknown` for None."""
    if isinstance(fact, list | tuple):
        return ", ".join(map(str, fact)) or none
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return unknown if fact is None else str(fact)


def shortened(listed: str) -> str:
    """Return what lists things in words, at most some of them and how many more there are; JSON has all."""
    if len(listed) <= _LONGEST:
        return listed
    between = "; " if "; " in listed[:_LONGEST] else ", "
    head = listed[:_LONGEST].rpartition(between)[0]
    return f"{head} and {listed[len(head) :].count(between)} more, which --format json has"
