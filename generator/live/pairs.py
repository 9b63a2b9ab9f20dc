"""The pairs of endpoints of specs and live ones, best first, each taken once: as queues, for all pairs are too many.

What fits in one rank is a queue, each side in its order: its best pair is of the first that are left on both.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TypeAlias

from generator.live.candidates import Live, Places, lives_of
from generator.live.locate import Located, LocatedEndpoint
from generator.source.frozen import frozen, slotted

Rank = tuple[bool, bool, int, bool, tuple[bool, bool], int]
"""How ill a pair fits: not in Terraform's state where that is told, dead, then for a Gateway Load Balancer endpoint its
subnets, which can't be changed, for all the Name tag, what another may have given up, not available yet, then all
subnets and route tables.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
"""
Owner = tuple[int, str]
"""The index of a spec, and the key of its endpoint."""
_Fitting: TypeAlias = "tuple[Mapping[str | None, Mapping[Rank, list[Live]]], Mapping[Rank, list[Live]]]"
"""The live endpoints by rank: by their names for what has these, and for what has another."""


@frozen(kw_only=True)
class Pair:
    """An endpoint of a spec, and a live one that it can be."""

    rank: Rank
    located: Located
    index: int
    """The index of the spec."""
    endpoint: LocatedEndpoint
    live: Live
    is_told: bool = False
    """Whether Terraform's state or an import block has it."""

    @property
    def owner(self) -> Owner:
        """What tells the endpoint from all others."""
        return (self.index, self.endpoint.endpoint.key)

    @property
    def live_id(self) -> tuple[object, ...]:
        """What tells the live endpoint from all others."""
        return (home(self.located), self.live.id)


def target_of(endpoint: LocatedEndpoint, located: Located) -> tuple[object, ...]:
    """Return what all endpoints share that one of a spec can be: where they are, their type, and what they lead to."""
    return (*home(located), endpoint.endpoint.type, endpoint.target)


def home(located: Located) -> tuple[object, ...]:
    """Return what two specs share whose endpoints can be the same: Region, account and VPC."""
    return (located.estate.region, located.vpc["OwnerId"], located.vpc_id)


@slotted(kw_only=True)
class _Queue:
    rank: Rank
    index: int
    located: Located
    endpoints: list[LocatedEndpoint]
    lives: list[Live]
    at: int = 0
    """The first endpoint that may be left."""
    free: int = 0
    """The first live one that may be left."""
    past: dict[str | None, int]
    """The first one that may be left for an endpoint of a name: those of its name are of another rank."""

    def first(self, owned: Container[object], taken: Container[object]) -> Pair | None:
        """Return the best pair of which neither is owned or taken, if there is one."""
        where = home(self.located)
        while self.at < len(self.endpoints):
            endpoint = self.endpoints[self.at]
            is_free = (self.index, endpoint.endpoint.key) not in owned
            if is_free and (live := self._live(endpoint.endpoint.name, where, taken)):
                return Pair(rank=self.rank, located=self.located, index=self.index, endpoint=endpoint, live=live)
            self.at += 1
        return None

    def _live(self, own: str | None, where: object, taken: Container[object]) -> Live | None:
        lives = self.lives
        while self.free < len(lives) and (where, lives[self.free].id) in taken:
            self.free += 1
        first = self.free
        if self.rank[3]:
            first = max(first, self.past.get(own, 0))
            while first < len(lives) and (lives[first].name == own or (where, lives[first].id) in taken):
                first += 1
            self.past[own] = first
        return lives[first] if first < len(lives) else None


def best_first(specs: Iterable[Located]) -> Iterator[Pair]:
    """Yield the pairs that are taken: those that Terraform is told of, then of all the rest the best, until none is."""
    specs = tuple(specs)
    owned, taken = set[object](), set[object]()
    for told in _by_address(specs):
        owned.add(told.owner)
        taken.add(told.live_id)
        yield told
    known: dict[object, _Fitting] = {}
    queues = [queue for index, located in enumerate(specs) for queue in _queues(index, located, known)]
    heap = [(*_order(pair), at, pair) for at, queue in enumerate(queues) if (pair := queue.first(owned, taken))]
    heapq.heapify(heap)
    while heap:
        *_, at, pair = heap[0]
        if pair.owner not in owned and pair.live_id not in taken:
            owned.add(pair.owner)
            taken.add(pair.live_id)
            yield pair
        if following := queues[at].first(owned, taken):
            heapq.heapreplace(heap, (*_order(following), at, following))
        else:
            heapq.heappop(heap)


