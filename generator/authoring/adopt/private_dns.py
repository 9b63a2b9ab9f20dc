"""What `adopt` says of the DNS attributes of a VPC: the guard of the module stops each plan without them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.intent.intent import Intent
from generator.live.estate import VPC_ATTRIBUTES, Estate
from generator.live.untold import NOT_CHECKED, lacking
from generator.source.diagnostics import Code, Diagnostic, Place

NO_DNS = Code("W413")


def lacking_dns(intent: Intent, vpc_id: str, estate: Estate) -> Iterator[Diagnostic]:
    """Warn of private DNS where an attribute that it needs is off in the VPC (W413), or not told (W420)."""
    if not any(each.has_private_dns for each in intent.endpoints):
        return
    if off := estate.dns_off(vpc_id):
        message = f"private DNS is on, and the VPC has {' and '.join(off)} off: the plan stops until that is on"
        yield NO_DNS.at(Place(vpc_id), message, "; ".join(off.values()))
    elif not estate.knows_dns(vpc_id):
        why, way = lacking([VPC_ATTRIBUTES], estate, vpc_id)
        what = "the DNS attributes that it needs, without which the plan stops"
        yield NOT_CHECKED.at(
            Place(vpc_id), f"private DNS is on, and it is not told whether the VPC has {what}: {why}", way
        )
