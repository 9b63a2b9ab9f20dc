"""From a spec's own endpoints and those of its bundles to endpoints with their defaults in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from generator.catalog import bundles, services
from generator.catalog.catalog import AWS, Catalog, Service
from generator.intent.bundles import Request, requests
from generator.intent.endpoints import ALL_TYPES, TAKES, Endpoint
from generator.intent.targets import ResourceConfiguration, ServiceName, ServiceNetwork, Target, full_name
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.source import Source
from generator.source.suggest import did_you_mean, may_guess, not_made
from generator.spec import Spec
from generator.spec.model import Endpoint as StatedEndpoint
from generator.spec.references import ByInput

UNKNOWN_SERVICE = Code("E201")
WRONG_TYPE = Code("E202")
WHICH_TYPE = Code("E203")
NO_REGION = Code("E204")
LABEL_TAKEN = Code("E264")
_MOST = 3
_FULL_NAME = "give the full name: service_name: com.amazonaws.…"


def service_regions(spec: Spec) -> frozenset[str]:
    """Return the Regions of the services that a spec's endpoints may lead to, as far as it states them."""
    regions = {spec.known_region, *(each.service_region for each in (spec.endpoints or {}).values())}
    return frozenset(region for region in regions if region is not None)


def settle_endpoints(
    spec: Spec, source: Source, catalog: Catalog
) -> tuple[tuple[Endpoint, ...], tuple[Diagnostic, ...]]:
    """Return each endpoint of the spec and of its bundles, settled as far as it can be, and what forbids more."""
    stated = (spec.endpoints or {}).items()
    own = [Request(key=key, own=each.stated(), origin=("endpoints", key)) for key, each in stated]
    brought, wrong = requests(spec, source, catalog) if spec.bundles else ((), ())
    settled = [_settle(each, spec, source, catalog) for each in (*own, *brought)]
    endpoints, taken = merge(settled[: len(own)], settled[len(own) :])
    obstacles = (endpoint.obstacle for endpoint in settled if endpoint.obstacle is not None)
    return endpoints, (*obstacles, *wrong, *taken)


