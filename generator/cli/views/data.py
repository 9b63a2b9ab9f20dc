"""Data as JSON: the one form in which every command prints it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any


def as_json(data: object, default: Callable[[Any], object] | None = None) -> str:
    """Return data as JSON, indented; what a terminal or CI should not get is escaped, so nothing is lost.

    `default` returns what stands for an object that JSON does not have.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, default=default)
    text = re.sub(r"##(?=\w*\[)", r"#\\u0023", text)
    return re.sub(r"[^ -~\n]", lambda odd: odd[0] if odd[0].isprintable() else json.dumps(odd[0])[1:-1], text)
