"""What the bundles of a spec bring: which endpoints, under which labels, and what becomes of those it has itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.catalog import bundles as shipped
from generator.source.diagnostics import Code, Diagnostic
from generator.spec import Endpoint as StatedEndpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.catalog.bundles import Bundle, Member
    from generator.catalog.catalog import Catalog
    from generator.intent.endpoints import Endpoint
    from generator.source.source import Source
    from generator.spec import Spec

NO_VERSION = Code(
    "E260",
    "a bundle without a version",
    "A bundle is asked for in one version, as `ecs-fargate@1`, and a version never changes: an update of gen-endpoints "
    "then adds no endpoint that costs by the hour.",
    fix="Write the bundle with a version, as `ecs-fargate@1`.",
)
UNKNOWN_BUNDLE = Code(
    "E261",
    "a bundle that does not exist",
    "`gen-endpoints bundles` lists the bundles.",
    fix="Write a bundle that `gen-endpoints bundles` lists.",
)
UNKNOWN_VERSION = Code(
    "E262",
    "a version that a bundle does not have",
    "The versions of a bundle are 1, 2 and so on; a newer gen-endpoints may know more of them.",
    fix="Write a version that the bundle has, or update gen-endpoints.",
)
TWICE = Code(
    "E263",
    "a bundle that is asked for twice",
    "One of the two says nothing, or contradicts the other.",
    fix="Keep one of the two.",
)
LABEL_TAKEN = Code(
    "E264",
    "a label that the spec's own endpoint has taken",
    "The endpoint of a bundle has the label of its service, as `ecr_dkr` for ecr.dkr. An own endpoint may stand in for "
    "it under any label, but must not take its label for another service or type.",
    fix="Give your own endpoint another label.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An endpoint that is asked for, not yet settled; `origin` is the path in the spec of what asks for it."""

    key: str
    endpoint: StatedEndpoint
    origin: tuple[str | int, ...]
    bundles: tuple[str, ...] = ()


def asked(spec: Spec, source: Source, catalog: Catalog) -> tuple[tuple[Request, ...], tuple[Diagnostic, ...]]:
    """Return the endpoints that the bundles of the spec ask for, in their order, and what is wrong with the bundles."""
    endpoints: list[Request] = []
    findings: list[Diagnostic] = []
    first: dict[str, str] = {}
    bundles = {bundle.pinned: bundle for versions in shipped.load().values() for bundle in versions.values()}
    for index, pinned in enumerate(spec.bundles or ()):
        origin = ("bundles", index)
        bundle = bundles.get(pinned)
        if bundle is None:
            code, message, fix = missing(pinned)
            findings.append(code.at(source.place(origin), message, fix))
        elif bundle.name in first:
            message = f"{pinned}: {first[bundle.name]} is asked for already"
            findings.append(TWICE.at(source.place(origin), message, "keep one of the two"))
        else:
            first[bundle.name] = pinned
            endpoints += _of(bundle, spec.name, origin, catalog)
    return tuple(endpoints), tuple(findings)


def missing(pinned: str) -> tuple[Code, str, str]:
    """Return why there is no bundle `pinned`: code, message and fix."""
    bundles = shipped.load()
    name, _, number = pinned.partition("@")
    if name not in bundles:
        near = shipped.nearest(name, bundles)
        known = " or ".join(shipped.newest(bundles[each]).pinned for each in near)
        fix = f"did you mean {known}?" if near else "gen-endpoints bundles lists them"
        return UNKNOWN_BUNDLE, f"there is no bundle {name}", fix
    newest = shipped.newest(bundles[name]).pinned
    if not number:
        return NO_VERSION, f"{name} has no version", f"write {newest}"
    return UNKNOWN_VERSION, f"{name} has no version {number}", f"the newest is {newest}"


def label(member: Member, types: tuple[str, ...]) -> str:
    """Return the Terraform label of a bundle's endpoint, for a service with these types of endpoint."""
    beside_gateway = member.type == "Interface" and "Gateway" in types
    return member.service.replace(".", "_").replace("-", "_") + ("_interface" if beside_gateway else "")


def _of(bundle: Bundle, name: str, origin: tuple[str | int, ...], catalog: Catalog) -> Iterator[Request]:
    for member in bundle.endpoints:
        service = catalog.get(member.service)
        key = label(member, service.types if service else ())
        tag = f"{name}-{key.replace('_', '-')}"
        endpoint = StatedEndpoint.model_construct(
            _fields_set={"service", "type", "name"}, service=member.service, type=member.type, name=tag
        )
        yield Request(key=key, endpoint=endpoint, origin=origin, bundles=(bundle.pinned,))


def merged(own: Iterable[Endpoint], others: Iterable[Endpoint]) -> tuple[tuple[Endpoint, ...], tuple[Diagnostic, ...]]:
    """Return the spec's own endpoints and, after them, what its bundles bring besides; and which labels are in the way.

    Two endpoints of one service name and type are one here: the spec's own, or that of the first bundle. An own
    endpoint that states no name keeps the bundle's, unless there are two of it.
    """
    endpoints = list(own)
    labels = {endpoint.key for endpoint in endpoints}
    positions: dict[object, list[int]] = {}
    for position, endpoint in enumerate(endpoints):
        positions.setdefault(_target(endpoint), []).append(position)
    findings: list[Diagnostic] = []
    for endpoint in others:
        if same := positions.get(_target(endpoint)):
            for position in same:
                known = endpoints[position]
                named = _named(known, endpoint) if len(same) == 1 else known
                endpoints[position] = replace(named, bundles=(*known.bundles, *endpoint.bundles))
        elif endpoint.key in labels:
            message = (
                f"{endpoint.bundles[0]} brings the endpoint {endpoint.key}, and endpoints.{endpoint.key} is another one"
            )
            findings.append(LABEL_TAKEN.at(endpoint.place, message, f"give endpoints.{endpoint.key} another label"))
        else:
            positions[_target(endpoint)] = [len(endpoints)]
            endpoints.append(endpoint)
    return tuple(endpoints), tuple(findings)


def _named(own: Endpoint, other: Endpoint) -> Endpoint:
    """Return an endpoint with the other's name where it states none, so that its Name tag does not go with an edit."""
    if own.own.name is not None:
        return own
    return replace(own, own=own.own.model_copy(update={"name": other.own.name}))


def _target(endpoint: Endpoint) -> object:
    return endpoint.type, endpoint.service_name


def provenance(endpoint: Endpoint) -> str:
    """Return the comment that says which bundles bring an endpoint; empty where none does."""
    if not endpoint.bundles:
        return ""
    names = f"bundle{'s' if len(endpoint.bundles) > 1 else ''} {', '.join(endpoint.bundles)}"
    return f"{'Also in' if endpoint.origin[0] == 'endpoints' else 'From'} {names}."
