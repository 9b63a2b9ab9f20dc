"""What is left of a spec without its mistakes of form, so that more than these is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.source import draft
from generator.source.diagnostics import Diagnostic, Place, Refused
from generator.source.source import Data, Source
from generator.spec.decode import decode
from generator.spec.model import Spec
from generator.spec.policy_text import Path

_TRIES = 4  # of thousands of mistakes each tells the next
_ANY: Mapping[str, Data] = {"name": "any", "vpc": {"id": "vpc-00000000"}}
"""What every spec must have, and no endpoint's service depends on."""


def decode_rest(source: Source, refused: Iterable[Diagnostic]) -> Spec | None:
    """Return the spec without what is refused of it, and without what is none then; None: nothing is left."""
    left, before, refused = source.data, None, [*refused]
    if draft.is_cut(refused):  # no more than these will be told
        return None
    for _ in range(_TRIES):  # keys, then what lacks these, then what is empty without that
        if not isinstance(left, dict) or left == before:
            break
        before, left = left, _without(left, source, {finding.place for finding in refused}, ())
        try:
            return decode(replace(source, data={**_ANY, **left}))
        except Refused as again:
            refused = again.diagnostics
    return None


def _without(data: dict[str, Data], source: Source, places: set[Place], path: Path) -> dict[str, Data]:
    """Return a mapping without what is at these places; a list goes as a whole, or its items had other places."""
    left = dict[str, Data]()
    for key, each in data.items():
        at = (*path, key)
        if places.isdisjoint((source.key_place(at), *_places(each, source, at))):
            left[key] = _without(each, source, places, at) if isinstance(each, dict) else each
    return left


def _places(data: Data, source: Source, path: Path) -> Iterator[Place]:
    """Yield where a value is refused as a whole: of a list all that is in it.

    A mapping in block style is where its first key is, which goes alone before all of it does.
    """
    place = source.place(path)
    if not isinstance(data, dict) or place not in {source.key_place((*path, key)) for key in data}:
        yield place
    for index, each in enumerate(data if isinstance(data, list) else ()):
        yield from _inside(each, source, (*path, index))


def _inside(data: Data, source: Source, path: Path) -> Iterator[Place]:
    yield source.place(path)
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, each in items:
        yield source.key_place((*path, key))
        yield from _inside(each, source, (*path, key))
