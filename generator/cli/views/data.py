"""Data as JSON: the one form in which every command prints it."""

from __future__ import annotations

import json


def as_json(data: object) -> str:
    """Return data as JSON, indented; characters that a terminal should not get are escaped, so nothing is lost."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)
