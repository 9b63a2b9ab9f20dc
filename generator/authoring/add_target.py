"""A row for a target, put into the text of a spec so that all else in it stays as it is, comments too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from generator.authoring.yaml_text import flow, scalar
from generator.source import source
from generator.source.diagnostics import Code, Diagnostic, Refused

CANT_ADD = Code("E161")
_MOST = 20
"""The lines after the last row in which its end is looked for."""
_TRIES = 100
"""So many places of a row are tried."""


def with_target(text: str, file: str, key: str, values: Mapping[str, str]) -> str:
    """Return the text of a spec with one row more, or as it is where it has just that row.

    Raises Refused (E161) where it has another row of the key, or no line of its own fits.
    """
    before: Any = source.parse(text, file)
    rows = before.data.get("targets")
    place = before.key_place(("targets",))
    flags = {name: each == "true" for name, each in values.items() if name == "retired" and each in {"true", "false"}}
    row = f"{scalar(key)}: {flow({**values, **flags})}"
    if "targets" not in before.data:
        raise Refused([CANT_ADD.at(place, "the spec has no targets", f"write targets:, and below it, indented, {row}")])
    if isinstance(rows, dict) and key in rows:
        if (rows[key] or {}) == values:
            return text
        place, row = before.key_place(("targets", key)), f"{row} in place of its row"
        raise Refused([CANT_ADD.at(place, f"{key} is a target already, with other values", f"write {row}")])
    if rows is None or isinstance(rows, dict):
        last = before.key_place(("targets", [*rows][-1])) if rows else place
        indent = last.column - 1 if rows else last.column + 1
        wanted = {**before.data, "targets": {**(rows or {}), key: {**values}}}
        for changed in islice(_changed(text, f"{' ' * indent}{row}", last.line), _TRIES):
            if _data(changed, file) == wanted:
                return changed
    how = (
        "in a line of its own below them"
        if isinstance(rows, dict)
        else "indented below targets: in place of what is there"
    )
    raise Refused([CANT_ADD.at(place, "the targets take no line more as they are written", f"write {row} {how}")])


def _changed(text: str, row: str, line: int) -> Iterator[str]:
    """Yield the text with a row in a line of its own, soon after this one, or in braces that end there."""
    lines = text.splitlines(keepends=True)
    ending = found[0] if (found := re.search(r"\r?\n", text)) else "\n"
    for at in range(line, min(line + _MOST, len(lines)) + 1):
        head, rest = "".join(lines[:at]), "".join(lines[at:])
        yield f"{head}{'' if head.endswith(chr(10)) else ending}{row}{ending}{rest}"
    start, end = (sum(map(len, lines[:at])) for at in (line - 1, line + _MOST))
    for brace in re.finditer(r"\s*}", text[start:end]):
        for at, sign in (
            (at, sign) for sign in (", ", "", " ") for at in (start + brace.start(), start + brace.end() - 1)
        ):
            yield f"{text[:at]}{sign}{row.strip()}{text[at:]}"


def where_it_was(refused: Refused, text: str, file: str, key: str) -> Refused:
    """Return what is wrong with a text with a target more at the lines that it has without, of the row at `targets`."""
    parsed = source.parse(text, file)
    row, above = parsed.key_place(("targets", key)).line, parsed.key_place(("targets",))

    def before(found: Diagnostic) -> Diagnostic:
        place = found.place
        if place.file != file or place.line < row:
            return found
        return replace(found, place=above if place.line == row else replace(place, line=place.line - 1))

    return Refused(map(before, refused.diagnostics), refused.exit_code)


def _data(text: str, file: str) -> object:
    """Return what a text holds; None where it can't be parsed."""
    try:
        return source.parse(text, file).data
    except Refused:
        return None
