"""Whether what AWS answered is whole, by the table of what is read of it, `data/answers.toml`.

`fill` leaves an object as every reader may rely on it: with all that AWS always sends, each of its type, and with an
empty text or list where AWS leaves out what is empty; in a file's, one that says that it was not told.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cache, partial
from ipaddress import ip_address
from itertools import accumulate, repeat
from typing import Any, NamedTuple, TypeAlias

from generator.catalog.catalog import text_of
from generator.live.untold import UntoldList, UntoldText
from generator.source.frozen import frozen
from generator.source.reading import Look
from generator.spec.addresses import network

Path: TypeAlias = tuple[str | int, ...]
Kind: TypeAlias = type[Any]
_ROW = re.compile(r"(required|empty|unknown) (\[?)(\w+)\]?(?: if (.+?))?(?: unless (.+))?$")
_CONDITION = re.compile(r"(\w+)([=~]?)([^ ,&]*)")
_NAMES = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}
_LONGEST = 40  # of a text in a message
_LONGEST_POLICY, _DEEPEST_POLICY = 2**16, 32
TOKENS = ("NextToken", "nextToken", "NextMarker")
_READ = frozenset((*re.findall(r"\w+", text_of("answers.toml")), *TOKENS, "ServiceNames"))
_OUTSIDE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^][{}]')  # of the brackets of JSON: strings, and all else


def _read_by(read: Callable[[str], object]) -> Callable[[str], bool]:
    def is_read(value: str) -> bool:
        try:
            return read(value) is not None
        except ValueError:
            return False

    return is_read


def _is_policy(value: str) -> bool:
    """Tell whether a text is of a length and a depth that AWS takes: 20,480 characters, here with room for escapes.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    if len(value) > _LONGEST_POLICY:
        return False
    if value.count("{") + value.count("[") <= _DEEPEST_POLICY:
        return True
    steps = ((each in "[{") - (each in "]}") for each in _OUTSIDE.sub("", value))
    return max(accumulate(steps), default=0) <= _DEEPEST_POLICY


def _is_any(_value: object) -> bool:
    return True


_TYPES: Mapping[str, tuple[str, Kind, Callable[[Any], object]]] = {
    "object": ("an object", dict, _is_any),
    "text": ("text", str, _is_any),
    "flag": ("true or false", bool, _is_any),
    "number": ("a number", object, lambda value: type(value) in {int, float} and math.isfinite(value)),
    "count": ("a whole number", int, lambda value: type(value) is int),
    "policy": ("a policy document that AWS takes", str, _is_policy),
    "id": ("an id", str, re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}").fullmatch),
    "account": ("an account", str, re.compile(r"[0-9]{12}").fullmatch),
    "cidr": ("a CIDR block", str, _read_by(network)),
    "address": ("an IP address", str, _read_by(ip_address)),
}
"""What each type is called, what a value of it is in Python, and what is true of one that is right, as `_is_any`."""


_OPERATORS: Mapping[str, Callable[[str, Any], bool]] = {
    "": lambda _, value: value not in (None, "", [], {}),
    "~": lambda wanted, value: wanted in str(value).lower(),
    "=": lambda wanted, value: str(value).lower() in wanted.split("|"),
}


class Fault(NamedTuple):
    """What is wrong: an object that lacks a field, or a field that is something else than it should be."""

    path: Path
    lacks: str = ""
    wrong: str = ""


@frozen(kw_only=True)
class Condition:
    """What must hold of a field of an object, or must not, or of the nearest of those that it is in which has it."""

    key: str
    holds: Callable[[Any], bool]
    is_unless: bool

    def is_met(self, around: tuple[Mapping[str, Any], ...]) -> bool:
        """Tell whether it is as it must; `around` are the object and those that it is in."""
        for each in around:
            if self.key in each:
                return self.holds(each[self.key]) is not self.is_unless
        return self.holds(None) is not self.is_unless


