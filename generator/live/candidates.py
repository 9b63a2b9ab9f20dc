"""The live endpoints that one of a spec can be, or that stand where it is to be, before they are told apart."""

from __future__ import annotations

from collections.abc import Iterator

from generator.live.estate import AwsObject
from generator.live.locate import Located, LocatedEndpoint
from generator.live.states import is_gone, state


def candidates(endpoint: LocatedEndpoint, located: Located) -> Iterator[AwsObject]:
    """Yield the endpoints of the VPC that lead to the same target as one of the spec, and are of its type."""
    return (live for live in _alike(endpoint, located) if not is_gone(live))


def leaving(endpoint: LocatedEndpoint, located: Located) -> Iterator[AwsObject]:
    """Yield those that AWS is deleting, and that have what it takes once and an apply is to bring.

    Whether it takes that meanwhile no source says.
    """
    own = endpoint.live or {}
    for live in _alike(endpoint, located):
        of_tables = [table["RouteTableId"] for table in endpoint.shared_tables(live)]
        is_new = {*of_tables} - {*(own.get("RouteTableIds") or ())} if of_tables else not own.get("PrivateDnsEnabled")
        if state(live) == "deleting" and endpoint.beside(live, "") and is_new:
            yield live


def _alike(endpoint: LocatedEndpoint, located: Located) -> Iterator[AwsObject]:
    there = located.estate.having("VpcEndpoints", endpoint.target_key, endpoint.target)
    of_type = (live for live in there if live["VpcEndpointType"] == endpoint.endpoint.type)
    return (live for live in of_type if live["VpcId"] == located.vpc_id)
