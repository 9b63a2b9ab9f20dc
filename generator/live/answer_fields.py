"""Whether what AWS answered is whole, by the table of what is read of it, `data/answers.toml`.

`fill` leaves an object as every reader may rely on it: with all that AWS always sends, each of its type, and with an
empty text or list where AWS leaves out what is empty; in a file's, one that says that it was not told.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cache
from itertools import accumulate
from typing import Any, TypeAlias

from generator.catalog.catalog import text_of
from generator.live.untold import UntoldList, untold_text
from generator.source.frozen import frozen
from generator.source.shared_text import LONGEST, LongText, Look, sharing, too_many
from generator.spec.addresses import is_address, is_network

Path: TypeAlias = tuple[str | int, ...]
Kind: TypeAlias = type[Any]
_ROW = re.compile(r"(required|empty|unknown) (\[?)(\w+)\]?(?: if (.+?))?(?: unless (.+))?$")
_CONDITION = re.compile(r"(\w+)([=~]?)([^ ,&]*)")
_NAMES = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}
_LONGEST = 40  # of a text in a message
_DEEPEST_POLICY = 32
_LONGEST_TEXT = 2**12
"""So many characters has a text that is no policy: values of tags, of which there are many, have up to 256.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions (checked 2026-11-27)
"""
TOKENS = ("NextToken", "nextToken", "NextMarker")
_READ = frozenset((*re.findall(r"\w+", text_of("answers.toml")), *TOKENS, "ServiceNames"))
_OUTSIDE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^][{}]')  # of the brackets of JSON: strings, and all else


def _is_policy(value: str) -> bool:
    """Tell whether a text is JSON, an object without a key twice, and with statements, as long and deep as AWS takes.

    It takes 20,480 characters, here with room for escapes.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html (checked 2026-11-27)
    """
    if len(value) > LONGEST:
        return False
    if value.count("{") + value.count("[") > _DEEPEST_POLICY:
        steps = ((each in "[{") - (each in "]}") for each in _OUTSIDE.sub("", value))
        if max(accumulate(steps), default=0) > _DEEPEST_POLICY:
            return False
    once = sharing(lambda pairs, _: dict(pairs), text=value)
    try:
        found = json.loads(value, object_pairs_hook=once, parse_constant=_number, parse_float=_number)
    except ValueError:
        return False
    return isinstance(found, dict) and "Statement" in found


def _number(text: str) -> float:
    """Return a number; raises ValueError for what JSON has no word for, or is too large to be one here."""
    if not math.isfinite(found := float(text)):
        raise ValueError(f"{text} is not a number")
    return found


def _is_any(_value: object) -> bool:
    return True


def _is_short(value: str) -> bool:
    return len(value) <= _LONGEST_TEXT


def _is_of_few(value: Sequence[Any]) -> bool:
    return not too_many(value)


def _is_there(value: str) -> bool:
    return 0 < len(value) <= _LONGEST_TEXT


_TYPES: Mapping[str, tuple[str, Kind, Callable[[Any], object]]] = {
    "object": ("an object", dict, _is_any),
    "group": ("an object", dict, _is_any),  # of which there is one, where `fill` says so
    "text": ("text", str, _is_short),
    "list": ("a list", list, _is_of_few),
    "flag": ("true or false", bool, _is_any),
    "size": ("a number from 0 on", object, lambda value: type(value) in {int, float} and 0 <= value < math.inf),
    "count": ("a whole number", int, lambda value: type(value) is int),
    "policy": ("a policy document that AWS takes", str, _is_policy),
    "protocol": ("the number of a protocol as text, or -1", str, re.compile(r"-1|0|[1-9][0-9]{0,2}").fullmatch),
    "id": ("an id", str, re.compile(r"[a-z0-9][a-z0-9_.-]{0,127}").fullmatch),
    "code": ("a code", str, re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}").fullmatch),
    "account": ("an account", str, re.compile(r"[0-9]{12}").fullmatch),
    "cidr": ("a CIDR block", str, is_network),
    "address": ("an IP address", str, is_address),
}
"""What each type is called, what a value of it is in Python, and what is true of one that is right, as `_is_any`."""


_OPERATORS: Mapping[str, Callable[[str], Callable[[Any], bool]]] = {
    "": lambda _: bool,
    "~": lambda wanted: lambda value: wanted in str(value).lower(),
    "=": lambda wanted: lambda value: str(value).lower() in wanted.split("|"),
}


@frozen(kw_only=True)
class Condition:
    """What must hold of a field of an object, or must not, or of the nearest of those that it is in which has it."""

    key: str
    holds: Callable[[Any], bool]
    """Tells it by that field's value; None where none of them has it."""
    is_unless: bool


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

    def takes(self, value: Any) -> bool:
        """Tell whether a value, or an item of the list, is right."""
        return isinstance(value, self.kind) and bool(self.is_right(value))

    def misfit(self, value: Any) -> str:
        """Return what a value is that is not right, and what it should be."""
        return misfit(value, _TYPES[self.type][0])

    @property
    def empty(self) -> Callable[[], Any] | None:
        """What makes the value that is filled in where the field is not there; None for none."""
        if self.absence == "empty" and not self.is_live:
            return UntoldList if self.is_list else untold_text
        return list if self.is_list and self.absence != "unknown" else str if self.absence == "empty" else None


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


def read_of(pairs: Iterable[tuple[str, Any]], look: Look) -> dict[str, Any]:
    """Return of an object what is read of answers: the table's words, and ARNs, which tell of Region and account."""
    return {
        name: look(each, each) if type(each) is str else each
        for name, each in pairs
        if name in _READ or (name[-3:] == "Arn" and type(each) is str)
    }


def drop_others(objects: Any, fields: Mapping[str, Field]) -> None:
    """Drop from objects, if they are some, what the table has of other kinds alone, and thus nobody judges."""
    others = _READ - fields.keys()
    for each in objects if isinstance(objects, list) else ():
        if isinstance(each, dict) and not others.isdisjoint(each):
            for name in others & each.keys():
                del each[name]


def _field(row: str, name: str) -> Field:
    absence, bracket, called, *conditions = next(_ROW.finditer(row)).groups("")
    _, kind, is_right = _TYPES[called]
    if (absence, called) == ("required", "text") and name != "Value":  # a tag's may be empty
        is_right = _is_there
    made = [
        Condition(key=key, holds=_OPERATORS[operator](wanted.lower()), is_unless=bool(is_unless))
        for is_unless, text in enumerate(conditions)
        for key, operator, wanted in _CONDITION.findall(text)
    ]
    return Field(absence=absence, type=called, is_list=bool(bracket), kind=kind, is_right=is_right, conditions=made)


OBJECTS, LIST = _field("required [object]", ""), _field("required list", "")
"""What an answer has of a kind, and a list that an object has."""
LONG_LIST = replace(LIST, is_right=_is_any)
"""The list of what an answer has of a kind."""


def misfit(value: Any, wanted: str) -> str:
    """Return what a value is that is not what is wanted."""
    if isinstance(value, str) and wanted == "text" and not _is_short(value):
        value = LongText(length=len(value), most=_LONGEST_TEXT)
    if isinstance(value, list) and wanted == "a list":
        return too_many(value)
    return f"is {value}" if isinstance(value, LongText) else f"is {_named(value)}, not {wanted}"


def _named(value: Any) -> str:
    """Return what a value is in JSON's words; a text, if it is short, as it is."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST else "text"
    return _NAMES.get(type(value), "a number")
