"""The keys of adopted endpoints: short, made of what an endpoint leads to, the same each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from generator.authoring.adopt.description import Description
from generator.hcl.hcl import slug
from generator.live.estate import name

_TYPES = ("Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork", "Gateway")


def assign_keys(endpoints: Iterable[Description]) -> dict[str, Description]:
    """Return the endpoints by their keys, in the order in which a spec has them: by type, then by key.

    Of several with one service the gateway, or else the one of the own Region, has the service's own name.
    """
    found: dict[str, Description] = {}
    for each in sorted(endpoints, key=_rank):
        found[next(key for key in _candidates(each) if key not in found)] = each
    return dict(sorted(found.items(), key=lambda item: (_TYPES.index(item[1].type), item[0])))


def _rank(endpoint: Description) -> tuple[bool, bool, bool, str, str]:
    return (
        endpoint.service is None,
        endpoint.type != "Gateway",
        "service_region" in endpoint.stated,
        name(endpoint.live) or "",
        endpoint.id,
    )


def _candidates(endpoint: Description) -> Iterator[str]:
    """Yield the keys that an endpoint may have, the best first."""
    named = slug(name(endpoint.live) or "", "endpoint")
    base = slug(endpoint.service.id, "service") if endpoint.service else named
    if base == "endpoint":
        base = slug(endpoint.target.rpartition("/")[2].rpartition(".")[2], "endpoint")
    yield base
    if "service_region" in endpoint.stated:
        yield f"{base}_{slug(str(endpoint.stated['service_region']), 'region')}"
    if "type" in endpoint.stated:
        yield f"{base}_{endpoint.type.lower()}"
    if endpoint.service and named != "endpoint":
        yield named if named.startswith(f"{base}_") else f"{base}_{named}"
    yield from (f"{base}_{number}" for number in count(2))
