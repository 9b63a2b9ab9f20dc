"""What some targets have in common, and a row → one target: its name, and its values in place.

A format is text with values in it, and no more: no functions, no attributes, no defaults.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from generator.fleet.keys import module_name
from generator.fleet.merge import NOTHING, Node, Write, at, below, format_of, merge
from generator.fleet.overlays import Formatted, Overlay, Target
from generator.fleet.rows import FREE, Stated
from generator.source.diagnostics import Code, Diagnostic, Place, Refused, outcome
from generator.source.draft import ROW, Data, Filled, Plain, Source
from generator.source.marks import Marks, own
from generator.source.suggest import did_you_mean, nearest, some
from generator.source.text import objection
from generator.spec.decode import MISSING_KEY, NOT_ONE_OF, WRONG_VALUE, decode_as
from generator.spec.model import Naming
from generator.spec.scalars import IDENTIFIER

FORMAT = Code("E156")
_PART = r"\{\{|\}\}|\{([^{}]*)\}|[{}]"
_BARE = r"\{(\w+)\}"
"""A format that is one value and nothing else: where that is said is where a finding of it belongs."""
_NO_TEXT = re.compile(r"[0-9.]+|true|false")
"""What without quotes is a number or a flag."""
_OF_NAME = 64
"""Characters of a name in a format: a longer one is refused (E103)."""
_BRACES = {"{{": "{", "}}": "}"}
ENDPOINT = "endpoint"
"""What `naming` knows besides; it is put in where all endpoints are known."""


def made(
    file: Source, row: Stated, found: Node, overlays: tuple[Overlay, ...], listed: Collection[str]
) -> tuple[Target, Sequence[Diagnostic]]:
    """Return the target of a row of a file, without the texts that are wrong, and what is wrong with them.

    A value that is that of the row alone has its place there; where what it may be is listed, no row is to blame.
    """
    making = _Making(file, row, found, overlays, listed)
    return making.target(), making.findings


class _Making:
    def __init__(
        self, file: Source, row: Stated, found: Node, overlays: tuple[Overlay, ...], listed: Collection[str]
    ) -> None:
        self.file, self.row, self.overlays, self.listed = file, row, overlays, listed
        if row.row:
            here = below(Node(cast("Any", file.data), file.marks), *row.path).marks
            own_marks: Marks = {key: here[key] for key in row.own}
            found = merge(Node(found.data, {**found.marks, ROW: here}), Node(row.own, own_marks))
        self.source = replace(file, data=found.data, marks=found.marks, row=row.row, values=row.values)
        self.values: dict[str, str] = {**row.values}
        self.findings: list[Diagnostic] = []
        self.formats: dict[tuple[str | int, ...], Formatted] = {}

    def target(self) -> Target:
        data: Any = self.source.data
        if self.row.row:
            data = self._with_name(data)
        elif "name" in data:
            name = self._filled(data["name"], ("name",), self.values)
            data = {**data, "name": data["name"] if name is NOTHING else name}
        name = str(data["name"]) if isinstance(data.get("name"), str) else ""
        self.values |= {"name": name[:_OF_NAME]} if name else {}
        found = _with_names(Node(self._filled(data, (), self.values), self.source.marks))
        self._judge_region(found.data.get(FREE))
        of_row = {
            path: self._mark_of(bare[1])
            for path, each in self.formats.items()
            if (bare := re.fullmatch(_BARE, each.text)) and bare[1] not in self.listed and path != ("naming",)
        }
        marks = _marked(found.marks, of_row)
        source = replace(self.source, data=found.data, marks=marks)
        key, row, overlays = self.row.key or name, self.file.key_place(self.row.path), self.overlays
        return Target(key=key, source=source, values=self.values, overlays=overlays, formats=self.formats, row=row)

    def _judge_region(self, region: object) -> None:
        """Refuse a Region of the row where the spec is of another: nothing would use it, and what lists rows has it."""
        stated = self.row.values.get(FREE, region)
        if isinstance(region, str) and stated != region:
            message = f"region is {stated} here, and {region} in the spec"
            rows = ", and region: in each row" if self.row.row else ""
            fix = f'write region: {{format: "{{region}}"}} in the spec{rows}; or remove it here'
            self.findings.append(WRONG_VALUE.at(self.file.place((*self.row.path, FREE)), message, fix))

    def _mark_of(self, name: str) -> int:
        """Return where the row says a value; that of its name is its key."""
        return self.file.mark(self.row.path if name == "name" else (*self.row.path, name))

    def _with_name(self, data: dict[str, Data]) -> dict[str, Data]:
        """Return the data of a row's target with the name of its key."""
        if "name" in data:
            message, place = "the spec takes name or targets; both are given", self.source.key_place(("name",))
            self.findings.append(NOT_ONE_OF.at(place, message, "remove name: a target's key is its name"))
        if FREE in self.values and FREE not in data:
            message = f"the spec lacks {FREE}, which rows state"
            fix = 'write region: {format: "{region}"} in the spec'
            self.findings.append(MISSING_KEY.at(self.file.key_place(("targets",)), message, fix))
        mark = self.file.mark(self.row.path)
        self.source = replace(self.source, marks={**self.source.marks, "name": mark})
        return {"name": module_name(self.row.key), **{key: data[key] for key in data if key != "name"}}

    def _filled(self, value: Data, path: tuple[str | int, ...], values: Mapping[str, str]) -> Any:
        """Return a value with the values in place in its formats, NOTHING of one that is wrong.

        What has none is shared with all targets.
        """
        if path and (text := format_of(value, path[-1])) is not None:
            is_naming = path == ("naming",)
            self.formats[path] = Formatted(text, self.source.place(path), self.source.key_place(path))
            found = fill(text, values, self.source.place((*path, "format")), is_naming=is_naming)
            if isinstance(found, Diagnostic):
                self.findings.append(found)
                return NOTHING
            return {"format": _of(text, found)} if is_naming else _of(text, found)
        if isinstance(value, dict):
            filled = {key: self._filled(each, (*path, key), values) for key, each in value.items()}
            is_new = any(filled[key] is not value[key] for key in filled)
            return {key: each for key, each in filled.items() if each is not NOTHING} if is_new else value
        if isinstance(value, list):
            items = [self._filled(each, (*path, index), values) for index, each in enumerate(value)]
            items = ["" if each is NOTHING else each for each in items]  # the others keep their places
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        return value


