"""What verify, drift or diff printed as JSON, as marks on the endpoints of a picture: a colour, a sign and words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from generator.diagram.place import Mark
from generator.source.diagnostics import Code, Place, Refused
from generator.source.reading import contents, resolved

NO_FINDINGS = Code("E036")
_SAME = "no difference"
_TONES = {
    "ok": ("✓", {"passed", _SAME}),
    "info": ("i", {"pending", "info", "create", "update", "move"}),
    "warn": ("?", {"unknown", "not-told"}),
    "bad": ("!", set[str]()),
}
"""The sign of each, and for which words it is; all others are bad."""


def marks(file: str, module: str, path: str, keys: Collection[str]) -> dict[str, Mark]:
    """Return by their keys what a file says of the endpoints of a module, which is of the spec or folder at a path.

    Raises Refused (E036) for a file that is not of one of these commands. What it does not speak of has no mark.
    """
    try:
        words, rest = _words(json.loads(contents(file)), module, path)
        told = {key: words.get(key, rest) for key in keys}
        return {key: _mark(of_it) for key, of_it in told.items() if of_it}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        fix = "give what verify, drift or diff printed with --format json"
        raise Refused([NO_FINDINGS.at(Place(file), "not what verify, drift or diff prints", fix)]) from error


def _words(found: Any, module: str, path: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the words for each endpoint, and those for all others."""
    words: dict[str, list[str]] = {}
    schema = found["schema"].rpartition("/")[0]
    reports = [each for each in found.get("specs", ()) if each["report"] is not None and each["spec"]]
    reports = [each for each in reports if len(reports) == 1 or resolved(each["spec"]) == resolved(path)]
    if schema == "gen-endpoints/verify":
        of_it = [
            (each["key"], check["outcome"])
            for one in reports
            for each in one["report"]["endpoints"]
            for check in each["checks"]
        ]
        is_whole = False
    elif schema == "gen-endpoints/drift":
        of_it = [(each["subject"], each["class"]) for one in reports for each in one["report"]]
        is_whole = bool(reports)
    elif schema == "gen-endpoints/diff":
        of_it = [(each["key"], each["action"]) for each in found["changes"] if Path(each["module"]).name == module]
        is_whole = any(Path(each).name == module for each in found["modules"]["compared"])
    else:
        raise ValueError(schema)
    for key, word in of_it:
        words.setdefault(key, []).append(word)
    return words, [_SAME] * is_whole


def _mark(words: list[str]) -> Mark:
    tones = [next((tone for tone, (_, of_it) in _TONES.items() if word in of_it), "bad") for word in words]
    worst = max(tones, key=[*_TONES].index)
    told = ", ".join(f"{number} {word}" if number > 1 else word for word, number in Counter(words).items())
    return Mark(tone=worst, text=f"{_TONES[worst][0]} {told}")
