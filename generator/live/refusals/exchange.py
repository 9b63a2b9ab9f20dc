"""What is applied, or run, before an endpoint that takes what another of the specs gives up.

Terraform changes both at once where neither depends on the other, and AWS refuses what comes too early.
https://developer.hashicorp.com/terraform/internals/graph (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.live.estate import label
from generator.live.locate import Located, LocatedEndpoint
from generator.live.refusals.facts import give_up, join_words, show, show_endpoint
from generator.live.refusals.givers import Giver, givers
from generator.live.refusals.order import APPLY_FIRST, before
from generator.live.refusals.waiting import waits
from generator.live.untold import NOT_TOLD
from generator.source.diagnostics import Code, Diagnostic

DNS_TAKEN = Code("E427")
ROUTED_ALREADY = Code("E429")


def all_given_up(spec: Located) -> Iterator[Diagnostic]:
    """Say it of all endpoints of a spec."""
    return (each for located in spec.endpoints for each in given_up(spec, located))


def given_up(spec: Located, located: LocatedEndpoint) -> Iterator[Diagnostic]:
    """Say what is applied before an endpoint that takes what others of the specs give up; refuse a circle of these."""
    key = located.endpoint.key
    for each in givers(spec, located):
        names = join_words(label(table, "RouteTableId") for table in each.tables) if each.tables else ""
        has = f"a route in {names}" if names else "private DNS for this service"
        code, text = APPLY_FIRST, _way(spec, located, each)
        message = f"{key}: {label(each.live, 'VpcEndpointId')} has {has}, and {each.named(spec)} is to give it up"
        if "route_tables" in each.endpoint.lost:
            code, message = NOT_TOLD, f"{key}: not told whether {each.named(spec)} gives up {names}, which it has"
            text = f"mend what {each.spec.path} refers to first"
        elif waiting := _in_turn(spec, located, each):
            code, message = ROUTED_ALREADY if names else DNS_TAKEN, f"{message}, {waiting} in turn"
        if names:
            fix = show(spec, text, "RouteTables", *(table["RouteTableId"] for table in each.tables))
            yield code.at(spec.intent.place(located.endpoint, "route_tables"), message, fix)
        else:
            fix = show_endpoint(spec, each.live, text)
            yield code.at(spec.intent.own_place(located.endpoint, "private_dns_enabled"), message, fix)


def _in_turn(spec: Located, located: LocatedEndpoint, each: Giver) -> str:
    """Return that what gives something up waits for what takes it, or its spec for that one's; empty for neither."""
    start, seen, first = (spec.path, located.endpoint.key), set[tuple[str, str]](), [each]
    while first:
        one = first.pop()
        if (identity := (one.spec.path, one.endpoint.endpoint.key)) == start:
            return f"which waits for {located.endpoint.key}"
        if identity not in seen:
            seen.add(identity)
            first += givers(one.spec, one.endpoint)
    is_waiting = not each.is_beside(spec) and spec.path in waits(each.spec, only_other_roots=True)
    return f"and {each.spec.path} waits for {spec.path}" if is_waiting else ""


def _way(spec: Located, located: LocatedEndpoint, each: Giver) -> str:
    """Return what is done first: another spec applied, or by AWS's CLI what one apply does too late, or a circle never.

    Not `terraform apply -target`: with a `moved` block that is not applied yet it fails, "Moved resource instances
    excluded by targeting". https://github.com/hashicorp/terraform/blob/main/internal/terraform/context_plan.go (read
    2026-11-28)
    """
    if each.is_beside(spec):
        return f"terraform apply changes both at once: first {give_up(spec, each.live, each.tables)}"
    if _in_turn(spec, located, each):
        return f"{give_up(spec, each.live, each.tables)}, then apply {spec.path}, then {each.spec.path}"
    return before(spec, each.spec.path)