def _of(text: str, filled: str) -> Filled:
    found = Filled(filled)
    found.of = text
    return found


def _marked(marks: Marks, others: Mapping[tuple[str | int, ...], int]) -> Marks:
    """Return marks with those of some nodes others; what is not around these is shared with them."""
    found, inside = {**marks}, defaultdict[str | int, dict[tuple[str | int, ...], int]](dict)
    for (key, *rest), mark in others.items():
        if rest and isinstance(marks.get(key), dict):
            inside[key][tuple(rest)] = mark
        else:
            found[key] = mark
    for key, of_it in inside.items():
        found[key] = _marked(cast("Marks", marks[key]), of_it)
    return found


def _with_names(found: Node) -> Node:
    """Return a spec in which the endpoints that state no Name tag have that of `naming`, at its place."""
    naming, endpoints = format_of(found.data.get("naming")), found.data.get("endpoints")
    if naming is None or not isinstance(endpoints, dict):
        return found
    made = outcome(partial(decode_as, Naming), Source("", {"format": naming}))
    if isinstance(made, Refused):  # it is told where the spec is decoded
        return found
    nameless = [key for key, each in endpoints.items() if isinstance(each, dict) and "name" not in each]
    mark = own(found.marks.get("naming", 0))
    data: dict[str, Data] = {key: {"name": made.of(key)} for key in nameless}
    return merge(found, Node({"endpoints": data}, {"endpoints": {key: {"name": mark} for key in nameless}}))


def fill(text: str, values: Mapping[str, str], place: Place, *, is_naming: bool = False) -> str | Diagnostic:
    """Return the text with the values in place of their names, or what is wrong with it.

    Of `naming`, braces and `{endpoint}` stay as they are.
    """
    for found in re.finditer(_PART, text):
        name = found[1]
        if name is None and len(found[0]) == 1:
            return FORMAT.at(place, f"a single {found[0]} is in the format", f"write {found[0] * 2} for a brace")
        if name is not None and name not in values and not (is_naming and name == ENDPOINT):
            return _unknown(name, [*values, *([ENDPOINT] if is_naming else [])], place)
    words = {f"{{{name}}}": value for name, value in values.items()} | _BRACES
    if is_naming:
        words = {name: value.replace("{", "{{").replace("}", "}}") for name, value in words.items()}
        words["{endpoint}"] = "{endpoint}"
    filled = re.sub(_PART, lambda found: words[found[0]], text)
    wrong = objection(filled)
    return wrong[0].at(place, f"{wrong[1]}, with the values in place", wrong[2]) if wrong else filled


def is_other(data: Data, write: Write, row: Stated) -> bool:
    """Tell whether a value that is stated is another than what is there, with the values of a row in their formats."""
    there, values = at(data, write.path), {**row.values, "name": module_name(row.key)}
    return write.value is None or not _is_same(there, write.value, values, write.path[-1])


def _is_same(one: Any, other: Any, values: Mapping[str, str], key: object = "") -> bool:
    one, other = (_text(each, values, key) for each in (one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one == other and (not _NO_TEXT.fullmatch(one) or isinstance(one, Plain) is isinstance(other, Plain))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(one[each], other[each], values, each) for each in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_is_same(*pair, values) for pair in zip(one, other, strict=True))
    return type(one) is type(other) and bool(one == other)


def _text(value: object, values: Mapping[str, str], key: object) -> object:
    """Return the text that a format gives; anything else, and a format that gives none, as it is."""
    text = format_of(value, key)
    found = None if text is None or key == "naming" else fill(text, values, Place(""))
    return found if isinstance(found, str) else value


def _unknown(name: str, known: list[str], place: Place) -> Diagnostic:
    takes = some(f"{{{each}}}" for each in known)
    if not re.fullmatch(IDENTIFIER, name):
        return FORMAT.at(place, f"{{{name}}} is not the name of a value", f"a format takes {takes}, and nothing else")
    near = did_you_mean((f"{{{each}}}" for each in nearest(name, known)), f"a format takes {takes}")
    return FORMAT.at(place, f"there is no value {name}", near)
