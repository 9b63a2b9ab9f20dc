"""What one endpoint of the specs gives up and another takes, of one spec or of two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from generator.live.candidates import candidates, takes_once
from generator.live.estate import AwsObject
from generator.live.locate import Located, LocatedEndpoint
from generator.live.refusals.facts import find_own, find_possible, may_have


class Giver(NamedTuple):
    """An endpoint of the specs that gives up what another is yet to have."""

    spec: Located
    endpoint: LocatedEndpoint
    live: AwsObject
    tables: list[AwsObject]
    """The route tables that it gives up; none where it is private DNS."""
    is_told: bool = True
    """Whether its root has it: no state of that is given where none has anything of its spec."""

    def named(self, spec: Located) -> str:
        """Return its key, with its spec where that is another."""
        return self.endpoint.endpoint.key + (f" of {self.spec.path}" if self.spec.path != spec.path else "")


def givers(spec: Located, located: LocatedEndpoint) -> list[Giver]:
    """Return the endpoints that give up what one is yet to have."""
    return spec.estate.once((givers, spec, located.endpoint.key), lambda: [*_givers(spec, located)])


def _givers(spec: Located, located: LocatedEndpoint) -> Iterator[Giver]:
    found = (giver(spec, located, each) for each in candidates(located, spec)) if takes_once(located) else ()
    return (each for each in found if each is not None)


def giver(spec: Located, located: LocatedEndpoint, other: AwsObject) -> Giver | None:
    """Return which endpoint of the specs a live one is, if an apply of that gives up what `located` is yet to have."""
    identifier = str(other["VpcEndpointId"])
    if other is located.live or find_possible(spec, located) or not located.beside(other, ""):
        return None
    if (rival := spec.holders.get(identifier)) is None or rival.path not in spec.others:
        return None
    holder, by_key = spec.estate.once((giver, spec, rival.path), lambda: _holder(spec, rival.path))
    its, own, is_own = by_key[rival.key], find_own(spec, located), holder.path == spec.path
    is_told = bool(find_own(holder, its)) and identifier not in holder.untold
    if find_possible(holder, its) or not (is_told or may_have(spec, rival)) or (is_own and "route_tables" in its.lost):
        return None  # of a spec that leads nowhere nothing more is said
    kept = {*(own.get("RouteTableIds") or ()), *(each["RouteTableId"] for each in its.route_tables)}
    tables = [each for each in located.shared_tables(other) if each["RouteTableId"] not in kept]
    is_dns = other.get("PrivateDnsEnabled") and not (own.get("PrivateDnsEnabled") or its.endpoint.has_private_dns)
    return Giver(holder, its, other, tables, is_told) if tables or is_dns else None


def _holder(spec: Located, path: str) -> tuple[Located, dict[str, LocatedEndpoint]]:
    """Return the spec of a path, with the state that is told of the one beside it, and its endpoints by their keys."""
    holder = spec.others[path]
    by_key = {each.endpoint.key: each for each in holder.endpoints}
    if path == spec.path:
        return (spec if spec.endpoints is holder.endpoints else replace(spec, endpoints=holder.endpoints)), by_key
    is_told = holder.applied is not None or spec.applied is None
    return (holder if is_told else replace(holder, applied=spec.applied)), by_key
