"""What a rule looks at: the spec, its endpoints with their defaults, their policies, and what is known of AWS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from generator.catalog.catalog import AWS, Catalog
from generator.catalog.listed import refine
from generator.catalog.lists import RegionalList
from generator.catalog.policy_needs import Need
from generator.intent import policies
from generator.intent.endpoints import Endpoint
from generator.intent.groups import CreatedGroup, created_groups
from generator.intent.policies import Policies
from generator.intent.policy_parts import PolicyText
from generator.intent.settle import settle_endpoints
from generator.source.diagnostics import Diagnostic, Place
from generator.source.frozen import frozen
from generator.source.source import Source
from generator.spec import Spec
from generator.spec.addresses import as_stored
from generator.spec.references import ByInput, Create, OfSubnet, OfSubnets, RouteTable, as_written

Path = tuple[str | int, ...]


class Claim(NamedTuple):
    """What no other module may make in a VPC, in words that are the same of each, and where the spec says so."""

    what: str
    place: Place


@frozen(kw_only=True)
class Intent:
    """One spec, its endpoints and policies settled."""

    spec: Spec
    source: Source
    catalog: Catalog
    endpoints: tuple[Endpoint, ...]
    policies: Policies
    today: date | None
    """The day by which a list is old; None asks nobody's age."""
    warnings: tuple[Diagnostic, ...] = ()
    """What the rules found, once they found no error."""

    @property
    def rendered(self) -> tuple[Endpoint, ...]:
        """The endpoints that the module makes: of a retired target none."""
        return () if self.source.is_retired else self.endpoints

    @property
    def groups(self) -> tuple[CreatedGroup, ...]:
        """The security groups that the endpoints ask the module to make, each once."""
        return created_groups(self.endpoints)

    @property
    def partition(self) -> str | None:
        """The partition that the module is for; None where its Region says it, or all names are the same in each."""
        named = ((each.catalog_service, each.type) for each in self.endpoints if each.service_region is None)
        varies = (self.catalog.varies(service.id, kind) for service, kind in named if service)
        return None if self.spec.known_region else self.spec.partition or (AWS if any(varies) else None)

    @property
    def to_s3(self) -> tuple[Endpoint, ...]:
        """The endpoints through which others reach buckets of Amazon S3: its gateways, else whatever leads there."""
        s3 = tuple(each for each in self.endpoints if each.service_id == "s3")
        return tuple(each for each in s3 if each.type == "Gateway") or s3

    @property
    def claims(self) -> Iterator[Claim]:
        """The things of which AWS takes one in a VPC; what the module's caller gives is unknown, and no claim."""
        tables = ((each, self.gateway_tables(each).items()) for each in self.rendered)
        return self.claims_by(
            (each, each.leads_to, [words for table, words in found if not isinstance(_lookup(table), ByInput)])
            for each, found in tables
        )

    def claims_by(self, endpoints: Iterable[tuple[Endpoint, str, Iterable[str]]]) -> Iterator[Claim]:
        """Yield the claims by what each endpoint leads to and, if it is a gateway, its route tables, both in words."""
        for each, target, tables in endpoints:
            if each.has_private_dns:
                yield Claim(f"an endpoint of {target} with private DNS", each.place)
            for table in tables:
                yield Claim(f"a gateway endpoint of {target} on {table}", each.place)
            for address in (text for fixed in each.fixed_addresses for text in (fixed.ipv4, fixed.ipv6) if text):
                yield Claim(f"an endpoint with the address {as_stored(address)}", each.place)
        for found in created_groups(self.rendered):
            yield Claim(f"a security group named {found.group.name}", self.source.place(found.path))

    def gateway_tables(self, endpoint: Endpoint) -> dict[RouteTable, str]:
        """Return the route tables of a gateway, so that those which are surely the same have the same key."""
        if endpoint.type != "Gateway":
            return {}
        if OfSubnets() in endpoint.route_tables:
            return {OfSubnet(each): f"the route table of {as_written(each)}" for each in self.spec.subnets or ()}
        return {table: f"route table {as_written(table)}" for table in endpoint.route_tables}

    def users(self, need: Need) -> list[str]:
        """Return the keys of the endpoints that have a need of Amazon S3."""
        return [each.key for each in self.endpoints if need.is_of(each.service_id)]

    def in_use(self, field: str) -> Iterable[tuple[Path, Any]]:
        """Return each value of a field that holds for an endpoint, once, and its path: no defaults that none takes."""
        uses = ((endpoint.at(field), endpoint.stated.get(field)) for endpoint in self.endpoints)
        return {path: value for path, value in uses if value is not None}.items()

    def place(self, endpoint: Endpoint, field: str, *parts: str | int) -> Place:
        """Return where a field of an endpoint is stated: in the endpoint or, as a default, in the spec."""
        return self.source.place(endpoint.at(field, *parts))

    def own_place(self, endpoint: Endpoint, field: str) -> Place:
        """Return where an endpoint itself states a field, else the place of the endpoint."""
        return self.source.place(endpoint.path(field)) if field in endpoint.own else endpoint.place

    def subject(self, endpoint: Endpoint, field: str) -> str:
        """Return who states a field of an endpoint, for messages: the endpoint's key, or "the spec"."""
        return endpoint.key if field in endpoint.own else "the spec"

    def list_of(self, endpoint: Endpoint) -> RegionalList | None:
        """Return the list of the Region that an endpoint's service is in, where there is one."""
        return self.catalog.lists.get(endpoint.service_region or "")

    def by_list(self, endpoint: Endpoint, fact: str) -> str:
        """Return the words that name the Region's list, where a fact of the service is the list's; else nothing."""
        listed = self.list_of(endpoint)
        offer = listed.offer(str(endpoint.service_name), endpoint.type) if listed and endpoint.catalog_service else None
        return f", by {listed.file} of {listed.taken}" if listed and getattr(offer, fact, None) is not None else ""

    def stated(self, field: str) -> Iterator[tuple[str, Path, Any]]:
        """Yield what is stated for a field, once: who states it ("the spec", then the endpoints' keys), where, what."""
        if field in self.spec.model_fields_set:
            yield "the spec", (field,), getattr(self.spec, field)
        seen: set[Path] = set()
        for endpoint in self.endpoints:
            path = endpoint.path(field)
            if field in endpoint.own and path not in seen:
                seen.add(path)
                yield endpoint.key, path, endpoint.own[field]

    def created(self) -> Iterator[tuple[Path, Create]]:
        """Yield each security group that the spec states, with the path of its `create`."""
        for _, path, references in self.stated("security_groups"):
            for index, reference in enumerate(references):
                if isinstance(reference, Create):
                    yield (*path, index, "create"), reference

    def made(self) -> Iterator[tuple[Path, Create]]:
        """Yield those that the module makes: for one that no endpoint uses, as of gateways alone, it makes none."""
        names = {each.group.name for each in self.groups}
        return ((path, group) for path, group in self.created() if group.name in names)


