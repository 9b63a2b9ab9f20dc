"""A spec's file → its targets: each a Source by itself, in which every node has the place where it was said.

What the file extends comes first, with its overlays; then what the file says over it, and then the file's overlays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any, TypeAlias

from generator.fleet.layers import SHARED, Layer, Reader, layers
from generator.fleet.made import made
from generator.fleet.merge import Node, Path, changes, format_of, merge, writes
from generator.fleet.overlays import Overlay, Target, disagreements, idle
from generator.fleet.rows import Stated, declared, misplaced, misstated, rows, unfit
from generator.fleet.told import each_of, of_values
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.draft import Data, Source
from generator.spec.decode import UNKNOWN_KEY
from generator.spec.fleet import Fleet

CHANGES_NOTHING = Code("E154")
NOT_THERE = Code("E155")
_Hits: TypeAlias = tuple[tuple[Overlay, ...], ...]
"""The overlays that hold for a target, by the files that they are of."""


def expand(found: Source, read: Reader, project: Source | None = None) -> tuple[Target, ...]:
    """Return the targets of a spec, each a spec by itself, over what the project says; one without `targets` is one.

    Raises Refused.
    """
    data: Any = found.data
    over: Any = project.data if project else {}
    stated = over.keys() & {*SHARED, "rules"}
    if not found.is_whole and (stated or {*Fleet.model_fields, "naming"} & data.keys() or _has_format(data)):
        return _Expansion(*layers(found, read, project)).targets()
    return (Target(key=str(data["name"]) if isinstance(data.get("name"), str) else "", source=found),)


def _has_format(data: Data, key: str | int = "") -> bool:
    items: Iterable[tuple[Any, Data]] = data.items() if isinstance(data, dict) else ()
    items = enumerate(data) if isinstance(data, list) else items
    return format_of(data, key) is not None or any(_has_format(each, key) for key, each in items)


class _Expansion:
    """One file's targets in the making."""

    def __init__(self, files: Sequence[Layer], project: Node) -> None:
        self.layers, self.project = files, project
        self.file, fleet = files[-1].source, files[-1].fleet
        self.is_many = fleet.targets is not None
        self.rows = rows(self.file, fleet)
        self.known = declared((each.source, each.fleet) for each in (files if self.is_many else files[:-1]))
        if len(files) == 1 and not self.is_many:
            self.known = {name: [] for name in self.rows[0].values}
        self.changing: set[Overlay] = set()
        self.absent: dict[Place, tuple[Path, bool]] = {}

    def targets(self) -> tuple[Target, ...]:
        """Return the targets; raises Refused with all that is wrong with rows, or else with overlays, or else texts."""
        _refuse(self._misstated())
        by_hits: dict[_Hits, list[Stated]] = {}
        for row in self.rows:
            hits = tuple(tuple(o for o in each.overlays if o.holds_for(row.values)) for each in self.layers)
            by_hits.setdefault(hits, []).append(row)
        nodes = {hits: (self._merged(hits), tuple(chain.from_iterable(hits))) for hits in by_hits}
        for hits, row in ((hits, row) for hits, found in by_hits.items() for row in found):
            self._note_nulls(nodes[hits][0].data, row.own, self.file, row.path)
        keys = {hits: [row.key for row in found if self.is_many] for hits, found in by_hits.items()}
        _refuse(d for index in range(len(self.layers)) for d in disagreements((h[index], keys[h]) for h in by_hits))
        _refuse(self._useless(by_hits))
        made_of = {row.key: hits for hits, found in by_hits.items() for row in found}
        return each_of(
            ((row.key, row) for row in self.rows), lambda row: made(self.file, row, *nodes[made_of[row.key]])
        )

    def _misstated(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with rows, and with the values that overlays are for."""
        if self.is_many:
            yield from misplaced(self.file, self.rows)
        for row in self.rows:
            yield from misstated(self.file, row, self.known)
        for each in (overlay for layer in self.layers for overlay in layer.overlays):
            for key in each.node.data.keys() & Fleet.model_fields.keys():
                fix = f"it sets what differs in the spec; write {key} outside of it"
                yield UNKNOWN_KEY.at(each.at((key,)), f"an overlay can't set {key}", fix)
            yield from unfit(each.source, ("overlays", each.index, "where"), each.where, self.known, "where")

    def _merged(self, hits: _Hits) -> Node:
        """Return what the targets have in common for which these overlays hold."""
        found = self._over_project(self.layers[0])
        for layer, of_it in zip(self.layers, hits, strict=True):
            if layer is not self.layers[0]:
                self._note_nulls(found.data, layer.base.data, layer.source, ())
                found = merge(found, layer.base)
            for _, level in groupby(of_it, key=lambda each: len(each.where)):
                before = found.data
                for overlay in level:
                    self.changing |= {overlay for each in overlay.writes.values() if changes(before, each)}
                    self._note_nulls(before, overlay.node.data, overlay.source, ("overlays", overlay.index, "set"))
                    found = merge(found, overlay.node)
        return found

    def _over_project(self, first: Layer) -> Node:
        """Return what the first file says, over what the project says of the same."""
        if not self.project.data:
            return first.base
        own = {key: each for key, each in first.base.data.items() if key in SHARED}
        self._note_nulls(self.project.data, own, first.source, ())
        both = merge(self.project, Node(own, first.base.marks))
        rest = {key: each for key, each in first.base.data.items() if key not in SHARED}
        return Node({**rest, **both.data}, {**first.base.marks, **{key: both.marks[key] for key in both.data}})

    def _note_nulls(self, before: Data, stated: Data, source: Source, path: tuple[str | int, ...]) -> None:
        """Note where `null` takes away something, and where nothing is there for any target."""
        for each in writes(stated):
            if each.value is None:
                place = source.key_place((*path, *each.path))
                takes = self.absent.get(place, ((), False))[1] or changes(before, each)
                self.absent[place] = (each.path, takes)

    def _useless(self, by_hits: Mapping[_Hits, list[Stated]]) -> Iterator[Diagnostic]:
        """Yield what is wrong with overlays; those of a parent may be for the targets of other files."""
        if self.is_many:
            yield from idle(self.layers[-1].overlays, [row.values for row in self.rows])
        for overlay in {each for hits in by_hits for each in hits[-1]} - self.changing if self.is_many else ():
            if all(each.value is not None for each in overlay.writes.values()):
                message = f"the overlay of {of_values(overlay.where)} changes nothing"
                yield CHANGES_NOTHING.at(overlay.place, message, "remove it, or set what differs")
        for place, (path, takes) in self.absent.items():
            if not takes:
                yield NOT_THERE.at(place, f"{'.'.join(path)}: null takes away what is not there", "remove it")


def _refuse(findings: Iterable[Diagnostic]) -> None:
    """Raise Refused where there are findings."""
    if found := [*findings]:
        raise Refused(found)
