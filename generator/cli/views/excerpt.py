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
_BEFORE = 30  # cells that are kept of what stands before a word on a line that is too long


def excerpt(place: Place) -> list[str]:
    """Return the line at a place, with its number, and one that marks its word; nothing where there is none."""
    text = _lines(place.file, stamp(place.file))
    if not 0 < place.line <= len(text):
        return []
    line, number = harmless(text[place.line - 1].replace("\t", " ")), f"{place.line:>4} | "
    at = max(place.column - 1, 0)
    at += len(line[at:]) - len(line[at:].lstrip())
    room, start = max(terminal_width() - len(number), _BEFORE), 0
    if width(line) > room:
        start = max(0, at - _BEFORE)
        line = ("…" if start else "") + line[start + bool(start) :]
        line = f"{line[: room - 1]}…" if width(line) > room else line
    word = _WORD.match(line, at - start)
    marked = " " * width(line[: at - start]) + "^" * max(1, width(word[0]) if word else 1)
    return [f"{number}{line}".rstrip(), f"     | {marked}"]


@lru_cache(16)
def _lines(file: str, _: object) -> list[str]:
    """Return the lines of a file as it is now: what serves a page lives on while it changes."""
    with suppress(OSError, ValueError):
        return re.split(r"\r\n?|\n", plain_bytes_of(Path(file)).decode(errors="replace").removeprefix("\ufeff"))
    return []
