"""The shipped catalog, outranked by what AWS itself listed for some Regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.catalog.catalog import Catalog, Service
from generator.catalog.lists import Offer, RegionalList

_TYPES = ("Gateway", "Interface", "GatewayLoadBalancer")
_PREFIX = "com.amazonaws."
_SAGEMAKER = "aws.sagemaker."  # the AWS CDK and this catalog set these apart from the com.amazonaws names


class ListedCatalog(Catalog):
    """A catalog that also has the services of the lists, and their names as the lists have them."""

    def __init__(self, shipped: Catalog, lists: Mapping[str, RegionalList]) -> None:
        """Put the lists, by Region, before what is shipped."""
        super().__init__(shipped.data)
        self.lists = lists
        self._names: dict[tuple[str, str, str], str] = {}
        for region, listed in lists.items():
            self._names |= dict(_ids(shipped, region, listed))
        self.services = dict(shipped.services) | dict(self._brought(shipped))

    def _brought(self, shipped: Catalog) -> Iterator[tuple[str, Service]]:
        """Yield the services that a list has and the catalog has not, or not of that type."""
        seen: dict[str, dict[str, str]] = {}
        where: dict[str, set[str]] = {}
        for (region, service_id, kind), name in self._names.items():
            seen.setdefault(service_id, {})[kind] = name.replace(region, "{region}")
            where.setdefault(service_id, set()).add(region)
        for service_id, kinds in seen.items():
            if (known := shipped.services.get(service_id)) is None:
                regions = tuple(sorted(where[service_id]))
                template, types = next(iter(kinds.values())), _ordered(kinds)
                service = Service(id=service_id, title=service_id, template=template, types=types, regions=regions)
                yield service_id, replace(service, regions_may_lag=True)
            elif not kinds.keys() <= set(known.types):
                yield service_id, replace(known, types=_ordered({*known.types, *kinds}))

    def service_name(self, service_id: str, region: str, vpc_endpoint_type: str) -> str:
        """Return the name that the Region's list has, else the one that the shipped catalog gives."""
        listed = self._names.get((region, service_id, vpc_endpoint_type))
        return listed or super().service_name(service_id, region, vpc_endpoint_type)

    def offered_in(self, service_id: str, region: str) -> bool | None:
        """Tell whether the Region's list has the service; where it does not speak of it, what the catalog says."""
        listed = self.lists.get(region)
        if any((region, service_id, kind) in self._names for kind in _TYPES):
            return True
        if listed is not None and listed.types.issuperset(self.services[service_id].types):
            return False
        return super().offered_in(service_id, region)


def refine(service: Service, offer: Offer | None) -> Service:
    """Return a service with the facts that a Region's list states, and its own where the list states none."""
    if offer is None:
        return service
    facts: dict[str, Any] = {"policy": offer.vpc_endpoint_policy_supported}
    if (names := offer.private_dns_names) is not None:
        facts |= {"private_dns": names, "private_dns_supported": bool(names)}
    if (addresses := offer.supported_ip_address_types) is not None:
        facts["ipv6"] = "ipv6" in addresses
    return replace(service, **{fact: value for fact, value in facts.items() if value is not None})


def _ids(shipped: Catalog, region: str, listed: RegionalList) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield each listed name under Region, id and type; of several for one id, the one that counts comes last.

    That is the name which the catalog expects, else the one with the common prefix. A type that is none of ours says
    nothing: AWS may add one.
    """
    expected = {
        (shipped.service_name(service.id, region, kind), kind): service.id
        for service in shipped.services.values()
        if not service.missing
        for kind in _TYPES
    }
    pairs = [(name, kind) for name, offers in sorted(listed.services.items()) for kind in offers if kind in _TYPES]
    for name, kind in sorted(pairs, key=lambda pair: (pair in expected, pair[0].startswith(_PREFIX))):
        if service_id := expected.get((name, kind)) or _id(name, region):
            yield (region, service_id, kind), name


def _id(name: str, region: str) -> str:
    """Return the id in a name that no source foretold: what follows the Region; of a global name the last part."""
    head, _, tail = name.partition(f".{region}.")
    if not tail:
        return name.removeprefix(_PREFIX)
    return f"sagemaker.{tail}" if f"{head}." == _SAGEMAKER else tail


def _ordered(types: Iterable[str]) -> tuple[str, ...]:
    """Return types in the order in which the catalog has them, and those that it does not know after them."""
    return tuple(sorted(types, key=lambda name: (_TYPES.index(name) if name in _TYPES else len(_TYPES), name)))
