"""The policies that the tool knows by name: a preset, a Region and arguments in, the statements out.

It alone reads `data/policies.json`, when a spec or a command first asks for a preset. What no source says of a Region
is unknown, and raises `UnknownFactError`; nothing is guessed.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from generator.catalog import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.catalog import Catalog

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FIPS = re.compile(r"[-.]fips(?=[-.]|$)")
_OF_REGION = {
    "region": r"(?:[a-z]{2,4}(?:-[a-z]+)+-[0-9]+|[*?]+)",
    "region_without_dashes": r"(?:[a-z]+[0-9]+|[*?]+)",
}
_ANY_REGION = {"partition": "aws", "region": "<region>"}
"""What stands for the Region, where a policy is for any."""


class UnknownFactError(LookupError):
    """No source says what a preset needs to know of a Region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A policy with a name; `templates` are its statements, with placeholders for Region, partition and arguments."""

    name: str
    title: str
    services: tuple[str, ...]
    """The services that it is for; none: it is for all."""
    takes: tuple[str, ...]
    owned_by_aws: bool
    """Whether it lets requests reach buckets that AWS owns."""
    note: str
    templates: tuple[Mapping[str, Any], ...]
    sources: tuple[Reference, ...]
    attached: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """The document that AWS itself attaches where no policy is given, by the endpoint's type, word for word.

    Alone, the preset is that document: Terraform takes one without an Id, a Sid or a version for another one.
    """

    @property
    def placeholders(self) -> frozenset[str]:
        """Return what the statements leave open."""
        return frozenset(_PLACEHOLDER.findall(json.dumps(self.templates)))

    @property
    def by_region(self) -> bool:
        """Tell whether the statements differ from Region to Region."""
        return bool(self.placeholders - set(self.takes))

    def fits(self, service_id: str) -> bool:
        """Tell whether it is for a service; the FIPS endpoint of a service is one of its endpoints."""
        return not self.services or _FIPS.sub("", service_id) in self.services

    def is_verified(self, region: str, catalog: Catalog) -> bool:
        """Tell whether a source confirms the names in a Region: AWS documents its buckets for its commercial ones."""
        return not self.owned_by_aws or catalog.regions[region].partition == "aws"

    def statements(
        self, region: str | None, catalog: Catalog, arguments: Mapping[str, str | list[str]]
    ) -> list[dict[str, Any]]:
        """Return the statements for a Region. Raises UnknownFactError where a fact of the Region is not known."""
        facts = {**arguments, **dict(_facts(region, catalog, self.placeholders - arguments.keys()))}
        return [_filled(template, facts) for template in self.templates]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What the endpoints of some services need of Amazon S3: a preset's buckets, and what fails without them."""

    services: tuple[str, ...]
    preset: Preset
    fails: str
    """Empty where not everybody needs the buckets."""

    def is_of(self, service_id: str) -> bool:
        """Tell whether the endpoint of a service has this need."""
        return _FIPS.sub("", service_id) in self.services

    def requests(self, region: str | None, catalog: Catalog) -> list[tuple[str, str]]:
        """Return each action and resource that is needed in a Region, or in any; nothing where no source says which."""
        try:
            statements = self.preset.statements(region, catalog, {} if region else _ANY_REGION)
        except UnknownFactError:
            return []
        pairs = (product([each["Action"]], _listed(each["Resource"])) for each in statements)
        return [*chain.from_iterable(pairs)]


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its name, in the order of the data."""
    data = _data()
    sources = {key: Reference(each["title"], each["url"], each["checked"]) for key, each in data["sources"].items()}
    return {
        name: Preset(
            name=name,
            title=raw["title"],
            services=tuple(raw.get("services", ())),
            takes=tuple(raw.get("takes", ())),
            owned_by_aws=raw.get("owned_by_aws", False),
            note=raw.get("note", ""),
            templates=tuple(raw["statements"]),
            sources=tuple(sources[key] for key in raw["sources"]),
            attached=raw.get("attached", {}),
        )
        for name, raw in data["presets"].items()
    }


def nearest(name: str) -> tuple[str, ...]:
    """Return the names that `name` may mean, the best first."""
    close = difflib.get_close_matches(name.casefold(), presets(), n=3, cutoff=0.5)
    return tuple(close) or tuple(known for known in presets() if name and name.casefold() in known)[:3]


@cache
def needs() -> tuple[Need, ...]:
    """Return which services need buckets that AWS owns."""
    return tuple(
        Need(services=tuple(raw["services"]), preset=presets()[raw["preset"]], fails=raw.get("fails", ""))
        for raw in _data()["needs"]
    )


def bucket_of(arn: str) -> str:
    """Return the bucket in the ARN of objects of Amazon S3."""
    return arn.rpartition(":")[2].partition("/")[0]


def owner_of(bucket: str) -> Preset | None:
    """Return the preset that a bucket of AWS is in, whatever the Region; None for any other.

    `bucket` may have wildcards where the Region stands, as `prod-*-starport-layer-bucket`.
    """
    return next((preset for pattern, preset in _owned() if pattern.fullmatch(bucket)), None)


@cache
def _owned() -> tuple[tuple[re.Pattern[str], Preset], ...]:
    return tuple(
        (_bucket_pattern(resource), preset)
        for preset in presets().values()
        if preset.owned_by_aws
        for template in preset.templates
        for resource in _listed(template["Resource"])
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _bucket_pattern(resource: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(bucket_of(resource))
    return re.compile(
        "".join(
            _OF_REGION.get(part, r"[-a-z0-9*?]*") if index % 2 else re.escape(part) for index, part in enumerate(parts)
        )
    )


def _facts(region: str | None, catalog: Catalog, wanted: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what is known of a Region. Raises UnknownFactError for what is not."""
    for name in sorted(wanted):
        if region is None:
            raise UnknownFactError("its names differ from Region to Region, and the spec names none")
        if name == "region":
            yield name, region
        elif name == "region_without_dashes":
            yield name, region.replace("-", "")
        elif name == "partition":
            if region not in catalog.regions:
                raise UnknownFactError(f"no source says in which partition {region} is")
            yield name, catalog.regions[region].partition
        else:
            table = _data()["tables"][name]
            if region not in table["values"]:
                raise UnknownFactError(f"no source says {table['title']} in {region}")
            yield name, table["values"][region]


def _filled(template: Any, facts: Mapping[str, str | list[str]]) -> Any:
    """Return a template with facts in place of its placeholders; a text that is one placeholder may become a list."""
    if isinstance(template, dict):
        return {key: _filled(item, facts) for key, item in template.items()}
    if isinstance(template, list):
        return [_filled(item, facts) for item in template]
    whole = _PLACEHOLDER.fullmatch(template)
    return facts[whole[1]] if whole else _PLACEHOLDER.sub(lambda found: str(facts[found[1]]), template)


@cache
def _data() -> dict[str, Any]:
    text = resources.files("generator").joinpath("data", "policies.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
