"""Whether the network ACLs of subnets let callers in to an endpoint or out to a gateway, and the answers back.

Rules are taken in order of their numbers.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html (checked 2026-11-26)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any, NamedTuple

from generator.catalog.ports import Port
from generator.live.estate import AwsObject, label
from generator.live.fields import Pair
from generator.live.follow import table_of
from generator.live.openings import blocks_of, callers_in, is_told, reaching
from generator.live.untold import lacking, undescribed
from generator.live.verify.groups import BEST, GUARDED, families
from generator.live.verify.parts import Part, part_of
from generator.live.verify.report import Check, Outcome
from generator.live.verify.routes import workload_subnets
from generator.rules.addresses import NOT_PUBLIC_IPV4
from generator.source.suggest import some

ACLS = "network ACLs"
# what Linux takes for answers; https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
_ANSWERS = Port(32768, 60999)
_ANYWHERE = ip_network("0.0.0.0/0")
_PUBLIC = (_ANYWHERE, ip_network("2000::/3"))
"""What public addresses are in: https://www.rfc-editor.org/rfc/rfc6890, and https://www.rfc-editor.org/rfc/rfc4291."""
_ANY = (Port(0, 65535), Port(0, 65535, "udp"))
_OF_GATEWAYS = (Port(443, 443), Port(80, 80))
_MOST = 100
"""AWS takes 40 rules a direction: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""
_NUMBERS = {"tcp": "6", "udp": "17"}


class _Way(NamedTuple):
    """A network ACL, whether it is left, by whom, on which ports, and whether only public addresses count."""

    acl: AwsObject
    is_out: bool
    block: Any
    port: Port
    is_public: bool = False

    def __str__(self) -> str:
        """Return the way as a rule has it."""
        family = "" if self.block.version == _ANYWHERE.version else "IPv6 "
        who = f"public {family}addresses" if self.is_public else self.block
        return f"{self.port.protocol} {self.port} {'out to' if self.is_out else 'in from'} {who}"

    @property
    def parts(self) -> list[Part]:
        """The way's addresses and ports."""
        first, last = self.port.from_port, self.port.to_port
        parts = [part_of(self.block, first, last)]
        for block in NOT_PUBLIC_IPV4 if self.is_public and self.block == _ANYWHERE else ():
            parts = [part for each in parts for part in each.less(part_of(block, first, last))]
        return parts


def acls(found: Pair) -> Iterator[Check]:
    """Say whether the network ACLs let the VPC in on the service's ports, and the answers out; of ports one will do.

    Where no source has the ports, it is told where nothing at all gets through. The addresses of what is behind a
    gateway are public: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html (checked 2026-11-28)
    """
    is_out, is_guarded = found.endpoint.type == "Gateway", found.endpoint.type in GUARDED
    ports = found.endpoint.service.ports if found.endpoint.service else ()
    subnets = _workloads(found) if is_out else {*found.live["SubnetIds"]}
    blocks = [*blocks_of(found.spec, families(found))] if is_guarded else [_ANYWHERE]
    if not blocks or not subnets:
        return
    estate = found.spec.estate
    there = estate.all("NetworkAcls", found.spec.vpc_id)
    of_subnets = [acl for acl in there if any(each["SubnetId"] in subnets for each in acl["Associations"])]
    if subnets - {each["SubnetId"] for acl in of_subnets for each in acl["Associations"]}:
        why, fix = lacking(["NetworkAcls"], estate)
        seen = "those of its subnets are not among what was read" if estate.knows("NetworkAcls") else why
        yield Check(what=ACLS, outcome=Outcome.UNKNOWN, seen=f"not told: {seen}", fix=fix)
        return
    if not is_guarded:
        yield from _to_gateway(found, of_subnets) if is_out else [_through(of_subnets)]
        return
    best = _best(of_subnets, blocks, ports or _ANY, is_out=False)
    if best.outcome is Outcome.PASSED and not is_told(found.spec, families(found)):
        best = replace(best, outcome=Outcome.UNKNOWN, seen=f"{best.seen}; not told which blocks are the VPC's")
    if best.outcome is not Outcome.PASSED and _is_only(found):
        best = replace(best, outcome=Outcome.PASSED, seen="none applies within the only subnet of the VPC", fix="")
    if ports or best.outcome is Outcome.FAILED:
        yield best


