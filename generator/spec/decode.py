"""From YAML data to a Spec, and every mistake at its place with the nearest valid name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from generator.source import draft
from generator.source.diagnostics import MOST, Code, Diagnostic, Place, Refused
from generator.source.source import Source
from generator.source.suggest import did_you_mean, may_guess, nearest, not_made
from generator.spec.fleet import Fleet, Format
from generator.spec.misfit import describe_misfit, suggest_value
from generator.spec.model import Naming, Spec
from generator.spec.policy import is_document
from generator.spec.policy_text import Path
from generator.spec.scalars import Model

_Model = TypeVar("_Model", bound=Model)
_NEAR, _ALIKE, _SURE, _BEGINNING = 0.6, 0.05, 0.8, 3
"""How like a key another must be to be meant; how little tells two apart; what is beyond doubt; letters to go by."""
_FORMAT = "#/$defs/Format"
_PARTS = {("overlays", "set", 2), ("targets", "vars", 2)}
Offers: TypeAlias = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Kinds of text with the names that are known of each, and a title for each name."""
UNKNOWN_KEY = Code("E101")
MISSING_KEY = Code("E102")
WRONG_VALUE = Code("E103")
NOT_ONE_OF = Code("E104")
NO_VALUE = Code("E105")


def decode(source: Source) -> Spec:
    """Return the spec that `source` holds. Raises Refused with every mistake, each at its line and column."""
    return decode_as(Spec, source)


def decode_fleet(source: Source) -> Fleet:
    """Return what makes several specs of one, of which `source` may hold anything else too; raises as `decode` does."""
    data = source.data if isinstance(source.data, dict) else {}
    return decode_as(Fleet, replace(source, data={key: data[key] for key in Fleet.model_fields if key in data}))


def decode_as(model: type[_Model], source: Source) -> _Model:
    """Return what `source` holds, as a spec or another file of the user's; raises Refused as `decode` does."""
    empty = [*_empty_values(source)]
    try:
        stated = model.model_validate(source.data)
    except ValidationError as error:
        places = {finding.place for finding in empty}
        found = (_diagnostic(detail, source, model) for detail in error.errors(include_url=False)[:MOST])
        of_empty = {WRONG_VALUE.code, MISSING_KEY.code}
        wrong = (each for each in found if each.place not in places or each.code not in of_empty)
        more = max(0, error.error_count() - MOST)
        left = (
            [draft.TOO_MANY.at(Place(source.file), f"{more} more mistakes are not told", "correct these first")]
            if more
            else []
        )
        raise Refused([*empty, *wrong, *left]) from None
    if empty:
        raise Refused(empty)
    return stated


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


def _empty_values(source: Source) -> Iterator[Diagnostic]:
    """Find keys without a value; in a policy document, `null` is JSON's."""

    def walk(node: object, path: Path, *, is_policy: bool = False) -> Iterator[Path]:
        if node is None:
            yield path
        elif isinstance(node, dict) and not (is_policy and is_document(node)):
            for key, item in node.items():
                if item is None or (*path[:1], key, len(path)) not in _PARTS:  # there null takes away
                    yield from walk(item, (*path, key), is_policy=key == "policy")
        elif isinstance(node, list):
            for index, item in enumerate(node):
                yield from walk(item, (*path, index), is_policy=is_policy)

    for path in walk(source.data, ()):
        named = path[-2:] if path and isinstance(path[-1], int) else path[-1:]
        fix = 'indent what belongs under it, or leave it out; "" is empty text'
        yield NO_VALUE.at(source.place(path), f"{_name(named)} has no value", fix)


