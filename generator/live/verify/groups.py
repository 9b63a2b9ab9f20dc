"""Who the security groups of an endpoint let in on the service's ports, and whether that is the VPC."""

from __future__ import annotations

import ipaddress
import shlex
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from generator.catalog.ports import Port
from generator.live.estate import AwsObject, command
from generator.live.fields import Pair
from generator.live.ingress import Rule, letting_in, rules_of, subnet_blocks
from generator.live.ingress import groups as groups_of
from generator.live.openings import (
    CHECK_PORT,
    Opening,
    called_by,
    callers_in,
    lacks,
    lets_in,
    of_other_family,
    opening,
    without_ports,
)
from generator.live.refusals.order import coming
from generator.live.refusals.way_round import way_round
from generator.live.untold import GIVE_ALL, is_told
from generator.live.verify.report import Check, Outcome
from generator.live.verify.settings import differs
from generator.source.diagnostics import Refused
from generator.source.suggest import some
from generator.spec.references import BlocksOf, CidrBlock, Create, Ingress, MembersOf, VpcBlocks

GUARDED = frozenset({"Interface", "Resource", "ServiceNetwork"})
BEST = (Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED)

_OF_OTHERS = "terraform apply: the spec has other security groups"
_OUTCOMES = {True: Outcome.PASSED, None: Outcome.UNKNOWN, False: Outcome.FAILED}


def families(found: Pair) -> str | None:
    """Return by addresses of which families an endpoint is called, as an `IpAddressType`."""
    return called_by(found.live.get("IpAddressType"), (found.live.get("DnsOptions") or {}).get("DnsRecordIpType"))


def ports(found: Pair) -> Iterator[Check]:
    """Say which groups it has in place of the spec's, with what these close; else whether the port is open."""
    checks = [*_ports(found)]
    own = {*found.located.absent_groups} - {*coming(found.located)}
    if (change := found.changes.get("security_groups")) and not own:
        other = differs("security_groups", change, way_round(found.spec, found.located, "security_groups"))
        if closed := [f"{each.what}: {each.seen}" for each in checks if other.fix and each.fix == _OF_OTHERS]:
            other, checks = replace(other, seen="; ".join((other.seen, *closed))), checks[:-1]
        yield other
    yield from checks


def _ports(found: Pair) -> Iterator[Check]:
    """Say whether the service's port is open to the VPC; of several ports one that is open does."""
    if found.endpoint.type not in GUARDED:
        return
    if not is_told(found.live["Groups"]):
        yield Check(
            what="ports", outcome=Outcome.UNKNOWN, seen="which security groups it has is not told", fix=GIVE_ALL
        )
        return
    ids = [str(group["GroupId"]) for group in found.live["Groups"]]
    groups = [found.spec.estate.one("SecurityGroups", each) for each in ids]
    service = found.endpoint.service
    shown = some(ids) or "no security group"
    if elsewhere := [f"{each['GroupId']} of {each['VpcId']}" for each in groups if each and _is_elsewhere(each, found)]:
        seen = f"{some(elsewhere)}: whether it is associated with {found.spec.vpc_id} no answer tells"
        fix = f"aws ec2 get-security-groups-for-vpc --vpc-id {found.spec.vpc_id} lists those that are"
        yield Check(what="security groups", outcome=Outcome.UNKNOWN, seen=seen, fix=fix)
    if None in groups:
        unknown = some((each for each, group in zip(ids, groups, strict=True) if group is None))
        seen = f"the rules of {unknown} are not known"
        yield Check(what="ports", outcome=Outcome.UNKNOWN, seen=seen, fix="aws ec2 describe-security-groups shows them")
    elif service is None or not service.ports:
        seen = without_ports("it", [shown], (rule for group in groups if group for rule in letting_in(group)))
        yield Check(what="ports", outcome=Outcome.UNKNOWN, seen=seen, fix=CHECK_PORT)
    else:
        yield _best(found, service.ports, [group for group in groups if group], shown)


def _is_elsewhere(group: AwsObject, found: Pair) -> bool:
    """Tell whether a group is of another VPC: it guards in this one only if it is associated with it.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html (checked 2026-11-27)
    """
    return bool(group["VpcId"] != found.spec.vpc_id)


