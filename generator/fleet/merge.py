"""The one rule by which specs are merged: maps by key, anything else replaces, `null` takes away.

A node is its data and its marks, so that each value keeps its own place, in whatever file it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from generator.source.draft import Data
from generator.source.marks import OVER, Marks, over_all, own

Path: TypeAlias = tuple[str, ...]
NOTHING = object()
"""What is at a path at which nothing is."""
_TABLES = frozenset({"tags"})
"""Maps of texts, in which `format` is a key as any other."""


class Node(NamedTuple):
    """A map of a spec, and the places of what is in it."""

    data: dict[str, Data]
    marks: Marks


class Write(NamedTuple):
    """A value that is stated at a path; None takes away what is there."""

    path: Path
    value: Data


def format_of(value: object, key: object = "") -> str | None:
    """Return the text of `{format: …}`; None of anything else."""
    if isinstance(value, dict) and len(value) == 1 and key not in _TABLES and isinstance(value.get("format"), str):
        return str(value["format"])
    return None


def is_map(value: object, key: object = "") -> bool:
    """Tell whether a value is a map to merge into."""
    return isinstance(value, dict) and format_of(value, key) is None


def merge(base: Node, over: Node) -> Node:
    """Return a map with another over it; what neither changes is shared with them."""
    data, marks = {**base.data}, {**base.marks}
    for key, value in over.data.items():
        mark = over.marks.get(key, 0)
        if value is None:
            data.pop(key, None)
            marks.pop(key, None)
        elif is_map(value, key):
            known = below(Node(data, marks), key) if is_map(data.get(key), key) else Node({}, {None: own(mark)})
            data[key], marks[key] = merge(known, below(over, key))
        else:
            data[key], marks[key] = value, mark
    marks[OVER] = over_all(marks.get(OVER, 0), over.marks)
    return Node(data, marks)


def writes(data: Data, path: Path = ()) -> Iterator[Write]:
    """Yield each value that a map states, at its path; of a list, the whole."""
    if not path or (isinstance(data, dict) and data and is_map(data, path[-1])):
        for key, value in data.items() if isinstance(data, dict) else ():
            yield from writes(value, (*path, key))
    else:
        yield Write(path, data)


def at(data: Data, path: Iterable[str | int]) -> Any:
    """Return what is at a path, or NOTHING."""
    found: Any = data
    for key in path:
        items = dict(enumerate(found)) if isinstance(found, list) else found
        if not isinstance(items, dict) or key not in items:
            return NOTHING
        found = items[key]
    return found


def changes(data: Data, write: Write) -> bool:
    """Tell whether something else is at the path, so that to state the value changes something."""
    there = at(data, write.path)
    if write.value is None:
        return there is not NOTHING
    return not (write.value == {} and isinstance(there, dict)) and _form(there) != _form(write.value)


def _form(data: object) -> object:
    """Return data in which text with quotes is not the same as text without, which may be a number or a flag."""
    if isinstance(data, dict):
        return {key: _form(value) for key, value in data.items()}
    return [*map(_form, data)] if isinstance(data, list) else (type(data), data)


def differs(one: Write, other: Write) -> bool:
    """Tell whether two values are not the same."""
    return _form(one.value) != _form(other.value)


def below(found: Node, *path: str | int) -> Node:
    """Return the map that is at a path."""
    data: Any = found.data
    marks: int | Marks = found.marks
    for step in path:
        data, marks = data[step], marks.get(step, 0) if isinstance(marks, dict) else marks
    return Node(data, {None: marks} if isinstance(marks, int) else marks)
