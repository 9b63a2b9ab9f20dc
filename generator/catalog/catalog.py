"""The AWS services that have VPC endpoints: the short id and a Region in, the service name and what is known out.

    shipped data/catalog.json ──load──▶ Catalog ─services─▶ Service
                                              └─service_name─▶ com.amazonaws.ap-southeast-1.ecr.dkr

It alone reads `data/catalog.json`, which `scripts/build_catalog.py` writes, and it asks neither AWS nor the network.
Every fact is three-valued: None means that no source says, and must never be taken for a no.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from generator.catalog.lists import RegionalList, with_tuples
from generator.catalog.ports import Port
from generator.source.frozen import frozen

AWS = "aws"
"""The partition whose names the services have where neither a Region nor a partition is stated."""
_DEFAULT_PREFIX = "com.amazonaws.{region}."
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FIPS = r"(^|[-.])fips($|[-.])"


class IncompleteNameError(LookupError):
    """The service's name holds a part that AWS gives each account, so only `service_name` can say it."""


@frozen()
class Region:
    """A Region; `azs` is the most Availability Zones that an account was seen to have, None where unknown."""

    id: str
    name: str
    partition: str
    dns_suffix: str
    dualstack_dns_suffix: str
    azs: int | None


@frozen()
class Reference:
    """Where a fact comes from, and the day (ISO) on which it was looked up."""

    source: str
    url: str
    checked: str


