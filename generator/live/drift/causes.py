"""Drift by its causes: what is the same of several subjects, or not there of several, is one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from generator.live.drift.row import Drift


def by_cause(rows: Iterable[Drift]) -> Iterator[Drift]:
    """Yield the rows, those of one cause as one, with all that they are of."""
    causes = defaultdict[object, list[Drift]](list)
    for row in rows:
        causes[_cause(row) if row.field or _is_absent(row) else id(row)].append(row)
    yield from (_joined(same) if len(same) > 1 else same[0] for same in causes.values())


def _cause(row: Drift) -> tuple[object, ...]:
    """Return what rows of one cause share: what differs and what helps, or that nothing is there."""
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
