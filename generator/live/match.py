"""Which live endpoint each endpoint of the specs is: one to one, over one spec or several.

Only endpoints of one VPC, type and target can be one, and none that is gone, or another's. Of all such pairs the best
is taken first, then the best of those that are left: what Terraform's state has, if that is told, a live endpoint
before a dead one, then by what tells endpoints apart, and of those alike in that all together as they differ least. The
order is total and the same from both sides, so there is one result, whatever the order of the specs and of AWS's
answers; and since within a VPC, type and target everything can pair with everything, nothing stays alone that has a
partner left.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from generator.intent.claims import of_service
from generator.live.addresses import split
from generator.live.locate import Located, LocatedEndpoint
from generator.live.marks import deposed
from generator.live.not_given import with_untold
from generator.live.pairs import Owner, Pair, Rank, best_first, home, ranks, target_of
from generator.live.rival import Rival
from generator.live.roots import is_to_give_way, is_to_move, with_addresses
from generator.live.rule_ids import rules_taken_in
from generator.live.twins import settle
from generator.live.untold_root import before_it
from generator.source.suggest import SHOWN, some

_Tagged = tuple[str, Mapping[str, str]]
UNTIL_GONE = "wait until it is gone"
"""What helps beside an endpoint that AWS is deleting."""


def match(specs: Iterable[Located]) -> tuple[Located, ...]:
    """Return the specs with `live` in each endpoint that AWS has, and `rival` in those whose own another spec has.

    `holders` tells of all live ones which endpoints they are.
    """
    specs = tuple(specs)
    pairs, doubts = settle(specs, best_first(specs))
    owned = {pair.owner: pair.live.object for pair in pairs}
    rivals = _rivals(specs, pairs) if len(specs) > 1 else {}
    holders = defaultdict[object, dict[str, Rival]](dict)
    for pair in pairs:
        holders[home(pair.located)][pair.live.id] = _holder(pair)
    called, beside = (_possible_keys(each, specs, holders) for each in (doubts.owners, doubts.beside))
    coming, groups = defaultdict[object, dict[str, str]](dict), defaultdict[object, list[_Tagged]](list)
    others = defaultdict[object, dict[str, Located]](dict)
    for located in specs:
        where, default = home(located) if located.vpc else None, located.intent.spec.tags
        coming[where] = dict.fromkeys(map(of_service, located.intent.rendered), located.path) | coming[where]
        groups[where] += [(located.path, each.group.tagged(default)) for each in located.intent.groups]
    assigned = (
        replace(
            located,
            coming=coming[home(located)] if located.vpc else {},
            groups=groups[home(located)] if located.vpc else (),
            holders=holders[home(located)] if located.vpc else {},
            others=others[home(located)] if located.vpc else {},
            may_be=called[home(located)] if located.vpc else {},
            beside=beside[home(located)] if located.vpc else {},
            endpoints=tuple(
                replace(each, live=owned.get(owner), rival=rivals.get(owner), one_of=doubts.lives.get(owner, {}))
                for each in located.endpoints
                for owner in [(index, each.endpoint.key)]
            ),
        )
        for index, located in enumerate(specs)
    )
    found = tuple(with_untold(with_addresses(assigned)))
    for each in found:
        others[home(each) if each.vpc else None][each.path] = each
    return found


def untold_which(spec: Located, located: LocatedEndpoint) -> tuple[str, str]:
    """Return why it is not told which live endpoint one of a spec is, and what tells."""
    which = some(islice(located.one_of, SHOWN), count=len(located.one_of))
    return f"not told which of {which} it is: each may be, as far as AWS tells", _way_to_tell(spec)


def untold_pair(spec: Located, identifier: str) -> tuple[str, str] | None:
    """Return why it is not told whether a live endpoint is one of the specs, and what tells; None where it is told."""
    keys = spec.may_be.get(identifier)
    return (f"not told whether it is {keys}, for another may be it as well", _way_to_tell(spec)) if keys else None


def if_managed(spec: Located, identifier: str) -> str:
    """Return which endpoint a live one would be if Terraform's state had it, and what tells; empty where none."""
    keys = spec.beside.get(identifier)
    return f"unless it is {keys}, though another is as stated; {_way_to_tell(spec)}" if keys else ""


def _way_to_tell(spec: Located) -> str:
    if spec.applied is not None:
        return "if another root has it, give its state too (--state); else an import block or its Name tag tells"
    return "Terraform's state tells: terraform show -json > FILE, and gen-endpoints drift --state FILE"


