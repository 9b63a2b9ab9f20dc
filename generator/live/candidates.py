"""The live endpoints that one of a spec can be, or that stand where it is to be, before they are told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from generator.live.addresses import innermost
from generator.live.estate import AwsObject, Estate, name
from generator.live.locate import Located, LocatedEndpoint
from generator.live.marks import deposed
from generator.live.owners import owner_of
from generator.live.states import is_dead, is_gone, state
from generator.source.frozen import frozen

Places = tuple[frozenset[str], frozenset[str]]
"""The ids of subnets and route tables."""


@frozen(kw_only=True)
class Live:
    """A live endpoint, and of it what a rank is made of."""

    object: AwsObject
    id: str
    name: str | None
    is_dead: bool
    is_available: bool
    places: Places
    has_left: bool
    """Whether it is a spec's only where that has its name, for another may have given it up."""


def candidates(endpoint: LocatedEndpoint, located: Located) -> Iterator[AwsObject]:
    """Yield the endpoints of the VPC that lead to the same target as one of the spec, and are of its type."""
    return (live for live in _alike(endpoint, located) if not is_gone(live))


def takes_once(located: LocatedEndpoint) -> bool:
    """Tell whether an endpoint has what AWS takes once of its service in a VPC: private DNS, or a table's route."""
    return bool(located.endpoint.has_private_dns or located.route_tables)


def lives_of(endpoint: LocatedEndpoint, located: Located) -> list[Live]:
    """Return the live endpoints that one of the spec can be: none that is another's; they are made once a VPC."""
    is_ignored, estate = endpoint.endpoint.name is None and "Name" in located.ignored_tags, located.estate
    what = (lives_of, located.vpc_id, endpoint.endpoint.type, endpoint.target_key, endpoint.target, is_ignored)
    lives = estate.once(what, lambda: [*_lives(candidates(endpoint, located), estate, is_ignored=is_ignored)])
    absent = _of_absent(located)
    # what is deposed is none to Terraform, and only to go
    return [each for each in lives if not deposed(located.applied, each.id) and each.id not in absent]


def is_of_absent(located: Located, address: str) -> bool:
    """Tell whether what a state has is of a target of a spec's file that is not given, by the call of its module."""
    return not located.targets.get(innermost(address, located.targets), True)


def _of_absent(located: Located) -> Collection[str]:
    """Return the ids of the VPC's endpoints that a state has as those of targets that are not given."""
    if not (located.applied and located.targets):
        return ()

    def find() -> frozenset[str]:
        ids = (str(each["VpcEndpointId"]) for each in located.estate.all("VpcEndpoints", located.vpc_id))
        return frozenset(each for each in ids if is_of_absent(located, located.stands(each)))

    return located.estate.once((_of_absent, located.vpc_id, id(located.applied), id(located.targets)), find)


def _lives(several: Iterable[AwsObject], estate: Estate, *, is_ignored: bool) -> Iterator[Live]:
    for live in several:
        owner = owner_of(live, estate)
        if owner is None or owner.has_left:
            yield Live(
                object=live,
                id=str(live["VpcEndpointId"]),
                name=None if is_ignored else name(live),
                is_dead=is_dead(live),
                is_available=state(live) == "available",
                places=(frozenset(live["SubnetIds"] or ()), frozenset(live["RouteTableIds"] or ())),
                has_left=owner is not None,
            )


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


def _alike(endpoint: LocatedEndpoint, located: Located) -> Iterable[AwsObject]:
    key, estate = endpoint.target_key, located.estate

    def sort() -> dict[object, list[AwsObject]]:
        found = defaultdict[object, list[AwsObject]](list)
        for each in estate.all("VpcEndpoints"):
            found[each["VpcId"], each["VpcEndpointType"], each.get(key)].append(each)
        return found

    # of a fleet each VPC has one
    there = estate.once((_alike, key), sort)
    return there.get((located.vpc_id, endpoint.endpoint.type, endpoint.target), ())
