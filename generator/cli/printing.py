"""Where anything is printed: in the order in which it is said, and with nothing in it that steers a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from generator.source.diagnostics import Diagnostic

_KEPT = frozenset("\n\t\u200c\u200d\xa0\u2002\u2003\u2007\u2009\u202f\u3000")
"""What is not printable to Python, but harmless: layout, joiners of letters and emoji, and wide or fixed spaces."""


def harmless(text: str) -> str:
    """Return text without the characters by which a file or an answer of AWS could steer the terminal."""
    return "".join(character if character.isprintable() or character in _KEPT else "\ufffd" for character in text)


def say(text: object, *, end: str = "\n") -> None:
    """Print what a command found, to standard output."""
    print(harmless(str(text)), end=end)


def note(text: object, *, end: str = "\n") -> None:
    """Print to standard error, after all that was said before: a log may hold both."""
    sys.stdout.flush()
    print(harmless(str(text)), end=end, file=sys.stderr)


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Print findings one a line, each with its fix under it, to standard error."""
    for diagnostic in diagnostics:
        note(diagnostic)
