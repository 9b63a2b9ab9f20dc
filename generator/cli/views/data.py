"""Data as JSON: the one form in which every command prints it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from io import StringIO
from typing import Any


def document(command: str, facts: Mapping[str, object], *, version: int = 1) -> str:
    """Return what a command found as JSON: an object whose `schema` says how to read it, in docs/output.schema.json.

    A program that reads it has to change where the version does; new properties may come without that.
    """
    return as_json({"schema": f"gen-endpoints/{command}/{version}", **facts}, default=number)


def number(amount: Any) -> int | float:
    """Return a decimal as a number of JSON."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"JSON has no {type(amount).__name__}")
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def as_json(data: object, default: Callable[[Any], object] | None = None) -> str:
    """Return data as JSON, indented; what a terminal or CI should not get is escaped, so nothing is lost.

    `default` returns what stands for an object that JSON does not have.
    """
    with StringIO() as written:  # `dumps` holds a million pieces at once
        json.dump(data, written, indent=2, ensure_ascii=False, default=default)
        text = written.getvalue()
    if "##" in text:
        text = re.sub(r"##(?=\w*\[)", r"#\\u0023", text)
    if text.isascii() and "\x7f" not in text:  # the others of ASCII are escaped already
        return text
    return re.sub(r"[^ -~\n]", lambda odd: odd[0] if odd[0].isprintable() else json.dumps(odd[0])[1:-1], text)
