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
from functools import cache
from ipaddress import ip_address
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

from generator.catalog.catalog import text_of
from generator.live.untold import UntoldList, UntoldText
from generator.source.frozen import frozen
from generator.spec.addresses import network

Path: TypeAlias = tuple[str | int, ...]
_ROW = re.compile(r"(required|empty|unknown) (\[?)(\w+)\]?(?: if (.+?))?(?: unless (.+))?$")
_CONDITION = re.compile(r"(\w+)([=~]?)([^ ,&]*)")
_NAMES = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}
_LONGEST = 40  # of a text in a message
_LONGEST_POLICY, _DEEPEST_POLICY = 2**16, 32
TOKENS = ("NextToken", "nextToken", "NextMarker")
_READ = frozenset((*re.findall(r"\w+", text_of("answers.toml")), *TOKENS, "ServiceNames"))
_OUTSIDE = re.compile(r'"(?:[^"\\]|\\.)*+"|[^][{}]')  # of the brackets of JSON: strings, and all else


def _in_form(form: str) -> Callable[[Any], bool]:
    fullmatch = re.compile(form).fullmatch
    return lambda value: isinstance(value, str) and fullmatch(value) is not None


def _read_by(read: Callable[[str], object]) -> Callable[[Any], bool]:
    def is_read(value: Any) -> bool:
        try:
            return isinstance(value, str) and read(value) is not None
        except ValueError:
            return False

    return is_read


_is_filled = _in_form(r"(?s:.+)")


def _is_policy(value: Any) -> bool:
    """Tell whether a value is of a length and a depth that AWS takes: 20,480 characters, here with room for escapes.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    if not isinstance(value, str) or len(value) > _LONGEST_POLICY:
        return False
    if value.count("{") + value.count("[") <= _DEEPEST_POLICY:
        return True
    steps = ((each in "[{") - (each in "]}") for each in _OUTSIDE.sub("", value))
    return max(accumulate(steps), default=0) <= _DEEPEST_POLICY


_ABSENT = object()
_TYPES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "object": ("an object", lambda value: isinstance(value, dict)),
    "text": ("text", lambda value: isinstance(value, str)),
    "flag": ("true or false", lambda value: isinstance(value, bool)),
    "number": ("a number", lambda value: type(value) in {int, float} and math.isfinite(value)),
    "count": ("a whole number", lambda value: type(value) is int),
    "policy": ("a policy document that AWS takes", _is_policy),
    "id": ("an id", _in_form(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")),
    "account": ("an account", _in_form(r"[0-9]{12}")),
    "cidr": ("a CIDR block", _read_by(network)),
    "address": ("an IP address", _read_by(ip_address)),
}
"""What each type is called, and whether a value is of it."""


class Fault(NamedTuple):
    """What is wrong: an object that lacks a field, or a field that is something else than it should be."""

    path: Path
    lacks: str = ""
    wrong: str = ""


@frozen(kw_only=True)
class Field:
    """One row of the table, and those of the fields in it."""

    absence: str
    type: str
    is_list: bool
    is_right: Callable[[Any], bool]
    """Tells whether a value, or an item of the list, is of the type."""
    is_live: bool = False
    required_if: Sequence[tuple[str, str, str]] = ()
    unless: Sequence[tuple[str, str, str]] = ()
    fields: dict[str, Field] = field(default_factory=dict)

    def is_required(self, around: tuple[Mapping[str, Any], ...]) -> bool:
        """Tell whether an object must have the field; `around` are the object and those that it is in."""
        is_needed = self.absence == "required" and all(_holds(*each, around) for each in self.required_if)
        return is_needed and not any(_holds(*each, around) for each in self.unless)

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


def read_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return of an object what is read of answers: the table's words, and ARNs, which tell of Region and account."""
    return {name: each for name, each in found.items() if name in _READ or name.endswith("Arn")}


def _field(row: str, name: str) -> Field:
    absence, bracket, kind, required_if, unless = next(_ROW.finditer(row)).groups()
    is_filled = (absence, kind) == ("required", "text") and name != "Value"  # a tag's may be empty
    needed, free = (
        [(key, how, wanted.lower()) for key, how, wanted in _CONDITION.findall(text or "")]
        for text in (required_if, unless)
    )
    is_right = _is_filled if is_filled else _TYPES[kind][1]
    return Field(absence=absence, type=kind, is_list=bool(bracket), is_right=is_right, required_if=needed, unless=free)


LIST = _field("required [object]", "")
"""What an answer has of a kind."""


def _holds(key: str, operator: str, wanted: str, around: tuple[Mapping[str, Any], ...]) -> bool:
    value = next((each[key] for each in around if key in each), None)
    if not operator:
        return value not in (None, "", [], {})
    text = str(value).lower()
    return wanted in text if operator == "~" else text in wanted.split("|")


def fill(
    found: dict[str, Any], fields: Mapping[str, Field], path: Path, around: tuple[Mapping[str, Any], ...] = ()
) -> Iterator[Fault]:
    """Yield what is wrong with an object, and give it the empty values that AWS leaves out."""
    here = (found, *around)
    for name, row in fields.items():
        given = found.get(name, _ABSENT)
        if given is _ABSENT:
            if row.is_required(here):
                yield Fault(path, lacks=name)
            elif (empty := row.empty) is not None:
                found[name] = empty
        elif row.is_list and not isinstance(given, list):
            yield Fault((*path, name), wrong=f"is {named(given)}, not a list")
        else:
            for index, value in enumerate(given if row.is_list else (given,)):
                if not row.is_right(value):
                    at = (*path, name, index) if row.is_list else (*path, name)
                    yield Fault(at, wrong=f"is {named(value)}, not {_TYPES[row.type][0]}")
                elif row.fields:
                    yield from fill(value, row.fields, (*path, name, index) if row.is_list else (*path, name), here)


def named(value: Any) -> str:
    """Return what a value is in JSON's words; a text, if it is short, as it is."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST else "text"
    return _NAMES.get(type(value), "a number")
