"""The best reference to an object of AWS: its Name tag if no other has the same, else what is always unique."""

from __future__ import annotations

from typing import Any

from generator.catalog.wildcards import is_pattern
from generator.live.estate import KINDS, AwsObject, Estate, name
from generator.source.text import objection

_LONGEST = 256


def reference(kind: str, found: AwsObject, estate: Estate) -> dict[str, Any]:
    """Return how a spec names a VPC, or a subnet, route table, security group or prefix list."""
    if kind == "SecurityGroups" and found["GroupName"] == "default":
        return {"default": True}
    own = found.get("PrefixListName") if kind == "PrefixLists" else name(found)
    if own is not None and _is_good(own) and not (kind == "SecurityGroups" and own == "default"):
        vpc_id = None if kind in {"Vpcs", "PrefixLists"} else str(found["VpcId"])
        same_name = [each for each in estate.all(kind, vpc_id) if own in {name(each), each.get("PrefixListName")}]
        if len(same_name) == 1:
            return {"name": own}
    if kind == "RouteTables" and found in estate.tables(str(found["VpcId"])):
        return {"main": True}
    return {"id": str(found[KINDS[kind][0]])}


def _is_good(text: str) -> bool:
    """Tell whether a Name finds what has it, and nothing else, in Terraform's lookup and in a reader's eye."""
    fits = text == text.strip() and 0 < len(text) <= _LONGEST and text.isprintable()
    return fits and not is_pattern(text) and objection(text) is None
