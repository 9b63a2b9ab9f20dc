"""Which subnets of an endpoint AWS, or the module's own guard, refuses beside one another: an apply fails for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from generator.intent.intent import Path
from generator.live.estate import AwsObject
from generator.live.locate import Located, LocatedEndpoint
from generator.source.diagnostics import Refused
from generator.spec.references import ByInput, Subnet


def of_one_zone(located: LocatedEndpoint) -> Iterator[Mapping[str, AwsObject]]:
    """Yield several subnets of an endpoint that are in one zone, by id: AWS takes one of them."""
    by_zone: dict[str, dict[str, AwsObject]] = {}
    for subnet in located.subnets:
        by_zone.setdefault(subnet["AvailabilityZoneId"], {})[subnet["SubnetId"]] = subnet
    return (there for there in by_zone.values() if len(there) > 1)


def stated_twice(spec: Located, located: LocatedEndpoint) -> Iterator[tuple[Path, Subnet, AwsObject]]:
    """Yield a subnet under two names, as E242 has it under one, with the path of the second and the first reference.

    The guard of the module leaves inputs out.
    """
    first: dict[str, Subnet] = {}
    for index, reference in enumerate(located.endpoint.subnets):
        path = (*located.endpoint.at("subnets"), index)
        with suppress(Refused):  # what leads nowhere is another finding
            for subnet in () if isinstance(reference, ByInput) else spec.follow("Subnets", reference, path, one=False):
                if (other := first.setdefault(subnet["SubnetId"], reference)) is not reference:
                    yield path, other, subnet