def settle(
    spec: Spec, source: Source, catalog: Catalog, documents: Mapping[str, PolicyText], today: date | None = None
) -> tuple[Intent, tuple[Diagnostic, ...]]:
    """Return a spec with its endpoints and policies settled, and why some of these can't be.

    `documents` holds what became of the policy files, by the name that the spec gives them.
    """
    endpoints, findings = settle_endpoints(spec, source, catalog)
    endpoints = tuple(_refine(endpoint, catalog) for endpoint in endpoints)
    found = policies.settle_policies(endpoints, source=source, catalog=catalog, read=documents)
    intent = Intent(spec=spec, source=source, catalog=catalog, endpoints=endpoints, policies=found, today=today)
    return intent, (*findings, *found.findings)


def _lookup(table: RouteTable) -> object:
    """Return the reference that says which route table it is: its own, or its subnet's."""
    return table.subnet if isinstance(table, OfSubnet) else table


def _refine(endpoint: Endpoint, catalog: Catalog) -> Endpoint:
    """Return an endpoint with what the list of its Region says of its service."""
    listed = catalog.lists.get(endpoint.service_region or "")
    if listed is None or endpoint.catalog_service is None:
        return endpoint
    offer = listed.offer(str(endpoint.service_name), endpoint.type)
    return replace(endpoint, catalog_service=refine(endpoint.catalog_service, offer))
