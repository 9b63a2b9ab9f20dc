"""Words that views share."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return how many there are of something, as `1 check` or `2 checks`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
