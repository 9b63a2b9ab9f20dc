"""What one endpoint of the specs gives up and another takes, of one spec or of two: which is to be applied first.

Terraform changes both at once where neither depends on the other, and AWS refuses what comes too early.
https://developer.hashicorp.com/terraform/internals/graph (read 2026-11-28)
"""

from __future__ import annotations

import shlex
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from generator.live.addresses import split
from generator.live.candidates import candidates
from generator.live.estate import AwsObject, label
from generator.live.locate import Located, LocatedEndpoint
from generator.live.refusals.facts import find_own, join_words, show, show_endpoint
from generator.live.refusals.order import APPLY_FIRST, before
from generator.live.untold import NOT_TOLD
from generator.source.diagnostics import Code, Diagnostic
from generator.source.suggest import some

ROUTED_ALREADY = Code("E429")
_Identity = tuple[str, str]
_SHOWN = 12


class Giver(NamedTuple):
    """An endpoint of the specs that gives up what another is yet to have."""

    spec: Located
    endpoint: LocatedEndpoint | None
    """None where the spec has it no more, and an apply deletes it."""
    address: str
    live: AwsObject
    tables: list[AwsObject]
    """The route tables that it gives up; none where it is private DNS."""


def giver(spec: Located, located: LocatedEndpoint, other: AwsObject) -> Giver | None:
    """Return which endpoint of the specs a live one is, if an apply of that gives up what `located` is yet to have."""
    identifier = str(other["VpcEndpointId"])
    if other is located.live or located.one_of or not located.beside(other, ""):
        return None
    if (rival := spec.holders.get(identifier)) is None:
        return _leaver(spec, located, other)
    if rival.path not in spec.others:
        return None
    holder, by_key = spec.estate.once((giver, spec, rival.path), lambda: _holder(spec, rival.path))
    its, own, is_own = by_key[rival.key], find_own(spec, located), holder.path == spec.path
    if its.one_of or not find_own(holder, its) or (is_own and "route_tables" in its.lost):
        return None  # of a spec that leads nowhere nothing more is said
    kept = {*(own.get("RouteTableIds") or ()), *(each["RouteTableId"] for each in its.route_tables)}
    tables = [each for each in located.shared_tables(other) if each["RouteTableId"] not in kept]
    is_dns = other.get("PrivateDnsEnabled") and not (own.get("PrivateDnsEnabled") or its.endpoint.has_private_dns)
    address = holder.address(f"aws_vpc_endpoint.{rival.key}")
    return Giver(holder, its, address, other, tables) if tables or is_dns else None


def _holder(spec: Located, path: str) -> tuple[Located, dict[str, LocatedEndpoint]]:
    """Return the spec of a path, with the state that is told of the one beside it, and its endpoints by their keys."""
    holder = spec.others[path]
    by_key = {each.endpoint.key: each for each in holder.endpoints}
    if path == spec.path:
        return (spec if spec.endpoints is holder.endpoints else replace(spec, endpoints=holder.endpoints)), by_key
    is_told = holder.applied is not None or spec.applied is None
    return (holder if is_told else replace(holder, applied=spec.applied)), by_key


def _leaver(spec: Located, located: LocatedEndpoint, other: AwsObject) -> Giver | None:
    """Return a live endpoint that an apply deletes: the state has it in the module, and the spec not."""
    identifier, own = str(other["VpcEndpointId"]), find_own(spec, located)
    at = spec.stands(identifier)
    path, address = split(at)
    is_here = bool(at) and (path,) == spec.roots and path == spec.root and spec.place(identifier) not in spec.taken
    if not is_here or address in spec.former or at in spec.moves or identifier in {*spec.may_be, *spec.beside}:
        return None
    has = own.get("RouteTableIds") or ()
    tables = [each for each in located.shared_tables(other) if each["RouteTableId"] not in has]
    is_dns = other.get("PrivateDnsEnabled") and not own.get("PrivateDnsEnabled")
    return Giver(spec, None, at, other, tables) if tables or is_dns else None


def all_given_up(spec: Located) -> Iterator[Diagnostic]:
    """Say it of all endpoints of a spec."""
    return (each for located in spec.endpoints for each in given_up(spec, located))


