"""The rows of a fleet: which folder each target has, and whether it states the values that it must."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from generator.fleet.keys import folders_above, module_name
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.source.draft import Data, Row, Source
from generator.source.region import is_region
from generator.source.suggest import did_you_mean, nearest, some
from generator.spec.decode import MISSING_KEY, WRONG_VALUE
from generator.spec.fleet import Fleet, Target
from generator.spec.forms import REGION
from generator.spec.meant_text import formed_right
from generator.spec.scalars import IDENTIFIER
from generator.spec.unknown_key import UNKNOWN_KEY

FOLDER = Code("E151")
FORMER = Code("E158")
_DEVICE = r"(?i)(?<![^/])(con|prn|aux|nul|com[0-9]|lpt[0-9])(?![^/])"
BESIDE = tuple(sorted(Target.model_fields))
"""What a row may have beside its values."""
OURS = frozenset({"name", "endpoint", *BESIDE})
FREE = "region"
"""The value that a row may state though `values` does not ask for it."""


class Stated(NamedTuple):
    """What a row states: its key, its values, where they are in the file, and what else it says of the target."""

    key: str
    values: Mapping[str, str]
    path: tuple[str, ...]
    row: Row | None
    own: dict[str, Data]
    """What it says as a part of a spec."""


def declared(sources: Iterable[tuple[Source, Fleet]]) -> dict[str, list[str]]:
    """Return the values that rows must state, each with what is allowed; nothing: any text is. Raises Refused."""
    found: dict[str, list[str]] = {}
    wrong: list[Diagnostic] = []
    for source, fleet in sources:
        for name, allowed in (fleet.values or {}).items():
            path = ("values", name)
            if name in OURS:
                message = f"values can't have {name}, which means something else in a row"
                wrong.append(WRONG_VALUE.at(source.key_place(path), message, "choose another name"))
            elif isinstance(allowed, str) and allowed != "text":
                message = f"values.{name} takes text or a list of what is allowed; found {allowed}"
                wrong.append(WRONG_VALUE.at(source.place(path), message, f"write {name}: text, or {name}: [{allowed}]"))
            found[name] = [] if isinstance(allowed, str) else allowed
    if wrong:
        raise Refused(wrong)
    return found


def rows(source: Source, fleet: Fleet) -> tuple[Stated, ...]:
    """Return the rows of a file: one for each target, or one for the file as a whole."""
    if fleet.targets is None:
        given = {name: value for name, value in (fleet.values or {}).items() if isinstance(value, str)}
        if wrong := (fleet.values or {}).keys() - given.keys():
            message, fix = "values.{} takes text: the spec has no targets", "write the value, or add targets:"
            raise Refused(WRONG_VALUE.at(source.place(("values", name)), message.format(name), fix) for name in wrong)
        return (Stated("", given, ("values",), None, {}),)
    data = cast("Any", source.data)["targets"]
    return tuple(
        Stated(
            key,
            target.model_extra or {},
            ("targets", key),
            _row(key, target),
            {part: data[key][part] for part in {"vars"} & data[key].keys()},
        )
        for key, target in fleet.targets.items()
    )


def _row(key: str, target: Target) -> Row:
    account = str((target.model_extra or {}).get("account", ""))
    return Row(key, target.was or "", retired=target.retired or False, account=account)


def misstated(source: Source, stated: Stated, known: Mapping[str, list[str]]) -> Iterator[Diagnostic]:
    """Yield what a row lacks, and what it states that it may not."""
    name, lacks = ".".join(stated.path), known.keys() - stated.values.keys()
    misspelt = stated.values.keys() - known.keys() - {FREE} if lacks else ()
    beside = BESIDE if stated.row else ()
    for missing in lacks.difference(*(nearest(each, (*lacks, *beside), n=1) for each in misspelt)):
        yield MISSING_KEY.at(source.key_place(stated.path), f"{name} lacks {missing}", f"add {missing}: to {name}")
    yield from unfit(source, stated.path, stated.values, known, name)


def may_have(stated: Stated, where: Mapping[str, str], known: Mapping[str, list[str]]) -> bool:
    """Tell whether a row has these values, or may have them once it is right."""
    given = stated.values
    unsure = {name for name, allowed in known.items() if name not in given or (allowed and given[name] not in allowed)}
    return all(name in unsure or given.get(name) == value for name, value in where.items())


def _is_filled(source: Source) -> bool:
    """Tell whether the spec's own Region is made of that of a row, which is judged there."""
    return isinstance(source.data, dict) and isinstance(source.data.get(FREE), dict)


def unfit(
    source: Source, path: tuple[str | int, ...], given: Mapping[str, str], known: Mapping[str, list[str]], name: str
) -> Iterator[Diagnostic]:
    """Yield which values there are not, and which are none of those that are allowed."""
    beside = BESIDE if path[:1] == ("targets",) else ()
    unknown = {key for key in given if key not in known and key != FREE}
    words = [*dict.fromkeys((*known, FREE, *beside))] if unknown else []
    for key, value in given.items():
        allowed = known.get(key, [])
        if key in unknown:
            unused = (each for each in words if each not in given)
            more = f"; for {key}, add {key}: text to values" if beside and re.fullmatch(IDENTIFIER, key) else ""
            fix = did_you_mean(nearest(key, unused), f"it takes {some(words)}{more}")
            yield UNKNOWN_KEY.at(source.key_place((*path, key)), f"{name} has no value {key}", fix)
        elif allowed and value not in allowed:
            message = f"{name}: {key} takes {some(allowed)}; found {value}"
            fix = f"write {some(allowed, between=' or ')}"
            yield WRONG_VALUE.at(source.place((*path, key)), message, did_you_mean(nearest(value, allowed), fix))
        elif key == FREE and not (is_region(value) or (beside and _is_filled(source))):
            message = f"{name}: {key} takes a Region, as eu-central-1; found {value}"
            yield WRONG_VALUE.at(source.place((*path, key)), message, formed_right(value, REGION))


def misplaced(source: Source, found: Iterable[Stated]) -> Iterator[Diagnostic]:
    """Yield the targets whose folders can't be, or not beside the others, and which can't have had their former key."""
    keys, above, names, former = dict[str, str](), dict[str, str](), dict[str, str](), dict[str, str]()
    for key, row in ((each.key, each.row) for each in found if each.row):
        folded, was = key.casefold(), row.was
        folders = folders_above(key)
        inside = next((each for each in (*map(keys.get, folders), above.get(folded)) if each), "")
        same = names.setdefault(name := module_name(folded), key)
        why = f"Windows reserves {device[0]}" if (device := re.search(_DEVICE, key)) else ""
        why = why or (f"it is {keys[folded]} but for case" if folded in keys else "")
        why = why or (f"it and {inside} would be one inside the other" if inside else "")
        if why := why or (f"{same} gives the same name of a module, {name}" if same != key else ""):
            yield FOLDER.at(source.key_place(("targets", key)), f"{key} can't be a folder: {why}", "rename it")
        keys.setdefault(folded, key)
        above |= dict.fromkeys(folders, key)
        if was and (other := former.setdefault(was, key)) != key:
            message = f"was of {key}: {other} was {was} too"
            yield FORMER.at(source.place(("targets", key, "was")), message, "keep one of the two")
    for was, key in former.items():
        if was.casefold() in keys:
            message = f"was of {key}: {was} is {'its own key' if was == key else 'a target'}"
            yield FORMER.at(source.place(("targets", key, "was")), message, "remove was")
