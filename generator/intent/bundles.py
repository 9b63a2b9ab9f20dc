"""Which endpoints a spec asks for: its own, and those that its bundles bring, under which labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.catalog import bundles as shipped
from generator.catalog.bundles import Bundle, Member
from generator.catalog.catalog import Catalog
from generator.source.diagnostics import Code, Diagnostic
from generator.source.frozen import frozen
from generator.source.source import Source
from generator.source.suggest import did_you_mean
from generator.spec import Spec

NO_VERSION = Code("E260")
UNKNOWN_BUNDLE = Code("E261")
UNKNOWN_VERSION = Code("E262")
TWICE = Code("E263")


@frozen(kw_only=True)
class Request:
    """An endpoint that is asked for, not yet settled."""

    key: str
    own: Mapping[str, Any]
    """The fields that it states, as the spec's own values."""
    origin: tuple[str | int, ...]
    """The path in the spec of what asks for it."""
    bundles: tuple[str, ...] = ()


def requests(spec: Spec, source: Source, catalog: Catalog) -> tuple[tuple[Request, ...], tuple[Diagnostic, ...]]:
    """Return the endpoints that the bundles of the spec ask for, in their order, and what is wrong with the bundles."""
    endpoints: list[Request] = []
    findings: list[Diagnostic] = []
    first: dict[str, str] = {}
    bundles = {bundle.pinned: bundle for versions in shipped.load().values() for bundle in versions.values()}
    for index, pinned in enumerate(spec.bundles or ()):
        origin = ("bundles", index)
        if (bundle := bundles.get(pinned)) is None:
            code, message, fix = why_missing(pinned)
            findings.append(code.at(source.place(origin), message, fix))
        elif bundle.name in first:
            message = f"{pinned}: {first[bundle.name]} is asked for already"
            findings.append(TWICE.at(source.place(origin), message, "keep one of the two"))
        else:
            first[bundle.name] = pinned
            endpoints += _of(bundle, spec, origin, catalog)
    return tuple(endpoints), tuple(findings)


def why_missing(pinned: str) -> tuple[Code, str, str]:
    """Return why there is no bundle `pinned`: code, message and fix."""
    bundles = shipped.load()
    name, _, number = pinned.partition("@")
    if name not in bundles:
        near = (shipped.newest(bundles[each]).pinned for each in shipped.nearest(name, bundles))
        return UNKNOWN_BUNDLE, f"there is no bundle {name}", did_you_mean(near, "gen-endpoints bundles lists them")
    newest = shipped.newest(bundles[name]).pinned
    if not number:
        return NO_VERSION, f"{name} has no version", f"write {newest}"
    if " - " in number:
        return UNKNOWN_VERSION, f"{name} has no version {number}", "begin each dash in the column of the first"
    return UNKNOWN_VERSION, f"{name} has no version {number}", f"the newest is {newest}"


def label(member: Member, types: tuple[str, ...]) -> str:
    """Return the Terraform label of a bundle's endpoint, for a service with these types of endpoint."""
    beside_gateway = member.type == "Interface" and "Gateway" in types
    return member.service.replace(".", "_").replace("-", "_") + ("_interface" if beside_gateway else "")


def _of(bundle: Bundle, spec: Spec, origin: tuple[str | int, ...], catalog: Catalog) -> Iterator[Request]:
    for member in bundle.endpoints:
        service = catalog.services.get(member.service)
        key = label(member, service.types if service else ())
        name = spec.naming.of(key) if spec.naming else f"{spec.name}-{key.replace('_', '-')}"
        own = {"service": member.service, "type": member.type, "name": name}
        yield Request(key=key, own=own, origin=origin, bundles=(bundle.pinned,))
