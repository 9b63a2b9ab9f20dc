"""Which live endpoint each endpoint of the specs is: one to one, over one spec or several.

Only endpoints of one VPC, type and target can be one, and none that is gone, or another's. Of all such pairs the best
is taken first, then the best of those that are left: what Terraform's state has, if that is told, a live endpoint
before a dead one, then by what tells endpoints apart. The order is total and the same from both sides, so there is one
result, whatever the order of the specs and of AWS's answers; and since within a VPC, type and target everything can
pair with everything, nothing stays alone that has a partner left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.live.estate import AwsObject, name
from generator.live.locate import Located, LocatedEndpoint, Rival
from generator.live.owners import is_of_others
from generator.live.states import is_dead, is_gone, state
from generator.source.frozen import frozen

Rank = tuple[bool, bool, int, bool, bool, int]
"""How ill a pair fits: not in Terraform's state where that is told, dead, then for a Gateway Load Balancer endpoint its
subnets, which can't be changed, for all the Name tag, not available yet, then all subnets and route tables.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
"""


@frozen(kw_only=True)
class _Pair:
    rank: Rank
    path: str
    owner: tuple[int, str]
    """The index of the spec, and the key of its endpoint."""
    live: AwsObject
    live_id: tuple[object, ...]


def match(specs: Iterable[Located]) -> tuple[Located, ...]:
    """Return the specs with `live` in each endpoint that AWS has, and `rival` in those whose own another spec has."""
    specs = tuple(specs)
    pairs = sorted(
        (pair for index, located in enumerate(specs) for pair in _pairs(index, located)),
        key=lambda pair: (pair.rank, pair.path, pair.owner[1], str(pair.live["VpcEndpointId"])),
    )
    owned: dict[tuple[int, str], AwsObject] = {}
    taken: dict[tuple[object, ...], _Pair] = {}
    for pair in pairs:
        if pair.owner not in owned and pair.live_id not in taken:
            owned[pair.owner], taken[pair.live_id] = pair.live, pair
    rivals: dict[tuple[int, str], Rival] = {}
    for pair in pairs:
        if pair.owner not in owned:
            other = taken[pair.live_id]  # or the pair itself had been taken
            if other.owner[0] != pair.owner[0] and other.rank[:-1] == pair.rank[:-1]:
                rivals.setdefault(pair.owner, Rival(path=other.path, key=other.owner[1], live=other.live))
    return tuple(
        replace(
            located,
            endpoints=tuple(
                replace(each, live=owned.get(owner), rival=rivals.get(owner))
                for each in located.endpoints
                for owner in [(index, each.endpoint.key)]
            ),
        )
        for index, located in enumerate(specs)
    )


def home(located: Located) -> tuple[object, ...]:
    """Return what two specs share whose endpoints can be the same: Region, account and VPC."""
    return (located.estate.region, located.vpc["OwnerId"], located.vpc_id)


def candidates(endpoint: LocatedEndpoint, located: Located) -> Iterator[AwsObject]:
    """Yield the endpoints of the VPC that lead to the same target as one of the spec, and are of its type."""
    for live in located.estate.all("VpcEndpoints", located.vpc_id):
        is_same = live.get(endpoint.target_key) == endpoint.target
        if is_same and live["VpcEndpointType"] == endpoint.endpoint.type and not is_gone(live):
            yield live


def _pairs(index: int, located: Located) -> Iterator[_Pair]:
    for endpoint in located.endpoints:
        for live in candidates(endpoint, located):
            if is_of_others(live, located.estate, endpoint.endpoint.name):
                continue
            owner, live_id = (index, endpoint.endpoint.key), (home(located), str(live["VpcEndpointId"]))
            yield _Pair(rank=_rank(endpoint, live, located), path=located.path, owner=owner, live=live, live_id=live_id)


def _rank(endpoint: LocatedEndpoint, live: AwsObject, located: Located) -> Rank:
    subnets = _differing(endpoint.subnets, "SubnetId", live["SubnetIds"])
    tables = _differing(endpoint.route_tables, "RouteTableId", live["RouteTableIds"])
    fixed = subnets if endpoint.endpoint.type == "GatewayLoadBalancer" else 0
    is_lacked = located.applied is not None and live["VpcEndpointId"] not in located.applied
    is_other, waits = name(live) != endpoint.endpoint.name, state(live) != "available"
    return (is_lacked, is_dead(live), fixed, is_other, waits, subnets + tables)


def _differing(objects: Iterable[AwsObject], key: str, ids: Iterable[str] | None) -> int:
    """Return how many ids are on one side alone."""
    return len({str(each[key]) for each in objects} ^ set(ids or ()))
