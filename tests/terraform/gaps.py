"""What an edit broke on its way, by the emulated AWS's own log: from the first call to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .emulated_log import Call, Rule, Vpc


def gaps(calls: Sequence[Call], vpc_id: str, before: Vpc) -> list[str]:
    """Return what went wrong in a VPC that was `before` when the calls began, each once, after which call first.

    Refused calls; and in any state a door that lacks a rule that it had and has in the end, a private name that nobody
    answers for, and a route that leads nowhere. A door that is new is to have all its rules from its first moment.
    """
    after = calls[-1].vpcs[vpc_id] if calls else before
    found: dict[str, str] = {}
    for call in calls:
        state = call.vpcs[vpc_id]
        if call.refusal and call.concerns(vpc_id):
            found[f"{call.action} is refused with {call.refusal}"] = ""
        for gap in _gaps(state, before, after):
            found.setdefault(gap, f" after {call.action}")
    return [gap + when for gap, when in found.items()]


def _gaps(state: Vpc, before: Vpc, after: Vpc) -> Iterator[str]:
    wanted = _wanted(before, after)
    for endpoint, door in state.doors.items():
        missing = wanted.get(door.service, frozenset()) - state.inbound(endpoint) if door.groups else ()
        for rule in sorted(missing):
            yield f"{door.service} is closed to {rule.source} on {rule.protocol} {rule.from_port}-{rule.to_port}"
    for name in sorted((_names(before) & _names(after)) - _names(state)):
        yield f"nobody answers for {name}"
    for table, destination in sorted((_routes(before) & _routes(after)) - _routes(state)):
        yield f"{table} leads nowhere with {destination}"


def _wanted(before: Vpc, after: Vpc) -> Mapping[str, frozenset[Rule]]:
    """Return the rules that each service's doors always have: those of both ends, or of the end where it is new."""
    first, last = _inbound(before), _inbound(after)
    return {service: rules & first.get(service, rules) for service, rules in last.items()}


def _inbound(state: Vpc) -> dict[str, frozenset[Rule]]:
    return {door.service: state.inbound(endpoint) for endpoint, door in state.doors.items() if door.groups}


def _names(state: Vpc) -> frozenset[str]:
    return frozenset().union(*(door.names for door in state.doors.values()))


def _routes(state: Vpc) -> set[tuple[str, str]]:
    """Return the tables and destinations that lead to an endpoint that there is."""
    return {
        (table, destination)
        for table, routes in state.routes.items()
        for destination, target in routes
        if target in state.doors
    }
