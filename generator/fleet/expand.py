"""A spec's file → its targets: each a Source by itself, in which every node has the place where it was said.

What the file extends comes first, with its overlays; then what the file says over it, and then the file's overlays.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from typing import Any, TypeAlias, cast

from generator.fleet.bounds import bound, bound_rows
from generator.fleet.layers import SHARED, Layer, Reader, layers
from generator.fleet.made import is_other, made
from generator.fleet.merge import Node, Path, changes, format_of, merge, writes
from generator.fleet.overlays import DISAGREE, MATCHES_NONE, Overlay, Target, by_values, disagreements, idle
from generator.fleet.rows import Stated, declared, may_have, misplaced, misstated, rows, unfit
from generator.fleet.told import fold, of_values
from generator.source.diagnostics import MOST, Code, Diagnostic, Place, Refused, outcome
from generator.source.draft import Data, Source
from generator.source.suggest import few_guesses
from generator.spec.decode import MISSING_KEY, NOT_ONE_OF, decode, respelt
from generator.spec.fleet import Fleet
from generator.spec.unknown_key import UNKNOWN_KEY

CHANGES_NOTHING = Code("E154")
NOT_THERE = Code("E155")
_LACKS = {MISSING_KEY.code, NOT_ONE_OF.code}
_GUESSES = 40
"""How often what is near is looked for, among what may be thousands of values."""
_Hits: TypeAlias = tuple[tuple[Overlay, ...], ...]
"""The overlays that hold for a target, by the files that they are of."""


@few_guesses(_GUESSES)
def expand(found: Source, read: Reader, project: Source | None = None) -> tuple[Target, ...]:
    """Return the targets of a spec, each a spec by itself, over what the project says; one without `targets` is one.

    Raises Refused.
    """
    data: Any = respelt(found)[0].data
    over: Any = project.data if project else {}
    stated = over.keys() & {*SHARED, "rules"}
    if not found.is_whole and (stated or {*Fleet.model_fields, "naming"} & data.keys() or _has_format(data)):
        return _Expansion(*layers(found, read, project)).targets()
    name: Any = cast("Any", found.data).get("name")
    return (Target(key=str(name) if isinstance(name, str) else "", source=found),)


def _has_format(data: Data, key: str | int = "") -> bool:
    items: Iterable[tuple[Any, Data]] = data.items() if isinstance(data, dict) else ()
    items = enumerate(data) if isinstance(data, list) else items
    return format_of(data, key) is not None or any(_has_format(each, key) for key, each in items)


class Partly(Refused):
    """What is wrong with rows and overlays, and the targets, which can be judged all the same."""

    def __init__(self, wrong: Iterable[Diagnostic], targets: Iterable[Target], unsure: Container[str]) -> None:
        """Keep the targets, and the labels of those that may lack what is meant for them."""
        super().__init__(wrong)
        self.targets, self.unsure = tuple(targets), unsure

    def of_targets(self, understand: Callable[[Source], object]) -> list[Diagnostic]:
        """Return what is wrong with the targets themselves; of those that may lack something, with what they state."""
        found = dict[str, list[Diagnostic]]()
        for each in self.targets:
            is_unsure = each.label in self.unsure
            if isinstance(refused := outcome(decode if is_unsure else understand, each.source), Refused):
                found[each.label] = [one for one in refused.diagnostics if not (is_unsure and one.code in _LACKS)]
        return fold(found.items())


class _Expansion:
    """One file's targets in the making."""

    def __init__(self, files: Sequence[Layer], project: Node, wrong: Sequence[Diagnostic]) -> None:
        self.layers, self.project, self.wrong = files, project, wrong
        self.file, fleet = files[-1].source, files[-1].fleet
        self.is_many = fleet.targets is not None
        self.rows = rows(self.file, fleet)
        self.known = declared((each.source, each.fleet) for each in (files if self.is_many else files[:-1]))
        if len(files) == 1 and not self.is_many:
            self.known = {name: [] for name in self.rows[0].values}
        self.changing: set[Overlay] = set()
        self.unfit: list[Stated] = []
        self.is_unsure = False
        self.open: set[Overlay] = set()
        """The overlays of which nobody can tell for which targets they are."""
        self.absent: dict[Place, tuple[Path, bool]] = {}

    def targets(self) -> tuple[Target, ...]:
        """Return the targets; raises Partly with all that is wrong with rows, overlays and texts, Refused for many."""
        bound_rows(self.file, len(self.rows))
        wrong = [*self.wrong, *islice(self._misstated(), MOST + 1)]
        if len(wrong) > MOST:  # more than are told
            raise Refused(wrong)
        by_hits = self._by_hits()
        if self.is_many:
            bound(self.layers, by_hits)
        nodes = {hits: (self._merged(hits, found), tuple(chain.from_iterable(hits))) for hits, found in by_hits.items()}
        made_of = {row.key: nodes[hits] for hits, found in by_hits.items() for row in found}
        unfit = {row.key for row in self.unfit}
        fit = {hits: [row for row in found if row.key not in unfit] for hits, found in by_hits.items()}
        fit = {hits: found for hits, found in fit.items() if found}
        for row in (row for found in fit.values() for row in found):
            self._note_nulls(made_of[row.key][0].data, row.own, self.file, row.path)
        keys = {hits: [row.key for row in found if self.is_many] for hits, found in fit.items()}
        clashes = [d for at in range(len(self.layers)) for d in disagreements((h[at], keys[h]) for h in fit)]
        wrong += (*clashes, *self._idle(fit), *(() if clashes else self._useless(fit)))
        listed = {name for name, allowed in self.known.items() if allowed}
        return self._judged([made(self.file, row, *made_of[row.key], listed) for row in self.rows], wrong)

    def _by_hits(self) -> dict[_Hits, list[Stated]]:
        """Return the rows by the overlays that hold for them."""
        by_hits, alike = dict[_Hits, list[Stated]](), dict[frozenset[tuple[str, str]], list[Stated]]()
        known = [[one for one in each.overlays if not one.misplaced] for each in self.layers]
        asked = {item for of_it in known for each in of_it for item in each.where.items()}
        chosen = [by_values(of_it) for of_it in known]
        for row in self.rows:
            values = frozenset(item for item in row.values.items() if item in asked)
            if values not in alike:
                alike[values] = by_hits.setdefault(tuple(of(row.values) for of in chosen), [])
            alike[values].append(row)
        return by_hits

    def _judged(
        self, found: Sequence[tuple[Target, Sequence[Diagnostic]]], wrong: list[Diagnostic]
    ) -> tuple[Target, ...]:
        """Return the targets; raises Partly where anything is wrong, with its texts or besides."""
        unsure = {row.key for row in self.unfit}
        wrong += fold((each.label, texts) for each, texts in found if each.label not in unsure)
        if wrong:
            unsure |= {each.label for each, texts in found if texts}
            if self.is_unsure or any(each.code in {DISAGREE.code, MATCHES_NONE.code} for each in wrong):
                unsure = {each.label for each, _ in found}
            raise Partly(wrong, [each for each, _ in found], unsure)
        return tuple(each for each, _ in found)

    def _misstated(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with rows, and with the values that overlays are for."""
        if self.is_many:
            yield from misplaced(self.file, self.rows)
        for row in self.rows:
            wrong = [*misstated(self.file, row, self.known)]
            self.unfit += [row] if wrong else []
            yield from wrong
        overlays = [overlay for layer in self.layers for overlay in layer.overlays]
        for each in overlays:
            wrong = [*unfit(each.source, ("overlays", each.index, "where"), each.where, self.known, "where")]
            for key in each.misplaced:
                fix = f"it sets what differs in the spec; write {key} outside of it"
                wrong.append(UNKNOWN_KEY.at(each.at((key,)), f"an overlay can't set {key}", fix))
            self.open |= {each} if wrong else set()
            yield from wrong
        self.is_unsure = bool(self.wrong or self.open)
        rows = [row for row in self.unfit if self.is_many]
        self.open |= {  # of very many rows that are wrong, one may have the values of any
            each
            for each in overlays
            if self.wrong or len(rows) > MOST or any(may_have(row, each.where, self.known) for row in rows)
        }

    def _merged(self, hits: _Hits, rows: Sequence[Stated]) -> Node:
        """Return what the targets have in common for which these overlays hold."""
        found = self._over_project(self.layers[0])
        for layer, of_it in zip(self.layers, hits, strict=True):
            if layer is not self.layers[0]:
                self._note_nulls(found.data, layer.base.data, layer.source, ())
                found = merge(found, layer.base)
            for _, level in groupby(of_it, key=lambda each: len(each.where)):
                before = found.data
                for overlay in level:
                    self.changing |= {
                        overlay
                        for each in overlay.writes.values()
                        if changes(before, each) and any(is_other(before, each, row) for row in rows)
                    }
                    if overlay not in self.open:
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

    def _idle(self, by_hits: Mapping[_Hits, list[Stated]]) -> Iterator[Diagnostic]:
        """Yield the overlays for no target; those of a parent may be for the targets of other files."""
        known = [each for each in self.layers[-1].overlays if self.is_many and each not in self.open]
        held = {each for hits in by_hits for each in hits[-1]}
        yield from idle(known, held, [row.values for found in by_hits.values() for row in found])

    def _useless(self, by_hits: Iterable[_Hits]) -> Iterator[Diagnostic]:
        """Yield the overlays that change nothing, and each `null` that takes nothing away."""
        there = {each for hits in by_hits for each in hits[-1]} - self.changing - self.open
        for overlay in there if self.is_many else ():
            if all(each.value is not None for each in overlay.writes.values()):
                message = f"the overlay of {of_values(overlay.where)} changes nothing"
                yield CHANGES_NOTHING.at(overlay.place, message, "remove it, or set what differs")
        for place, (path, takes) in self.absent.items():
            if not takes:
                yield NOT_THERE.at(place, f"{'.'.join(path)}: null takes away what is not there", "remove it")
