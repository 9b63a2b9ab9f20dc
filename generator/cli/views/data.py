"""Data as JSON: the one form in which every command prints it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def as_json(data: object, default: Callable[[Any], object] | None = None) -> str:
    """Return data as JSON, indented; characters that a terminal should not get are escaped, so nothing is lost.

    `default` returns what stands for an object that JSON does not have.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, default=default)
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)
