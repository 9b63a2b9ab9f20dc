"""What verify, drift or diff printed as JSON, as marks on the endpoints of a picture: a colour, a sign and words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from generator.diagram.place import Mark
from generator.source.diagnostics import Code, Place, Refused
from generator.source.frozen import frozen
from generator.source.printed import ascii_json, bounded, printed
from generator.source.reading import is_folder, resolved

NO_FINDINGS = Code("E036")
_FIX = "give what verify, drift or diff printed with --format json"
_NAME, _FIRST = re.compile(r".*[:/\\]|\.ya?ml$"), 3
_SAME, _UNKNOWN = "no difference", "unknown"
_ENDPOINT = re.compile(r"(?:.*\.)?aws_vpc_endpoint\.([\w-]+)(?:\[.*)?")
"""The address of an endpoint, in a plan after that of its module."""
_TONES = {
    "ok": ("✓", {"passed", _SAME}),
    "info": ("i", {"pending", "info", "create", "update", "move"}),
    "warn": ("?", {_UNKNOWN, "not-told"}),
    "bad": ("!", set[str]()),
}
"""The sign of each, and for which words it is; all others are bad."""


_Rows: TypeAlias = list[tuple[tuple[str, ...], str]]
"""The names that something has now and had before, where it has moved, and a word on it."""
_DIFF = "gen-endpoints/diff/2"
_READERS: Mapping[str, Callable[[Any], _Rows]] = {
    "gen-endpoints/verify/1": lambda one: [
        ((each["key"],), check["outcome"]) for each in one["report"]["endpoints"] for check in each["checks"]
    ],
    "gen-endpoints/drift/1": lambda one: [
        *_same(one["endpoints"]),
        *(
            ((key,), each["class"] if each["known"] else "not-told")
            for each in one["report"]
            for key in _subjects(each)
        ),
    ],
}


def _same(keys: list[str]) -> _Rows:
    """Return that endpoints were compared, of which nothing else may be said."""
    return [((key,), _SAME) for key in keys]


def _subjects(row: Any) -> list[str]:
    """Return of what a row of drift is; that nothing of a spec exists is one row, of all its endpoints."""
    is_of_all = not row["field"] and row["found"] is not None and isinstance(row["wanted"], list)
    return row["wanted"] if is_of_all else [row["subject"], *row.get("also", ())]


@frozen()
class Findings:
    """What a file says: by specs or, where it is diff's, by modules, a word on each endpoint or other subject."""

    file: str
    schema: str
    reports: Mapping[str, _Rows | None]
    """None of what was refused, is retired or could not be asked about."""

    def marks(self, name: str, path: str, keys: Collection[str]) -> tuple[dict[str, Mark], str]:
        """Return the marks by endpoints' keys of a module, of a spec or folder; and what else is said of it.

        Raises Refused (E036) for a module of which the file has not one report.
        """
        is_named = self.schema == _DIFF or is_folder(path)
        wanted = name if is_named else str(resolved(path))
        found = [each for each in self.reports if (_NAME.sub("", each) if is_named else each) == wanted]
        if len(found) != 1:
            message = f"it has {'several reports' if found else 'no report'} of {path}"
            instead = f"; it is of {_some(self.reports)}" if self.reports else ""
            raise Refused([NO_FINDINGS.at(Place(self.file), message + instead, f"{_FIX} of it, or draw its spec")])
        if (rows := self.reports[found[0]]) is None:
            return dict.fromkeys(keys, _mark([_UNKNOWN])), f"{self.file}: nothing was found out about {path}"
        said: dict[str, list[str]] = {} if "verify" in self.schema else {key: [] for key in keys}
        for names, word in rows:
            key = next((each for each in names if each in keys), names[0])  # the picture may be of what was before
            said.setdefault(str(key), []).append(str(word))
        told = {key: [each for each in words if each != _SAME] for key, words in said.items()}
        others = [f"{key} ({', '.join(words)})" for key, words in told.items() if words and key not in keys]
        more = f"{self.file}, of what is no endpoint of {path}: {_some(others)}" if others else ""
        return {key: _mark(told[key] or said[key] or [_UNKNOWN]) for key in keys if key in said}, more


def read(file: str) -> Findings:
    """Return the findings of a file, `-` for standard input; raises Refused (E036) where no such command wrote it."""
    try:
        with bounded(file):
            found = json.loads(ascii_json(printed(file, wanted=_FIX)))
        if found["schema"] == _DIFF:
            return Findings(file, found["schema"], _of_diff(found))
        return Findings(file, found["schema"], _of_specs(found))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        message = "not what verify, drift or diff of this version prints"
        raise Refused([NO_FINDINGS.at(Place(file), message, _FIX)]) from error


def _of_specs(found: Any) -> dict[str, _Rows | None]:
    """Return the reports, but for that of a VPC which several specs have."""
    reader, entries = _READERS[found["schema"]], [each for each in found["specs"] if each["spec"] is not None]
    return {str(resolved(each["spec"])): None if each["report"] is None else reader(each) for each in entries}


def _of_diff(found: Any) -> dict[str, _Rows | None]:
    rows = {str(module): _same(keys) for module, keys in found["endpoints"].items()}
    for each in found["changes"]:
        endpoints = (_ENDPOINT.fullmatch(each[name]) for name in ("address", "before"))
        names = tuple(of_it[1] for of_it in endpoints if of_it) or (each["subject"],)
        rows.setdefault(str(each["module"]), []).append((names, each["action"]))
    return {**rows}


def _some(items: Collection[str]) -> str:
    more = len(items) - _FIRST
    return ", ".join([*items][:_FIRST]) + f" and {more} more" * (more > 0)


def _mark(words: list[str]) -> Mark:
    tones = [next((tone for tone, (_, of_it) in _TONES.items() if word in of_it), "bad") for word in words]
    worst = max(tones, key=[*_TONES].index)
    told = ", ".join(f"{number} {word}" if number > 1 else word for word, number in Counter(words).items())
    return Mark(tone=worst, text=f"{_TONES[worst][0]} {told}")
