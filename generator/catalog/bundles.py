"""The bundles that come with the tool. It alone reads `data/bundles.yaml`, once, and only for who asks for bundles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from generator.catalog.catalog import text_of
from generator.source import source, suggest
from generator.source.frozen import frozen


@frozen(kw_only=True)
class Member:
    """An endpoint of a bundle, or one that a bundle does not bring: the service id, the type, and what it is for."""

    service: str
    type: str = "Interface"
    why: str


@frozen(kw_only=True)
class Bundle:
    """One version of a bundle; `endpoints` holds those of the bundles that it includes too, theirs first."""

    name: str
    version: int
    title: str
    why: str
    source: str
    checked: str
    includes: tuple[str, ...]
    endpoints: tuple[Member, ...]
    optional: tuple[Member, ...]
    excluded: tuple[Member, ...]

    @property
    def pinned(self) -> str:
        """The bundle as a spec asks for it: `ecs-fargate@1`."""
        return f"{self.name}@{self.version}"

    @property
    def paid(self) -> int:
        """How many of its endpoints cost by the hour: all but gateways.

        https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
        """
        return sum(member.type != "Gateway" for member in self.endpoints)


Bundles = dict[str, dict[int, Bundle]]
"""Every version of every bundle, by name and number."""


@cache
def load() -> Bundles:
    """Return the shipped bundles; the file is read once."""
    return read(text_of("bundles.yaml"))


def read(text: str) -> Bundles:
    """Return the bundles that a text of the form of `data/bundles.yaml` holds; a bundle includes only earlier ones."""
    data: Any = source.parse(text, "bundles.yaml").data
    bundles: Bundles = {}
    for name, facts in data.items():
        bundles[name] = {}
        for number, version in facts["versions"].items():
            bundles[name][int(number)] = _bundle(name, int(number), {**facts, **version}, bundles)
    return bundles


def newest(versions: Mapping[int, Bundle]) -> Bundle:
    """Return the newest of a bundle's versions."""
    return versions[max(versions)]


def find(wanted: str) -> Bundle | None:
    """Return the shipped bundle of this name, in the version that it has or else the newest; None where none is."""
    name, _, number = wanted.partition("@")
    versions = load().get(name, {})
    if number:
        return next((each for each in versions.values() if each.pinned == wanted), None)
    return newest(versions) if versions else None


def nearest(name: str, bundles: Bundles) -> tuple[str, ...]:
    """Return up to three names of bundles that `name` may mean, best first: a part of one, or a misspelling."""
    within = [known for known in bundles if name and name.casefold() in known]
    return tuple(dict.fromkeys([*within, *suggest.nearest(name, bundles)]))[:3]


def with_word(text: str) -> str:
    """Return which bundles have all words of a text in their names, as a fix; empty where none has."""
    words = {*re.findall(r"[a-z0-9]+", text.partition("@")[0].casefold())}
    pinned = [newest(versions).pinned for name, versions in load().items() if words and words <= {*name.split("-")}]
    lists = [f"bundles: [{each}]" for each in pinned[:3]]
    return f"write {' or '.join(lists)} for all that it needs" if pinned else ""


def _bundle(name: str, number: int, facts: Mapping[str, Any], earlier: Bundles) -> Bundle:
    includes = tuple(facts.get("includes", ()))
    pairs = (pinned.split("@") for pinned in includes)
    members = [member for included, version in pairs for member in earlier[included][int(version)].endpoints]
    known: dict[str, Any] = {field: facts[field] for field in ("title", "why", "source", "checked")}
    for field in ("endpoints", "optional", "excluded"):
        known[field] = tuple(Member(**each) for each in facts.get(field, ()))
    known["endpoints"] = tuple(dict.fromkeys([*members, *known["endpoints"]]))
    return Bundle(name=name, version=number, includes=includes, **known)
