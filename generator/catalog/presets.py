"""The policies that the tool knows by name: a preset, a Region and arguments in, the statements out.

It alone reads `data/policies.json`, when a spec or a command first asks for a preset. What no source says of a Region
is unknown, and raises `UnknownFactError`; nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from generator.catalog.catalog import Catalog, Reference
from generator.source import suggest
from generator.source.region import REGION_NAME

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FIPS = re.compile(r"[-.]fips(?=[-.]|$)")
_OF_REGION = {
    "region": rf"(?:{REGION_NAME}|[*?]+)",
    "region_without_dashes": r"(?:[a-z]+[0-9]+|[*?]+)",
}


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
    whose: Mapping[str, str]
    """The condition key that draws a perimeter, and its placeholder; empty for what draws none."""
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
        return not self.services or without_fips(service_id) in self.services

    def is_verified(self, region: str, catalog: Catalog) -> bool:
        """Tell whether a source confirms the names in a Region: AWS documents its buckets for its commercial ones."""
        return not self.owned_by_aws or catalog.regions[region].partition == "aws"

    def statements(
        self, region: str | None, catalog: Catalog, arguments: Mapping[str, str | list[str]]
    ) -> list[dict[str, Any]]:
        """Return the statements for a Region. Raises UnknownFactError where a fact of the Region is not known."""
        return [*_of_region(self.templates, region, catalog, arguments)]

    def statements_on_owned(
        self, service_id: str, region: str | None, catalog: Catalog, arguments: Mapping[str, str | list[str]]
    ) -> list[dict[str, Any]]:
        """Return what a perimeter has beside its statements on an endpoint of a service, so that AWS's own is inside.

        Raises UnknownFactError where a fact of the Region is not known.
        """
        owned = find_owned(service_id) if self.whose else None
        templates = [{**owned.template, "Condition": {"StringEquals": self.whose}}] if owned else []
        return [*_of_region(templates, region, catalog, arguments)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedByAws:
    """What AWS owns of a service beside buckets: the statement that lets those inside a perimeter use it."""

    services: tuple[str, ...]
    title: str
    template: Mapping[str, Any]
    source: Reference


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its name, in the order of the data."""
    data, sources = data_of_policies(), _sources()
    return {
        name: Preset(
            name=name,
            title=raw["title"],
            services=tuple(raw.get("services", ())),
            takes=tuple(raw.get("takes", ())),
            whose=raw.get("whose", {}),
            owned_by_aws=raw.get("owned_by_aws", False),
            note=raw.get("note", ""),
            templates=tuple(raw["statements"]),
            sources=tuple(sources[key] for key in raw["sources"]),
            attached=raw.get("attached", {}),
        )
        for name, raw in data["presets"].items()
    }


@cache
def _sources() -> Mapping[str, Reference]:
    sources = data_of_policies()["sources"]
    return {key: Reference(each["title"], each["url"], each["checked"]) for key, each in sources.items()}


@cache
def _owned_resources() -> tuple[OwnedByAws, ...]:
    head = {"Effect": "Allow", "Principal": "*"}
    return tuple(
        OwnedByAws(
            services=tuple(raw["services"]),
            title=raw["title"],
            template={"Sid": raw["sid"], **head, "Action": raw["actions"], "Resource": raw["resources"]},
            source=_sources()[raw["source"]],
        )
        for raw in data_of_policies()["owned"]
    )


def nearest(name: str) -> tuple[str, ...]:
    """Return the names that `name` may mean, the best first."""
    within = (known for known in presets() if name and name.casefold() in known)
    return suggest.nearest(name, presets(), cutoff=0.5) or tuple(within)[:3]


def find_owned(service_id: str) -> OwnedByAws | None:
    """Return what AWS owns of a service, as far as a source says; its FIPS endpoint is one of the service's."""
    return next((owned for owned in _owned_resources() if without_fips(service_id) in owned.services), None)


def without_fips(service_id: str) -> str:
    """Return the id of a service without the mark of a FIPS endpoint."""
    return _FIPS.sub("", service_id)


def bucket_of(arn: str) -> str:
    """Return the bucket in the ARN of objects of Amazon S3."""
    return arn.rpartition(":")[2].partition("/")[0]


def find_owner(bucket: str) -> Preset | None:
    """Return the preset that a bucket of AWS is in, whatever the Region; None for any other.

    `bucket` may have wildcards in place of the Region, as `prod-*-starport-layer-bucket`.
    """
    return next((preset for pattern, preset in _owned_buckets() if pattern.fullmatch(bucket)), None)


@cache
def _owned_buckets() -> tuple[tuple[re.Pattern[str], Preset], ...]:
    return tuple(
        (_bucket_pattern(resource), preset)
        for preset in presets().values()
        if preset.owned_by_aws
        for template in preset.templates
        for resource in as_list(template["Resource"])
    )


def as_list(value: str | list[str]) -> list[str]:
    """Return the texts that one text, or a list of them, is."""
    return [value] if isinstance(value, str) else value


def _bucket_pattern(resource: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(bucket_of(resource))
    return re.compile(
        "".join(
            _OF_REGION.get(part, r"[-a-z0-9*?]*") if index % 2 else re.escape(part) for index, part in enumerate(parts)
        )
    )


def _of_region(
    templates: Iterable[Mapping[str, Any]],
    region: str | None,
    catalog: Catalog,
    arguments: Mapping[str, str | list[str]],
) -> Iterator[dict[str, Any]]:
    """Yield templates with a Region's facts and the arguments in place of their placeholders."""
    wanted = frozenset(_PLACEHOLDER.findall(json.dumps([*templates])))
    facts = {**arguments, **dict(_facts(region, catalog, wanted - arguments.keys()))}
    yield from (_filled(template, facts) for template in templates)


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
            table = data_of_policies()["tables"][name]
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
def data_of_policies() -> dict[str, Any]:
    """Return the data as the file has it; it is read once."""
    text = resources.files("generator").joinpath("data", "policies.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
