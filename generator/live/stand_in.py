"""What works beside a dead endpoint of a spec that Terraform's state has, and has what AWS takes once in a VPC."""

from __future__ import annotations

from collections.abc import Iterable

from generator.live.candidates import Live, lives_of
from generator.live.estate import AwsObject
from generator.live.locate import Located, LocatedEndpoint
from generator.live.match import taken_in
from generator.live.owners import untold_owner
from generator.live.states import explain, is_dead


def stand_ins(specs: Iterable[Located]) -> dict[str, str]:
    """Return how Terraform takes in what works beside the dead of specs, in place of them, by its id."""
    found = ((spec, each, _stand_in(each, spec)) for spec in specs if spec.applied for each in spec.endpoints)
    return {other.id: _taken_in(each, spec, other) for spec, each, other in found if other}


def mend(located: LocatedEndpoint, live: AwsObject, spec: Located, *, shows: str = "") -> str:
    """Return what to do where an endpoint does not work, by what `shows` it: the AWS CLI's line, where none is given.

    Beside what works in its place AWS refuses another, so Terraform is to have that.
    """
    other = _stand_in(located, spec)
    return _taken_in(located, spec, other) if other else explain(live, located, spec, shows=shows)[1]


def _stand_in(located: LocatedEndpoint, spec: Located) -> Live | None:
    """Return the one that works beside what is dead and the state has at an address; no spec, and no state has it."""
    own = located.live
    if own is None or not is_dead(own) or not spec.is_managed(str(own["VpcEndpointId"])):
        return None
    others = (each for each in lives_of(located, spec) if each.is_available and not each.has_left)
    free = [each for each in others if each.id not in spec.holders and each.id not in (spec.applied or {})]
    working = [each for each in free if located.beside(each.object, "")]
    return working[0] if len(working) == 1 and spec.stands(str(own["VpcEndpointId"])) else None


def _taken_in(located: LocatedEndpoint, spec: Located, other: Live) -> str:
    own = str((located.live or {})["VpcEndpointId"])
    line = taken_in(spec, spec.stands(own), other.id)
    untold = untold_owner(other.object, spec.estate)
    step = f"{untold[0]}; {untold[1]}; if nobody else does: {line}" if untold else line
    return f"{other.id} works in place of {own}, and AWS takes no other beside it: {step}"
