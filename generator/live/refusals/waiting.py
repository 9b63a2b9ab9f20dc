"""Which other specs are to be applied before one, whatever for: all that tells of an order asks here."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.live.follow import NOT_THERE
from generator.live.gateways import GATEWAY, lacking
from generator.live.locate import Located
from generator.live.refusals.facts import knows, new_private_dns
from generator.live.refusals.givers import givers
from generator.live.refusals.order import APPLY_FIRST, makers, nowhere, or_first
from generator.source.diagnostics import Code, Diagnostic


def waits(spec: Located, *, only_other_roots: bool = False) -> dict[str, None]:
    """Return the specs that one waits for, and those that these wait for; itself where that is a circle.

    Within a root that is no order: what AWS's CLI has changed, one apply goes on with.
    """
    found, first = dict[str, None](), deque([spec.path] if len(spec.others) > 1 else [])
    while first:
        for path, is_other in _direct(spec.others[first.popleft()]).items():
            if path not in found and (is_other or not only_other_roots):
                found[path] = None
                first.append(path)
    return found


def leading_nowhere(spec: Located, findings: Mapping[Diagnostic, str]) -> Iterator[Diagnostic]:
    """Yield what leads nowhere, each with its command; of what another spec makes, what to apply first."""
    by_place = makers(spec)
    for finding, line in findings.items():
        told = or_first(spec, finding, by_place)
        told = or_in_turn(spec, told, by_place.get(told.place, ""), NOT_THERE)
        yield replace(told, fix=f"{told.fix}\n    {line}") if line else told


def awaited(spec: Located) -> Iterator[Diagnostic]:
    """Say what another spec makes of what endpoints of this one refer to, and so do the groups made for them."""
    places = makers(spec)
    return (each for each in leading_nowhere(spec, nowhere(spec)) if each.place in places)


def or_in_turn(spec: Located, told: Diagnostic, maker: str, code: Code) -> Diagnostic:
    """Return what is said of a spec to apply first; an error of some code where that waits for the other in turn."""
    if (
        told.code != APPLY_FIRST.code
        or maker not in spec.others
        or spec.path not in waits(spec.others[maker], only_other_roots=True)
    ):
        return told
    fix = f"take what waits for the other out of {spec.path} or {maker}, apply both, and write it there again"
    return code.at(told.place, f"{told.message}, and waits for {spec.path} in turn", fix)


def _direct(spec: Located) -> dict[str, bool]:
    """Return for which specs one waits itself, each with whether it is of another root."""
    found = spec.estate.once((_direct, spec), lambda: dict(sorted(_first(spec), key=lambda each: each[1])))
    return {path: is_other for path, is_other in found.items() if path in spec.others}


def _first(spec: Located) -> Iterator[tuple[str, bool]]:
    if knows(spec, "SecurityGroups"):
        by_place = makers(spec)
        yield from ((by_place[each.place], True) for each in nowhere(spec) if each.place in by_place)
    if not knows(spec, "VpcEndpoints"):
        return
    new, maker = {each.endpoint.key for each in new_private_dns(spec)}, spec.coming.get(GATEWAY)
    if maker and any(each.key in new for each, _ in lacking(spec)):
        yield maker, True
    for each in (each for located in spec.endpoints for each in givers(spec, located)):
        if each.spec.path != spec.path:
            yield each.spec.path, not each.is_beside(spec)
