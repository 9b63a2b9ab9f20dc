"""Keys, and those that endpoints and created groups had before: whether Terraform can follow what moved where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.intent.groups import group_key
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, rule

_Keys = Mapping[str, tuple[tuple[str, ...], Path]]
"""The keys of a spec, each with those that it was before and their place."""


def _keys(intent: Intent) -> Iterator[tuple[str, _Keys]]:
    """Yield the endpoints and the created groups by their keys, each kind with its name for messages."""
    yield "", {each.key: (tuple(each.own.get("was") or ()), each.path("was")) for each in intent.endpoints}
    yield "security group ", {group_key(each): (each.was, (*path, "was")) for path, each in intent.created()}


@rule("E249")
def still_there(intent: Intent) -> Findings:
    """A was that is still a key."""
    for kind, keys in _keys(intent):
        for key, (was, path) in keys.items():
            for index, old in enumerate(was):
                if old in keys:
                    yield (*path, index), f"{kind}{key}: {_why(key, old, keys)[0]}", _why(key, old, keys)[1]


def _why(key: str, old: str, keys: _Keys) -> tuple[str, str]:
    """Return why an endpoint or group can't have been `old`, which is a key, and what helps."""
    if old == key:
        return "it was itself", "take that key out of was:"
    before, _ = keys[old]
    if before:
        message = f"was says {old}, and {old} was {before[-1]}: Terraform can't move both at once"
        first = f"{key}_2: {{was: {old}}} and {old}_2: {{was: {before[-1]}}}"
        return message, f"render and apply {first}; then {key}: {{was: {key}_2}} and {old}: {{was: {old}_2}}"
    return f"was says {old}, which is a key of this spec", f"take it out, or render and apply this without {old} first"


@rule("E250")
def was_twice(intent: Intent) -> Findings:
    """Two keys that were one."""
    for kind, keys in _keys(intent):
        first: dict[str, str] = {}
        for key, (was, path) in keys.items():
            for index, old in enumerate(was):
                if old in first:
                    message = f"{first[old]} was {old} too" if first[old] != key else f"was says {old} twice"
                    yield (*path, index), f"{kind}{key}: {message}"
                first.setdefault(old, key)
