"""Which live endpoint each endpoint of the specs is: one to one, over one spec or several.

Only endpoints of one VPC, type and target can be one, and none that is gone, or another's. Of all such pairs the best
is taken first, then the best of those that are left: what Terraform's state has, if that is told, a live endpoint
before a dead one, then by what tells endpoints apart. The order is total and the same from both sides, so there is one
result, whatever the order of the specs and of AWS's answers; and since within a VPC, type and target everything can
pair with everything, nothing stays alone that has a partner left.
"""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from generator.hcl.hcl import label
from generator.intent.claims import of_service
from generator.intent.groups import group_key
from generator.live.addresses import former, split
from generator.live.locate import Located, LocatedEndpoint, Rival
from generator.live.owners import IMPORT
from generator.live.pairs import Owner, Pair, Rank, best_first, home, ranks

UNTIL_GONE = "wait until it is gone"
"""What helps beside an endpoint that AWS is deleting."""


def match(specs: Iterable[Located]) -> tuple[Located, ...]:
    """Return the specs with `live` in each endpoint that AWS has, and `rival` in those whose own another spec has.

    `holders` tells of all live ones which endpoints they are.
    """
    specs = tuple(specs)
    pairs = tuple(best_first(specs))
    owned = {pair.owner: pair.live.object for pair in pairs}
    rivals = _rivals(specs, pairs) if len(specs) > 1 else {}
    holders = defaultdict[object, dict[str, Rival]](dict)
    for pair in pairs:
        holders[home(pair.located)][pair.live.id] = _holder(pair)
    coming = defaultdict[object, set[str]](set)
    for located in specs:
        coming[home(located) if located.vpc else None] |= {*map(of_service, located.intent.rendered)}
    return tuple(
        _with_addresses(
            replace(
                located,
                coming=frozenset(coming[home(located)]) if located.vpc else frozenset(),
                holders=holders[home(located)] if located.vpc else {},
                endpoints=tuple(
                    replace(each, live=owned.get(owner), rival=rivals.get(owner))
                    for each in located.endpoints
                    for owner in [(index, each.endpoint.key)]
                ),
            )
        )
        for index, located in enumerate(specs)
    )


def way_back(spec: Located, identifier: str) -> str:
    """Return how a module gets what the state has at another address; empty where it has it at none, or at its own."""
    if not (at := spec.elsewhere(identifier)):
        return ""
    (path, resource), own = split(at), spec.addresses[identifier]
    if resource and path == spec.root and resource not in spec.former:
        return f"write was: {resource.partition('.')[2]} in {own.partition('.')[2]}"
    address = spec.root + own
    away, into = shlex.join(("terraform", "state", "rm", at)), shlex.join((*IMPORT, address, identifier))
    return (
        f"{shlex.join(('terraform', 'state', 'mv', at, address))}, or, if another root has it, {away} there and {into}"
    )


def _rivals(specs: tuple[Located, ...], pairs: Iterable[Pair]) -> dict[Owner, Rival]:
    """Return for endpoints that have none which pair of another spec has what would be theirs, and fits it as well."""
    alike, owned = defaultdict[object, list[Pair]](list), set[Owner]()
    for pair in pairs:
        alike[_target(pair.endpoint, pair.located)].append(pair)
        owned.add(pair.owner)
    found: dict[Owner, Rival] = {}
    for index, located in enumerate(specs):
        for each in located.endpoints:
            if (index, each.endpoint.key) in owned:
                continue
            others = [pair for pair in alike.get(_target(each, located), ()) if pair.owner[0] != index]
            if first := min(_as_good(each, located, others), key=lambda both: (both[0], both[1].live.id), default=None):
                found[index, each.endpoint.key] = _holder(first[1])
    return found


def _holder(pair: Pair) -> Rival:
    return Rival(path=pair.located.path, key=pair.endpoint.endpoint.key, live=pair.live.object)


def _target(endpoint: LocatedEndpoint, located: Located) -> tuple[object, ...]:
    return (*home(located), endpoint.endpoint.type, endpoint.target)


def _as_good(endpoint: LocatedEndpoint, located: Located, others: list[Pair]) -> Iterator[tuple[Rank, Pair]]:
    """Yield the pairs whose live endpoint fits an endpoint as well, but for its subnets and route tables."""
    lives = (pair.live for pair in others)
    for pair, (live, rank) in zip(others, ranks(endpoint, lives, located), strict=True):
        is_other = live.name != endpoint.endpoint.name
        own = (*rank[:3], is_other, *rank[4:])
        if own[:-1] == pair.rank[:-1] and not (is_other and live.is_left):
            yield own, pair


def _with_addresses(spec: Located) -> Located:
    """Return a spec, where a state is told, with the addresses of what it has, and the path below which that has it.

    That is the path of most of it: what is below another, or under another label, the module does not have there.
    """
    if spec.applied is None:
        return spec
    own, labels = dict(_own(spec)), former(spec.intent)
    there = [(address, split(spec.stands(id_))) for id_, address in own.items()]
    right = [path for address, (path, resource) in there if labels.get(resource) == address]
    paths = Counter(right or [path for _, (path, resource) in there if resource])
    called = f"module.{label(spec.intent.spec.name)}."
    # the state of a root that has nothing of the module is one that is to call it
    is_state = any("Address" in each for each in islice(spec.applied.values(), 1))
    best = max(paths, key=lambda path: (paths[path], path.endswith(called), path), default=called if is_state else "")
    return replace(spec, addresses=own, former=labels, root=best)


def _own(spec: Located) -> Iterator[tuple[str, str]]:
    """Yield the id of each endpoint and group of a spec that exists, and its address in the module."""
    for each in spec.endpoints:
        if each.live:
            yield str(each.live["VpcEndpointId"]), f"aws_vpc_endpoint.{each.endpoint.key}"
    for _, group in spec.intent.created():
        for live in spec.estate.having("SecurityGroups", "GroupName", group.name):
            if live["VpcId"] == spec.vpc_id:
                yield str(live["GroupId"]), f"aws_security_group.{group_key(group)}"