def misnamed(spec: Spec, source: Source, catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return which endpoints of a spec have a service or type that is none, whatever else is wrong with the spec."""
    found = settle_endpoints(spec, source, catalog)[1]
    return tuple(each for each in found if each.code in {UNKNOWN_SERVICE.code, WRONG_TYPE.code})


def _settle(request: Request, spec: Spec, source: Source, catalog: Catalog) -> Endpoint:
    """Return an endpoint with its type and target as far as they are known, or what is wrong with them."""
    own, service, written, obstacle = request.own, None, None, None
    target: Target
    if lattice := next((kind for kind in (ResourceConfiguration, ServiceNetwork) if kind.argument in own), None):
        target = lattice(own[lattice.argument])
        endpoint_type = own.get("type") or target.type
    elif name := own.get("service_name"):
        target = ServiceName((), variable=name.variable) if isinstance(name, ByInput) else ServiceName((name,))
        written = None if isinstance(name, ByInput) else full_name(name, catalog)
        endpoint_type = own.get("type") or "Interface"
    else:
        service = catalog.services.get(own["service"])
        endpoint_type, found = _of_catalog(request, service, spec, source=source, catalog=catalog)
        obstacle = found if isinstance(found, Diagnostic) else None
        target = ServiceName((own["service"],)) if isinstance(found, Diagnostic) else found
    return Endpoint(
        key=request.key,
        own=own,
        stated=_stated(spec, own, endpoint_type),
        type=endpoint_type,
        target=target,
        catalog_service=service,
        full_name=written,
        region=spec.known_region,
        place=source.key_place(request.origin),
        origin=request.origin,
        obstacle=obstacle,
        bundles=request.bundles,
    )


def _stated(spec: Spec, own: Mapping[str, Any], endpoint_type: str) -> dict[str, Any]:
    """Return the fields that hold for an endpoint: what it states replaces the spec's default."""
    if not endpoint_type:
        return {name: own[name] for name in StatedEndpoint.model_fields if name in own}
    defaults = {name: value for name, value in spec.stated().items() if name not in {"name", "region"}}
    taken = (name for name in StatedEndpoint.model_fields if endpoint_type in TAKES.get(name, ALL_TYPES))
    return {name: {**defaults, **own}[name] for name in taken if name in defaults or name in own}


def _of_catalog(
    request: Request, service: Service | None, spec: Spec, *, source: Source, catalog: Catalog
) -> tuple[str, ServiceName | Diagnostic]:
    """Return the type, empty where it is unknown, and the name of a service of the catalog, or what forbids it."""
    stated_type, place = request.own.get("type"), source.place((*request.origin, "service"))
    if service is None:
        here = request.own.get("service_region") or spec.known_region
        return stated_type or "", _unknown(request.own["service"], here, place, catalog)
    endpoint_type = stated_type or (service.types[0] if len(service.types) == 1 else "")
    if service.missing:
        fix = f"say the full name with service_name: {service.template}"
        message = f"the name of {service.id} holds what AWS gives to each account"
        return endpoint_type, UNKNOWN_SERVICE.at(place, message, fix)
    types = " or type: ".join(service.types)
    if not endpoint_type:
        offered = " and ".join(service.types)
        return "", WHICH_TYPE.at(place, f"{service.id} has {offered} endpoints", f"add type: {types}")
    if endpoint_type not in service.types:
        message = f"{service.id} has no {endpoint_type} endpoint"
        return "", WRONG_TYPE.at(source.place((*request.origin, "type")), message, f"write type: {types}")
    region = request.own.get("service_region") or spec.known_region
    if region is not None:
        return endpoint_type, ServiceName((catalog.service_name(service.id, region, endpoint_type),))
    patterns = catalog.name_patterns(service.id, endpoint_type, spec.partition or AWS)
    if len(patterns) > 1:
        fix = "add region: to the spec" + ("" if request.bundles else ", or say the full name with service_name:")
        names = " and ".join(pattern.replace("{region}", region) for pattern, region in patterns.items())
        return endpoint_type, NO_REGION.at(place, f"the name of {service.id} depends on the Region: {names}", fix)
    where = f"var.{spec.region.variable}" if isinstance(spec.region, ByInput) else "local.region"
    return endpoint_type, ServiceName(tuple(next(iter(patterns)).split("{region}")), region=where)


def _unknown(service: str, here: str | None, place: Place, catalog: Catalog) -> Diagnostic:
    exact, bundle = services.match_exactly(catalog, service), bundles.with_word(service)
    near, holds = ((exact,), True) if exact else services.find(catalog, service) if may_guess() else ((), False)
    told = did_you_mean(near[:_MOST]) if holds or not bundle else ""
    ways = (told or ("" if bundle else "gen-endpoints services lists the ids."), bundle or _FULL_NAME)
    fix = not_made(service) or " Or ".join(filter(None, ways))
    if exact and (there := services.find_region(catalog, service)) not in {None, here}:
        own = here or "the provider's Region"
        fix = f"write {exact}, which is that of {own}, and with service_region: {there} that of {there}"
    elif re.match(r"com\.amazonaws\.vpce\.|cn\.com\.amazonaws\.vpce\.", service):
        fix = f"write service_name: {service}"
    return UNKNOWN_SERVICE.at(place, f"{service} is not a service id of the catalog", fix)


def merge(own: Iterable[Endpoint], others: Iterable[Endpoint]) -> tuple[tuple[Endpoint, ...], tuple[Diagnostic, ...]]:
    """Return the spec's own endpoints and, after them, what its bundles bring besides; and which labels are in the way.

    Two endpoints of one service name and type are one here: the spec's own, or that of the first bundle. An own
    endpoint that states no name keeps the bundle's, unless there are two of it.
    """
    endpoints = list(own)
    settled = {endpoint.key: endpoint.obstacle is None for endpoint in endpoints}
    positions: dict[tuple[str, Target], list[int]] = {}
    for position, endpoint in enumerate(endpoints):
        positions.setdefault((endpoint.type, endpoint.target), []).append(position)
    findings: list[Diagnostic] = []
    for endpoint in others:
        if same := positions.get((endpoint.type, endpoint.target)):
            for position in same:
                known = endpoints[position]
                takes_name = len(same) == 1 and known.name is None  # so that its Name tag does not go with an edit
                own_fields = {**known.own, "name": endpoint.name} if takes_name else known.own
                endpoints[position] = replace(known, own=own_fields, bundles=(*known.bundles, *endpoint.bundles))
        elif endpoint.key in settled:
            label = f"endpoints.{endpoint.key}"
            message = f"{endpoint.bundles[0]} brings the endpoint {endpoint.key}, and {label} is another one"
            if settled[endpoint.key]:  # else it may be the one that the bundle brings
                findings.append(LABEL_TAKEN.at(endpoint.place, message, f"give {label} another label"))
        else:
            positions[endpoint.type, endpoint.target] = [len(endpoints)]
            endpoints.append(endpoint)
    return tuple(endpoints), tuple(findings)
