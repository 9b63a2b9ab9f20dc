"""The little Markdown that a module's README is made of: tables written, and read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from generator.source.frozen import frozen

Row = tuple[str, ...]

_CELL = re.compile(r"(?<!\\)\|")
_FENCE = r"```.*(?:\n.*)*?(?:\n```$|\Z)"
_CHUNK = re.compile(rf"(?m)^(?!```).+(?:\n(?!```).+)*(?:\n{_FENCE})?|^{_FENCE}")
"""What blank lines set apart; a fence is of one chunk, blank lines and all."""


@frozen()
class Page:
    """What a page says: its headings, and under each the rows of a table (head row first) and the code."""

    headings: tuple[str, ...]
    tables: Mapping[str, tuple[Row, ...]]
    code: Mapping[str, str]


def table(rows: Iterable[Row]) -> str:
    """Return rows of text as a Markdown table; the first row is its head."""
    head, *body = [tuple(cell.replace("\\", "\\\\").replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *body))


def read(text: str) -> Page:
    """Return the tables and the code of a page. A table or a fence that does not stand by itself is not seen."""
    tables: dict[str, tuple[Row, ...]] = {}
    code: dict[str, str] = {}
    headings = [""]
    for chunk in _CHUNK.findall(text):
        if chunk.startswith("#") and "\n" not in chunk:
            headings.append(chunk.lstrip("# "))
        elif chunk.startswith("|"):
            rows = tuple(_row(line) for line in chunk.split("\n"))
            is_table = len(rows) > 1 and rows[1] == ("---",) * len(rows[0])
            tables[headings[-1]] = (rows[0], *rows[2:]) if is_table else ()
        elif chunk.startswith("```") and chunk.endswith("\n```"):
            code[headings[-1]] = chunk.partition("\n")[2].removesuffix("```")
    return Page(tuple(headings[1:]), tables, code)


def _row(line: str) -> Row:
    cells = _CELL.split(line.strip())[1:-1]
    return tuple(cell.strip().replace("\\|", "|").replace("\\\\", "\\") for cell in cells)
