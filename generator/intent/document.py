"""What a spec comes to, as the one JSON document that a team's own rules see, and where each part of it is written.

A key may come, none goes or changes its meaning, unless VERSION is raised.
"""

from __future__ import annotations

from typing import Any

from generator.intent.endpoints import TAKES, Endpoint
from generator.intent.intent import Intent, Path
from generator.source.diagnostics import Place
from generator.source.draft import Data
from generator.spec.scalars import document

VERSION = "gen-endpoints/resolved/1"


def resolved(intent: Intent) -> dict[str, Any]:
    """Return a spec with its values, defaults and bundles in place."""
    data: Any = intent.source.data
    found: dict[str, Any] = {"schema": VERSION, "values": {**intent.source.values}, "vars": {}}
    found |= {"aws_provider": intent.spec.aws_provider, "private_ip_outputs": False}
    endpoints = {each.key: _endpoint(each, data) for each in intent.endpoints}
    return found | {key: _json(each, key) for key, each in data.items()} | {"endpoints": endpoints}


def place(intent: Intent, path: Path) -> Place:
    """Return where a part of the document is written, or what it is a part of."""
    key, field = (*path[1:3], "", "")[:2] if path[:1] == ("endpoints",) else ("", "")
    each = next((each for each in intent.endpoints if each.key == key), None)
    if each is None or not field:
        return each.place if each else intent.source.key_place(path)
    is_default = field not in each.own and field in intent.spec.stated()
    return intent.source.key_place(path[2:] if is_default else each.path(*path[2:]))


def _endpoint(each: Endpoint, data: Any) -> dict[str, Any]:
    takes_dns = each.type in TAKES["private_dns_enabled"]
    found = {"type": each.type, "tags": {}, **({"private_dns_enabled": each.has_private_dns} if takes_dns else {})}
    for field in each.stated:
        value = data
        for step in each.at(field):
            value = value.get(step) if isinstance(value, dict) else None
        found[field] = each.own[field] if value is None else _json(value, field)  # a bundle's is not in the spec
    return found


def _json(value: Data, key: str) -> Any:
    """Return what a field has, as JSON: text, also where it looks like a number; flags; and what is JSON by itself."""
    if isinstance(value, dict) and key not in {"policy", "vars"}:
        return {name: str(each) if key in {"ignore", "tags"} else _json(each, name) for name, each in value.items()}
    if isinstance(value, list) and key != "policy":
        return [_json(each, key) for each in value]
    found = document(value)
    return found if isinstance(found, bool | dict | list) else str(value)
