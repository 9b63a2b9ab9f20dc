"""Frozen dataclasses differ from those of `dataclasses` in nothing but how long they take to be made."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import operator
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import partial
from typing import Any

import pytest

from generator.source.frozen import frozen, slotted


def _classes(decorate: Callable[..., Any]) -> Mapping[str, Any]:
    @decorate(order=True)
    class Shown:
        """Fields of every kind."""

        key: str
        kinds: tuple[str, ...] = ()
        values: dict[str, int] = field(default_factory=dict, hash=False)
        comment: str = field(default="", compare=False, repr=False)
        only: int = field(default=1, kw_only=True)
        made: list[str] = field(default_factory=list, kw_only=True, compare=False)

    @decorate()
    class More(Shown):
        """A field more than its base has."""

        more: str = "m"

    @decorate()
    class Empty:
        """No field."""

    @decorate()
    class One:
        """One field, and a text of its own."""

        one: object

        def __repr__(self) -> str:
            return f"one {self.one}"

    @decorate(kw_only=True)
    class Named:
        """Fields by name alone."""

        b: int
        a: int = 2

    @decorate(eq=False)
    class Itself:
        """Equal to itself alone."""

        of: tuple[str, ...]

    return {each.__name__: each for each in (Shown, More, Empty, One, Named, Itself)}


OURS, THEIRS = _classes(frozen), _classes(partial(dataclasses.dataclass, frozen=True, slots=True))
SLOTTED, SLOTS = _classes(slotted), _classes(partial(dataclasses.dataclass, slots=True))
CALLS: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
    ("Shown", ("a",), {}),
    ("Shown", ("a", ("b",), {"c": 1}, "d"), {"only": 2, "made": ["e"]}),
    ("Shown", ("a",), {"comment": "other"}),
    ("Shown", ("b",), {"only": 0}),
    ("Shown", (), {}),
    ("Shown", ("a",), {"nothing": 1}),
    ("Shown", ("a", (), {}, "", 1), {}),
    ("More", ("a",), {"more": "n"}),
    ("More", ("a",), {}),
    ("Empty", (), {}),
    ("Empty", (1,), {}),
    ("One", ((),), {}),
    ("One", ([],), {}),
    ("One", (1,), {"one": 1}),
    ("Named", (), {"b": 1}),
    ("Named", (), {"a": 2, "b": 1}),
    ("Named", (1,), {}),
)


def _said(what: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """Return what a call returns, or how it is refused."""
    try:
        return repr(what(*args, **kwargs))
    except (TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


def _told(classes: Mapping[str, Any]) -> list[str]:
    """Return all that is seen of objects of these classes, alone and in pairs."""
    found = [_said(classes[name], *args, **kwargs) for name, args, kwargs in CALLS]
    made = [
        classes[name](*args, **kwargs)
        for name, args, kwargs in CALLS
        if not _said(classes[name], *args, **kwargs).startswith("TypeError")
    ]
    fields = [(each, of.name) for each in made for of in dataclasses.fields(each)]
    compared = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, _hash_alike)
    found += [_said(by, one, two) for one in made for two in made for by in compared]
    found += [_said(does, each) for each in made for does in (_copies, dataclasses.asdict)]
    found += [_said(setattr, each, name, 1) for each, name in fields]
    found += [_said(delattr, each, name) for each, name in fields]
    return found + [_said(dataclasses.replace, each, **{name: ()}) for each, name in fields]


def _hash_alike(one: object, two: object) -> bool:
    return hash(one) == hash(two)


def _copies(what: object) -> Any:
    return copy.copy(what) == what, copy.deepcopy(what)


def test_they_do_what_dataclasses_do() -> None:
    """Made, shown, compared, hashed, copied, changed, or refused in the same words."""
    assert _told(OURS) == _told(THEIRS)
    assert _told(SLOTTED) == _told(SLOTS)


@pytest.mark.parametrize(("made", "meant"), [(OURS, THEIRS), (SLOTTED, SLOTS)])
@pytest.mark.parametrize("name", OURS)
def test_they_are_described_as_dataclasses_are(name: str, made: Mapping[str, Any], meant: Mapping[str, Any]) -> None:
    """Fields, parameters, slots, and what `match` takes."""
    ours, theirs = made[name], meant[name]

    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert [repr(each) for each in dataclasses.fields(ours)] == [repr(each) for each in dataclasses.fields(theirs)]
    assert (ours.__slots__, ours.__match_args__) == (theirs.__slots__, theirs.__match_args__)
    assert ours.__dataclass_params__.frozen == theirs.__dataclass_params__.frozen
