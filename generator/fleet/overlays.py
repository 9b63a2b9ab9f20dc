"""Which overlays hold for a target, and which contradict each other: their order means nothing.

An overlay that names the values of another and more is within it, and holds over it. What two others set must agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, combinations, product
from typing import NamedTuple, cast

from generator.fleet.keys import module_name
from generator.fleet.merge import Node, Path, Write, below, differs, writes
from generator.fleet.told import among, of_values
from generator.source.diagnostics import MOST, Code, Diagnostic, Place
from generator.source.draft import Data, Source
from generator.source.frozen import frozen
from generator.source.suggest import did_you_mean, may_guess, slips, some
from generator.spec.fleet import Fleet

DISAGREE = Code("E152")
MATCHES_NONE = Code("E153")


@dataclass(frozen=True, eq=False)
class Overlay:
    """What a file sets for the targets that have some values."""

    where: Mapping[str, str]
    node: Node
    source: Source
    index: int

    @cached_property
    def writes(self) -> Mapping[Path, Write]:
        """What it sets, by path."""
        return {each.path: each for each in writes(self.node.data)}

    @property
    def misplaced(self) -> Collection[str]:
        """What it sets that is no part of one spec."""
        return self.node.data.keys() & Fleet.model_fields.keys()

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.source.place(("overlays", self.index))

    def at(self, path: tuple[str | int, ...]) -> Place:
        """Return where it sets a value."""
        return self.source.key_place(("overlays", self.index, "set", *path))

    def holds_for(self, values: Mapping[str, str]) -> bool:
        """Tell whether a target has its values."""
        return self.where.items() <= values.items()

    def is_within(self, other: Overlay) -> bool:
        """Tell whether it is for fewer targets than another, all of them that one's."""
        return other.where.items() < self.where.items()

    def sets(self, path: tuple[str | int, ...]) -> bool:
        """Tell whether it says what is at a path, whatever others say."""
        return any(path[:length] in self.writes for length in range(1, len(path) + 1))


class Formatted(NamedTuple):
    """A format, where it is said, and where its key is."""

    text: str
    place: Place
    key_place: Place


@frozen(kw_only=True, eq=False)
class Target:
    """A spec that is one by itself, or is made of one row."""

    key: str
    """Its folder below `out`, with `/` in it or not; of a spec without a name, empty."""
    source: Source
    values: Mapping[str, str] = field(default_factory=dict)
    overlays: tuple[Overlay, ...] = ()
    """Those that hold for it, what holds over the others last."""
    formats: Mapping[tuple[str | int, ...], Formatted] = field(default_factory=dict)
    """The formats of its values, by path."""
    row: Place = field(default_factory=lambda: Place(""))
    """Where its values are."""

    @property
    def module(self) -> str:
        """The name of its module, as file systems compare it."""
        return module_name(self.key).casefold()

    @property
    def label(self) -> str:
        """Its key, in messages; empty where its file is this one spec."""
        return self.source.label

    @property
    def is_retired(self) -> bool:
        """Whether it is to have nothing any more."""
        return self.source.is_retired

    @property
    def path(self) -> str:
        """What commands take for it."""
        return self.source.path


def overlays(source: Source, fleet: Fleet) -> tuple[Overlay, ...]:
    """Return the overlays of a file, those of fewer values first."""
    whole = Node(cast("dict[str, Data]", source.data), source.marks)
    found = [
        Overlay(dict(sorted(each.where.items())), below(whole, "overlays", index, "set"), source, index)
        for index, each in enumerate(fleet.overlays or ())
    ]
    return tuple(sorted(found, key=lambda each: (len(each.where), [*each.where.items()])))


def by_values(found: Sequence[Overlay]) -> Callable[[Mapping[str, str]], tuple[Overlay, ...]]:
    """Return what returns the overlays that hold for a target of some values, in their order.

    Each is looked for under that of its values which fewest others have.
    """
    number = Counter(item for each in found for item in each.where.items())
    under = defaultdict[tuple[str, str], list[tuple[int, Overlay]]](list)
    for at, each in enumerate(found):
        under[min(each.where.items(), key=number.__getitem__)].append((at, each))

    def of(values: Mapping[str, str]) -> tuple[Overlay, ...]:
        near = (pair for item in values.items() for pair in under.get(item, ()))
        return tuple(each for _, each in sorted(pair for pair in near if pair[1].holds_for(values)))

    return of


