"""What is applied, or run, before an endpoint that takes what another of the specs gives up.

Terraform changes both at once where neither depends on the other, and AWS refuses what comes too early.
https://developer.hashicorp.com/terraform/internals/graph (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.live.estate import label
from generator.live.locate import Located, LocatedEndpoint
from generator.live.refusals.facts import dns_place, give_up, join_words, show, show_endpoint, way
from generator.live.refusals.givers import givers
from generator.live.refusals.order import APPLY_FIRST, before
from generator.live.refusals.waiting import circle, follows
from generator.live.untold import NOT_TOLD
from generator.source.diagnostics import Code, Diagnostic

DNS_TAKEN = Code("E427")
ROUTED_ALREADY = Code("E429")


def all_given_up(spec: Located) -> Iterator[Diagnostic]:
    """Say it of all endpoints of a spec."""
    return (each for located in spec.endpoints for each in given_up(spec, located))


def given_up(spec: Located, located: LocatedEndpoint) -> Iterator[Diagnostic]:
    """Say what is done before an endpoint takes what others of the specs give up; refuse a circle of their roots.

    Not `terraform apply -target`: with a `moved` block that is not applied yet it fails, "Moved resource instances
    excluded by targeting". https://github.com/hashicorp/terraform/blob/main/internal/terraform/context_plan.go (read
    2026-11-28)
    """
    key = located.endpoint.key
    for each in givers(spec, located):
        names = join_words(label(table, "RouteTableId") for table in each.tables) if each.tables else ""
        has = f"a route in {names}" if names else "private DNS for this service"
        code, text = APPLY_FIRST, give_up(spec, each.live, each.tables)
        message = f"{key}: {label(each.live, 'VpcEndpointId')} has {has}, and {each.named(spec)} is to give it up"
        if "route_tables" in each.endpoint.lost:
            code, message = NOT_TOLD, f"{key}: not told whether {each.named(spec)} gives up {names}, which it has"
            text = f"mend what {each.spec.path} refers to first"
        elif not each.is_told:
            lacks = each.spec.lacks(str(each.live["VpcEndpointId"]))
            code, message = NOT_TOLD, f"{message} if its root has it, which is not told: {lacks}"
            text = located.beside(each.live, way(spec, located, each.live))
        elif follows(spec, each.spec):
            continue
        elif each.spec.shares_root(spec):
            text = f"terraform apply changes both at once: first {text}"
        elif members := circle(spec, each.spec.path):
            code, message = ROUTED_ALREADY if names else DNS_TAKEN, f"{message}, and {members}"
            text = f"{text}, then apply {spec.path}"
        else:
            text = before(spec, each.spec.path, f"first {text}")
        if names:
            fix = show(spec, text, "RouteTables", *(table["RouteTableId"] for table in each.tables))
            yield code.at(spec.intent.place(located.endpoint, "route_tables"), message, fix)
        else:
            yield code.at(dns_place(spec, located), message, show_endpoint(spec, each.live, text))
