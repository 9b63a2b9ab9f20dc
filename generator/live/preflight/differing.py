"""What an apply does with what exists of a spec, is in a state or import block, and differs from what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import Enum
from typing import NamedTuple

from generator.live import ingress
from generator.live.change import Change
from generator.live.fields import Pair, changes
from generator.live.locate import Located
from generator.live.marks import tainted
from generator.live.refusals.facts import find_own
from generator.live.states import is_ill
from generator.live.unstated import unstated
from generator.source.diagnostics import Refused


class Does(Enum):
    """What an apply does with a field; what Terraform has no argument for in the module, it leaves."""

    CHANGES = "changes"
    LEAVES = "leaves"
    NOT_TOLD = "not told"


class Differing(NamedTuple):
    """One field of an endpoint, by its key, or of a security group, by its name."""

    name: str
    field: str
    does: Does


def differing(spec: Located) -> tuple[Differing, ...]:
    """Return in what a spec's own differ that its apply does not replace, as far as a state or import block has them.

    Of what fails, or is replaced, the findings tell.
    """
    if spec.applied is None and not spec.imported:
        return ()
    found = [*_endpoints(spec)]
    with suppress(Refused):  # a source that leads nowhere is another finding
        found += _groups(spec)
    return tuple(dict.fromkeys(found))


def _endpoints(spec: Located) -> Iterator[Differing]:
    for located in spec.endpoints:
        live = find_own(spec, located)
        if (
            not live
            or not spec.is_managed(live["VpcEndpointId"])
            or located.one_of
            or is_ill(live)
            or tainted(spec.applied, str(live["VpcEndpointId"]))
        ):
            continue
        pair, key = Pair(located=located, live=live, spec=spec), located.endpoint.key
        lost = [Differing(key, each, Does.NOT_TOLD) for each in sorted(located.lost)]
        yield from lost or _rows(key, changes(pair), Does.CHANGES)
        yield from _rows(key, (change for change, _ in unstated(pair)), Does.LEAVES)


def _groups(spec: Located) -> Iterator[Differing]:
    there = {each["GroupName"]: each for each in spec.estate.all("SecurityGroups", spec.vpc_id)}
    for group in ingress.groups(spec):
        live = there.get(group.name, {})
        if not live or not spec.is_managed(live["GroupId"]) or tainted(spec.applied, str(live["GroupId"])):
            continue
        in_state = (spec.applied or {}).get(str(live["GroupId"]))
        own = [*ingress.group_changes(group, in_state)] if in_state else []
        for each in ingress.group_changes(group, live):
            is_others = (
                each.field == "ingress" and each.wanted is None and each not in own
            )  # Terraform has no such rule
            yield from _rows(group.name, [each], Does.LEAVES if is_others else Does.CHANGES)


def _rows(name: str, several: Iterable[Change], does: Does) -> Iterator[Differing]:
    yield from (Differing(name, each.field, does if each.known else Does.NOT_TOLD) for each in several)
