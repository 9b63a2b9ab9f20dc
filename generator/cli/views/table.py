"""Columns of text: the one table of the command line, measured in the cells of a terminal.

Where the terminal is too narrow, cells are folded between words; where that is not enough, each row is a list. A file
or a pipe is 80 cells wide, unless COLUMNS says another width.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Sequence
from itertools import zip_longest

from generator.cli.harmless import harmless

Rows = Iterable[Sequence[str]]

GAP = "  "
_TALLEST = 4  # lines; a row that is folded into more is hard to read across
_BREAKS = str.maketrans("\n\t", "  ")
_WORDS = re.compile(r"\s+|\S+")
_COMMAND = re.compile(
    r"\baws [\w-]+ [\w-]+-|\bterraform (?:import|state|show|apply -)|\bgen-endpoints [\w-]+ (?:\S+ ){0,3}--?\w"
)
"""The start of a command with its arguments, which is copied: a line that has one is not folded."""


def terminal_width() -> int:
    """Return how many cells wide the terminal is, or what it goes to instead."""
    return shutil.get_terminal_size().columns


def width(text: str) -> int:
    """Return how many cells a terminal takes for a text: two for a wide character, none for a combining mark."""
    if text.isascii():
        return len(text)
    from wcwidth import width as cells

    return cells(text)


def table(rows: Rows, *, right: Collection[int] = (), room: int | None = None) -> str:
    """Return rows as columns; the first row is the head, and the columns in `right` are flush right.

    The table is at most `room` cells wide, or as wide as the terminal.
    """
    return "\n".join(lines(rows, right=right, room=room))


def lines(
    rows: Rows,
    *,
    right: Collection[int] = (),
    room: int | None = None,
    has_head: bool = True,
    whole: Collection[int] = (),
) -> list[str]:
    """Return the text of each row of a table; without the head's where each row is a list.

    The columns in `whole` have names, which are not folded.
    """
    cells = [[harmless(cell).translate(_BREAKS) for cell in row] for row in rows]
    room = room or terminal_width()
    natural = [max(map(width, column)) for column in zip(*cells, strict=True)]
    widths = _fitting(cells, natural, room, whole)
    if not (widths or has_head):
        return [prose(GAP.join(row).rstrip(), room, hang=2) for row in cells]
    text = [_row(row, widths or natural, right) for row in cells]
    is_legible = widths is not None and all(row.count("\n") < _TALLEST for row in text)
    return text if is_legible or not has_head else _lists(cells, room)


def fold(text: str, most: int) -> list[str]:
    """Return a text as lines of at most `most` cells each, but for words that are longer, and commands."""
    folded, text = [""], text.translate(_BREAKS).rstrip()
    for word in (text,) if width(text) <= most or _COMMAND.search(text) else _WORDS.findall(text):
        if folded[-1].strip() and width(f"{folded[-1]}{word}".rstrip()) > most:
            folded.append("")
        if folded[-1] or not word.isspace() or len(folded) == 1:
            folded[-1] += word
    return [line.rstrip() for line in folded]


def prose(text: str, most: int = 120, *, hang: int = 0) -> str:
    """Return a text with each line that is wider than the terminal folded, the rest of it `hang` cells further in."""
    lines, most = list[str](), min(most, terminal_width())
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        room = most - len(indent)
        first, *rest = fold(line.strip(), room)
        rest = fold(" ".join(rest), room - hang) if rest else []
        lines += [f"{indent}{first}".rstrip(), *(f"{indent}{' ' * hang}{each}" for each in rest)]
    return "\n".join(lines)


def _fitting(
    rows: Sequence[Sequence[str]], natural: Sequence[int], room: int, whole: Collection[int]
) -> list[int] | None:
    """Return how wide each column is, the widest narrowed first; None where their words do not fit side by side."""
    least = [max(width(word) for cell in column for word in (*cell.split(), "")) for column in zip(*rows, strict=True)]
    least = [natural[at] if at in whole else each for at, each in enumerate(least)]
    for most in range(max(natural, default=0), 0, -1):
        widths = [max(low, min(high, most)) for low, high in zip(least, natural, strict=True)]
        if sum(widths) + len(GAP) * (len(widths) - 1) <= room:
            return widths
    return None


def _row(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    """Return a row as one line, or as several where a cell is wider than its column."""
    folded = [fold(cell, most) for cell, most in zip(row, widths, strict=True)]
    padded = (
        (_padded(text, most, is_right=at in right) for at, (text, most) in enumerate(zip(line, widths, strict=True)))
        for line in zip_longest(*folded, fillvalue="")
    )
    return "\n".join(GAP.join(line).rstrip() for line in padded)


def _padded(text: str, most: int, *, is_right: bool = False) -> str:
    padding = " " * (most - width(text))
    return f"{padding}{text}" if is_right else f"{text}{padding}"


def _lists(rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """Return each row but the head as a list: a line for each cell, under its name in the head."""
    head, *body = rows
    names = max(map(width, head)) + len(GAP)
    return [
        "\n".join(
            f"{_padded('' if at else name, names)}{line}".rstrip()
            for name, cell in zip(head, row, strict=True)
            for at, line in enumerate(fold(cell, room - names))
        )
        + ("\n" if number < len(body) else "")
        for number, row in enumerate(body, 1)
    ]
