"""What answers do not tell, and yet let know of: an object that another names, a field that a file may have lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from generator.live.aws import ACTIONS
from generator.live.estate import KINDS, AwsObject, Estate, commands, is_associated, label, name
from generator.source.diagnostics import Code
from generator.source.suggest import nearest, some

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


def lacking(kinds: Collection[str], estate: Estate, vpc: str = "VPC") -> tuple[str, str]:
    """Return why AWS has told nothing of some kinds, and what to do; `vpc` is whose attributes are asked for."""
    refused = {kind: estate.refused[kind].message for kind in kinds if kind in estate.refused}
    ways = dict.fromkeys(way_of(kind, estate) for kind in refused)
    asks = "; ".join(each for kind in kinds for each in commands(kind, estate.region, vpc).values())
    why = "; ".join(refused.values())
    return (
        why or f"the files have no {', '.join(f'`{kind}`' for kind in kinds)}",
        " and ".join(ways) or f"give what this prints: {asks}",
    )


def way_of(kind: str, estate: Estate) -> str:
    """Return what helps where AWS did not say something."""
    return estate.refused[kind].fix or f"allow {ACTIONS[kind]}"


def other_owner(vpc: AwsObject, estate: Estate) -> str:
    """Return the account that owns a VPC, where it and the caller's are known and two; else nothing."""
    owner = str(vpc.get("OwnerId", ""))
    return owner if owner and estate.account and owner != estate.account else ""


def unseen(vpc: AwsObject, estate: Estate, what: str = "its endpoints") -> tuple[str, str] | None:
    """Return why AWS does not tell all of `what` a VPC has, and what to do: it is, or may be, shared; else None.

    "Participants cannot view, modify, or delete resources that belong to other
    participants or the VPC owner." https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html (read 2026-11-28)
    "You can't create, describe, modify, or delete VPC endpoints in subnets that are shared with you."
    https://docs.aws.amazon.com/securityhub/latest/userguide/security-vpc-endpoints.html (Shared subnets; read
    2026-11-28). Who is shown an endpoint of a VPC owns it.
    """
    owner = str(vpc.get("OwnerId", ""))
    if owner in {"", estate.account} or (not estate.account and estate.all("VpcEndpoints", vpc["VpcId"])):
        return None
    why = f"not told: VPC {vpc['VpcId']} belongs to account {owner}, and AWS "
    if not estate.account:
        untold, way = lacking(["Account"], estate)
        return f"{why}shows {what} to no other; not told who asked: {untold}", way
    return (
        f"{why}does not show {what} to {estate.account}",
        f"ask with credentials of account {owner}, which owns the VPC",
    )


def undescribed(estate: Estate, kind: str, vpc_id: str) -> Mapping[str, None]:
    """Return the ids of a kind that objects of a VPC name, and no answer describes."""
    return estate.once((undescribed, kind, vpc_id), lambda: dict.fromkeys(_undescribed(estate, kind, vpc_id)))


def naming(kind: str) -> frozenset[str]:
    """Return the kinds of objects that name one of a kind."""
    return frozenset(path.partition(".")[0] for path in _NAMED[kind].split())


def _undescribed(estate: Estate, kind: str, vpc_id: str) -> Iterable[str]:
    known = {each[KINDS[kind][0]] for each in estate.all(kind)}
    paths = (path.split(".") for path in _NAMED[kind].split()) if kind in _NAMED else ()
    named = {each for of, *keys in paths for each in _values(estate.all(of, vpc_id or None), keys)}
    return sorted(named - known)


def doubt(estate: Estate, kind: str, vpc_id: str, wanted: str) -> str:
    """Return why it is not told that a VPC has nothing of a kind, by ids or by tags; empty where it is told."""
    ids, lacking = {*_ID.findall(wanted)}, undescribed(estate, kind, vpc_id)
    named = some(sorted(ids & lacking.keys()) if ids else lacking)
    lacks = [f"{named} is named and not described"] if named else []
    if kind == "RouteTables" and not estate.tables(vpc_id):
        lacks.append(f"the answer has no main route table of {vpc_id}")
    bare = "" if ids else estate.once((doubt, kind, vpc_id), lambda: some(_bare(estate, kind, vpc_id)))
    return " and ".join([*lacks, *([f"the answer has no Tags of {bare}"] if bare else [])])


def offer(estate: Estate, kind: str, vpc_id: str, wanted: str, how: str = "write the name or {id: …}") -> str:
    """Return what to do where it is not told whether what is wanted is there: `how` to refer to what surely is.

    AWS leaves the tags out of an answer where there are none, as of a default VPC: there may be no more to give.
    """
    there = estate.all(kind, vpc_id or None)
    near = nearest(wanted, filter(None, map(name, there)))
    labels = [label(each, KINDS[kind][0]) for each in sorted(there, key=lambda each: name(each) not in near)]
    if not labels or _ID.search(wanted):
        return GIVE_ALL
    return f"if AWS says no more, {how} of one of these: {some(labels)}; else {GIVE_ALL}"


def _bare(estate: Estate, kind: str, vpc_id: str) -> Iterator[str]:
    """Yield the ids of the objects whose tags are not told."""
    there = estate.all(kind, vpc_id or None)
    return (str(each[KINDS[kind][0]]) for each in there if not is_told(each["Tags"]))


def _values(objects: Iterable[Mapping[str, Any]], keys: list[str]) -> Iterator[str]:
    key, *rest = keys
    for each in objects:
        if key in each and is_associated(each):
            yield from _values(each[key], rest) if rest else each[key] if isinstance(each[key], list) else [each[key]]
