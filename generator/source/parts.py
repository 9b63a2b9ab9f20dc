"""A Source without the parts in which something is wrong, or with keys as meant, so that the rest can be judged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from generator.source.diagnostics import Diagnostic, Place
from generator.source.draft import Source


def wrong_parts(found: Source, findings: Iterable[Diagnostic], *path: str) -> dict[str | int, list[Diagnostic]]:
    """Return the keys, or the items by number, of what is at a path, in which there are findings, each with these."""
    data: Any = found.data
    for key in path:
        data = data[key]
    parts: list[str | int] = [*data] if isinstance(data, dict) else [*range(len(data))]
    starts = sorted((*_spot(found.key_place((*path, each))), number) for number, each in enumerate(parts))
    wrong = dict[str | int, list[Diagnostic]]()
    for each in findings:
        if at := bisect_right(starts, (*_spot(each.place), len(parts))):
            wrong.setdefault(parts[starts[at - 1][-1]], []).append(each)
    return wrong


def _spot(place: Place) -> tuple[int, ...]:
    return place.line, place.column


def without(found: Source, parts: Collection[str | int], *path: str) -> Source:
    """Return a source without some keys or items of what is at a path; the others keep their places."""
    data, marks = _without(found.data, found.marks, parts, path)
    return replace(found, data=data, marks=marks)


def renamed(found: Source, path: tuple[str | int, ...], key: str) -> Source:
    """Return a source in which the key at the end of a path is another, at the place of the first."""
    data, marks = _renamed(found.data, found.marks, path, key)
    return replace(found, data=data, marks=marks)


def _renamed(data: Any, marks: Any, path: tuple[str | int, ...], key: str) -> tuple[Any, Any]:
    first, *rest = path
    if not rest:
        names = {first: key}
        return {names.get(each, each): value for each, value in data.items()}, {
            names.get(each, each): value for each, value in marks.items()
        }
    kept: Any = [*data] if isinstance(data, list) else {**data}
    kept[first], places = _renamed(data[first], marks.get(first, {}), tuple(rest), key)
    return kept, {**marks, first: places}


def _without(data: Any, marks: Any, parts: Collection[str | int], path: tuple[str, ...]) -> tuple[Any, Any]:
    if path:
        inner, places = _without(data[path[0]], marks[path[0]], parts, path[1:])
        return {**data, path[0]: inner}, {**marks, path[0]: places}
    if isinstance(data, dict):
        kept = {key: each for key, each in data.items() if key not in parts}
        return kept, {key: each for key, each in marks.items() if key not in parts}
    left = [each for each in range(len(data)) if each not in parts]
    return [data[each] for each in left], {None: marks[None], **{new: marks[old] for new, old in enumerate(left)}}
