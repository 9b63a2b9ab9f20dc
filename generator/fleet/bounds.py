"""How much a fleet may be: what all its targets have together, told before any is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from generator.catalog import bundles
from generator.fleet.layers import Layer
from generator.fleet.overlays import Overlay
from generator.source.diagnostics import Refused
from generator.source.draft import Data, Source
from generator.source.text import TOO_LARGE

_TARGETS = 5000
"""So many are made in the seconds that a spec may take; several specs may extend one file."""
_ENDPOINTS = 50_000
"""Of all targets: 1,000 of 50, or 5,000 of ten; of 1,000 with 30 each, all are judged in 4.5 s of CPU."""
_VALUES = 500_000
"""Of all targets: 1,000 that state 500 each; one takes 1 microsecond in each, as a tag."""
_OF_POLICIES = 80_000
"""Of all endpoints of all targets: each takes up to 26 microseconds, and so do some 200 characters of a long text."""
_LONG = 200


def bound_rows(file: Source, number: int) -> None:
    """Raise Refused (E013) for more targets than a spec has."""
    if number > _TARGETS:
        raise _refused(file, f"{number:,} targets, and a spec has {_TARGETS:,} at most")


def bound(files: Sequence[Layer], targets: Mapping[tuple[tuple[Overlay, ...], ...], Sequence[object]]) -> None:
    """Raise Refused (E013) where targets, given by the overlays that hold for them, have too much together."""
    stated: list[dict[str, Data]] = [each.base.data for each in files]
    values, keys = sum(map(_values, stated)), {key for each in stated for key in _endpoints(each)}
    stated_by = cache(lambda overlay: {path: _values(each.value) for path, each in overlay.writes.items()})
    brought_by = cache(lambda overlay: {*_endpoints(overlay.node.data)} - keys)
    policies = sum((_policies(each) for each in stated), Counter[str]())
    policies_by = cache(lambda overlay: _policies(overlay.node.data))
    endpoints_of_all = values_of_all = policies_of_all = 0
    for hits, rows in targets.items():
        overlays = [overlay for of_it in hits for overlay in of_it]
        there = {path: number for overlay in overlays for path, number in stated_by(overlay).items()}
        endpoints = len(keys) + len({key for overlay in overlays for key in brought_by(overlay)})
        judged = sum((policies_by(overlay) for overlay in overlays), policies)
        endpoints_of_all += len(rows) * endpoints
        values_of_all += len(rows) * (values + sum(there.values()))
        policies_of_all += len(rows) * (judged["own"] + endpoints * judged["of all"])
        for what, number, most in (
            ("endpoints together", endpoints_of_all, _ENDPOINTS),
            ("values together", values_of_all, _VALUES),
            (f"values of policies together, {_LONG} characters of a text as one", policies_of_all, _OF_POLICIES),
        ):
            if number > most:
                raise _refused(files[-1].source, f"the targets have more than {most:,} {what}: the most of one spec")


def _refused(file: Source, message: str) -> Refused:
    fix = "write several specs: each may extend a file that has what is common"
    return Refused([TOO_LARGE.at(file.key_place(("targets",)), message, fix)])


def _values(data: Data) -> int:
    """Return how many values that are neither maps nor lists are in data; an empty one is one too."""
    if isinstance(data, dict | list):
        return sum(map(_values, data.values() if isinstance(data, dict) else data)) or 1
    return 1


def _policies(data: Mapping[str, Data]) -> Counter[str]:
    """Return how much is in the policies that are endpoints' own, and in the one `of all` that have none."""
    stated = data.get("endpoints")
    own = [
        each.get("policy") for each in (stated.values() if isinstance(stated, dict) else ()) if isinstance(each, dict)
    ]
    return Counter({"own": sum(map(_weight, own)), "of all": _weight(data.get("policy"))})


def _weight(data: Data) -> int:
    """Return how many values are in a policy, a long text as several."""
    if isinstance(data, dict | list):
        return sum(map(_weight, data.values() if isinstance(data, dict) else data))
    return 0 if data is None else 1 + len(data) // _LONG


def _endpoints(data: Mapping[str, Data]) -> Iterator[tuple[str, str]]:
    """Yield what names the endpoints that are stated, and those of bundles."""
    stated, asked = data.get("endpoints"), data.get("bundles")
    yield from (("", key) for key in (stated if isinstance(stated, dict) else ()))
    for name in {each for each in (asked if isinstance(asked, list) else ()) if isinstance(each, str)}:
        if found := bundles.find(name):
            yield from ((name, f"{each.type} {each.service}") for each in found.endpoints)
