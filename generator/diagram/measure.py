"""How wide text is, at most: in hundredths of its size, whichever of the usual fonts a reader's machine has.

The table is the wider of DejaVu Sans and Liberation Sans (as wide as Arial) for each character, so that no text is
cut in either; letters with marks are as wide as their letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import repeat

from generator.source.frozen import frozen

_REGULAR = """32 41 46 84 64 96 78 28 40 40 50 84 32 37 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 56 102
 69 69 73 78 67 62 78 76 30 50 67 56 87 75 79 67 79 73 67 62 74 69 99 69 67 69 40 34 40 84 56 50 62
 64 55 64 62 36 64 64 28 28 58 28 98 64 62 64 64 42 53 40 64 60 82 60 60 53 64 34 64 84"""
_BOLD = """35 46 53 84 70 101 88 31 46 46 53 84 38 42 38 37 70 70 70 70 70 70 70 70 70 70 40 40 84 84 84 62 100
 78 77 74 84 69 69 83 84 38 56 78 64 100 84 86 74 86 78 73 69 82 78 111 78 73 73 46 37 46 84 56 50 68
 72 60 72 68 44 72 72 35 35 67 35 105 72 69 72 72 50 60 48 72 66 93 65 66 59 72 37 72 84"""
_WIDTHS = [dict(zip(map(chr, range(32, 127)), map(int, each.split()), strict=True)) for each in (_REGULAR, _BOLD)]
_OTHER = {"đ": "d", "Đ": "D", "·": ".", "…": "W"}
_HORN, _UNKNOWN, _WIDE = 8, 105, 130
_IS_WIDE = frozenset({"W", "F"})
_BLANKS, _MARKS = re.compile(r"(?<=\s)"), re.compile(r"(?<=[,./:_=-])")


SIZES = {"h": (20, 28), "b": (13, 19), "t": (12, 18), "s": (11, 16)}
"""The size of each kind of text, and how far its lines are apart; the first two are bold."""


@frozen()
class Stack:
    """Lines of text under each other: the kind, the baseline and the text of each; and how much room they take."""

    lines: tuple[tuple[str, int, str], ...] = ()
    width: int = 0
    height: int = 0


NOTHING = Stack()


def stack(room: int, *parts: tuple[str, str]) -> Stack:
    """Return texts by their kinds in lines that have room: broken after blanks, else after marks, else anywhere."""
    found, height, widest = [], 4, 0
    for kind, text in parts:
        leading = SIZES[kind][1]
        for line in _lines(text, kind, room):
            height += leading
            widest = max(widest, _width(line, kind))
            found.append((kind, height - leading // 4, line))
    return Stack(tuple(found), widest, height)


def _lines(text: str, kind: str, room: int) -> Iterator[str]:
    line = ""
    for part in _parts(_BLANKS.split(unicodedata.normalize("NFC", text)), kind, room):
        if line and _width((line + part).rstrip(), kind) > room:
            yield line.strip()
            line = ""
        line += part
    yield line.strip()


def _parts(words: Iterable[str], kind: str, room: int) -> Iterator[str]:
    """Yield what is not broken: words, of one without room what is between its marks, and of that the letters."""
    for word in words:
        for piece in [word] if _width(word.rstrip(), kind) <= room else _MARKS.split(word):
            yield from [piece] if _width(piece.rstrip(), kind) <= room else piece


def _width(text: str, kind: str) -> int:
    return -(-sum(map(_of_one, text, repeat(kind))) * SIZES[kind][0] // 100)


@lru_cache(2**12)
def _of_one(character: str, kind: str) -> int:
    parts = unicodedata.normalize("NFD", _OTHER.get(character, character))
    wide = unicodedata.east_asian_width(character) in _IS_WIDE
    return _WIDE if wide else _WIDTHS[kind in "hb"].get(parts[0], _UNKNOWN) + _HORN * ("\u031b" in parts)
