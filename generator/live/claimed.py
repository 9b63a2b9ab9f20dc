"""What AWS takes once in a VPC, and two specs have: by what their references lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.intent.claims import Owners, twins
from generator.intent.groups import created_groups
from generator.live.estate import label
from generator.live.locate import Located
from generator.live.pairs import candidates, home
from generator.source.diagnostics import Diagnostic, Place


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
        claims = ((what, row or place) for what, place in _claims(spec) if place not in held)
        yield twins(spec.path, claims, spec.vpc and home(spec), owners)


def _claims(spec: Located) -> Iterator[tuple[str, Place]]:
    """Yield what `Intent.claims` has, but by what a reference leads to, whatever its form, an input's too."""
    for each in () if spec.intent.source.is_retired else spec.endpoints:
        if each.endpoint.has_private_dns:
            yield f"an endpoint of {each.target} with private DNS", each.endpoint.place
        for table in each.route_tables if each.endpoint.type == "Gateway" else ():
            words = f"a gateway endpoint of {each.target} on route table {label(table, 'RouteTableId')}"
            yield words, each.endpoint.place
    for found in created_groups(spec.intent.rendered):
        yield f"a security group named {found.group.name}", spec.intent.source.place(found.path)
