"""What answers do not tell, and yet let know of: an object that another names, a field that a file may have lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.live.estate import KINDS, Estate, main_table
from generator.source.diagnostics import Code

NOT_TOLD = Code("E406")
NOT_CHECKED = Code("W420")
"""What is not known, and does not count: findings for programs have it below an error, in all commands alike."""
GIVE_ALL = "give all that AWS says, or ask it: without --from"
_ID = re.compile(r"\b(?:vpc|subnet|rtb|sg|pl)-[0-9a-f]{8,17}\b")
_NAMED = {
    "Vpcs": "Subnets.VpcId RouteTables.VpcId SecurityGroups.VpcId VpcEndpoints.VpcId",
    "Subnets": "NetworkInterfaces.SubnetId RouteTables.Associations.SubnetId NetworkAcls.Associations.SubnetId",
    "RouteTables": "VpcEndpoints.RouteTableIds",
    "SecurityGroups": "VpcEndpoints.Groups.GroupId",
    "PrefixLists": "SecurityGroups.IpPermissions.PrefixListIds.PrefixListId RouteTables.Routes.DestinationPrefixListId",
}
"""Where other objects name one of a kind; what endpoints name that is in their VPC, `contradictions` asks for."""


class UntoldText(str):
    """An empty text, where a file does not have what AWS leaves out of an answer if it is empty."""

    __slots__ = ()


_UNTOLD_TEXT = UntoldText()


def untold_text() -> UntoldText:
    """Return the empty text that is not told: one for all, of which a file may lack a million."""
    return _UNTOLD_TEXT


class UntoldList(list[Any]):
    """An empty list, where a file does not have what AWS leaves out of an answer if it is empty."""


def is_told(value: object) -> bool:
    """Tell whether a value was in an answer, or AWS itself left it out."""
    return not isinstance(value, UntoldText | UntoldList)


def undescribed(estate: Estate, kind: str, vpc_id: str) -> tuple[str, ...]:
    """Return the ids of a kind that objects of a VPC name, and no answer describes."""
    known = {each[KINDS[kind][0]] for each in estate.all(kind)}
    paths = (path.split(".") for path in _NAMED[kind].split()) if kind in _NAMED else ()
    named = {each for of, *keys in paths for each in _values(estate.all(of, vpc_id or None), keys)}
    return tuple(sorted(named - known))


def doubt(estate: Estate, kind: str, vpc_id: str, wanted: str) -> str:
    """Return why it is not told that a VPC has nothing of a kind, by ids or by tags; empty where it is told."""
    ids, key = {*_ID.findall(wanted)}, KINDS[kind][0]
    named = [each for each in undescribed(estate, kind, vpc_id) if each in (ids or {each})]
    bare = [str(each[key]) for each in estate.all(kind, vpc_id or None) if not (ids or is_told(each["Tags"]))]
    lacks = [f"{', '.join(named)} is named and not described"] if named else []
    if kind == "RouteTables" and not main_table(estate, vpc_id):
        lacks.append(f"the answer has no main route table of {vpc_id}")
    return " and ".join([*lacks, *([f"the answer has no Tags of {', '.join(bare)}"] if bare else [])])


def _values(objects: Iterable[Mapping[str, Any]], keys: list[str]) -> Iterator[str]:
    key, *rest = keys
    for each in objects:
        if key in each:
            yield from _values(each[key], rest) if rest else each[key] if isinstance(each[key], list) else [each[key]]
