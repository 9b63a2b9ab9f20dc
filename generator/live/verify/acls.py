"""Whether the network ACLs of an endpoint's subnets let callers in, and its answers out: in order of rule number.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html (checked 2026-11-26)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any, NamedTuple

from generator.catalog.catalog import Port
from generator.live.estate import AwsObject, command, label
from generator.live.fields import Pair
from generator.live.verify.groups import BEST, GUARDED, blocks_of
from generator.live.verify.report import Check, Outcome

ACLS = "network ACLs"
# what Linux takes for answers; https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
_ANSWERS = Port(32768, 60999)
_NUMBERS = {"tcp": "6", "udp": "17"}


class _Way(NamedTuple):
    """A network ACL, whether it is left, by whom, and on which ports."""

    acl: AwsObject
    is_out: bool
    block: Any
    port: Port

    def __str__(self) -> str:
        """Return the way as a rule has it."""
        return f"{self.port.protocol} {self.port} {'out to' if self.is_out else 'in from'} {self.block}"


def acls(found: Pair) -> Iterator[Check]:
    """Say whether the network ACLs let the VPC in on the service's ports, and the answers out; of ports one will do."""
    ports = found.endpoint.service.ports if found.endpoint.service else ()
    blocks, subnets = [*blocks_of(found)], {*found.live["SubnetIds"]}
    if found.endpoint.type not in GUARDED or not ports or not blocks or not subnets:
        return
    estate = found.spec.estate
    there = estate.all("NetworkAcls", found.spec.vpc_id)
    of_subnets = [acl for acl in there if any(each["SubnetId"] in subnets for each in acl["Associations"])]
    if subnets - {each["SubnetId"] for acl in of_subnets for each in acl["Associations"]}:
        why = estate.refused.get("NetworkAcls")
        seen = f"not told: {why.message if why else 'those of its subnets are not among what was read'}"
        yield Check(what=ACLS, outcome=Outcome.UNKNOWN, seen=seen, fix=command("NetworkAcls", estate.region))
        return
    best = min((_judge(of_subnets, blocks, port) for port in ports), key=lambda each: BEST.index(each.outcome))
    is_told = found.spec.blocks.is_told or found.live.get("IpAddressType") in {None, "ipv4"}
    if best.outcome is Outcome.PASSED and not is_told:
        best = replace(best, outcome=Outcome.UNKNOWN, seen=f"{best.seen}; not told which blocks are the VPC's")
    yield best


def _judge(of_subnets: Iterable[AwsObject], blocks: Iterable[Any], port: Port) -> Check:
    """Return how the ways in on a port and out again fare that fare worst."""
    answers = Port(_ANSWERS.from_port, _ANSWERS.to_port, port.protocol)
    ways = [
        _Way(acl, is_out, block, answers if is_out else port)
        for acl in of_subnets
        for block in blocks
        for is_out in (False, True)
    ]
    outcomes = [(way, *_fares(way)) for way in ways]
    worst = max((outcome for _, outcome, _ in outcomes), key=BEST.index)
    denies = "denies" if worst is Outcome.FAILED else "denies a part of"
    shown = [
        f"{label(way.acl, 'NetworkAclId')} {denies} {way} by rule {', '.join(by)}"
        for way, outcome, by in outcomes
        if outcome is worst is not Outcome.PASSED
    ]
    if not shown:
        names = dict.fromkeys(label(acl, "NetworkAclId") for acl in of_subnets)
        return Check(what=ACLS, outcome=worst, seen=f"{', '.join(names)} let {port} in, and answers out")
    fix = f"allow that before: {port.protocol} {port} in, and {answers.protocol} 1024-65535 out again"
    first = [way for way, outcome, by in outcomes if outcome is worst and not _has_room(way, by)]
    if first:
        names = dict.fromkeys(label(way.acl, "NetworkAclId") for way in first)
        fix = f"no number is free before: change or remove the first rules of {', '.join(names)} that deny it"
    return Check(what=ACLS, outcome=worst, seen="; ".join(shown), fix=fix)


def _has_room(way: _Way, by: Iterable[str]) -> bool:
    """Tell whether a rule can come before the first of those that deny: numbers begin with 1."""
    first = min((int(each) for each in by if each != "*"), default=32767)
    before = {int(each["RuleNumber"]) for each in way.acl["Entries"] if each["Egress"] == way.is_out}
    return len([each for each in before if each < first]) < first - 1


def _fares(way: _Way) -> tuple[Outcome, tuple[str, ...]]:
    """Return how a way fares, and the numbers of the rules that deny some of it; what no rule has is denied."""
    rest, is_let, by = [way.block], False, dict[str, None]()
    entries = (each for each in way.acl["Entries"] if each["Egress"] == way.is_out)
    for each in sorted(entries, key=lambda entry: int(entry["RuleNumber"])):
        net = ip_network(each.get("CidrBlock") or each.get("Ipv6CidrBlock"), strict=False)
        ports = each.get("PortRange") or {"From": 0, "To": 65535}
        is_meant = each["Protocol"] in {"-1", _NUMBERS[way.port.protocol]} and net.version == way.block.version
        hit = [part for part in rest if part.overlaps(net)] if is_meant else []
        if not hit or ports["From"] > way.port.to_port or ports["To"] < way.port.from_port:
            continue
        is_let |= each["RuleAction"] == "allow"
        if each["RuleAction"] == "deny":
            by[str(each["RuleNumber"]).replace("32767", "*")] = None
        if ports["From"] <= way.port.from_port and way.port.to_port <= ports["To"]:
            inside = [part for part in hit if not part.subnet_of(net)]
            rest = [part for part in rest if part not in hit]
            rest += [left for part in inside for left in part.address_exclude(net)]
    by |= {"*": None} if rest else {}
    return (Outcome.PASSED if not by else Outcome.UNKNOWN if is_let else Outcome.FAILED), tuple(by)
