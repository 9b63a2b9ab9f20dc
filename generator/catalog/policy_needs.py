"""What endpoints need of policies: buckets of AWS behind an S3 endpoint, and the actions that bundles come with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from generator.catalog.catalog import Catalog, read_data
from generator.catalog.presets import Preset, UnknownFactError, as_list, data_of_policies, presets, without_fips
from generator.source.frozen import frozen

_ANY_REGION = {"partition": "aws", "region": "<region>"}
"""What is in place of the Region, where a policy is for any."""
NO_RESOURCE = "-"
"""The resource of an action that takes none: no ARN covers it, but `*` does."""


REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
"""Where AWS lists the actions of each service, and the resources that each takes."""


@frozen(kw_only=True)
class _OfServices:
    """What is of the endpoints of some services."""

    services: tuple[str, ...]
    fails: str
    """What fails without it; empty where not everybody needs it."""

    def is_of(self, service_id: str) -> bool:
        """Tell whether it is of the endpoint of a service."""
        return without_fips(service_id) in self.services


@frozen(kw_only=True)
class Need(_OfServices):
    """What the endpoints of some services need of Amazon S3: a preset's buckets."""

    preset: Preset
    signed: bool
    """Whether AWS signs the requests, so that an account of its own makes them."""

    def requests(self, region: str | None, catalog: Catalog) -> list[tuple[str, str]]:
        """Return each action and resource that is needed in a Region, or in any; nothing where no source says which."""
        try:
            statements = self.preset.statements(region, catalog, {} if region else _ANY_REGION)
        except UnknownFactError:
            return []
        return [(each["Action"], resource) for each in statements for resource in as_list(each["Resource"])]


@frozen(kw_only=True)
class Use(_OfServices):
    """What the members of some bundles do through the endpoint of a service."""

    bundles: tuple[str, ...]
    """By name, without a version."""
    actions: tuple[str, ...]
    resource: str

    def asked_by(self, bundles: Iterable[str]) -> tuple[str, ...]:
        """Return which of these bundles, such as `ecs-fargate@1`, come with it."""
        return tuple(pinned for pinned in bundles if pinned.partition("@")[0] in self.bundles)

    @property
    def prefix(self) -> str:
        """Return what the service's actions begin with, as `ecr:`."""
        return self.actions[0].partition(":")[0] + ":"


@cache
def needs() -> tuple[Need, ...]:
    """Return which services need buckets that AWS owns."""
    return tuple(
        Need(
            services=tuple(raw["services"]),
            preset=presets()[raw["preset"]],
            fails=raw.get("fails", ""),
            signed="signed" in raw,
        )
        for raw in data_of_policies()["needs"]
    )


@cache
def prefix_of(service_id: str) -> str:
    """Return what the actions of a service begin with, as `ecr:`; empty where no source says, or there are several.

    So are maps, places and routes of Amazon Location (`geo:` and `geo-maps:`) and the MLflow of SageMaker.
    """
    data, own = data_of_policies()["prefixes"], without_fips(service_id)
    same = data["same"].split()  # as the id, or as what is before its first dot: `ecr` of `ecr.dkr`
    named = next((each for each in (own, own.partition(".")[0]) if each in same), "")
    return f"{found}:" if (found := data["others"].get(own, named)) else ""


@cache
def prefixes_of_actions() -> Mapping[str, tuple[str, ...]]:
    """Return what actions begin with, as `ecr:`, by their names without it, in small letters."""
    found: dict[str, tuple[str, ...]] = {}
    for service in read_data("actions.json"):
        for listed in listed_of(f"{service}:") if service else ():
            for action in listed.actions:
                name = action.partition(":")[2].casefold()
                found[name] = (*found.get(name, ()), f"{service}:")
    return found


@cache
def also_of(service_id: str) -> tuple[str, ...]:
    """Return with what other actions begin of which no source says that the endpoint does not take them."""
    return tuple(f"{each}:" for each in data_of_policies()["prefixes"]["also"].get(without_fips(service_id), ()))


@cache
def only_of(service_id: str) -> frozenset[str]:
    """Return the actions that the endpoint of a service takes, where a source says which part of them; else none."""
    only = data_of_policies()["prefixes"]["only"].get(without_fips(service_id), {})
    return frozenset(prefix_of(service_id) + each for each in only.get("actions", "").split())


@cache
def uses() -> tuple[Use, ...]:
    """Return what bundles' members do, as far as a source says."""
    return tuple(
        Use(
            **{field: tuple(raw[field]) for field in ("services", "bundles", "actions")},
            resource=NO_RESOURCE if raw.get("on") == "none" else "*",
            fails=raw["fails"],
        )
        for raw in data_of_policies()["uses"]
    )


class Listed(NamedTuple):
    """Actions that AWS lists, by the condition keys of each, and the ARNs that they take, by those of each.

    An ARN is what follows `arn:PARTITION:`, or NO_RESOURCE: `{region}` is in place of the Region, `{part}` of text
    without `:` or `/`. A key is in small letters. In both `*` is any text.
    """

    actions: tuple[str, ...]
    keys: frozenset[str]
    arns: Mapping[str, frozenset[str]]


@cache
def listed_of(prefix: str) -> tuple[Listed, ...]:
    """Return the actions that AWS lists of a prefix, as `ecr:`; empty where it lists none."""
    found = read_data("actions.json").get(prefix.removesuffix(":"), {}) if prefix else {}
    keys = found.get("keys", "").split()
    some = cache(lambda numbers: frozenset(keys[int(each)] for each in numbers.split()))
    return tuple(
        Listed(
            actions=tuple(prefix + each for each in names.split()),
            keys=some(numbers),
            arns={arn: some(found["of"].get(arn, "")) for arn in arns.split()},
        )
        for arns, by_keys in found.get("actions", {}).items()
        for numbers, names in by_keys.items()
    )
