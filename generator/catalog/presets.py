"""The policies that the tool knows by name: a preset, a Region and arguments in, the statements out.

It alone reads `data/policies.json`, when a spec or a command first asks for a preset. What no source says of a Region
is unknown, and raises `UnknownFactError`; nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache
from typing import Any, TypeAlias

from generator.catalog.catalog import Catalog, Reference, read_data
from generator.catalog.lists import with_tuples
from generator.source import suggest
from generator.source.frozen import frozen
from generator.source.region import REGION_NAME

Arguments: TypeAlias = Mapping[str, str | list[str]]
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FIPS = r"[-.]fips(?=[-.]|$)"
_OF_REGION = {"region": rf"(?:{REGION_NAME}|[*?]+)", "region_without_dashes": r"(?:[a-z]+[0-9]+|[*?]+)"}


class UnknownFactError(LookupError):
    """No source says what a preset needs to know of a Region."""


@frozen(kw_only=True)
class Preset:
    """A policy with a name; `templates` are its statements, with placeholders for Region, partition and arguments."""

    name: str
    title: str
    services: tuple[str, ...] = ()
    """The services that it is for; none: it is for all."""
    takes: tuple[str, ...] = ()
    whose: Mapping[str, str] = field(default_factory=dict)
    """The condition key that draws a perimeter, and its placeholder; empty for what draws none."""
    owned_by_aws: bool = False
    """Whether it lets requests reach buckets that AWS owns."""
    note: str = ""
    templates: tuple[Mapping[str, Any], ...]
    sources: tuple[Reference, ...]
    attached: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """The document that AWS itself attaches where no policy is given, by the endpoint's type, word for word.

    Alone, the preset is that document: Terraform takes one without an Id, a Sid or a version for another one.
    """

    @property
    def by_region(self) -> bool:
        """Tell whether the statements differ from Region to Region."""
        return bool(_placeholders(self.templates).difference(self.takes))

    def fits(self, service_id: str) -> bool:
        """Tell whether it is for a service; the FIPS endpoint of a service is one of its endpoints."""
        return not self.services or without_fips(service_id) in self.services

    def is_verified(self, region: str, catalog: Catalog) -> bool:
        """Tell whether a source confirms the names in a Region: AWS documents its buckets for its commercial ones."""
        return not self.owned_by_aws or catalog.regions[region].partition == "aws"

    def statements(self, region: str | None, catalog: Catalog, arguments: Arguments) -> list[dict[str, Any]]:
        """Return the statements for a Region. Raises UnknownFactError where a fact of the Region is not known."""
        return _fill(self.templates, region, catalog, arguments)

    def statements_on_owned(
        self, service_id: str, region: str | None, catalog: Catalog, arguments: Arguments
    ) -> list[dict[str, Any]]:
        """Return what a perimeter has beside its `statements` on an endpoint, so that AWS's own is inside."""
        owned = find_owned(service_id) if self.whose else None
        templates = [{**owned.template, "Condition": {"StringEquals": self.whose}}] if owned else []
        return _fill(templates, region, catalog, arguments)


@frozen(kw_only=True)
class OwnedByAws:
    """What AWS owns of a service beside buckets: the statement that lets those inside a perimeter use it."""

    title: str
    template: Mapping[str, Any]
    source: Reference


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its name, in the order of the data."""
    return {name: _preset(name, with_tuples(raw)) for name, raw in data_of_policies()["presets"].items()}


def _preset(name: str, raw: dict[str, Any]) -> Preset:
    templates, sources = raw.pop("statements"), tuple(map(_reference, raw.pop("sources")))
    return Preset(name=name, templates=templates, sources=sources, **raw)


def _reference(key: str) -> Reference:
    source = data_of_policies()["sources"][key]
    return Reference(source["title"], source["url"], source["checked"])


def nearest(name: str) -> tuple[str, ...]:
    """Return the names that `name` may mean, the best first."""
    within = (known for known in presets() if name and name.casefold() in known)
    return suggest.nearest(name, presets(), cutoff=0.51) or tuple(within)[:3]


def find_owned(service_id: str) -> OwnedByAws | None:
    """Return what AWS owns of a service, as far as a source says; its FIPS endpoint is one of the service's."""
    for raw in data_of_policies()["owned"]:
        if without_fips(service_id) in raw["services"]:
            head = {"Sid": raw["sid"], "Effect": "Allow", "Principal": "*"}
            template = {**head, "Action": raw["actions"], "Resource": raw["resources"]}
            return OwnedByAws(title=raw["title"], template=template, source=_reference(raw["source"]))
    return None


def without_fips(service_id: str) -> str:
    """Return the id of a service without the mark of a FIPS endpoint."""
    return re.sub(_FIPS, "", service_id)


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
    escaped = re.escape(bucket_of(resource))
    return re.compile(re.sub(r"\\\{(\w+)\\\}", lambda found: _OF_REGION.get(found[1], "[-a-z0-9*?]*"), escaped))


def _placeholders(templates: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return what statements leave open."""
    return frozenset(_PLACEHOLDER.findall(json.dumps([*templates])))


def _fill(
    templates: Sequence[Mapping[str, Any]], region: str | None, catalog: Catalog, arguments: Arguments
) -> list[dict[str, Any]]:
    """Return templates with a Region's facts and the arguments in place of their placeholders."""
    missing = sorted(_placeholders(templates) - arguments.keys())
    facts = {**arguments, **{name: _fact(name, region, catalog) for name in missing}}
    return [_filled(template, facts) for template in templates]


def _fact(name: str, region: str | None, catalog: Catalog) -> str:
    """Return what is known of a Region. Raises UnknownFactError for what is not."""
    if region is None:
        raise UnknownFactError("its names differ from Region to Region, and the spec names none")
    if name == "region":
        return region
    if name == "region_without_dashes":
        return region.replace("-", "")
    if name == "partition":
        if region not in catalog.regions:
            raise UnknownFactError(f"no source says in which partition {region} is")
        return catalog.regions[region].partition
    table = data_of_policies()["tables"][name]
    if region not in table["values"]:
        raise UnknownFactError(f"no source says {table['title']} in {region}")
    return str(table["values"][region])


def _filled(template: Any, facts: Arguments) -> Any:
    """Return a template with facts in place of its placeholders; a text that is one placeholder may become a list."""
    if isinstance(template, dict):
        return {key: _filled(item, facts) for key, item in template.items()}
    if isinstance(template, list):
        return [_filled(item, facts) for item in template]
    whole = _PLACEHOLDER.fullmatch(template)
    return facts[whole[1]] if whole else _PLACEHOLDER.sub(lambda found: str(facts[found[1]]), template)


def data_of_policies() -> dict[str, Any]:
    """Return the data as the file has it."""
    return read_data("policies.json")
