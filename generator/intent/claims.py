"""What AWS takes once in a VPC, and two modules have."""

from __future__ import annotations

from collections.abc import Iterable

from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.suggest import some

TWIN = Code("E035")
MAYBE_TWIN = Code("W035")
Owners = dict[tuple[object, str], str]
"""Which spec has what of a VPC, by both."""


def twins(
    path: str, claims: Iterable[tuple[str, Place]], vpc: object, owners: Owners, code: Code = TWIN
) -> tuple[Diagnostic, ...]:
    """Return what others have that a spec claims in a VPC that is known; note what nobody had before."""
    at: dict[tuple[Place, str], list[str]] = {}
    for what, place in claims if vpc else ():
        if (owner := owners.setdefault((vpc, what), path)) != path:
            at.setdefault((place, owner), []).append(what)
    where = "in a VPC that nothing tells from this one" if code is MAYBE_TWIN else "in the same VPC"
    return tuple(code.at(place, f"{owner} has {some(what, 2)} {where}") for (place, owner), what in at.items())
