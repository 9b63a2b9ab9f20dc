"""A row for a target, put into the text of a spec so that all else in it stays as it is, comments too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.authoring.yaml_text import flow, scalar
from generator.source import source
from generator.source.diagnostics import Code, Diagnostic, Refused

CANT_ADD = Code("E161")
_MOST = 20
"""The lines after the last row in which its end is looked for."""


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
    if isinstance(rows, dict) and rows:
        lines = text.splitlines(keepends=True)
        last = before.key_place(("targets", [*rows][-1]))
        ending = re.search(r"\r?\n", text)
        new = f"{' ' * (last.column - 1)}{row}{ending[0] if ending else chr(10)}"
        wanted = {**before.data, "targets": {**rows, key: {**values}}}
        for at in range(last.line, min(last.line + _MOST, len(lines)) + 1):
            head = "".join(lines[:at])
            changed = f"{head}{'' if head.endswith(chr(10)) else chr(10)}{new}{''.join(lines[at:])}"
            if _data(changed, file) == wanted:
                return changed
    raise Refused([CANT_ADD.at(place, "the targets take no line more as they are written", f"write {row} there")])


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
