"""Which rows of a spec have a new key, told by their values alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

_OURS = frozenset({"was", "retired", "vars"})
"""What a row says beside its values."""


def former_keys(before: object, now: object) -> dict[str, str]:
    """Return by their keys now those that targets had before: of the same values, where rows have some.

    A row that says so itself, by a `was` that names one before, and one that is retired are left out.
    """
    old, new = _values(before), _values(now, _values(before))
    gone = {key: values for key, values in old.items() if key not in new}
    found = dict[str, str]()
    for key, values in new.items():
        alike = next((each for each in gone if values and gone[each] == values), "")
        if key not in old and alike:
            found[key] = alike
            del gone[alike]
    return found


def _values(rows: object, before: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """Return the values of rows, none of one that says itself what becomes of its folder, or which it was."""
    plain = {key: row for key, row in (rows.items() if isinstance(rows, Mapping) else ()) if isinstance(row, Mapping)}
    return {
        key: {}
        if row.get("was") in before or row.get("retired") == "true"
        else {name: each for name, each in row.items() if name not in _OURS}
        for key, row in plain.items()
    }