def _is_only(found: Pair) -> bool:
    """Tell whether the VPC has one subnet, that of the endpoint: who calls it from there passes no network ACL.

    https://docs.aws.amazon.com/sdk-for-kotlin/api/latest/finspace/aws.sdk.kotlin.services.finspace.model/-network-acl-entry
    ("controlling traffic in and out of one or more subnets", read 2026-11-28)
    """
    estate, vpc_id = found.spec.estate, found.spec.vpc_id
    there = {str(each["SubnetId"]) for each in estate.all("Subnets", vpc_id)}
    return len(there) == 1 and there == {*found.live["SubnetIds"]} and not undescribed(estate, "Subnets", vpc_id)


def _to_gateway(found: Pair, of_subnets: list[AwsObject]) -> Iterator[Check]:
    """Say where the ACLs keep subnets from a gateway: all of them from all public addresses, or some from some.

    From those of IPv6 only if it has such addresses, and the VPC.
    """
    kind = found.live.get("IpAddressType")
    versions = {each.version for each in callers_in(found.spec, kind)}
    blocks = [each for each in reaching(kind or "ipv4", _PUBLIC) if each.version in versions]
    if not blocks:
        return
    best = _best(of_subnets, blocks, _OF_GATEWAYS, is_out=True)
    if best.outcome is Outcome.UNKNOWN:
        filters = f"--filters Name=prefix-list-name,Values={found.live['ServiceName']}"
        lists = f"aws ec2 describe-prefix-lists {filters} --region {found.spec.estate.region}"
        yield replace(best, fix=f"fine if the addresses that this lists are let out and in: {lists}")
    each_alone = (_best([acl], blocks, _OF_GATEWAYS, is_out=True).outcome for acl in of_subnets)
    if best.outcome is not Outcome.FAILED:
        return
    if any(outcome is not Outcome.FAILED for outcome in each_alone):
        yield replace(best, outcome=Outcome.UNKNOWN, seen=f"{best.seen}, which matters if workloads are there")
        return
    sure = blocks if is_told(found.spec, kind) else [each for each in blocks if each == _ANYWHERE]
    if not sure or _best(of_subnets, sure, _OF_GATEWAYS, is_out=True).outcome is not Outcome.FAILED:
        best = replace(best, outcome=Outcome.UNKNOWN, seen=f"{best.seen}; not told which blocks are the VPC's")
    yield best


def _through(of_subnets: Iterable[AwsObject]) -> Check:
    """Say whether the ACLs let all through a Gateway Load Balancer endpoint: what is routed to it no answer tells."""
    names = some(label(acl, "NetworkAclId") for acl in of_subnets)
    ways = (_Way(acl, is_out, _ANYWHERE, port) for acl in of_subnets for is_out in (False, True) for port in _ANY)
    if any(map(_is_closed, of_subnets)):
        fix = "allow what is routed to it, in and out"
        return Check(what=ACLS, outcome=Outcome.FAILED, seen=f"{names} let nothing in, or nothing out", fix=fix)
    if all(_fares(way)[0] is Outcome.PASSED for way in ways):
        return Check(what=ACLS, outcome=Outcome.PASSED, seen=f"{names} let all TCP and UDP in and out")
    fix = "check that the others are not routed to it"
    return Check(what=ACLS, outcome=Outcome.UNKNOWN, seen=f"{names} let only a part of TCP and UDP in and out", fix=fix)


def _workloads(found: Pair) -> set[str]:
    """Return the subnets whose way to a gateway is looked at: the workloads', or all that its tables serve."""
    if own := workload_subnets(found.spec).keys():
        return {*own}
    tables, estate = found.live["RouteTableIds"], found.spec.estate
    used = ((subnet, table_of(subnet, estate)) for subnet in estate.all("Subnets", found.spec.vpc_id))
    return {str(subnet["SubnetId"]) for subnet, of in used if any(each["RouteTableId"] in tables for each in of)}


def _is_closed(acl: AwsObject) -> bool:
    """Tell whether a network ACL lets nothing at all in, or nothing out."""
    ways = ([_fares(_Way(acl, is_out, _ANYWHERE, port)) for port in _ANY] for is_out in (False, True))
    return any(all(outcome is Outcome.FAILED for outcome, _ in each) for each in ways)


def _best(of_subnets: list[AwsObject], blocks: list[Any], ports: Iterable[Port], *, is_out: bool) -> Check:
    """Return how the port fares that fares best."""
    fares = (_judge(of_subnets, blocks, port, is_out=is_out) for port in ports)
    return min(fares, key=lambda each: BEST.index(each.outcome))


