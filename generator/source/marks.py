"""Where each node of data is: numbers in the shape of the data, which merging keeps.

A mark is one number of four parts, the key's line and column before the node's own, since each node has one: as
tuples, those of 10,000 endpoints take 10 MiB more, and those of the worst LARGEST file 1.5 GiB in place of 0.9.
Before all of them is which file it is of, 0 for the Source's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from generator.source.diagnostics import Place

BITS = 28
"""Of a line or a column: more than the LARGEST file can have."""
PAIR = (1 << 2 * BITS) - 1
Marks: TypeAlias = "dict[str | int | None, int | Marks]"
"""The shape of the data again, a number for each node; a tree's own is at None, and what was merged over it at OVER."""
OVER = -1


def mark_of(marks: Marks, path: Iterable[str | int]) -> int:
    """Return the mark of what is at a path, or that of the last on the way."""
    found: int | Marks = marks
    for step in path:
        if (below := _below(found, step)) is None:
            break
        found = below
    return own(found)


def said_mark(marks: Marks, path: Iterable[str | int], *, inside: bool) -> int | None:
    """Return the mark of what is at a path, or `inside` of the last key merged over that; None where none is."""
    found: int | Marks | None = marks
    for step in path:
        found = None if found is None else _below(found, step)
    while inside and isinstance(found, dict) and (over := over_at(found)) and own(found[OVER]) != own(found):
        found = _below(found, over[-1])
    return None if found is None else own(found)


def over_at(marks: int | Marks, path: Iterable[str | int] = ()) -> list[str]:
    """Return the keys that were merged over what is at a path, the last last."""
    for step in (*path, OVER):
        marks = marks.get(step, 0) if isinstance(marks, dict) else 0
    return [key for key in marks if isinstance(key, str)] if isinstance(marks, dict) else []


def over_all(before: int | Marks, marks: Marks) -> Marks:
    """Return what was merged over a node, with more of it."""
    kept = before.items() if isinstance(before, dict) else ()
    return {**{key: each for key, each in kept if key not in marks}, **marks}


def _below(mark: int | Marks, step: str | int) -> int | Marks | None:
    """Return the mark of what is, or was until `null` took it away, at a key of a node; None where nothing is."""
    if isinstance(mark, int):
        return None
    taken = mark.get(OVER, 0)
    return mark.get(step, taken.get(step) if isinstance(taken, dict) else None)


def own(mark: int | Marks) -> int:
    """Return the mark of a node itself."""
    while not isinstance(mark, int):
        mark = mark.get(None, 0)
    return mark


def place_of(file: str, mark: int) -> Place:
    """Return the place of a mark that is a line and a column."""
    return Place(file, mark >> BITS & (1 << BITS) - 1, mark & (1 << BITS) - 1)


def at(line: int, column: int) -> int:
    """Return a line and a column, from 1, as the one number by which a Draft knows its place."""
    return line << BITS | column


def both(key: int, value: int) -> int:
    """Return the mark of a value that has a key."""
    return key << 2 * BITS | value


def in_file(mark: int | Marks, index: int) -> int | Marks:
    """Return marks as those of the file that is at `index` of a Source's parents, from 1."""
    if isinstance(mark, int):
        return mark | index << 4 * BITS
    return {step: in_file(below, index) for step, below in mark.items()}
