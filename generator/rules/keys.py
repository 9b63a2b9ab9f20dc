"""Keys, and those that endpoints and created groups had before: whether Terraform can follow what moved where."""

from __future__ import annotations

from generator.intent.groups import group_key
from generator.intent.intent import Intent
from generator.rules.rule import Findings, rule

_APART = "take {} out; or give both keys that nothing had before, apply that, and then give these"


@rule("E249")
def not_followed(intent: Intent) -> Findings:
    """A was that Terraform can't follow."""
    endpoints = {each.key: (each.own.get("was") or (), each.path("was")) for each in intent.endpoints}
    groups = {group_key(each): (each.was, (*path, "was")) for path, each in intent.created()}
    for kind, keys in (("", endpoints), ("security group ", groups)):
        first: dict[str, str] = {}
        each_was = ((key, old, (*path, index)) for key, (was, path) in keys.items() for index, old in enumerate(was))
        for key, old, place in each_was:
            before = keys[old][0] if old in keys else ()
            if old == key:
                yield place, f"{kind}{key}: it was itself"
            elif before:
                message = f"{kind}{key}: was says {old}, and {old} was {before[-1]}: Terraform can't move both at once"
                apart = f"{key}_2: {{was: {old}}} and {old}_2: {{was: {before[-1]}}}"
                left = [each for each in keys[key][0] if each not in keys]
                fix = f"apply {apart}; then {key}: {{was: {key}_2}} and {old}: {{was: {old}_2}}"
                if keys[key][0][1:] or before[1:]:
                    fix = f"take {old} out, once it is applied under {left[-1]}" if left else _APART.format(old)
                yield place, message, fix
            elif old in keys:
                fix = f"take it out, or render and apply this without {old} first"
                yield place, f"{kind}{key}: was says {old}, which is a key of this spec", fix
            elif old in first:
                again = f"{first[old]} was {old} too" if first[old] != key else f"was says {old} twice"
                yield place, f"{kind}{key}: {again}"
            first.setdefault(old, key)
