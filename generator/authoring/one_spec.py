"""Specs that are alike → one spec with a target for each: what they share, what differs by values, and the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import combinations
from typing import Any, NoReturn

from generator.authoring.yaml_text import flow, lines
from generator.fleet.merge import NOTHING, Path, at, writes
from generator.fleet.rows import FREE, OURS
from generator.fleet.told import each_of
from generator.generate import generate_source, targets
from generator.hcl.memory import Cache
from generator.source.diagnostics import Code, Place, Refused
from generator.source.draft import Plain, Source
from generator.source.source import parse
from generator.spec.fleet import Fleet

CANT_JOIN = Code("E162")
_NEARLY = 3 / 4
"""Of the values of a name, how many say what is usual: of two or three all do."""
_FEW = 12
"""The most values that are listed as all that is allowed."""


def one_spec(specs: Mapping[str, Source], file: str, cache: Cache) -> str:
    """Return the text of one spec at `file` with these specs, by their names, as its targets.

    Raises Refused for what is wrong with one of them, and (E162) where one can't be a target that renders the same.
    """
    many = [each for each in specs.values() if isinstance(each.data, dict) and Fleet.model_fields.keys() & each.data]
    if many or len(specs) == 1:
        _refuse(many[0] if many else next(iter(specs.values())), "it has targets or values" if many else "it is alone")
    before = each_of(specs.items(), lambda each: generate_source(each, cache).files)
    text = _Join(specs).text()
    try:
        after = {each.key: generate_source(each.source, cache).files for each in targets(parse(text, file))}
    except Refused as refused:
        _refuse(Source(file, {}), f"as one spec, {refused.diagnostics[0].message}")
    for (name, spec), files in zip(specs.items(), before, strict=True):
        if other := [path for path in {**files, **after[name]} if files.get(path) != after[name].get(path)]:
            _refuse(spec, f"as a target it renders another {other[0]}; a target is named as its file, {name}")
    return text


def _refuse(spec: Source, why: str, path: Path = ()) -> NoReturn:
    place = spec.key_place(path) if path else Place(spec.file)
    fix = "move what is unlike the others out of the folder"
    fix += "; or have a tag tell it from them, each spec one of its own: tags: {Tier: prod}" if path else ""
    raise Refused([CANT_JOIN.at(place, why, fix)])


class _Join:
    """One spec in the making: values come first that a spec's name tells, then as what differs needs them."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources, specs = sources, {name: each.data for name, each in sources.items()}
        self.rows: dict[str, dict[str, str]] = {name: {} for name in specs}
        self.base, self.overlays = dict[str, Any](), dict[tuple[tuple[str, str], ...], dict[str, Any]]()
        paths = dict.fromkeys(each.path for data in specs.values() for each in writes(data))
        del paths["name",]
        texts = {path: {name: at(data, path) for name, data in specs.items()} for path in paths}
        texts_of_all = [path for path in paths if all(map(_is_text, texts[path].values()))]
        told = [path for path in texts_of_all if all(_words(each).search(name) for name, each in texts[path].items())]
        for path in sorted(told, key=lambda path: (path != (FREE,), max(map(len, texts[path].values())))):
            if len({*texts[path].values()}) > 1 and len(self._alike(texts[path], is_formed=True)) > 1:
                self._add_value(path, texts[path])
        placed = {path: self._stated_at(path, texts[path]) for path in dict.fromkeys((*texts_of_all, *paths))}
        for path in (each for each in paths if placed[each] is not NOTHING):
            _put(self.base, path, placed[path])

    def text(self) -> str:
        """Return it as YAML."""
        values = {name: self._allowed(name) for row in [*self.rows.values()][:1] for name in row if name != FREE}
        overlays = [{"where": dict(where), "set": each} for where, each in self.overlays.items()]
        whole = {"values": values, **self.base, "overlays": overlays}
        parts = [line for key, each in whole.items() if each not in ({}, []) for line in lines(key, each)]
        return "\n".join((*parts, *lines("targets", self.rows, parted=True), ""))

    def _allowed(self, name: str) -> Any:
        """Return which values there are of a name that overlays are for, so that a row of another asks for its own."""
        values = [*dict.fromkeys(row[name] for row in self.rows.values())]
        is_driving = any(name in dict(where) for where in self.overlays)
        return values if is_driving and len(values) <= min(_FEW, len(self.rows) - 1) else "text"

    def _stated_at(self, path: Path, texts: Mapping[str, Any]) -> Any:
        """Return what all specs say at a path, or nearly all; put the rest in overlays, or in rows."""
        groups = self._alike(texts, is_formed=False)
        groups = groups if len(groups) == 1 else self._alike(texts, is_formed=True)
        # by a name that is in formats no `was` could follow
        is_of_vpc = path[0] == "vpc" and any("{name}" in flow(each) for each, _ in groups.values())
        if len(groups) == 1 and not is_of_vpc:
            return next(iter(groups.values()))[0]
        said = {name: key for key, (_, names) in groups.items() for name in names}
        told, is_text = self._told_by(said), all(map(_is_text, texts.values()))
        usual = self._usual(said, told) if told else None
        is_of_row = len({self._having(name, told) for name in said}) == len(said) and (len(told) == 1 or usual is None)
        if is_text and (is_of_vpc or not told or is_of_row):
            return {"format": f"{{{self._add_value(path, texts)}}}"}
        if not told:
            names = min((names for _, names in groups.values()), key=len)
            why = f"no value tells {' and '.join(names)} from the others, where {'.'.join(path)} differs"
            _refuse(self.sources[names[0]], why, path)
        for key, (value, names) in groups.items():
            if key != usual and not (value is NOTHING and usual is None):
                above = (path[:size] for size in range(1, len(path)))
                absent = next((each for each in above if at(self.sources[names[0]].data, each) is NOTHING), path)
                for where in self._wheres(names, told):
                    _put(self.overlays.setdefault(where, {}), *((absent, None) if value is NOTHING else (path, value)))
        return NOTHING if usual is None else groups[usual][0]

    def _told_by(self, said: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of values that tell what each spec says, those that part them least; none if none do."""
        names = [*next(iter(self.rows.values()))]
        found: dict[tuple[str, ...], int] = {}
        for told in (each for size in (1, 2, 3) for each in combinations(names, size)):
            parted = {(self._having(name, told), key) for name, key in said.items()}
            if len(parted) == (number := len({having for having, _ in parted})):
                found[told] = number
        return min(found, key=lambda each: found[each], default=())

    def _usual(self, said: Mapping[str, str], told: tuple[str, ...]) -> str | None:
        """Return what is said with nearly all values of each name, so that it is of none of them; None if none is."""
        values = [{row[name] for row in self.rows.values()} for name in told]
        for key, _ in Counter(said.values()).most_common():
            having = [{self.rows[each][name] for each in said if said[each] == key} for name in told]
            if all(len(some) >= _NEARLY * len(every) for some, every in zip(having, values, strict=True)):
                return key
        return None

    def _having(self, name: str, told: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.rows[name][each] for each in told)

    def _alike(self, texts: Mapping[str, Any], *, is_formed: bool) -> dict[str, tuple[Any, list[str]]]:
        """Return what specs say, each with the specs that say it: as they say it, or with their values as formats."""
        found: dict[str, tuple[Any, list[str]]] = {}
        for name, each in texts.items():
            value = self._formed(each, {"name": name, **self.rows[name]}) if is_formed else each
            found.setdefault("" if value is NOTHING else flow(value), (value, []))[1].append(name)
        for key, (_, names) in found.items() if is_formed else ():  # as they say it after all, where all say the same
            said = self._alike({name: texts[name] for name in names}, is_formed=False)
            found[key] = next(iter(said.values())) if len(said) == 1 else found[key]
        return found

    def _formed(self, value: Any, known: Mapping[str, str]) -> Any:
        if isinstance(value, dict):
            return {key: self._formed(each, known) for key, each in value.items()}
        if isinstance(value, list):
            return [self._formed(each, known) for each in value]
        if not _is_text(value):
            return value
        names = {text: name for name, text in reversed([*known.items()])}
        text = _words(*names).sub(lambda found: f"{{{names[found[1]]}}}" if found[1] else found[0] * 2, value)
        return {"format": text} if text != value.replace("{", "{{").replace("}", "}}") else value

    def _wheres(self, names: list[str], told: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], ...]]:
        """Yield values that these specs have and no others, the fewest that tell all of them."""
        left = dict.fromkeys(names)
        for some in (each for size in range(1, len(told) + 1) for each in combinations(told, size)):
            others = {self._having(each, some) for each in self.rows if each not in names}
            for having in dict.fromkeys(self._having(each, some) for each in left):
                if having not in others:
                    yield tuple(zip(some, having, strict=True))
                    left = {each: None for each in left if self._having(each, some) != having}

    def _add_value(self, path: Path, texts: Mapping[str, str]) -> str:
        """Add a value for what specs say at a path to all rows; return its name."""
        words = ("_".join(path[-size:]).replace(".", "_").lower() for size in (1, 2, len(path)))
        taken = {*OURS, *next(iter(self.rows.values()))} | ({FREE} if path != (FREE,) else set())
        name = next(each for each in words if each not in taken)
        for key, text in texts.items():
            self.rows[key][name] = str(text)
        return name


def _is_text(value: object) -> bool:
    """Tell whether a value is text that a row may have, and neither a number nor a flag."""
    return (
        isinstance(value, str)
        and value != ""
        and not (isinstance(value, Plain) and re.fullmatch(r"[0-9.]+|true|false", value))
    )


def _words(*texts: str) -> re.Pattern[str]:
    """Return what finds braces, and texts as they are in others: as whole words, the longest first."""
    longest = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
    return re.compile(rf"[{{}}]|(?<![A-Za-z0-9])({longest})(?![A-Za-z0-9])")


def _put(tree: dict[str, Any], path: Path, value: Any) -> None:
    reduce(lambda found, key: found.setdefault(key, {}), path[:-1], tree)[path[-1]] = value
