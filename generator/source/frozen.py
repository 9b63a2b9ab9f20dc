"""Dataclasses with slots that are made at once: a render defines eighty, which took it a seventh of its time.

`dataclasses.dataclass` compiles a text for each method of each class. Here methods are closures, and of `__init__` the
code is shared by all classes of as many fields. Nothing else differs: these are dataclasses, which `fields`, `replace`,
`asdict`, `pickle` and mypy take as such.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from functools import cache
from operator import attrgetter, ge, gt, le, lt
from types import CodeType, FunctionType
from typing import Any, TypeVar, dataclass_transform

_Class = TypeVar("_Class")
_Fields = Sequence[Field[Any]]
_Methods = Mapping[str, Callable[..., Any] | None]


class _Factory:
    """The default of what a factory makes, in signatures."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(*, kw_only: bool = False, eq: bool = True, order: bool = False) -> Callable[[type[_Class]], type[_Class]]:
    """Return what makes a class such a dataclass that is frozen; none of its fields is one with `init=False`."""
    return _maker(is_frozen=True, kw_only=kw_only, eq=eq, order=order)


@dataclass_transform(field_specifiers=(dataclasses.field,))
def slotted(*, kw_only: bool = False, eq: bool = True, order: bool = False) -> Callable[[type[_Class]], type[_Class]]:
    """Return what makes a class such a dataclass whose fields can be set."""
    return _maker(is_frozen=False, kw_only=kw_only, eq=eq, order=order)


def _maker(*, is_frozen: bool, kw_only: bool, eq: bool, order: bool) -> Callable[[Any], Any]:
    def make(cls: Any) -> Any:
        inherits = is_frozen and any(map(dataclasses.is_dataclass, cls.__mro__[1:]))  # and only frozen from frozen
        made = dataclasses.dataclass(init=False, repr=False, eq=False, frozen=inherits, kw_only=kw_only, slots=True)(
            cls
        )
        made.__dataclass_params__.frozen = is_frozen
        own = fields(made)
        methods = {"__repr__": _repr, "__init__": _init(made, own), **(_FROZEN if is_frozen else {})}
        methods |= {**(_equality(own, is_frozen=is_frozen) if eq else {}), **(_order(own) if order else {})}
        for name in methods.keys() - vars(cls).keys():
            setattr(made, name, methods[name])
        return made

    return make


def _init(cls: type, own: _Fields) -> FunctionType:
    """Return the method that sets the fields, by their slots, since to set attributes is refused."""
    given = sorted(own, key=lambda each: bool(each.kw_only))
    makers = {at: each.default_factory for at, each in enumerate(given) if each.default_factory is not MISSING}
    keyword = sum(bool(each.kw_only) for each in given)
    code = _code(len(given) - keyword, keyword, tuple(makers))
    used = {f"set{at}": getattr(cls, each.name).__set__ for at, each in enumerate(given)}
    used |= {"FACTORY": _FACTORY, **{f"make{at}": maker for at, maker in makers.items()}}
    init = FunctionType(code.replace(co_varnames=("self", *(each.name for each in given))), used)
    defaults = [(each, _FACTORY if at in makers else each.default) for at, each in enumerate(given)]
    stated = [(each, value) for each, value in defaults if value is not MISSING]
    init.__defaults__ = tuple(value for each, value in stated if not each.kw_only)
    init.__kwdefaults__ = {each.name: value for each, value in stated if each.kw_only}
    init.__annotations__ = {each.name: each.type for each in given} | {"return": None}
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


@cache
def _code(positional: int, keyword: int, made: tuple[int, ...]) -> CodeType:
    """Return the code of an `__init__` with so many fields, of which some are made where they are not given."""
    names = [f"value{at}" for at in range(positional + keyword)]
    parameters = ["self", *names[:positional], *(["*"] if keyword else []), *names[positional:]]
    values = [f"make{at}() if {name} is FACTORY else {name}" if at in made else name for at, name in enumerate(names)]
    lines = [f"set{at}(self, {value})" for at, value in enumerate(values)] or ["pass"]
    text = f"def __init__({', '.join(parameters)}):\n    " + "\n    ".join(lines)
    return next(each for each in compile(text, __file__, "exec").co_consts if isinstance(each, CodeType))


def _equality(own: _Fields, *, is_frozen: bool) -> _Methods:
    compared = _values([each.name for each in own if each.compare])
    hashed = _values([each.name for each in own if (each.compare if each.hash is None else each.hash)])

    def is_equal(self: object, other: object) -> bool:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__eq__": is_equal, "__hash__": (lambda self: hash(hashed(self))) if is_frozen else None}


def _order(own: _Fields) -> _Methods:
    compared = _values([each.name for each in own if each.compare])

    def by(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
        return lambda self, other: (
            compare(compared(self), compared(other)) if other.__class__ is self.__class__ else NotImplemented
        )

    return {"__lt__": by(lt), "__le__": by(le), "__gt__": by(gt), "__ge__": by(ge)}


def _values(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what takes these fields of an object."""
    take: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()
    return take if len(names) != 1 else lambda self: (take(self),)


def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_to_set(_: object, name: str, __: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: Sequence[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


_FROZEN: _Methods = {
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
