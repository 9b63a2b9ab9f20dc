"""Which of several live endpoints of one state and name is which of the specs': as all of them together differ least.

What `best_first` leaves open is settled here, cell by cell: the endpoints and the live ones that fit each other alike.
Where two ways differ as little, and what is said depends on the way, it is not told which is which.
"""

from __future__ import annotations

from collections import ChainMap, Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeAlias, TypeVar

from generator.live.alike import difference, settings, signature, tell_alike
from generator.live.assignment import Plan, cheapest
from generator.live.candidates import Live, lives_of
from generator.live.estate import AwsObject
from generator.live.left_over import left_over
from generator.live.locate import Located, LocatedEndpoint
from generator.live.pairs import Owner, Pair, Rank, home, rank_of, ranks, target_of
from generator.source.frozen import frozen, slotted

_MOST = 2_000_000
"""How many steps are made at most to assign the endpoints of a cell: beyond, it is not told which is which."""
_COMPARED = 5_000
"""How many pairs of a cell are compared."""
_Stands: TypeAlias = tuple[int, LocatedEndpoint, Located]
"""The index of a spec, an endpoint of it, and the spec."""
_Item = TypeVar("_Item")
_Value = TypeVar("_Value")


@frozen(kw_only=True)
class Doubts:
    """What is not told: by id which live ones endpoints may be, and by home which endpoints the live ones may be."""

    lives: dict[Owner, Mapping[str, AwsObject]]
    owners: dict[object, list[tuple[Collection[str], list[Owner]]]]
    beside: dict[object, list[tuple[Collection[str], list[Owner]]]]
    """Likewise beside which endpoints the live ones are left that would be theirs, if a state had them."""


class _Together(ChainMap[str, AwsObject]):
    """Mappings that have no key in common: `ChainMap` makes a dict of all whenever it is counted or gone through."""

    def __iter__(self) -> Iterator[str]:
        """Yield the keys of the first, then of the next."""
        return chain.from_iterable(self.maps)

    def __len__(self) -> int:
        """Return how many keys they have."""
        return sum(map(len, self.maps))


@slotted(kw_only=True)
class _Component:
    """All endpoints of the specs, and all live ones, of one VPC, type and target, but for what Terraform is told of."""

    pairs: list[Pair]
    alone: dict[Owner, _Stands]
    """The endpoints that are none of the live ones."""
    free: dict[str, Live]
    """The live ones that are none of the endpoints, by id."""


@frozen(kw_only=True)
class _Cell:
    pairs: dict[Owner, Live]
    stands: dict[Owner, _Stands]
    lives: dict[str, Live]
    kinds: dict[Owner, int]
    """The endpoints by the number of their class: alike are those of which a spec says the same."""
    places: dict[str, int]
    """The live ones likewise: of these AWS tells the same."""


def settle(specs: tuple[Located, ...], pairs: Iterable[Pair]) -> tuple[tuple[Pair, ...], Doubts]:
    """Return the pairs, with what all together differ from least in the place of what fits as well, and the doubts."""
    pairs = tuple(pairs)
    settled = [pair for pair in pairs if pair.is_told]
    doubts = Doubts(lives={}, owners=defaultdict(list), beside=defaultdict(list))
    for component in _components(specs, pairs):
        for cell in _cells(component):
            found = _assign(cell, doubts)
            component.alone |= cell.stands
            component.free |= cell.lives
            for owner, live in found.items():
                index, each, located = cell.stands[owner]
                rank = rank_of(each, live, located)
                settled.append(Pair(rank=rank, located=located, index=index, endpoint=each, live=live))
                del component.alone[owner], component.free[live.id]
    _doubt_left_over(settled, doubts)
    return tuple(settled), doubts


