"""What AWS takes once in a VPC, and two specs have: by what their references lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.intent.claims import Owners, twins
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Claim
from generator.live.candidates import candidates
from generator.live.estate import label
from generator.live.locate import Located
from generator.live.pairs import home
from generator.live.refusals.clashes import dns_names
from generator.source.diagnostics import Diagnostic


def claimed_twice(specs: Iterable[Located]) -> Iterator[tuple[Diagnostic, ...]]:
    """Yield what others of the specs have that each claims in its VPC, but for what is there and told by its id."""
    owners = Owners()
    for spec in specs:
        held = {
            located.endpoint.place
            for located in spec.endpoints
            if located.live is None
            for each in candidates(located, spec)
            if each["VpcEndpointId"] in spec.holders and located.beside(each, "")
        }
        source = spec.intent.source
        row = source.place(("name",)) if source.label else None
        found = (*spec.intent.claims_by(_leading(spec)), *_names(spec)) if spec.intent.rendered else ()
        claims = ((what, row or place) for what, place in found if place not in held)
        yield twins(spec.path, claims, spec.vpc and home(spec), owners)


def _leading(spec: Located) -> Iterator[tuple[Endpoint, str, list[str]]]:
    """Yield each endpoint with what its references lead to, whatever their form, an input's too."""
    for each in spec.endpoints:
        tables = each.route_tables if each.endpoint.type == "Gateway" else ()
        yield each.endpoint, each.target, [f"route table {label(table, 'RouteTableId')}" for table in tables]


def _names(spec: Located) -> Iterator[Claim]:
    """Yield the private names of services that are not AWS's: those of two may be one."""
    for each in spec.with_private_dns:
        for name in dns_names(spec, each) if each.endpoint.service is None else ():
            yield Claim(f"an endpoint with private DNS for {name}", each.endpoint.place)