def _judge(of_subnets: Iterable[AwsObject], blocks: Iterable[Any], port: Port, *, is_out: bool) -> Check:
    """Return how the ways on a port, in or out, and back again fare that fare worst: each ACL's for all blocks."""
    answers = Port(_ANSWERS.from_port, _ANSWERS.to_port, port.protocol)
    ways = [
        _Way(acl, is_back is not is_out, block, answers if is_back else port, is_public=is_out)
        for acl in of_subnets
        for block in blocks
        for is_back in (False, True)
    ]
    outcomes = [(way, *_fares(way)) for way in ways]
    of_acls = (_of_acl(acl, outcomes, is_out=is_out) for acl in of_subnets)
    worst = max(of_acls, key=BEST.index)
    denies = {Outcome.FAILED: "denies", Outcome.UNKNOWN: "denies a part of"}
    shown = [
        f"{label(way.acl, 'NetworkAclId')} {denies[outcome]} {way} by rule {some(by)}"
        for way, outcome, by in outcomes
        if outcome is not Outcome.PASSED and BEST.index(outcome) >= BEST.index(worst)
    ]
    if not shown:
        names = dict.fromkeys(label(acl, "NetworkAclId") for acl in of_subnets)
        return Check(what=ACLS, outcome=worst, seen=f"{some(names)} let {port} in, and answers out")
    closed = dict.fromkeys(str(way) for way, outcome, _ in outcomes if outcome is not Outcome.PASSED)
    fix = f"allow that before: {some(closed)}"
    first = [
        way
        for way, outcome, by in outcomes
        if outcome is not Outcome.PASSED and BEST.index(outcome) >= BEST.index(worst) and not _has_room(way, by)
    ]
    if first:
        names = dict.fromkeys(label(way.acl, "NetworkAclId") for way in first)
        fix = f"no number is free before: change or remove the first rules of {some(names)} that deny it"
    return Check(what=ACLS, outcome=worst, seen=some(shown, between="; "), fix=fix)


def _of_acl(acl: AwsObject, outcomes: Iterable[tuple[_Way, Outcome, tuple[str, ...]]], *, is_out: bool) -> Outcome:
    """Return how a network ACL fares: callers are shut out where each block of theirs is, as groups are judged."""
    of_blocks: dict[Any, Outcome] = {}
    for way, outcome, _ in outcomes:
        if way.acl is acl:
            of_blocks[way.block] = max(of_blocks.get(way.block, Outcome.PASSED), outcome, key=BEST.index)
    worst, best = (each(of_blocks.values(), key=BEST.index) for each in (max, min))
    return worst if is_out or worst is best else Outcome.UNKNOWN


def _has_room(way: _Way, by: Iterable[str]) -> bool:
    """Tell whether a rule can come before the first of those that deny: numbers begin with 1."""
    first = min((int(each) for each in by if each.isdecimal()), default=32767)
    before = {int(each["RuleNumber"]) for each in way.acl["Entries"] if each["Egress"] == way.is_out}
    return len([each for each in before if each < first]) < first - 1


def _fares(way: _Way) -> tuple[Outcome, tuple[str, ...]]:
    """Return how a way fares, and the numbers of the rules that deny some of it; what no rule has is denied."""
    rest, is_let, by = way.parts, False, dict[str, None]()
    entries = [each for each in way.acl["Entries"] if each["Egress"] == way.is_out]
    if len(entries) > _MOST:
        return Outcome.UNKNOWN, (f"of {len(entries)}, too many to look at",)
    for each in sorted(entries, key=lambda entry: int(entry["RuleNumber"])):
        net = ip_network(each.get("CidrBlock") or each.get("Ipv6CidrBlock"), strict=False)
        ports = each.get("PortRange") or {"From": 0, "To": 65535}
        if each["Protocol"] not in {"-1", _NUMBERS[way.port.protocol]} or net.version != way.block.version:
            continue
        rule = part_of(net, ports["From"], ports["To"])
        left = [part for before in rest for part in before.less(rule)]
        if left != rest:
            is_let |= each["RuleAction"] == "allow"
            by |= {str(each["RuleNumber"]).replace("32767", "*"): None} if each["RuleAction"] == "deny" else {}
        rest = left
    by |= {"*": None} if rest else {}
    return (Outcome.PASSED if not by else Outcome.UNKNOWN if is_let else Outcome.FAILED), tuple(by)
