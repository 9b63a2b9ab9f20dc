"""What AWS takes once in a VPC, and two modules have; and what one has that another lacks there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.catalog.catalog import Catalog
from generator.catalog.presets import without_fips
from generator.intent.targets import full_name
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.suggest import some

if TYPE_CHECKING:  # a start of the command loads no spec
    from generator.intent.endpoints import Endpoint

TWIN = Code("E035")
MAYBE_TWIN = Code("W035")
OF_PULL = ("ecr.api", "s3")
"""What a pull from Amazon ECR needs beside `ecr.dkr`, each as it is or by its FIPS endpoint."""
MISSING = frozenset({"W212", "W253"})
"""The warnings that a spec lacks an endpoint, which another spec of the VPC may have."""
IN_REGION = " in Region "
"""What W253 ends with, before the Region, where `ecr.dkr` is of another Region than its endpoint."""
Owners = dict[tuple[object, str], str]
"""Which spec has what of a VPC, by both."""


def twins(
    path: str, claims: Iterable[tuple[str, Place]], vpc: object, owners: Owners, code: Code = TWIN
) -> tuple[Diagnostic, ...]:
    """Return what others have that a spec claims in a VPC that is known; note what nobody had before."""
    at: dict[tuple[Place, str], list[str]] = {}
    for what, place in claims if vpc else ():
        if (owner := owners.setdefault((vpc, what), path)) != path:
            at.setdefault((place, owner), []).append(what)
    where = "in a VPC that nothing tells from this one" if code is MAYBE_TWIN else "in the same VPC"
    return tuple(code.at(place, f"{owner} has {some(what, 2)} {where}") for (place, owner), what in at.items())


def service_in(kind: str, target: str, region: str | None) -> str:
    """Return the type and service of an endpoint in a Region, and the Region of the service if that is another one.

    As `Gateway s3`, or `Interface s3 us-east-1`; what it leads to may have `<region>` for one that is not known.
    """
    found = full_name(target.replace("<region>.", ""), Catalog.load())
    where = "" if found.region in {None, region} else f" {found.region}"
    return f"{kind} {found.service.id if found.service else ''}{where}"


def of_service(endpoint: Endpoint) -> str:
    """Return what `service_in` has of an endpoint of a spec."""
    return service_in(endpoint.type, endpoint.leads_to, endpoint.region)


def lacks(missing: Iterable[str]) -> str:
    """Return that a spec has no endpoint of what is missing for a pull beside what follows (W253)."""
    return f"the spec has no endpoint of {' and '.join(missing)} beside"


def still_missing(
    warnings: Iterable[Diagnostic], there: Collection[str], serving: Collection[str] | None = None
) -> Iterator[Diagnostic]:
    """Yield warnings, but not that a spec lacks what its VPC has `there`, by `service_in`: of others, or in AWS.

    A pull needs what is `serving`; where that is not told, all that is there may be.
    """
    services = {without_fips(each.partition(" ")[2]) for each in (there if serving is None else serving)}
    for each in warnings:
        missing = [service for service in OF_PULL if each.code == "W253" and service in each.message.split()]
        _, of_another, where = each.message.rpartition(IN_REGION)
        left = [service for service in missing if (f"{service} {where}" if of_another else service) not in services]
        if left or (each.code != "W253" and (each.code != "W212" or "Gateway s3" not in there)):
            yield replace(each, message=each.message.replace(lacks(missing), lacks(left)))