def _diagnostic(detail: ErrorDetails, source: Source, model: type[Model]) -> Diagnostic:
    path = _path_in(source.data, detail["loc"])
    name, kind = _name(path, model.NOUN), detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, source, model)
    if kind == "missing":
        keys = detail.get("ctx", {}).get("keys", f"{detail['loc'][-1]}:")
        place = source.place_over(path, [str(detail["loc"][-1])])
        return MISSING_KEY.at(place, f"{name} lacks {detail['loc'][-1]}", f"add {keys} to {name}")
    if kind in {"exactly_one", "none"}:
        others: Any = cast("Any", source.data)["endpoints"] if path[:1] == ("endpoints",) else ()  # as in an overlay
        near = did_you_mean(nearest(str(path[-1]), {*others} - {path[-1]}, cutoff=0.8)) if kind == "none" else ""
        fix = f"give one{near and f'; or {near}'}" if kind == "none" else "keep one of them"
        keys = detail.get("ctx", {}).get("names", "").split(", ")
        return NOT_ONE_OF.at(source.place_over(path, keys), f"{name} {detail['msg']}", fix)
    if detail["loc"][-1] == "[key]" and path[0] == "ignore":
        fix = "a warning's code is a W and a number, as W201; errors can't be ignored"
        return WRONG_VALUE.at(source.key_place(path), f"{path[-1]} is not the code of a warning", fix)
    if detail["loc"][-1] == "[key]" and path[:-1] == ("targets",):
        message = f"{path[-1]} can't be the key, and so the folder, of a target: it {describe_misfit(detail)}"
        return WRONG_VALUE.at(source.key_place(path), message, "rename it")
    if detail["loc"][-1] == "[key]":
        fix = "a label is made of letters, digits, hyphens and underscores, and begins with a letter"
        return WRONG_VALUE.at(source.key_place(path), f"{path[-1]} can't be a label in Terraform", fix)
    return WRONG_VALUE.at(source.place(path), f"{name} {describe_misfit(detail)}", suggest_value(detail) or model.HELP)


def _path_in(data: object, location: Path) -> Path:
    """Return the part of an error's location that is in the data: without tags, key marks and missing keys."""
    path: list[str | int] = []
    for part in location:
        known = data.keys() if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
        if part in known:
            data = cast("Any", data)[part]
            path.append(part)
    return tuple(path)


def _name(path: Path, whole: str = "the spec") -> str:
    """Return a path as people write it: `endpoints.s3.subnets[0].id`, or what the whole is called."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or whole


def _unknown_key(path: Path, source: Source, model: type[Model]) -> Diagnostic:
    key = str(path[-1])
    known = sorted(_properties(json_schema(model=model), path[:-1]))
    noun = re.sub("_ids?$", "", key)  # of an argument, as Terraform calls it
    forms = {noun: "{id: …}", f"{noun}s": "[{id: …}]"} if noun != key else {}
    fix = not_made(key) or next((f"write {ours}: {form}" for ours, form in forms.items() if ours in known), "")
    fix = fix or did_you_mean(_nearest(key, known), f"it takes {', '.join(known)}")
    return UNKNOWN_KEY.at(source.key_place(path), f"{_name(path[:-1], model.NOUN)} has no key {key}", fix)


def _nearest(key: str, known: list[str]) -> list[str]:
    """Return up to three keys that may be meant: those about as near as the nearest, or that begin so."""
    known = known if may_guess() else []
    likeness = {name: difflib.SequenceMatcher(None, name, key).ratio() for name in known}
    best = max([_NEAR, *likeness.values()])
    near = [name for name in known if likeness[name] > best - _ALIKE and likeness[name] >= _NEAR]
    near = [name for name in near if name != "id" or likeness[name] >= _SURE]  # two letters are alike by chance
    if best < _SURE and len(key) >= _BEGINNING:
        near += [name for name in known if name.startswith(key) and name not in near]
    return sorted(near, key=lambda name: -likeness[name])[:3]


def _properties(schema: dict[str, Any], path: Path) -> set[str]:
    """Return the keys that the schema knows at a path, through references, lists, maps and alternatives."""
    nodes = [*_alternatives(schema, schema)]
    for part in path:
        inside = (node.get("items") if isinstance(part, int) else _property(node, part) for node in nodes)
        nodes = [inner for each in inside if each for inner in _alternatives(each, schema)]
    return {name for node in nodes for name in node.get("properties", {})}


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
