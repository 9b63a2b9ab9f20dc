"""From YAML data to a Spec, and every mistake at its place with the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from generator.source import text as limits
from generator.source.diagnostics import MOST, Code, Diagnostic, Refused
from generator.source.draft import more_mistakes
from generator.source.parts import renamed
from generator.source.source import Source
from generator.source.suggest import did_you_mean, nearest
from generator.spec.fleet import Fleet
from generator.spec.meant import suggest_value
from generator.spec.meant_group import group_of
from generator.spec.meant_item import FLAGS
from generator.spec.meant_key import joined
from generator.spec.misfit import describe_misfit
from generator.spec.model import Spec
from generator.spec.policy import is_document
from generator.spec.policy_text import Path
from generator.spec.scalars import Model
from generator.spec.schema import json_schema, patterns
from generator.spec.unknown_key import name_of, parent_of, unknown_key

_Model = TypeVar("_Model", bound=Model)
_MOST_RESPELT = 50
_ENDPOINTS = 4_000
"""Of one spec: AWS has 50 in a VPC unless it is asked for more. Rendering takes 0.9 ms and 30 KiB for each."""
_PARTS = {("overlays", "set", 2), ("targets", "vars", 2)}
MISSING_KEY = Code("E102")
WRONG_VALUE = Code("E103")
NOT_ONE_OF = Code("E104")
NO_VALUE = Code("E105")


def decode(source: Source) -> Spec:
    """Return the spec that `source` holds. Raises Refused with every mistake, each at its line and column.

    One with more endpoints than a module is made of in seconds is not judged (E013).
    """
    stated = source.data.get("endpoints") if isinstance(source.data, dict) else None
    if isinstance(stated, dict) and len(stated) > _ENDPOINTS:
        message = f"{len(stated):,} endpoints, and a module has {_ENDPOINTS:,} at most"
        raise Refused([limits.TOO_LARGE.at(source.key_place(("endpoints",)), message, "write several specs")])
    return decode_as(Spec, source)


def decode_fleet(source: Source) -> Fleet:
    """Return what makes several specs of one, of which `source` may hold anything else too; raises as `decode` does."""
    data = source.data if isinstance(source.data, dict) else {}
    return decode_as(Fleet, replace(source, data={key: data[key] for key in Fleet.model_fields if key in data}))


def decode_as(model: type[_Model], source: Source) -> _Model:
    """Return what `source` holds, as a spec or another file of the user's; raises Refused as `decode` does.

    A key that is evidently misspelt is told once, and all else is judged as if it were right.
    """
    misspelt = dict[Path, Diagnostic]()
    while True:
        empty = [*_empty_values(source)]
        if len(empty) > MOST:
            raise Refused([*misspelt.values(), *empty[:MOST], *more_mistakes(source.file, len(empty) - MOST)])
        try:
            stated = model.model_validate(source.data)
        except ValidationError as error:
            before = len(misspelt)
            for detail in error.errors(include_url=False)[:MOST]:
                if detail["type"] == "extra_forbidden":
                    path = _path_in(source.data, detail["loc"])
                    source = _respelt(path, source, model, model.model_fields, misspelt)
            if len(misspelt) == before:
                raise Refused(
                    [*misspelt.values(), *empty, *_mistakes(error, source, model, [*misspelt.values(), *empty])]
                ) from None
        else:
            if empty or misspelt:
                raise Refused([*misspelt.values(), *empty])
            return stated


def respelt(source: Source) -> tuple[Source, list[Diagnostic]]:
    """Return a spec with the evidently misspelt keys at its top as they are meant, and what is said of each."""
    misspelt, known = dict[Path, Diagnostic](), Spec.model_fields.keys() | Fleet.model_fields.keys()
    unknown = (key for key in source.data if key not in known) if isinstance(source.data, dict) else ()
    for key in [*islice(unknown, _MOST_RESPELT)]:
        source = _respelt((key,), source, Spec, known, misspelt)
    return source, [*misspelt.values()]


def _mistakes(
    error: ValidationError, source: Source, model: type[Model], told: Collection[Diagnostic]
) -> Iterator[Diagnostic]:
    """Yield what is wrong, but for what is so since it is empty, which is told."""
    places, most = {each.place for each in told if each.code == NO_VALUE.code}, max(0, MOST - len(told))
    details = [
        each
        for each in error.errors(include_url=False)
        if not places or each["input"] is not None or source.place(_path_in(source.data, each["loc"])) not in places
        if not (places and _is_joined(_path_in(source.data, each["loc"]), source.data))
    ]
    for detail in details[:most]:
        found = _diagnostic(detail, source, model)
        if found.place not in places or found.code not in {WRONG_VALUE.code, MISSING_KEY.code}:
            yield found
    yield from more_mistakes(source.file, len(details) - most)


def _is_joined(path: Path, data: Any) -> bool:
    """Tell whether a key has its value in it, or a mapping such a key: that is told as a key without a value."""
    found = parent_of(data, (*path, ""))
    pairs = found.items() if isinstance(found, dict) else [(path[-1] if path else "", found)]
    return any(joined(*each) for each in pairs)


def _respelt(
    path: Path, source: Source, model: type[Model], takes: Collection[str], misspelt: dict[Path, Diagnostic]
) -> Source:
    """Return a source with a key as it is evidently meant, and note what is said of it; else as it is.

    `takes` are the keys that may be meant at the top.
    """
    if len(misspelt) >= _MOST_RESPELT:  # each copies the mapping that it is in
        return source
    found, near = unknown_key(path, source, model)
    if len(near) != 1 or (len(path) == 1 and near[0] not in takes):
        return source
    misspelt[path] = found
    return renamed(source, path, near[0])


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
        if both := joined(path[-1] if path else "", None):
            fix = f"write {both}"
        yield NO_VALUE.at(source.place(path), f"{name_of(named)} has no value", fix)


def _diagnostic(detail: ErrorDetails, source: Source, model: type[Model]) -> Diagnostic:
    path = _path_in(source.data, detail["loc"])
    name, kind = name_of(path, model.NOUN), detail["type"]
    if kind == "extra_forbidden":
        return unknown_key(path, source, model)[0]
    if kind == "missing":
        keys = detail.get("ctx", {}).get("keys", f"{detail['loc'][-1]}:")
        place = source.place_over(path, [str(detail["loc"][-1])])
        return MISSING_KEY.at(place, f"{name} lacks {detail['loc'][-1]}", f"add {keys} to {name}")
    if kind in {"exactly_one", "none"}:
        others: Any = cast("Any", source.data)["endpoints"] if path[:1] == ("endpoints",) else ()  # as in an overlay
        near = (
            did_you_mean(nearest(str(path[-1]), (each for each in others if each != path[-1]), cutoff=0.8))
            if kind == "none"
            else ""
        )
        one = "write a rule for each" if "ingress" in path else "keep one of them"
        fix = f"give one{near and f'; or {near}'}" if kind == "none" else one
        keys = detail.get("ctx", {}).get("names", "").split(", ")
        return NOT_ONE_OF.at(source.place_over(path, keys), f"{name} {detail['msg']}", fix)
    if detail["loc"][-1] == "[key]" and path[0] == "ignore":
        fix = "a warning's code is a W and a number, as W201; errors can't be ignored"
        return WRONG_VALUE.at(source.key_place(path), f"{path[-1]} is not the code of a warning", fix)
    if detail["loc"][-1] == "[key]" and path[:-1] == ("targets",):
        message = f"{path[-1]} can't be the key, and so the folder, of a target: it {describe_misfit(detail)}"
        return WRONG_VALUE.at(source.key_place(path), message, "rename it")
    if detail["loc"][-1] == "[key]":
        fix = "a label is made of letters, digits, hyphens and underscores, and begins with a letter or an underscore"
        message = f"{path[-1]} can't be a label in Terraform"
        return WRONG_VALUE.at(source.key_place(path), message, suggest_value(detail) or fix)
    forms = patterns(json_schema(model=model), path) if kind == "word" else []
    if forms and not any(re.search(form, detail["input"]) for form in forms):  # nor would it do in quotes
        detail = {**detail, "type": "string_pattern_mismatch", "ctx": {"pattern": forms[0]}}
    fix = suggest_value(detail) or model.HELP
    if FLAGS.get(str(detail["input"])) == "true" and path[-1:] == ("create",):  # the group is written beside it
        fix = f"write the group as create: {group_of(parent_of(source.data, path), is_group=True)}"
    return WRONG_VALUE.at(source.place(path), f"{name} {describe_misfit(detail)}", fix)


def _path_in(data: object, location: Path) -> Path:
    """Return the part of an error's location that is in the data: without tags, key marks and missing keys."""
    path: list[str | int] = []
    for part in location:
        known = data.keys() if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
        if part in known:
            data = cast("Any", data)[part]
            path.append(part)
    return tuple(path)
