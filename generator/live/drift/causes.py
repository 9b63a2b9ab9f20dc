"""Drift by its causes: what is the same of several subjects, or not there of several, is one row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from generator.live.drift.row import Drift

_AND = "; "
_ID = re.compile(r"\b(?:sg|pl|subnet|rtb)-[0-9a-f]+\b")


def by_cause(rows: Iterable[Drift]) -> Iterator[Drift]:
    """Yield the rows, those of one cause as one, with all that they are of."""
    alike = _folded(rows, _cause, _joined)
    yield from _folded(alike, _replacement, _replaced)


def _folded(
    rows: Iterable[Drift], cause: Callable[[Drift], object], fold: Callable[[list[Drift]], Drift]
) -> list[Drift]:
    causes = defaultdict[object, list[Drift]](list)
    for row in rows:
        causes[cause(row) or id(row)].append(row)
    return [fold(same) if len(same) > 1 else same[0] for same in causes.values()]


def _replacement(row: Drift) -> tuple[object, ...] | None:
    """Return the object that the spec's reference leads to, and the one that is there: all in which a row differs."""
    if not (isinstance(row.wanted, list) and isinstance(row.found, list) and len(row.wanted) == len(row.found)):
        return None
    wanted, found = {*map(str, row.wanted)}, {*map(str, row.found)}
    lacking, more = wanted - found, found - wanted
    new, old = ({found for each in side for found in _ID.findall(each)} for side in (lacking, more))
    is_it = len(new) == len(old) == 1 and {each.replace(*old, *new) for each in more} == lacking
    return (row.spec, row.kind, row.known, *new, *old) if is_it else None


def _replaced(rows: list[Drift]) -> Drift:
    """Return one row of what differs only in one object that is another, with that alone, and each way out once."""
    (*_, new, old), first = _replacement(rows[0]) or (), rows[0]
    subjects = [subject for row in rows for subject in (row.subject, *row.also)]
    ways = dict.fromkeys(way for row in rows for way in row.next.split(_AND))
    return replace(first, also=tuple(subjects[1:]), wanted=[new], found=[old], next=_AND.join(ways))


def _cause(row: Drift) -> tuple[object, ...] | None:
    """Return what rows of one cause share: what differs and what helps, or that nothing is there."""
    if not (row.field or _is_absent(row)):
        return None
    what = (row.field, repr(row.found), row.known, "" if _is_absent(row) else repr(row.wanted))
    return row.spec, row.kind, row.next, *what


def _is_absent(row: Drift) -> bool:
    return row.found is None and not row.field


def _joined(rows: list[Drift]) -> Drift:
    first, *others = rows
    also = tuple(row.subject for row in others)
    return replace(first, also=also, wanted=[_whole(row) for row in rows] if _is_absent(first) else first.wanted)


def _whole(row: Drift) -> Any:
    """Return what is wanted of a subject that is not there as one text: the rules of a group with its name."""
    return f"{row.subject}: {' and '.join(row.wanted) or 'no rules'}" if isinstance(row.wanted, list) else row.wanted