def _by_address(specs: tuple[Located, ...]) -> Iterator[Pair]:
    """Yield the pairs that Terraform's state or import blocks have, where one spec alone can mean them."""
    found, owners = dict[object, Pair](), Counter[object]()
    known: dict[object, dict[str, Live]] = {}
    for index, located in enumerate(specs):
        by_key, home_of = _by_key(located), _vpc_of(located)
        lives = located.estate.all("VpcEndpoints", located.vpc_id) if located.keys else ()
        for identifier in sorted({str(each["VpcEndpointId"]) for each in lives} & located.keys.keys()):
            if (each := by_key.get(located.keys[identifier])) is None:
                continue
            what = (*home_of, each.endpoint.type, each.target, each.endpoint.name is None)
            if what not in known:
                known[what] = {live.id: live for live in lives_of(each, located)}
            if live := known[what].get(identifier):
                rank = rank_of(each, live, located)
                pair = Pair(rank=rank, located=located, index=index, endpoint=each, live=live, is_told=True)
                owners.update((pair.owner, pair.live_id))
                found[pair.owner] = pair
    return (each for each in found.values() if owners[each.owner] == owners[each.live_id] == 1)


def _by_key(located: Located) -> dict[str, LocatedEndpoint]:
    """Return the endpoints of a spec by their keys, and by those before where nothing is to be under the key itself."""
    there = {*located.keys.values()}
    new = (each for each in located.endpoints if each.endpoint.key not in there)
    past = {old: each for each in new for old in each.endpoint.own.get("was") or ()}
    return past | {each.endpoint.key: each for each in located.endpoints}


def _order(pair: Pair) -> tuple[Rank, str, str, str]:
    return pair.rank, pair.located.path, pair.endpoint.endpoint.key, pair.live.id


def _queues(index: int, located: Located, known: dict[object, _Fitting]) -> Iterator[_Queue]:
    """Yield the queues of a spec: for those alike but for key and name one of each rank, and more for each name.

    What fits is `known` of all specs that share it.
    """
    alike = defaultdict[tuple[object, ...], list[LocatedEndpoint]](list)
    for each in sorted(located.endpoints, key=lambda each: each.endpoint.key):
        alike[each.endpoint.type, each.target, each.endpoint.name is None, _places(each)].append(each)
    for what, same in alike.items():
        shared = (*_vpc_of(located), *what)
        if shared not in known:
            known[shared] = _fitting(same[0], located)
        by_name, others = known[shared]
        named = defaultdict[str | None, list[LocatedEndpoint]](list)
        for each in same:
            named[each.endpoint.name].append(each)
        fits = [(rank, own, lives) for name, own in named.items() for rank, lives in by_name.get(name, {}).items()]
        for rank, endpoints, lives in (*fits, *((rank, same, lives) for rank, lives in others.items())):
            yield _Queue(rank=rank, index=index, located=located, endpoints=endpoints, lives=lives, past={})


def _vpc_of(located: Located) -> tuple[object, ...]:
    """Return what all share that have the same live ones, but for type and target, and see the same of them."""
    states = id(located.applied), id(located.targets) if located.targets else None
    return id(located.estate), *states, located.vpc_id, frozenset(located.ignored_tags)


def _fitting(endpoint: LocatedEndpoint, located: Located) -> _Fitting:
    """Return by rank the live endpoints for one of the spec that has their name, and for those of other names."""
    by_name = defaultdict[str | None, dict[Rank, list[Live]]](dict)
    others = defaultdict[Rank, list[Live]](list)
    for live, rank in ranks(endpoint, sorted(lives_of(endpoint, located), key=lambda live: live.id), located):
        by_name[live.name].setdefault(rank, []).append(live)
        if not live.has_left:
            others[(*rank[:3], True, *rank[4:])].append(live)
    return by_name, others


def rank_of(endpoint: LocatedEndpoint, live: Live, located: Located) -> Rank:
    """Return how ill one pair fits."""
    ((_, rank),) = ranks(endpoint, [live], located)
    return (*rank[:3], live.name != endpoint.endpoint.name, *rank[4:])


def ranks(endpoint: LocatedEndpoint, lives: Iterable[Live], located: Located) -> Iterator[tuple[Live, Rank]]:
    """Yield live endpoints with their ranks for one of the spec that has their name."""
    subnets, tables = _places(endpoint)
    is_fixed, applied = endpoint.endpoint.type == "GatewayLoadBalancer", located.applied
    known: dict[Places, tuple[int, int]] = {}
    for live in lives:
        if live.places not in known:
            fixed = len(subnets ^ live.places[0])
            known[live.places] = (fixed if is_fixed else 0, fixed + len(tables ^ live.places[1]))
        fixed, differing = known[live.places]
        is_lacked = applied is not None and live.id not in applied
        yield live, (is_lacked, live.is_dead, fixed, False, (live.has_left, not live.is_available), differing)


def _places(endpoint: LocatedEndpoint) -> Places:
    return (
        frozenset(str(each["SubnetId"]) for each in endpoint.subnets),
        frozenset(str(each["RouteTableId"]) for each in endpoint.route_tables),
    )
