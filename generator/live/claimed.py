"""What AWS takes once in a VPC, and two specs have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.intent.claims import Owners, twins
from generator.live.locate import Located
from generator.live.pairs import candidates, home
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
        claims = ((what, row or place) for what, place in spec.intent.claims if place not in held)
        yield twins(spec.path, claims, spec.vpc and home(spec), owners)