def _best(found: Pair, listened: Iterable[Port], groups: list[AwsObject], shown: str) -> Check:
    """Judge each port, and say how the one fares that fares best."""
    others = of_other_family(found.spec, families(found))
    fares = [(port, *_judge(found, opening(groups, port, no_callers=others))) for port in listened]
    port, outcome, seen, missing = min(fares, key=lambda each: BEST.index(each[1]))
    closed = [str(each) for each, how, *_ in fares if how is not outcome]
    seen = f"{shown}: {seen}" + (f" (not on {', '.join(closed)})" if closed else "")
    fix = ""
    if outcome is not Outcome.PASSED and "security_groups" in found.changes:
        fix = _OF_OTHERS
    elif outcome is Outcome.FAILED:
        fix = _command(found, groups, port, missing)
        if _is_to_come(found, port):
            fix = "terraform apply"
        elif _makes_all(found):
            fix = f"write an ingress for {port} into the group in {found.spec.path}, then render and terraform apply"
    elif outcome is Outcome.UNKNOWN:
        vpc, region = found.spec.vpc_id, found.spec.estate.region
        lists = command("NetworkInterfaces", region, f"--filters Name=vpc-id,Values={vpc}")
        fix = f"fine if all callers are among these, by their addresses and groups: {lists}"
    return Check(what=f"port {port}", outcome=outcome, seen=seen, fix=fix)


def _is_to_come(found: Pair, port: Port) -> bool:
    """Tell whether a group that the module makes lacks a rule of the spec that opens a port: an apply brings it."""
    names = {each.name for each in found.endpoint.security_groups if isinstance(each, Create)}
    live = {str(each["GroupName"]): rules_of(each) for each in found.located.security_groups}
    with suppress(Refused):  # a source that leads nowhere
        made = [each for each in groups_of(found.spec) if each.name in names]
        return any(rule.opens(port) and rule not in live.get(each.name, {}) for each in made for rule in each.rules)
    return False


def _command(found: Pair, groups: list[AwsObject], port: Port, missing: list[str]) -> str:
    """Return the command that lets in what is missing; without a group there is none to open.

    https://docs.aws.amazon.com/cli/latest/reference/ec2/authorize-security-group-ingress.html
    """
    if not missing:
        return f"add a rule for {port} from the addresses of the VPC that the endpoint has, too"
    if not groups:
        return f"write security_groups in {found.spec.path}, then render and terraform apply"
    command = ("aws", "ec2", "authorize-security-group-ingress", "--region", found.spec.estate.region, "--group-id")
    rules = (Rule.of(port, block) for block in missing)
    return shlex.join((*command, str(groups[0]["GroupId"]), "--ip-permissions", *(rule.permission for rule in rules)))


def _judge(found: Pair, opened: Opening) -> tuple[Outcome, str, list[str]]:
    """Judge who gets in: those that the spec's own groups are to let in, else the VPC; and say what is missing."""
    wanted, address_type = [*_ingress(found, opened.port)], families(found)
    sources = [each.source for each in wanted]
    if not wanted or VpcBlocks() in sources:
        is_open, seen, missing = lets_in(found.spec, opened, address_type)
        if not (wanted and missing):
            return _OUTCOMES[is_open], seen, missing
    else:
        stated = [source.cidr for source in sources if isinstance(source, CidrBlock)]
        if VpcBlocks(of_subnets=True) in sources:
            stated += subnet_blocks(found.spec)
        missing = [cidr for cidr in stated if not opened.covers(ipaddress.ip_network(cidr))]
        missing += [f"the {noun}" for noun in _others(wanted, opened)]
    if missing or not (opened.networks or opened.others):
        return Outcome.FAILED, lacks(opened, missing), missing
    seen = f"{opened} let in, as the spec says"
    callers, ids = callers_in(found.spec, address_type), [str(each["GroupId"]) for each in found.live["Groups"]]
    nobody = "" if opened.may_be(callers) else ", and nobody in the VPC"
    return Outcome.PASSED if opened.may_be(callers, ids) else Outcome.UNKNOWN, f"{seen}{nobody}", missing


def _makes_all(found: Pair) -> bool:
    """Tell whether the module makes all groups of an endpoint that has any."""
    references = found.endpoint.security_groups
    return bool(references) and all(isinstance(reference, Create) for reference in references)


def _ingress(found: Pair, port: Port) -> Iterator[Ingress]:
    """Yield whom the groups are to let in on a port, where the module makes them all."""
    names = {each.name for each in found.endpoint.security_groups if isinstance(each, Create)}
    for made in found.spec.intent.groups if _makes_all(found) else ():
        for ingress in made.group.ingress if made.group.name in names else ():
            if any(each.includes(port) for each in made.ports(ingress)):
                yield ingress


def _others(wanted: Iterable[Ingress], opened: Opening) -> Iterator[str]:
    """Yield what the rules let in besides networks, where nothing of that kind is let in."""
    sources = [each.source for each in wanted]
    for kind, prefix, noun in ((BlocksOf, "pl-", "prefix list"), (MembersOf, "sg-", "security group")):
        is_open = any(other.startswith(prefix) for other in opened.others)
        if not is_open and any(isinstance(source, kind) for source in sources):
            yield noun
