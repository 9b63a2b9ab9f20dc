"""What is wrong with an answer, and the empty values that AWS leaves out: field by field, over many objects at once.

An answer has up to half a million objects, and to take each value of each in turn would take seconds: of a field all
values are judged together, equal texts once, and only those are looked at by themselves of which one is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from heapq import merge
from itertools import chain, islice, repeat
from operator import and_, itemgetter, not_
from typing import Any, NamedTuple, TypeAlias

from generator.live.answer_fields import LIST, LONG_LIST, Condition, Field, Path
from generator.live.untold import UntoldList

_TEXTS = {str, type(None)}
_TOGETHER = 2**12
"""So many items of lists are judged together: if none of a million is right, not all are looked at to tell that."""


class Fault(NamedTuple):
    """What is wrong: an object that lacks a field, or a field that is something else than it should be."""

    path: Path
    lacks: str = ""
    wrong: str = ""


_Faults: TypeAlias = Iterator[tuple[int, Fault]]
"""In the order of the objects of a level, each with the index of its own."""


class Level(NamedTuple):
    """Objects, or other values, that are in one field of others; at first an answer itself."""

    values: Sequence[Any]
    above: Level | None = None
    name: str = ""
    owners: Sequence[int] = ()
    """The index above of what each is in."""
    positions: Sequence[int] | None = None
    """Which of a list of that each is; None where the field is none."""

    def path(self, index: int) -> Path:
        """Return where a value is in the answer."""
        if self.above is None:
            return ()
        position = () if self.positions is None else (self.positions[index],)
        return (*self.above.path(self.owners[index]), self.name, *position)

    def nearest(self, key: str) -> list[Any]:
        """Return what each object has in a field, or the nearest of those that it is in which has it; None for none."""
        with suppress(KeyError):
            return [*map(itemgetter(key), self.values)]
        above = self.above.nearest(key) if self.above else ()
        if not any(above):
            return [each.get(key) for each in self.values]
        return [each.get(key, above[owner]) for each, owner in zip(self.values, self.owners, strict=True)]

    def requires(self, row: Field) -> list[bool]:
        """Tell of each object whether it must have a field."""
        needs = [row.absence == "required"] * len(self.values)
        for condition in row.conditions:
            if any(needs):
                needs = [*map(and_, needs, _met(condition, self.nearest(condition.key)))]
        return needs

    def above_of(self, faults: _Faults) -> _Faults:
        """Yield faults of values as those of the objects that they are in."""
        return ((self.owners[index], fault) for index, fault in faults)

    def only(self, those: Sequence[int]) -> Level:
        """Return some of the values, by their indexes."""
        if len(those) == len(self.values):
            return self
        values, owners = ([several[index] for index in those] for several in (self.values, self.owners))
        positions = None if self.positions is None else [self.positions[index] for index in those]
        return self._replace(values=values, owners=owners, positions=positions)


def fill(answer: dict[str, Any], fields: Mapping[str, Field]) -> Iterator[Fault]:
    """Yield what is wrong with an answer, object by object, and give each the empty values that AWS leaves out.

    Every reader may then rely on an object: it has all that AWS always sends, each of its type, and an empty text or
    list where AWS leaves out what is empty; in a file's, one that says that it was not told.
    """
    return map(itemgetter(1), _fill(Level([answer]), fields))


def _fill(level: Level, fields: Mapping[str, Field]) -> _Faults:
    return _merged(*(_of_field(level, name, row) for name, row in fields.items()))


def _of_field(objects: Level, name: str, row: Field) -> _Faults:
    """Yield what is wrong with a field of objects, and with what is in it."""
    lacks: _Faults = iter(())
    for each in objects.values if row.type == "policy" else ():
        if each.get(name) in ("", "{}"):  # none, as types that take no policy may have it
            del each[name]
    for each in objects.values if row.type == "group" and not row.is_live else ():
        if each.get(name) == [] and _has_groups(each):
            each[name] = UntoldList()
    try:
        given = Level([*map(itemgetter(name), objects.values)], objects, name, range(len(objects.values)))
    except KeyError:
        having = [index for index, each in enumerate(objects.values) if name in each]
        given = Level([objects.values[index][name] for index in having], objects, name, having)
        lacks = _lacks(objects, name, row)
    return _merged(lacks, _of_lists(given, row) if row.is_list else _of_values(given, row))


def _has_groups(endpoint: dict[str, Any]) -> bool:
    """Tell whether an endpoint surely has a security group: AWS leaves an interface endpoint one at least.

    https://github.com/hashicorp/terraform-provider-aws/pull/13737 (checked 2026-11-27)
    """
    return endpoint.get("VpcEndpointType") == "Interface" and str(endpoint.get("State")).lower() == "available"


def _lacks(objects: Level, name: str, row: Field) -> _Faults:
    needs, empty = objects.requires(row), row.empty
    for index, each in enumerate(objects.values) if empty or any(needs) else ():
        if name not in each and needs[index]:
            yield index, Fault(objects.path(index), lacks=name)
        elif name not in each and empty:
            each[name] = empty()


def _of_lists(lists: Level, row: Field) -> _Faults:
    """Yield what is wrong with values that should be lists, and with what is in them."""
    is_of_kind = lists.above is not None and lists.above.above is None
    form = LONG_LIST if is_of_kind else LIST
    right = _right(lists, form)
    within = chain.from_iterable(_of_values(items, row) for items in _items(lists.only(right)))
    return _merged(lists.above_of(_misfits(lists, form, right)), within)


def _of_values(level: Level, row: Field) -> _Faults:
    """Yield what is wrong with values, and with what is in them."""
    right = _right(level, row)
    within = _fill(level.only(right), row.fields) if row.fields else iter(())
    again = ((right[index], fault) for index, fault in within)
    return level.above_of(_merged(_misfits(level, row, right), again))


def _right(level: Level, row: Field) -> Sequence[int]:
    """Return the indexes of the values that are right."""
    kinds = {*map(type, level.values)}
    if all(issubclass(kind, row.kind) for kind in kinds) and all(map(row.is_right, _once(level.values, kinds))):
        return range(len(level.values))
    return [index for index, value in enumerate(level.values) if row.takes(value)]


def _misfits(level: Level, row: Field, right: Sequence[int]) -> _Faults:
    for index in sorted({*range(len(level.values))}.difference(right)) if len(right) < len(level.values) else ():
        yield index, Fault(level.path(index), wrong=row.misfit(level.values[index]))


def _met(condition: Condition, values: Sequence[Any]) -> Iterable[bool]:
    """Tell by each value whether a condition is met."""
    once = _once(values, {*map(type, values)})
    holds = condition.holds if once is values else {each: condition.holds(each) for each in once}.__getitem__
    return map(not_, map(holds, values)) if condition.is_unless else map(holds, values)


def _items(lists: Level) -> Iterator[Level]:
    """Yield what is in lists, some of it at a time."""
    counts = [*map(len, lists.values)]
    owners, positions = chain.from_iterable(map(repeat, lists.owners, counts)), chain.from_iterable(map(range, counts))
    values = chain.from_iterable(lists.values)
    while several := [*islice(values, _TOGETHER)]:
        those = ([*islice(each, len(several))] for each in (owners, positions))
        yield Level(several, lists.above, lists.name, *those)


def _once(values: Sequence[Any], kinds: set[type]) -> Iterable[Any]:
    """Return values, of texts each once; others may be equal and of two types."""
    return {*values} if kinds <= _TEXTS else values


def _merged(*faults: _Faults) -> _Faults:
    return merge(*faults, key=itemgetter(0))