@frozen(kw_only=True)
class Service:
    """What is known of one service; None is unknown throughout.

    `ports` is empty where no source says on which ports the service listens. `template` is the service name with
    `{region}` in place of the Region, before the exceptions that `Catalog.service_name` applies.
    """

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    """Names by which people also look for it."""
    types: tuple[str, ...] = ("Interface",)
    template: str
    ports: tuple[Port, ...] = ()
    private_dns_supported: bool | None = None
    private_dns: tuple[str, ...] | None = None
    policy: bool | None = None
    ipv6: bool | None = None
    cross_region: bool | None = None
    regions: tuple[str, ...] | None = None
    regions_may_lag: bool = False
    regions_excluded: tuple[str, ...] | None = None
    az_ids_unsupported: tuple[str, ...] | None = None
    doc: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def fips(self) -> bool:
        """Tell whether it is the FIPS variant of another service, which its id says."""
        return bool(re.search(_FIPS, self.id))

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the parts of the name that neither the id nor the Region gives, such as `cell`; mostly none."""
        return tuple(part for part in _PLACEHOLDER.findall(self.template) if part != "region")


class _Services(Mapping[str, Service]):
    """The services by id; each is built when it is first asked for: all of them would take 4 % of a run."""

    def __init__(self, raw: Mapping[str, Mapping[str, Any]]) -> None:
        self._raw = raw
        self._built: dict[str, Service] = {}

    def __getitem__(self, service_id: str) -> Service:
        if service_id not in self._built:
            facts = with_tuples(self._raw[service_id])  # one that is absent is unknown
            template = facts.pop("service_name", f"{_DEFAULT_PREFIX}{service_id}")
            ports = tuple(map(Port.read, facts.pop("ports", ("443",))))
            self._built[service_id] = Service(id=service_id, template=template, ports=ports, **facts)
        return self._built[service_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class Catalog:
    """The services, the Regions, and the rules by which a service has its name in a Region."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read `data`, which has the shape of the shipped `data/catalog.json`."""
        self.data = data
        self.lists: Mapping[str, RegionalList] = {}  # what AWS itself listed for some Regions, by Region
        self.services: Mapping[str, Service] = _Services(data["services"])
        self.regions: Mapping[str, Region] = {
            region: Region(id=region, **facts, **data["partitions"][facts["partition"]])
            for region, facts in data["regions"].items()
        }
        self.checked = date.fromisoformat(data["checked"])
        self._exceptions: Mapping[str, Mapping[str, str]] = data["exceptions"]
        self._irregular = frozenset(service for names in self._exceptions.values() for service in names)

    @staticmethod
    @cache
    def load() -> Catalog:
        """Return the shipped catalog; it is read once."""
        return Catalog(read_data("catalog.json"))

    def service_name(self, service_id: str, region: str, vpc_endpoint_type: str) -> str:
        """Return the service's full name in a Region; a Region that the catalog does not know has no exceptions.

        Raises KeyError for an unknown service and IncompleteNameError where `Service.missing` is not empty.
        Source: `getDefaultEndpointPrefix` of the AWS CDK, whose exceptions are of interface endpoints alone.
        """
        service = self.services[service_id]
        if service.missing:
            raise IncompleteNameError(f"{service.template} needs {', '.join(service.missing)}")
        template = service.template
        if vpc_endpoint_type == "Interface":
            template = self._exceptions.get(region, {}).get(service_id, template)
        return template.replace("{region}", region)

    def partition_of(self, region: str | None) -> str:
        """Return the partition that a Region is in; empty for one that is not known."""
        return known.partition if (known := self.regions.get(region or "")) else ""

    def name_patterns(self, service_id: str, vpc_endpoint_type: str, partition: str) -> Mapping[str, str]:
        """Return the names that a service has in a partition, each by a Region that has it; mostly one.

        A name has `{region}` unless it is global. Raises KeyError for an unknown service.
        """
        template = self.services[service_id].template
        if not self.varies(service_id, vpc_endpoint_type):
            return {template: ""}
        regions = (region.id for region in self.regions.values() if region.partition == partition)
        names = {self._exceptions.get(region, {}).get(service_id, template): region for region in regions}
        return names or {template: ""}

    def varies(self, service_id: str, vpc_endpoint_type: str) -> bool:
        """Tell whether a service has another name in some Regions, as in China."""
        return vpc_endpoint_type == "Interface" and service_id in self._irregular

    def offered_in(self, service_id: str, region: str) -> bool | None:
        """Tell whether a source says that a Region has the service; None where none says.

        A list of Regions denies a service only to its own partitions: what is said of `aws` says nothing of China. One
        that may lag denies nothing.
        """
        service = self.services[service_id]
        if region in (service.regions_excluded or ()):
            return False
        if service.regions is None or region not in self.regions:
            return None
        if region in service.regions:
            return True
        if service.regions_may_lag:
            return None
        covered = {self.regions[listed].partition for listed in service.regions}
        return False if self.regions[region].partition in covered else None

    def private_names(self, service: Service, region: str | None, partition: str = AWS) -> tuple[str, ...]:
        """Return by which names a service with private DNS is asked: its own, else that which AWS's SDKs ask.

        A Region that is None is any of the partition, `<region>`. Of partitions but aws, with other suffixes, no source
        speaks.
        """
        host = read_data("hosts.json")["hosts"].get(service.id)
        names = service.private_dns or ((host,) if host else ())
        known = self.regions.get(region or "")
        is_sure = (known.partition if known else "" if region else partition) == AWS
        return tuple(
            name.replace("{region}", region or "<region>") for name in names if is_sure or "{region}" not in name
        )

    def references(self, service_id: str) -> Mapping[str, tuple[Reference, ...]]:
        """Return where each fact of a service comes from, by the name of the field in `Service`."""
        data = read_data("provenance.json")
        sources = data["sources"]
        return {
            field: tuple(
                Reference(sources[key]["title"], sources[key]["url"], checked)
                for key, _, checked in (reference.partition("@") for reference in references)
            )
            for field, references in data["facts"].get(service_id, {}).items()
        }


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return the data of a JSON file that comes with the tool; each is read once."""
    data: dict[str, Any] = json.loads(text_of(name))
    return data


def text_of(name: str) -> str:
    """Return the text of a file that comes with the tool."""
    return (Path(__file__).parents[1] / "data" / name).read_text(encoding="utf-8")
