"""The policy files that a spec names → what became of each: a document, or why it can't be had."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from generator.intent.policy_parts import NO_POLICY, PolicyText
from generator.output.revision import RELATIVE, beside
from generator.source import source
from generator.source.diagnostics import MOST, Diagnostic, Place, Refused
from generator.source.reading import bytes_of, reason, resolved
from generator.spec.json_document import JsonDocument
from generator.spec.scalars import document

_STATEMENT = rb"""(?im)^["']?statement["']?\s*:|[{,]\s*"statement"\s*:"""
"""What tells a policy that can't be parsed from any other file."""
_NAMED = re.compile(r"^(?:(key) )?(?:'.*'|\".*\") is(?= given twice| an? (?:alias|anchor|tag)$)")
"""What the source says of a key, an anchor or a tag, with its text, which may be of a file that is no policy."""


def documents(spec_path: str, names: Iterable[str]) -> dict[str, PolicyText]:
    """Return what becomes of each policy file, by name; nothing of one after as many that can't be had as are told."""
    found, wrong = dict[str, PolicyText](), 0
    for name in names:
        found[name] = _document(spec_path, name) if wrong <= MOST else ()
        wrong += isinstance(found[name], Diagnostic)
    return found


def _document(spec_path: str, name: str) -> PolicyText:
    """Return what becomes of a policy file; of one that is no policy, nothing else is told."""
    place = Place(spec_path)
    path = beside(place, name, NO_POLICY, "policy")
    if isinstance(path, Diagnostic):
        return path
    try:
        text = bytes_of(resolved(path))
    except (OSError, ValueError) as error:
        return NO_POLICY.at(place, f"{name}: can't be read: {reason(error)}", RELATIVE)
    if (found := _read(text, str(path))) is None:
        return NO_POLICY.at(place, f"{name}: it is not a policy, for it has no Statement", "name a policy document")
    return found


@lru_cache(128)
def _read(text: bytes, path: str) -> source.Source | tuple[Diagnostic, ...] | None:
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
