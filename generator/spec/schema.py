"""The JSON Schema of what users write, for editors and for the keys that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

from generator.spec.fleet import Fleet, Format
from generator.spec.meant_item import FLAGS
from generator.spec.model import Naming, Spec
from generator.spec.policy_text import Path
from generator.spec.scalars import Model

_FORMAT = "#/$defs/Format"
Offers: TypeAlias = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Kinds of text with the names that are known of each, and a title for each name."""


@cache
def json_schema(offers: Offers = (), model: type[Model] = Spec) -> dict[str, Any]:
    """Return the JSON Schema of a spec or another file, for editors: the facts of the model, with its descriptions.

    `offers` are names that it offers for each kind of text; others of the right form are no less right.
    """
    name = "spec" if model in {Spec, Fleet} else model.__name__.lower()
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:gen-endpoints:{name}"}
    if name != "spec":
        return {**draft, **_tidy(model.model_json_schema(), None)}
    schema = _tidy(Spec.model_json_schema(), [kind for kind, _ in offers])
    fleet, naming, form = (_tidy(each.model_json_schema(), None) for each in (Fleet, Naming, Format))
    names = {kind: {"enum": [*dict(of_it)], "enumDescriptions": [*dict(of_it).values()]} for kind, of_it in offers}
    definitions = schema["$defs"] | fleet["$defs"] | {"Naming": naming, "Format": form} | names
    settable = sorted({*schema["properties"]} - {"name"})
    definitions["Overlay"]["properties"]["set"] |= {"propertyNames": {"enum": settable}}
    # What one spec alone must have may come from another, or from an overlay.
    alone = {"required": schema.pop("required"), "anyOf": schema.pop("anyOf")}
    endpoint = {"additionalProperties": {"oneOf": definitions["Endpoint"].pop("oneOf")}}
    many = {"anyOf": [{"required": [key]} for key in ("extends", "overlays", "targets")]}
    whole = {"if": many, "else": {**alone, "properties": {"endpoints": endpoint}}}
    schema |= {"properties": schema["properties"] | fleet["properties"], "$defs": dict(sorted(definitions.items()))}
    return {**draft, **schema, **whole}


def _tidy(node: Any, offered: list[str] | None) -> Any:
    """Drop what says nothing: titles that repeat the key, our provider notes, and None, which no spec can say.

    `{format: …}` may be in place of any text, but where nothing could be offered; before it come the names that are.
    """
    if isinstance(node, list):
        return [_tidy(item, offered) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    kept = {key: _tidy(item, offered) for key, item in node.items() if not (key == "default" and item is None)}
    for note in ("title", "aws_provider"):
        if isinstance(kept.get(note), str):
            del kept[note]
    if "patternProperties" in kept:
        kept["additionalProperties"] = False  # or a key of another form would pass
    if len(kept.get("anyOf", ())) == 1:
        kept |= kept.pop("anyOf")[0]
    kinds = [kind for kind in (kept.pop("offers", ""),) if kind in (offered or ())]
    if offered is not None and ("string" in kept.get("type", ()) or isinstance(kept.get("const"), str)):
        notes = {key: kept.pop(key) for key in ("description", "default") if key in kept}
        return {**notes, "anyOf": [*({"$ref": f"#/$defs/{kind}"} for kind in kinds), kept, {"$ref": _FORMAT}]}
    return kept


def properties(schema: dict[str, Any], path: Path) -> set[str]:
    """Return the keys that the schema knows at a path."""
    return {name for node in _nodes(schema, path) for name in node.get("properties", {})}


def patterns(schema: dict[str, Any], path: Path) -> list[str]:
    """Return the forms of text that the schema knows at a path."""
    return [node["pattern"] for node in _nodes(schema, path) if "pattern" in node]


def takes(schema: dict[str, Any], path: Path, value: Any) -> bool:
    """Tell whether a value is of a kind that the schema knows at a path, and a text of its form."""
    return value is None or any(_takes(node, value) for node in _nodes(schema, path))


def _takes(node: dict[str, Any], value: Any) -> bool:
    kinds = {kind} if isinstance(kind := node.get("type", ()), str) else {*kind}
    if isinstance(value, list):
        return "array" in kinds
    if isinstance(value, dict):
        return "object" in kinds and ("properties" not in node or bool(value.keys() & node["properties"]))
    if listed := node.get("enum", [node["const"]] if "const" in node else []):
        return str(value).casefold() in (str(each).casefold() for each in listed)
    if kinds == {"boolean"}:
        return value.lower() in FLAGS
    return bool(kinds - {"array", "object"}) and bool(re.search(node.get("pattern", ""), value))


def _nodes(schema: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    """Return what the schema has at a path, through references, lists, maps and alternatives."""
    nodes = [*_alternatives(schema, schema)]
    for part in path:
        inside = (node.get("items") if isinstance(part, int) else _property(node, part) for node in nodes)
        nodes = [inner for each in inside if each for inner in _alternatives(each, schema)]
    return nodes


def _property(node: dict[str, Any], name: str) -> Any:
    keyed = next(iter(node.get("patternProperties", {}).values()), None)
    return node.get("properties", {}).get(name, keyed or node.get("additionalProperties"))


def _alternatives(node: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("$ref") == _FORMAT:
        return
    if "$ref" in node:
        yield from _alternatives(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
        return
    yield node
    for inner in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        yield from _alternatives(inner, schema)