def _doubt_left_over(settled: Iterable[Pair], doubts: Doubts) -> None:
    """Add what is left over beside what differs, or fits: of the first it is not told which is the spec's."""
    both: dict[tuple[int, int], tuple[Mapping[str, AwsObject], ...]] = {}
    for free, several, fits in left_over(settled):
        where, owners = home(several[0].located), [pair.owner for pair in several]
        (doubts.beside if fits else doubts.owners)[where].append((free, owners))
        for pair in several if not fits else ():
            if not (own := doubts.lives.get(pair.owner)):
                doubts.lives[pair.owner] = _Together({pair.live.id: pair.live.object}, free)
                continue
            shared = id(own), id(free)  # many endpoints share what they may be, of which each has one
            if shared not in both:
                both[shared] = own, _Together({key: own[key] for key in own if key not in free}, free)
            doubts.lives[pair.owner] = both[shared][1]


def _components(specs: tuple[Located, ...], pairs: Iterable[Pair]) -> Iterable[_Component]:
    found = defaultdict[object, _Component](lambda: _Component(pairs=[], alone={}, free={}))
    owned, taken, seen = set[Owner](), set[object](), set[object]()
    for pair in pairs:
        owned.add(pair.owner)
        taken.add(pair.live_id)
        if not pair.is_told:
            found[target_of(pair.endpoint, pair.located)].pairs.append(pair)
    for index, located in enumerate(specs):
        for each in located.endpoints:
            if (what := target_of(each, located)) in found:
                if (owner := (index, each.endpoint.key)) not in owned:
                    found[what].alone[owner] = index, each, located
                if what not in seen:
                    seen.add(what)
                    lives = (live for live in lives_of(each, located) if (home(located), live.id) not in taken)
                    found[what].free |= {live.id: live for live in lives}
    return found.values()


def _cells(component: _Component) -> Iterator[_Cell]:
    """Yield the cells in the order of their ranks, each with what those before it have left alone."""
    ranked = defaultdict[tuple[Rank, str], list[Pair]](list)
    for pair in component.pairs:
        rank = (*pair.rank[:2], 0, pair.rank[3], (pair.rank[4][0], False), 0)
        ranked[rank, "" if rank[3] else repr(pair.live.name)].append(pair)
    called = defaultdict[str | None, list[Live]](list)
    for live in (*component.free.values(), *(pair.live for pair in component.pairs)):
        called[live.name].append(live)
    for (rank, _), pairs in sorted(ranked.items(), key=lambda item: item[0]):
        is_other, name, (*_, first) = rank[3], pairs[0].live.name, pairs
        state = rank[0], rank[1], rank[4][0]
        left = component.free.values() if is_other else [each for each in called[name] if each.id in component.free]
        fits = ranks(first.endpoint, left, first.located)
        free = [live for live, own in fits if (own[0], own[1], own[4][0]) == state]
        stands = {pair.owner: (pair.index, pair.endpoint, pair.located) for pair in pairs}
        stands |= {owner: each for owner, each in component.alone.items() if is_other or each[1].endpoint.name == name}
        lives = [pair.live for pair in pairs]
        lives += [live for live in free if (not live.has_left if is_other else live.name == name)]
        yield _cell({pair.owner: pair.live for pair in pairs}, stands, lives)


def _cell(pairs: dict[Owner, Live], stands: dict[Owner, _Stands], lives: list[Live]) -> _Cell:
    in_order = dict(sorted(stands.items(), key=lambda item: (item[1][2].path, item[0])))
    by_id = {live.id: live for live in sorted(lives, key=lambda live: live.id)}
    if len(in_order) == len(by_id) == 1:
        return _Cell(pairs=pairs, stands=in_order, lives=by_id, kinds={}, places={})
    is_fixed = any(each.endpoint.fixed_addresses for _, each, _ in stands.values())
    ignored = set[str]().union(*(spec.ignored_tags for *_, spec in stands.values()))
    ignored.difference_update(*(each.endpoint.tags for _, each, _ in stands.values()))
    sign = signature(with_addresses=is_fixed, ignored_tags=ignored)
    kinds = _classes(in_order, lambda each: settings(*each[1:]))
    places = _classes(by_id, lambda live: sign(live.object))
    return _Cell(pairs=pairs, stands=in_order, lives=by_id, kinds=kinds, places=places)