def given_up(spec: Located, located: LocatedEndpoint) -> Iterator[Diagnostic]:
    """Say what is applied before an endpoint that takes what others of the specs give up; refuse a circle of these."""
    key, found = located.endpoint.key, givers(spec, located)
    steps = _steps(spec, located) if found else None
    for each in found:
        names = join_words(label(table, "RouteTableId") for table in each.tables) if each.tables else ""
        whose = named(each, spec)
        has = f"a route in {names}" if names else "private DNS for this service"
        goes = f"{whose} is to give it up" if each.endpoint else "it is to go, for the spec does not have it"
        message = f"{key}: {label(each.live, 'VpcEndpointId')} has {has}, and {goes}"
        code, text = APPLY_FIRST, ""
        if each.endpoint and "route_tables" in each.endpoint.lost:
            code, message = NOT_TOLD, f"{key}: not told whether {whose} gives up {names}, which it has"
            text = f"mend what {each.spec.path} refers to first"
        elif steps is None:
            code, message = ROUTED_ALREADY, f"{message}, which waits for {key} in turn"
            text = f"take {names} out of route_tables: in {key}, render and apply; then write it there again"
        else:
            text = _way(spec, steps)
        if names:
            fix = show(spec, text, "RouteTables", *(table["RouteTableId"] for table in each.tables))
            yield code.at(spec.intent.place(located.endpoint, "route_tables"), message, fix)
        else:
            fix = show_endpoint(spec, each.live, text)
            yield code.at(spec.intent.own_place(located.endpoint, "private_dns_enabled"), message, fix)


def givers(spec: Located, located: LocatedEndpoint) -> list[Giver]:
    """Return the endpoints that give up what one is yet to have."""
    return spec.estate.once((givers, spec, located.endpoint.key), lambda: _givers(spec, located))


def _givers(spec: Located, located: LocatedEndpoint) -> list[Giver]:
    takes_once = located.endpoint.has_private_dns or located.route_tables
    found = (giver(spec, located, each) for each in candidates(located, spec)) if takes_once else ()
    return [each for each in found if each is not None]


def _steps(spec: Located, located: LocatedEndpoint) -> dict[_Identity, Giver] | None:
    """Return what is applied before an endpoint, in order; None where one waits for another that waits for it."""
    start = spec.path, spec.address(f"aws_vpc_endpoint.{located.endpoint.key}")
    steps, graph, first = dict[_Identity, Giver](), {start: givers(spec, located)}, deque([start])
    while first:
        for each in graph[first.popleft()]:
            if (identity := (each.spec.path, each.address)) not in graph:
                graph[identity] = givers(each.spec, each.endpoint) if each.endpoint else []
                steps[identity] = each
                first.append(identity)
    waits = {identity: [(each.spec.path, each.address) for each in found] for identity, found in graph.items()}
    try:
        return {identity: steps[identity] for identity in TopologicalSorter(waits).static_order() if identity != start}
    except CycleError:
        return None


def _way(spec: Located, steps: dict[_Identity, Giver]) -> str:
    """Return what is run first: other specs, or parts of them where these are of its root, or wait for it in turn."""
    roots = spec.estate.once((_way, spec), lambda: {spec.place(each)[0] for each in spec.addresses} - {None})
    here = {path for (path, _), each in steps.items() if path == spec.path or _root(each) in roots}
    others = [each.spec for (path, _), each in steps.items() if path not in here]
    if not here and not any(_waits(each, spec) for each in others):
        return before(spec, *dict.fromkeys(each.path for each in others))
    commands = [
        shlex.join(("terraform", "apply", f"-target={address}")) + ("" if path in here else f" in the root of {path}")
        for path, address in steps
    ]
    ways = some(commands, _SHOWN, ", then ")
    return (
        f"terraform apply changes both at once: {ways}, then terraform apply" if here else f"{ways}, then {spec.path}"
    )


def _root(each: Giver) -> object:
    return each.spec.place(str(each.live["VpcEndpointId"]))[0]


def _waits(other: Located, spec: Located) -> bool:
    return any(path == spec.path for each in other.endpoints for path, _ in _steps(other, each) or ())


def named(each: Giver, spec: Located) -> str:
    """Return the key of an endpoint, with its spec where that is another."""
    key = each.endpoint.endpoint.key if each.endpoint else each.address
    return key + (f" of {each.spec.path}" if each.spec.path != spec.path else "")
