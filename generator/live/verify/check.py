"""Whether the endpoints of a spec work, as far as AWS's own answers tell: what is located and matched in, a Report out.

check ──▶ settings   state, Name tag, network interfaces, private DNS
      ──▶ groups     who is let in on the service's ports
      ──▶ routes     which tables lead to a gateway
      ──▶ policy     what the policy is, and what it must let through
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from generator.live.candidates import candidates
from generator.live.estate import VPC_ATTRIBUTES, AwsObject, name
from generator.live.fields import Pair
from generator.live.locate import Located, LocatedEndpoint
from generator.live.match import untold_which
from generator.live.owners import OF_OWNERS, owner_of, untold_owner
from generator.live.refusals.way_round import UNLESS_AVAILABLE, way_round
from generator.live.states import is_dead
from generator.live.untold import unseen
from generator.live.verify import acls, groups, policy, routes, settings
from generator.live.verify.report import Check, Outcome, Report, Row
from generator.source.suggest import some

KINDS = ("Subnets", "RouteTables", "SecurityGroups", "PrefixLists", "VpcEndpoints", "NetworkInterfaces")
"""What AWS is asked for, besides the VPCs."""
_MAKE = "terraform apply in the module's folder"
OPTIONAL = ("NetworkAcls", "DhcpOptions", VPC_ATTRIBUTES, *OF_OWNERS)
"""What it may refuse to tell: that is unknown then."""


def _owner(found: Pair) -> Iterator[Check]:
    """Say where it is not told whether an endpoint is another's; what is told to be is none of the spec."""
    if untold := untold_owner(found.live, found.spec.estate, is_of_spec=True):
        yield Check(what="owner", outcome=Outcome.UNKNOWN, seen=untold[0], fix=untold[1])


_CHECKS: tuple[Callable[[Pair], Iterator[Check]], ...] = (
    settings.name_tag,
    settings.interfaces,
    settings.private_dns,
    settings.others,
    groups.ports,
    acls.acls,
    routes.route_tables,
    routes.workloads,
    policy.policy,
    policy.needs,
    _owner,
)
"""What is said of an endpoint after its state, in this order."""
_AWAITED = frozenset({settings.INTERFACES, settings.PRIVATE_DNS, routes.ROUTES, routes.WORKLOADS})
"""What AWS makes with an endpoint."""
_Failing: TypeAlias = Mapping[str, frozenset[str]]
"""Which checks live endpoints fail, by their ids."""
_MOST = 1000
"""How many live endpoints are judged of which it is not told which they are, for all specs of a VPC: of more, what they
fail is unknown."""


def check(spec: Located) -> Report:
    """Return whether each endpoint of a spec, as `match` leaves it, is there and works."""
    several = [Pair(spec=spec, located=each, live=each.live) for each in spec.endpoints if each.live and each.one_of]
    sharing = spec.others.values() if several and spec.others else (spec,)
    possible = (len(each.one_of) for other in sharing for each in other.endpoints if each.live)
    is_judged = sum(possible) <= _MOST
    failing = {each.endpoint.key: dict(_failing_each(each)) for each in several if is_judged}
    too_few = dict(_too_few(failing))
    keys = (each.endpoint.key for each in spec.endpoints)
    told = [(failing.get(key, {}), too_few.get(key, "")) for key in keys]
    rows = tuple(_row(spec, each, *of_it) for each, of_it in zip(spec.endpoints, told, strict=True))
    return Report(spec=spec.intent.spec.name, region=spec.estate.region, vpc_id=spec.vpc_id, rows=rows)


def _row(spec: Located, located: LocatedEndpoint, failing: _Failing, too_few: str) -> Row:
    """Return what is seen of an endpoint; where it may be several, by what these fail."""
    endpoint, live = located.endpoint, located.live
    pair = Pair(spec=spec, located=located, live=live) if live else None
    return Row(
        key=endpoint.key,
        name=(name(live) if live else endpoint.name) or "",
        id=str(live["VpcEndpointId"]) if live else "",
        type=endpoint.type,
        service=located.target,
        state=str(live["State"]) if live else _absence(spec, located),
        checks=(*_of_several(pair, failing, too_few),) if pair else (_absent(spec, located),),
    )


def _absence(spec: Located, located: LocatedEndpoint) -> str:
    return "not told" if located.one_of or unseen(spec.vpc, spec.estate) else "absent"


def _checks(found: Pair) -> tuple[Check, ...]:
    """Return the checks of an endpoint; while it is being made, what AWS makes with it is awaited too, not missing.

    Of a dead one that comes with what replaces it.
    """
    state = settings.state(found)
    checks = (state, *(check for find in _CHECKS for check in find(found)))
    return tuple(_later(each, state, found) if each.what in _AWAITED else each for each in checks)


