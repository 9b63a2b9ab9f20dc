"""How much a fleet may be: what all its targets have together, told before any is made."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from generator.catalog import bundles
from generator.fleet.layers import Layer
from generator.fleet.merge import format_of
from generator.fleet.overlays import Overlay
from generator.fleet.rows import Stated
from generator.source.diagnostics import Refused
from generator.source.draft import Data, Source
from generator.source.text import TOO_LARGE

_TARGETS = 5000
"""So many are made in the seconds that a spec may take; several specs may extend one file."""
_ENDPOINTS = 50_000
"""Of all targets: 1,000 of 50, or 5,000 of ten; each takes 0.15 ms of CPU."""
_VALUES = 500_000
"""Of all targets: 1,000 that state 500 each; one takes 1 microsecond in each, as a tag."""
_OF_POLICIES = 400_000
"""Of all that differ, for each endpoint that has one: each takes up to 25 microseconds, where it is judged anew."""
_OF_ONE = 10
"""What a policy takes beside its values."""
_LONG = 200
_OF_FORMAT = 10
_AS_FILE = "have each policy in a file, which is one value here, policy: {file: NAME.json}; or "


def bound_rows(file: Source, number: int) -> None:
    """Raise Refused (E013) for more targets than a spec has."""
    if number > _TARGETS:
        raise _refused(file, f"{number:,} targets, and a spec has {_TARGETS:,} at most")


def bound(files: Sequence[Layer], targets: Mapping[tuple[tuple[Overlay, ...], ...], Sequence[Stated]]) -> None:
    """Raise Refused (E013) where targets, given by the overlays that hold for them, have too much together."""
    stated: list[dict[str, Data]] = [each.base.data for each in files]
    most = Counter[str]()  # how long a value of a row is, by its name
    for row in (row for rows in targets.values() for row in rows):
        most |= Counter({"name": len(row.key)} | {name: len(each) for name, each in row.values.items()})
    values, keys = sum(_values(each, most) for each in stated), {key for each in stated for key in _endpoints(each)}
    stated_by = cache(lambda overlay: {path: _values(each.value, most) for path, each in overlay.writes.items()})
    brought_by = cache(lambda overlay: {*_endpoints(overlay.node.data)} - keys)
    policies = _Policies(stated)
    endpoints_of_all = values_of_all = 0
    for hits, rows in targets.items():
        overlays = [overlay for of_it in hits for overlay in of_it]
        there = {path: number for overlay in overlays for path, number in stated_by(overlay).items()}
        endpoints = len(keys) + len({key for overlay in overlays for key in brought_by(overlay)})
        endpoints_of_all += len(rows) * endpoints
        values_of_all += len(rows) * (values + sum(there.values()))
        file = files[-1].source
        _refuse_more(file, endpoints_of_all, _ENDPOINTS, "endpoints together")
        is_in_policies = 2 * policies.stated_by(overlays) > values + sum(there.values())
        what, way = f"values together, {_LONG} characters of a text as one", _AS_FILE if is_in_policies else ""
        _refuse_more(file, values_of_all, _VALUES, what, way)
        in_policies = policies.with_more(overlays, rows, endpoints)
        _refuse_more(file, in_policies, _OF_POLICIES, "values of policies together that differ")


def _refuse_more(file: Source, number: int, most: int, what: str, way: str = "") -> None:
    if number > most:
        raise _refused(file, f"the targets have more than {most:,} {what}: the most of one spec", way)


def _refused(file: Source, message: str, way: str = "") -> Refused:
    fix = f"{way}write several specs: each may extend a file that has what is common"
    return Refused([TOO_LARGE.at(file.key_place(("targets",)), message, fix)])


def _values(data: Data, most: Mapping[str, int] | None = None) -> int:
    """Return how many values that are neither maps nor lists are in data, a long text as several, {} as one.

    `most` is how long each value of a row may be: what a format gives is each target's own, and no more shared.
    """
    if most and (text := format_of(data)) is not None:
        return 1 + sum(most.get(name, 0) for name in _of_rows(data)) // _LONG * _OF_FORMAT + len(text) // _LONG
    if isinstance(data, dict | list):
        return sum(_values(each, most) for each in (data.values() if isinstance(data, dict) else data)) or 1
    return 1 + len(data or "") // _LONG


class _Policies:
    """The policies of all targets, of which each is judged once for all that have the same."""

    def __init__(self, stated: Sequence[Mapping[str, Data]]) -> None:
        self.stated, self.of_all, self.seen = [*map(_policies, stated)], 0, set[object]()
        self.by = cache(lambda overlay: _policies(overlay.node.data))

    def stated_by(self, overlays: Sequence[Overlay]) -> int:
        """Return how much of what each target has is in policies, where these overlays hold."""
        stated = (*self.stated, *map(self.by, overlays))
        return sum(weight for of_it in stated for weight, _ in of_it.values())

    def with_more(self, overlays: Sequence[Overlay], rows: Sequence[Stated], endpoints: int) -> int:
        """Return how much is to be judged, with that of these targets, for which these overlays hold."""
        over = defaultdict[str, list[Overlay]](list)
        for overlay in overlays:
            for key in self.by(overlay):
                over[key].append(overlay)
        for key in {*over}.union(*self.stated):
            each = [of_it[key] for of_it in (*self.stated, *map(self.by, over[key])) if key in of_it]
            names, before = sorted({name for _, of_it in each for name in of_it}), len(self.seen)
            told = {tuple(row.values.get(name, row.key) for name in names) for row in (rows if names else rows[:1])}
            self.seen |= {(key, *over[key], *values) for values in told}
            weight = _OF_ONE + sum(weight for weight, _ in each)
            self.of_all += (len(self.seen) - before) * (1 if key else endpoints) * weight
        return self.of_all


def _policies(data: Mapping[str, Data]) -> dict[str, tuple[int, set[str]]]:
    """Return how much is in each policy, by its endpoint or for all, and which values of rows."""
    stated = data.get("endpoints")
    endpoints = stated.items() if isinstance(stated, dict) else ()
    found = {"": data.get("policy"), **{key: each.get("policy") for key, each in endpoints if isinstance(each, dict)}}
    return {key: (_values(each), {*_of_rows(each)}) for key, each in found.items() if each is not None}


def _of_rows(data: Data) -> Iterator[str]:
    """Yield the names of the values of rows that are in data."""
    if (text := format_of(data)) is not None:
        yield from re.findall(r"\{(\w+)\}", text)
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _of_rows(each)


def _endpoints(data: Mapping[str, Data]) -> Iterator[tuple[str, str]]:
    """Yield what names the endpoints that are stated, and those of bundles."""
    stated, asked = data.get("endpoints"), data.get("bundles")
    yield from (("", key) for key in (stated if isinstance(stated, dict) else ()))
    for name in {each for each in (asked if isinstance(asked, list) else ()) if isinstance(each, str)}:
        if found := bundles.find(name):
            yield from ((name, f"{each.type} {each.service}") for each in found.endpoints)