@frozen(kw_only=True)
class Field:
    """One row of the table, and those of the fields in it."""

    absence: str
    type: str
    is_list: bool
    kind: Kind
    is_right: Callable[[Any], object]
    """Tells whether a value, or an item of the list, is of the type, where it is of its kind."""
    is_live: bool = False
    conditions: Sequence[Condition] = ()
    """When it is required."""
    fields: dict[str, Field] = field(default_factory=dict)

    def is_required(self, around: tuple[Mapping[str, Any], ...]) -> bool:
        """Tell whether an object must have the field; `around` are the object and those that it is in."""
        return self.absence == "required" and all(map(Condition.is_met, self.conditions, repeat(around)))

    def misfit(self, value: Any) -> str:
        """Return what a value is that is not right, and what it should be."""
        return f"is {named(value)}, not {_TYPES[self.type][0]}"

    @property
    def empty(self) -> Any:
        """The value that is filled in where the field is not there; None for none."""
        if self.absence == "empty" and not self.is_live:
            return UntoldList() if self.is_list else UntoldText()
        return [] if self.is_list and self.absence != "unknown" else "" if self.absence == "empty" else None


@cache
def table(*, is_live: bool = False) -> Mapping[str, dict[str, Field]]:
    """Return the fields by kind: a key of `estate.KINDS`, `Attributes` or `Caller`; in files or `is_live`."""
    kinds: dict[str, dict[str, Field]] = {}
    for kind, rows in tomllib.loads(text_of("answers.toml")).items():
        paths = [(path.split("."), row) for row, several in rows.items() for path in several.split()]
        for (*parents, name), row in sorted(paths, key=lambda each: len(each[0])):
            there = kinds.setdefault(kind, {})
            for parent in parents:
                there = there[parent].fields
            there[name] = replace(_field(row, name), is_live=is_live)
    return kinds


def read_of(found: dict[str, Any], look: Look) -> dict[str, Any]:
    """Return of an object what is read of answers: the table's words, and ARNs, which tell of Region and account."""
    return {
        name: look(each, each) if type(each) is str else each
        for name, each in found.items()
        if name in _READ or name[-3:] == "Arn"
    }


def _field(row: str, name: str) -> Field:
    absence, bracket, called, *conditions = next(_ROW.finditer(row)).groups("")
    _, kind, is_right = _TYPES[called]
    if (absence, called) == ("required", "text") and name != "Value":  # a tag's may be empty
        is_right = bool
    made = [
        Condition(key=key, holds=partial(_OPERATORS[operator], wanted.lower()), is_unless=bool(is_unless))
        for is_unless, text in enumerate(conditions)
        for key, operator, wanted in _CONDITION.findall(text)
    ]
    return Field(absence=absence, type=called, is_list=bool(bracket), kind=kind, is_right=is_right, conditions=made)


LIST = _field("required [object]", "")
"""What an answer has of a kind."""


def fill(
    found: dict[str, Any], fields: Mapping[str, Field], path: Path, around: tuple[Mapping[str, Any], ...] = ()
) -> Iterator[Fault]:
    """Yield what is wrong with an object, and give it the empty values that AWS leaves out.

    This looks at all that AWS said, which may be millions of values: what is right takes few steps.
    """
    here = (found, *around)
    for name, row in fields.items():
        if name not in found:
            if row.is_required(here):
                yield Fault(path, lacks=name)
            elif (empty := row.empty) is not None:
                found[name] = empty
        elif row.is_list:
            yield from _of_list(found[name], row, (*path, name), here)
        elif not (isinstance(given := found[name], row.kind) and row.is_right(given)):
            yield Fault((*path, name), wrong=row.misfit(given))
        elif row.fields:
            yield from fill(given, row.fields, (*path, name), here)


def _of_list(given: Any, row: Field, path: Path, around: tuple[Mapping[str, Any], ...]) -> Iterator[Fault]:
    if not isinstance(given, list):
        yield Fault(path, wrong=f"is {named(given)}, not a list")
        return
    for index, value in enumerate(given):
        if not (isinstance(value, row.kind) and row.is_right(value)):
            yield Fault((*path, index), wrong=row.misfit(value))
        elif row.fields:
            yield from fill(value, row.fields, (*path, index), around)


def named(value: Any) -> str:
    """Return what a value is in JSON's words; a text, if it is short, as it is."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST else "text"
    return _NAMES.get(type(value), "a number")