def _assign(cell: _Cell, doubts: Doubts) -> dict[Owner, Live]:
    """Return which live endpoint each endpoint of a cell is, and add what is not told of them to the doubts."""
    if not cell.kinds:
        return cell.pairs
    rows, columns = Counter(cell.kinds.values()), Counter(cell.places.values())
    size, (_, first, spec) = len(cell.stands), next(iter(cell.stands.values()))
    steps = size**2 * max(size, sum(min(size, count) for count in columns.values()))
    plan, found = None, cell.pairs
    if len(rows) == len(columns) == 1:
        plan, found = cheapest([[0]], [1], [1]), dict(zip(cell.stands, cell.lives.values(), strict=False))
    elif len(rows) * len(columns) <= _COMPARED and steps <= _MOST:
        plan = cheapest(_costs(cell), [*rows.values()], [*columns.values()])
        found = _handed_out(plan, cell)
    lives = (live.object for live in cell.lives.values())
    is_told = plan is not None and tell_alike(lives, first.endpoint.type, spec.estate.region)
    _doubt(cell, plan if is_told else None, found, doubts)
    return found


def _doubt(cell: _Cell, plan: Plan | None, found: dict[Owner, Live], doubts: Doubts) -> None:
    """Add what a plan leaves open of a cell; without a plan that is all."""
    everything, held = frozenset(cell.places.values()), {each.id for each in found.values()}
    where = home(next(iter(cell.stands.values()))[2])
    if plan is None:  # endpoints and live ones may be thousands each: all share one mapping and one list
        which = {each.id: each.object for each in cell.lives.values()}
        doubts.lives.update(dict.fromkeys(cell.kinds, which))
        if free := [each for each in cell.places if each not in held]:
            doubts.owners[where].append((free, [*cell.kinds]))
        return
    owners, lives = defaultdict[int, list[Owner]](list), defaultdict[int, list[Live]](list)
    for owner, kind in cell.kinds.items():
        owners[kind].append(owner)
    for identifier, place in cell.places.items():
        lives[place].append(cell.lives[identifier])
    may_be = defaultdict[int, list[Owner]](list)
    for kind, several in owners.items():
        possible = plan.possible[kind] & everything
        for place in possible:
            may_be[place] += several
        if kind in plan.open or sum((kind, place) in plan.counts for place in possible) > 1:
            which = {each.id: each.object for place in sorted(possible) for each in lives[place]}
            doubts.lives.update(dict.fromkeys(several, which))
    for place, several in may_be.items():
        if free := [each.id for each in lives[place] if each.id not in held]:
            doubts.owners[where].append((free, several))


def _classes(items: dict[_Item, _Value], key: Callable[[_Value], Hashable]) -> dict[_Item, int]:
    """Return the number of the class of each item: what is alike is of one."""
    known: dict[Hashable, int] = {}
    return {item: known.setdefault(key(value), len(known)) for item, value in items.items()}


def _costs(cell: _Cell) -> list[list[int]]:
    """Return in how much each class of endpoints differs from each of live ones; less than all else, if not up."""
    stands = {kind: cell.stands[owner] for owner, kind in cell.kinds.items()}
    lives, least = {place: cell.lives[identifier] for identifier, place in cell.places.items()}, len(cell.stands) + 1
    columns = [(lives[place].object, not lives[place].is_available) for place in sorted(lives)]
    several = ((located, spec) for _, (_, located, spec) in sorted(stands.items(), key=lambda item: item[0]))
    return [[least * difference(located, live, spec) + lacks for live, lacks in columns] for located, spec in several]


def _handed_out(plan: Plan, cell: _Cell) -> dict[Owner, Live]:
    """Return the plan by endpoint and live one: of what is alike, in the order of their keys and ids."""
    pools, left = defaultdict[int, deque[Live]](deque), Counter(dict(plan.counts))
    for identifier, place in cell.places.items():
        pools[place].append(cell.lives[identifier])
    found: dict[Owner, Live] = {}
    for owner, kind in cell.kinds.items():
        several = [place for place in plan.possible[kind] if left[kind, place]]
        place = min(several, key=lambda each: (each not in pools, pools[each][0].id if each in pools else ""))
        left[kind, place] -= 1
        if place in pools:
            found[owner] = pools[place].popleft()
    return found