def disagreements(hits: Iterable[tuple[Sequence[Overlay], list[str]]]) -> Iterator[Diagnostic]:
    """Yield what overlays set that hold for one target, where they differ and none is within the other.

    `hits` are the overlays of one file that hold for some targets, and the keys of these. One that is within both says
    which holds.
    """
    found: dict[tuple[Overlay, Overlay, Path], list[str]] = {}
    clashes: dict[tuple[Overlay, Overlay], list[Path]] = {}
    for chosen, keys in hits:
        for pair in _meeting(chosen):
            if len(found) >= MOST:
                break
            if pair not in clashes:
                clashes[pair] = [*_clashes(*pair)]
            for path in clashes[pair]:
                deciding = (each for each in chosen if all(each.is_within(one) for one in pair))
                if not any(each.sets(path) for each in deciding):
                    found.setdefault((*pair, path), []).extend(keys)
    for (one, other, path), keys in found.items():
        yield _disagreement((one, other), path, keys)


def _meeting(found: Sequence[Overlay]) -> Iterator[tuple[Overlay, Overlay]]:
    """Yield the pairs of overlays that set something at one path, or the one above what the other sets."""
    at, below = defaultdict[Path, list[int]](list), defaultdict[Path, list[int]](list)
    for number, each in enumerate(found):
        for path in each.writes:
            at[path].append(number)
            for length in range(1, len(path)):
                below[path[:length]].append(number)
    pairs = chain.from_iterable(
        (*combinations(same, 2), *product(same, below.get(path, ()))) for path, same in at.items()
    )
    yield from ((found[min(pair)], found[max(pair)]) for pair in dict.fromkeys(pairs) if pair[0] != pair[1])


def _clashes(one: Overlay, other: Overlay) -> Iterator[Path]:
    """Yield the paths that two overlays set to different things, neither of them within the other."""
    if one.is_within(other) or other.is_within(one):
        return
    for left, right in ((one, other), (other, one)):
        for path in left.writes:
            for length in range(1, len(path) + 1):
                there = right.writes.get(path[:length])
                if there is None or (length == len(path) and (left is other or not differs(left.writes[path], there))):
                    continue
                if there.value != {}:
                    yield path[:length]


def _disagreement(pair: Iterable[Overlay], path: Path, keys: list[str]) -> Diagnostic:
    one, other = sorted(pair, key=lambda each: each.index)
    lines = " and ".join(str(each.at(path).line) for each in (one, other))
    message = f"{of_values(one.where)}, and {of_values(other.where)}, set {'.'.join(path)} (lines {lines})"
    both = ", ".join(f"{key}: {each}" for key, each in sorted({**one.where, **other.where}.items()))
    value = "…"
    for key in reversed(path):
        value = f"{{{key}: {value}}}"
    fix = f"say which holds: add {{where: {{{both}}}, set: {value}}}" if one.where != other.where else "make them one"
    return DISAGREE.at(other.at(path), message + among(keys), fix)


def idle(found: Iterable[Overlay], held: Container[Overlay], rows: Sequence[Mapping[str, str]]) -> Iterator[Diagnostic]:
    """Yield the overlays that hold for no target, and what targets there are instead."""
    for overlay in found:
        if overlay not in held:
            yield MATCHES_NONE.at(overlay.place, f"no target has {of_values(overlay.where)}", _instead(overlay, rows))


def _instead(overlay: Overlay, rows: Sequence[Mapping[str, str]]) -> str:
    """Return what is misspelt, or that the targets are gone: the value of one name, where targets have all others."""
    others = list[str]()
    for name, value in overlay.where.items() if may_guess() else ():
        rest = {key: each for key, each in overlay.where.items() if key != name}
        there = sorted({row[name] for row in rows if name in row and rest.items() <= row.items()})
        if meant := slips(value, there):
            return did_you_mean(meant)
        others += [f"; {name} of {of_values(rest) or 'the targets'}: {some(there)}"] if there else []
    return f"remove it, if its targets are gone{''.join(others[:1])}"
