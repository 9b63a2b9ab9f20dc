"""The line of a file that a finding is about, with a caret under what is meant, as a terminal shows it."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from generator.cli.harmless import harmless
from generator.cli.views.table import terminal_width, width
from generator.source.diagnostics import Place
from generator.source.reading import plain_bytes_of, stamp

_WORD = re.compile(r"""\ufffd|(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,{}\[\]#]+?(?=:?(?:[\s,{}\[\]]|$)))|.""")
_BLANKS = re.compile(r"\s*")
_LONGEST = 1_000  # characters of a line that is looked at as a whole: a spec may be one line of a mebibyte
_BEFORE = 30  # cells that are kept of what stands before a word on a line that is too long


def excerpt(place: Place) -> list[str]:
    """Return the line at a place, with its number, and one that marks its word; nothing where there is none."""
    text = _lines(place.file, stamp(place.file))
    if not 0 < place.line <= len(text):
        return []
    line, number = text[place.line - 1].replace("\t", " "), f"{place.line:>4} | "
    at = max(place.column - 1, 0)
    is_tab = text[place.line - 1].startswith("\t", at)  # which is what is meant, then
    at += len(blanks[0]) if not is_tab and (blanks := _BLANKS.match(line, at)) else 0
    room = max(terminal_width() - len(number), _BEFORE)
    is_whole = len(line) <= _LONGEST and width(harmless(line)) <= room
    start = 0 if is_whole else max(0, at - _BEFORE)
    before = ("…" if start else "") + harmless(line[start + bool(start) : at])
    after = harmless(line[at:] if is_whole else line[at : at + room])
    word = _WORD.match(after)
    marked = " " * width(before) + "^" * max(1, width(word[0]) if word else 1)
    shown = before + after
    if not is_whole and (at + room < len(line) or width(shown) > room):
        shown = f"{shown[: room - 1]}…"
    return [f"{number}{shown}".rstrip(), f"     | {marked}"]


@lru_cache(16)
def _lines(file: str, _: object) -> list[str]:
    """Return the lines of a file as it is now: what serves a page lives on while it changes."""
    with suppress(OSError, ValueError):
        text = plain_bytes_of(Path(file)).decode(errors="replace").removeprefix("\ufeff")
        return re.split(r"\r\n?|\n", text)
    return []
