"""Keys, and those that endpoints and created groups had before: whether Terraform can follow what moved where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.intent.groups import group_key
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, rule


def _moves(intent: Intent) -> Iterator[tuple[str, str, str, Mapping[str, Any], Path]]:
    """Yield each key that something was before: its kind and key now, the old key, the keys of its kind, the place."""
    endpoints = {each.key: (each.own.get("was") or (), each.path("was")) for each in intent.endpoints}
    groups = {group_key(each): (each.was, (*path, "was")) for path, each in intent.created()}
    for kind, keys in (("", endpoints), ("security group ", groups)):
        for key, (was, path) in keys.items():
            yield from ((kind, key, old, keys, (*path, index)) for index, old in enumerate(was))


@rule("E249")
def still_there(intent: Intent) -> Findings:
    """A was that is still a key."""
    for kind, key, old, keys, place in _moves(intent):
        before = keys[old][0] if old in keys else ()
        if old == key:
            yield place, f"{kind}{key}: it was itself"
        elif before:
            message = f"{kind}{key}: was says {old}, and {old} was {before[-1]}: Terraform can't move both at once"
            first = f"{key}_2: {{was: {old}}} and {old}_2: {{was: {before[-1]}}}"
            fix = f"render and apply {first}; then {key}: {{was: {key}_2}} and {old}: {{was: {old}_2}}"
            yield place, message, fix
        elif old in keys:
            fix = f"take it out, or render and apply this without {old} first"
            yield place, f"{kind}{key}: was says {old}, which is a key of this spec", fix


@rule("E250")
def was_twice(intent: Intent) -> Findings:
    """Two keys that were one."""
    first: dict[tuple[str, str], str] = {}
    for kind, key, old, _, place in _moves(intent):
        if other := first.get((kind, old)):
            yield place, f"{kind}{key}: {f'{other} was {old} too' if other != key else f'was says {old} twice'}"
        first.setdefault((kind, old), key)