def _of_several(found: Pair, failing: _Failing, too_few: str) -> Iterator[Check]:
    """Yield the checks of an endpoint; where it is not told which of several it is, what each of them fails, it fails.

    So it does where they are too few that fail nothing.
    """
    checks = _checks(found)
    if not found.located.one_of or not (own := _failing(checks)):
        yield from checks
        return
    common = own.intersection(*failing.values()) if failing else frozenset[str]()
    why, way = untold_which(found.spec, found.located)
    for each in checks:
        if each.outcome is not Outcome.FAILED:
            yield each
        elif each.what in common:
            yield replace(each, seen=f"{each.seen}; {why}, and each fails it", fix=way, known=False)
        else:
            yield replace(each, outcome=Outcome.UNKNOWN, seen=f"{each.seen}; {why}", fix=way)
    if too_few:
        seen = f"{why}, and {too_few}"
        yield Check(what="each of several", outcome=Outcome.FAILED, seen=seen, fix=way, known=False)


def _too_few(failing: Mapping[str, _Failing]) -> Iterator[tuple[str, str]]:
    """Yield endpoints by their keys of which one fails, whichever they are, and why: too few live ones fail nothing.

    Those that all they may be fail in one check are none of these.
    """
    groups: list[tuple[set[str], set[str]]] = []
    for key, lives in failing.items():
        if not frozenset.intersection(*lives.values()):
            near = [group for group in groups if not group[1].isdisjoint(lives)]
            groups = [group for group in groups if group not in near]
            groups.append(({key}.union(*(keys for keys, _ in near)), {*lives}.union(*(ids for _, ids in near))))
    for keys, ids in groups:
        working = {each for key in keys for each, fails in failing[key].items() if not fails}
        if len(working) < len(keys):
            fails = {each: {what for key in keys for what in failing[key].get(each, ())} for each in ids - working}
            told = (f"{each} {' and '.join(sorted(of_it))}" for each, of_it in sorted(fails.items()))
            but = f" but {', '.join(sorted(working))}" if working else ""
            those = f"of those that {', '.join(sorted(keys))} may be " if keys != {min(keys)} else ""
            yield from dict.fromkeys(keys, f"{those}each fails a check{but}: {some(told, between='; ')}").items()


def _failing_each(found: Pair) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what each live endpoint fails that one of the spec may be."""
    for identifier, live in found.located.one_of.items():
        yield identifier, _failing(_checks(replace(found, located=replace(found.located, live=live), live=live)))


def _failing(checks: Iterable[Check]) -> frozenset[str]:
    return frozenset(each.what for each in checks if each.outcome is Outcome.FAILED)


def _later(check: Check, state: Check, found: Pair) -> Check:
    if check.outcome is Outcome.FAILED and state.outcome is Outcome.PENDING:
        return replace(check, outcome=Outcome.PENDING, fix="")
    ways = "terraform apply", UNLESS_AVAILABLE
    return replace(check, fix="") if is_dead(found.live) and check.fix.startswith(ways) else check


def _absent(spec: Located, located: LocatedEndpoint) -> Check:
    """Say that an endpoint is not there; those of its target that no endpoint of the spec is are named."""
    untold = untold_which(spec, located) if located.one_of else unseen(spec.vpc, spec.estate)
    if untold:
        return Check(what="exists", outcome=Outcome.UNKNOWN, seen=untold[0], fix=untold[1])
    own = {each.live["VpcEndpointId"] for each in spec.endpoints if each.live is not None}
    there = (
        f"{each['VpcEndpointId']} is {each.get('VpcEndpointType')}, {each.get('State')}{_of(each, spec)}"
        for each in spec.estate.having("VpcEndpoints", located.target_key, located.target)
        if each["VpcId"] == spec.vpc_id and each["VpcEndpointId"] not in own
    )
    shown = some(there)
    kind = f"other {located.endpoint.type}" if any(candidates(located, spec)) else located.endpoint.type
    seen = f"VPC {spec.vpc_id} has no {kind} endpoint for {located.target}" + (f": {shown}" if shown else "")
    fix = located.rival.fix(spec.path) if located.rival else way_round(spec, located) or _MAKE
    return Check(what="exists", outcome=Outcome.FAILED, seen=seen, fix=fix)


def _of(live: AwsObject, spec: Located) -> str:
    owner, holder = owner_of(live, spec.estate), spec.holders.get(live["VpcEndpointId"])
    untold = untold_owner(live, spec.estate)
    why = owner.reason if owner else holder or (untold[0] if untold else "")
    return f", and {why}" if why else ""
