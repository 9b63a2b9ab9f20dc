"""The policy files that a spec names → what became of each: a document, or why it can't be had."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from generator.intent.policy_parts import NO_POLICY, PolicyText
from generator.output.revision import RELATIVE, beside
from generator.source import source
from generator.source import text as limits
from generator.source.diagnostics import MOST, Diagnostic, Place, Refused
from generator.source.reading import FILE, bytes_of, note, reason, resolved, stamp
from generator.source.source import Source
from generator.source.text import LARGEST, LARGEST_FILE
from generator.spec.json_document import JsonDocument, once
from generator.spec.scalars import document

_STATEMENT = rb"""(?im)^["']?statement["']?\s*:|[{,]\s*"statement"\s*:"""
"""What tells a policy that can't be parsed from any other file."""
_VALUES = 500_000
"""Of all files, lists and mappings included: 800 policies of the 20,480 characters that AWS takes have as many."""
_NAMED = re.compile(r"^(?:(key) )?(?:'.*'|\".*\") is(?= given twice| an? (?:alias|anchor|tag)$)")
"""What the source says of a key, an anchor or a tag, with its text, which may be of a file that is no policy."""


def documents(spec_path: str, names: Iterable[str]) -> dict[str, PolicyText]:
    """Return what becomes of each policy file, by name; nothing of one after as many that can't be had as are told.

    Raises Refused (E013) where they have more together than is read of one spec.
    """
    found, wrong, size, values = dict[str, PolicyText](), 0, 0, 0
    for name in names:
        path = beside(Place(spec_path), name, NO_POLICY, "policy")
        held = _held(path, spec_path, name) if wrong <= MOST else ()
        size += held.size if isinstance(held, _Held) else 0
        _refuse_more(spec_path, size, LARGEST_FILE, f"{LARGEST_FILE >> 20} MiB")
        found[name] = _document(held, spec_path, name) if isinstance(held, _Held) else held
        values += _values(read.data) if isinstance(read := found[name], Source) else 0
        _refuse_more(spec_path, values, _VALUES, f"{_VALUES:,} values")
        wrong += isinstance(found[name], Diagnostic)
    return found


def _refuse_more(spec_path: str, number: int, most: int, said: str) -> None:
    if number > most:
        message = f"the policy files have more than {said} together: the most of one spec"
        raise Refused([limits.TOO_LARGE.at(Place(spec_path), message, "write several specs, of fewer endpoints each")])


def _count(data: object) -> int:
    if isinstance(data, dict | list):
        return 1 + sum(map(_count, data.values() if isinstance(data, dict) else data))
    return 1


_values = once(_count)
"""How many values, lists and mappings a document has."""


class _Held(NamedTuple):
    """A policy file that was read."""

    stamp: object
    digest: str
    text: bytes
    path: str

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.text)


_HELD = dict[str, _Held]()
"""The files that were read last, by their paths: each of thousands of targets has the same."""


def _held(path: Path | Diagnostic, spec_path: str, name: str) -> _Held | Diagnostic:
    if isinstance(path, Diagnostic):
        return path
    try:
        return _read_once(str(path), resolved(path))
    except (OSError, ValueError) as error:
        return NO_POLICY.at(Place(spec_path), f"{name}: can't be read: {reason(error)}", RELATIVE)


def _read_once(path: str, real: Path) -> _Held:
    """Return a file, which is not read again while it is as it was."""
    at = stamp(real)
    if (held := _HELD.get(path)) and at is not None and held.stamp == at:
        note((FILE, real), held.digest)
        return held
    text = bytes_of(real, LARGEST)
    if sum(each.size for each in _HELD.values()) > LARGEST_FILE:
        _HELD.clear()
    _HELD[path] = _Held(at, sha256(text).hexdigest(), text, path)
    return _HELD[path]


def _document(held: _Held, spec_path: str, name: str) -> PolicyText:
    """Return what becomes of a policy file; of one that is no policy, nothing else is told."""
    if (found := _read(held.text, held.path)) is None:
        fix = "name a policy document"
        return NO_POLICY.at(Place(spec_path), f"{name}: it is not a policy, for it has no Statement", fix)
    return found


@lru_cache(512)
def _read(text: bytes, path: str) -> Source | tuple[Diagnostic, ...] | None:
    """Return the document of a policy file, which many targets may name, or what is wrong in it; None of no policy."""
    try:
        found = source.parse(text, path)
    except Refused as refused:
        is_like = re.search(_STATEMENT, text.replace(b"\0", b""))  # in UTF-16 too
        told = tuple(replace(each, message=_NAMED.sub(_unnamed, each.message)) for each in refused.diagnostics)
        return told if is_like else None
    stated: Any = document(found.data)
    is_policy = isinstance(stated, dict) and "statement" in map(str.lower, stated)
    return replace(found, data=JsonDocument(stated)) if is_policy else None


def _unnamed(found: re.Match[str]) -> str:
    return f"{'a key' if found[1] else 'this'} is"