def _possible_keys(
    doubts: Mapping[object, list[tuple[Collection[str], list[Owner]]]],
    specs: tuple[Located, ...],
    holders: Mapping[object, Mapping[str, Rival]],
) -> dict[object, dict[str, str]]:
    """Return by home and the ids of live endpoints which are none's which endpoints of the specs they may be."""
    found = defaultdict[object, dict[str, str]](dict)
    for where, several in doubts.items():
        for ids, owners in several:
            keys = (f"{key} of {specs[index].path}" if len(specs) > 1 else key for index, key in owners)
            found[where] |= dict.fromkeys((each for each in ids if each not in holders[where]), some(keys))
    return found


def way_back(spec: Located, identifier: str) -> str:
    """Return how a module gets what the state has deposed, or at another address; empty for none, and for its own."""
    if told := deposed(spec.applied, identifier):
        return told[1]
    if not (at := spec.elsewhere(identifier)):
        return ""
    (path, resource), own = split(at), spec.addresses[identifier]
    if resource and path in spec.roots and spec.place(identifier) not in spec.taken and resource not in spec.former:
        return f"write was: {resource.partition('.')[2]} in {own.partition('.')[2]}"
    address = spec.root + own
    first, away = before_it(spec) + _freed(spec, address, identifier), shlex.join(("terraform", "state", "rm", at))
    move, into = shlex.join(("terraform", "state", "mv", at, address)), _imported(spec, address, identifier)
    return f"{without_block(spec, at)}{first}{move}, or, if another root has it, {away} there and {into}"


def without_block(spec: Located, at: str) -> str:
    """Return that the block of what goes to another address goes too, or an apply makes a second; empty for none.

    None has the root that is told to have none, and what specs render as they are now.
    """
    (path, resource), calls = split(at), spec.calls
    there = ((each, {*each.roots, *(each.calls.paths if each.calls else ())}) for each in (spec, *spec.others.values()))
    is_rendered = any(path in paths and (path or resource in each.former) for each, paths in there)
    block = at.partition("[")[0]
    if is_rendered or (calls and calls.is_whole and block.startswith("aws_") and block not in calls.declared):
        return ""
    return f"take its block{', or key of for_each,' * at.endswith(']')} out of the configuration, and "


def taken_in(spec: Located, address: str, identifier: str) -> str:
    """Return the commands by which Terraform takes in what exists, with the rules of a group.

    What the root here calls elsewhere than the state has it is at its call then.
    """
    path, resource = split(address)
    if is_to_move(spec) and path == spec.roots[0]:
        address = spec.root + resource
    return before_it(spec) + _imported(spec, address, identifier)


def _imported(spec: Located, address: str, identifier: str) -> str:
    line = _freed(spec, address, identifier) + shlex.join(("terraform", "import", address, identifier))
    live = spec.estate.one("SecurityGroups", identifier)
    rules = rules_taken_in(spec, live, address) if live else ""
    return f"{line}, then each of its rules{rules}" if rules else line


def _freed(spec: Located, address: str, identifier: str) -> str:
    """Return the command that lets go what the state has at an address, before another is brought there."""
    away = shlex.join(("terraform", "state", "rm", address))
    return f"{away} && " if is_to_give_way(spec, address, identifier) else ""


def _rivals(specs: tuple[Located, ...], pairs: Iterable[Pair]) -> dict[Owner, Rival]:
    """Return for endpoints that have none which pair of another spec has what would be theirs, and fits it as well."""
    alike, owned = defaultdict[object, list[Pair]](list), set[Owner]()
    for pair in pairs:
        alike[target_of(pair.endpoint, pair.located)].append(pair)
        owned.add(pair.owner)
    found: dict[Owner, Rival] = {}
    for index, located in enumerate(specs):
        for each in located.endpoints:
            if (index, each.endpoint.key) in owned:
                continue
            others = [pair for pair in alike.get(target_of(each, located), ()) if pair.owner[0] != index]
            if first := min(_as_good(each, located, others), key=lambda both: (both[0], both[1].live.id), default=None):
                found[index, each.endpoint.key] = _holder(first[1])
    return found


def _holder(pair: Pair) -> Rival:
    return Rival(path=pair.located.path, key=pair.endpoint.endpoint.key, live=pair.live.object)


def _as_good(endpoint: LocatedEndpoint, located: Located, others: list[Pair]) -> Iterator[tuple[Rank, Pair]]:
    """Yield the pairs whose live endpoint fits an endpoint as well, but for its subnets and route tables."""
    lives = (pair.live for pair in others)
    for pair, (live, rank) in zip(others, ranks(endpoint, lives, located), strict=True):
        is_other = live.name != endpoint.endpoint.name
        own = (*rank[:3], is_other, *rank[4:])
        if own[:-1] == pair.rank[:-1] and not (is_other and live.has_left):
            yield own, pair
