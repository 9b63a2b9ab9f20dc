"""What is said of a key that a mapping does not have, and the keys that it may be meant for."""

from __future__ import annotations

import re
from typing import Any

from generator.source.diagnostics import Code, Diagnostic
from generator.source.source import Source
from generator.source.suggest import did_you_mean, may_guess, not_made, ratio, slips
from generator.spec.fleet import Fleet
from generator.spec.meant_key import meant_key
from generator.spec.model import Endpoint, Spec
from generator.spec.policy_text import Path
from generator.spec.scalars import Model
from generator.spec.schema import json_schema, properties, takes

UNKNOWN_KEY = Code("E101")
_NEAR, _ALIKE, _SURE, _BEGINNING = 0.6, 0.05, 0.8, 3
"""How like a key another must be to be meant; how little tells two apart; what is beyond doubt; letters to go by."""
_SHORTEST = 4
"""The letters of a key that is like another by no chance, where it begins another way."""


def name_of(path: Path, whole: str = "the spec") -> str:
    """Return a path as people write it: `endpoints.s3.subnets[0].id`, or what the whole is called."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or whole


def parent_of(data: Any, path: Path) -> Any:
    """Return what a path's last part is in."""
    for part in path[:-1]:
        data = data[part]
    return data


def unknown_key(path: Path, source: Source, model: type[Model]) -> tuple[Diagnostic, list[str]]:
    """Return what is said of a key that is unknown, and the keys that it is evidently meant for."""
    key = str(path[-1])
    known = sorted(properties(json_schema(model=model), path[:-1]))
    if key in known:  # of another form of this mapping
        message = f"{name_of(path[:-1], model.NOUN)} takes no {key} beside {_beside(source.data, path)}"
        also = ", or write a list of both, which adds up" if "policy" in path[-2:-1] else ""
        return UNKNOWN_KEY.at(source.key_place(path), message, f"keep one of them{also}"), []
    there = parent_of(source.data, path)
    fix, near = _guess(path, there, known, model)
    free = [each for each in near if each not in there]
    if near and not free and path[:1] == ("overlays",) and (other := [each for each in known if each not in there]):
        near = free = other
    top = re.match("write it at the top of the spec: (\\w+)", fix)
    if top and isinstance(source.data, dict) and top[1] in source.data:
        fix = f"leave it out: the spec has {top[1]} at its top"
    if near and not free:
        fix = f"{near[0]} is given already: put what this has there, or leave it out"
    evident = free if fix or all(ratio(each, key) >= _NEAR for each in free) else []
    fix = fix or did_you_mean(free, f"it takes {', '.join(known)}")
    return UNKNOWN_KEY.at(source.key_place(path), f"{name_of(path[:-1], model.NOUN)} has no key {key}", fix), evident


def _guess(path: Path, there: Any, known: list[str], model: type[Model]) -> tuple[str, list[str]]:
    """Return what to write for an unknown key, where its name tells, and the keys that it may be meant for."""
    key = str(path[-1])
    if fix := not_made(key) or meant_key(path, there, known):
        found = re.match(r"write (\w+)(:|$)", fix)
        is_other = found and found[1] in known and found[1] != key
        is_alone = found and (found[1] in there or (not found[2] and _may_be(found[1], path, there, model)))
        return fix, [found[1]] if found and is_other and is_alone else []
    return "", [each for each in _nearest(key, known) if _may_be(each, path, there, model)]


def _may_be(near: str, path: Path, there: Any, model: type[Model]) -> bool:
    """Tell whether a near key may be meant: by a slip of the pen, or as it takes what the unknown one has."""
    key, targets = str(path[-1]), {*Endpoint.choices}
    if slips(key, [near]) or _letters(key) == _letters(near):
        return True
    if len(key) < _SHORTEST or key in Spec.model_fields.keys() | Fleet.model_fields.keys():  # a key of elsewhere
        return False
    is_one_more = near in targets and bool(targets & there.keys())
    return not is_one_more and takes(json_schema(model=model), (*path[:-1], near), there[path[-1]])


def _letters(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.casefold())


def _beside(data: Any, path: Path) -> str:
    """Return the keys beside one."""
    return ", ".join(str(key) for key in parent_of(data, path) if key != path[-1])


def _nearest(key: str, known: list[str]) -> list[str]:
    """Return up to three keys that may be meant: those about as near as the nearest, or that begin so."""
    known = known if may_guess() else []
    likeness = {name: ratio(name, key.casefold()) for name in known}
    best = max([_NEAR, *likeness.values()])
    near = [name for name in known if likeness[name] > best - _ALIKE and likeness[name] >= _NEAR]
    near = [name for name in near if name != "id" or likeness[name] >= _SURE]  # two letters are alike by chance
    if best < _SURE and len(key) >= _BEGINNING:
        near += [name for name in known if name.startswith(key) and name not in near]
    return sorted(near, key=lambda name: -likeness[name])[:3]
