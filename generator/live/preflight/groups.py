"""Whether security groups that exist let anybody in on the ports of the services."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import chain

from generator.catalog.ports import Port
from generator.live.estate import AwsObject, label
from generator.live.follow import Follower
from generator.live.ingress import Rule, letting_in, rules_from
from generator.live.locate import Located, LocatedEndpoint
from generator.live.openings import CHECK_PORT, called_by, callers_in, lets_in, of_other_family, opening, without_ports
from generator.live.refusals.facts import command_of, find_own, join_words, show
from generator.live.refusals.order import coming
from generator.live.refusals.waiting import leading_nowhere
from generator.live.untold import GIVE_ALL, NOT_CHECKED, doubt, is_told
from generator.rules.provider import version
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.spec.references import ByInput, Create, Source, VpcBlocks

PORT_CLOSED = Code("W431")
MEMBERS_ONLY = Code("W432")
ONE_RULE_TWICE = Code("E435")
LEFT_OUT = Code("W434")


def not_there(spec: Located, *, kind: str, field: str) -> Iterator[Diagnostic]:
    """Refuse rules of created groups that let in what is not there: a source with such a field, of such a kind."""
    follower = Follower(spec.intent, spec.estate, spec.inputs, spec.vpc_id)
    for path, group in spec.intent.made():
        for index, ingress in enumerate(group.ingress):
            if reference := getattr(ingress.source, field, None):
                follower.follow(kind, reference, (*path, "ingress", index, field), one=True)
    yield from leading_nowhere(spec, follower.findings)


def one_rule_twice(spec: Located) -> Iterator[Diagnostic]:
    """Refuse sources of a created group that come to one rule in AWS, where the module does not make them one."""
    is_listed = isinstance(spec.intent.spec.vpc, ByInput) or version(spec.intent.spec.aws_provider) < (4, 56)
    for made in spec.intent.groups:
        seen: dict[Rule, Source] = {}
        for index, ingress in enumerate(made.group.ingress):
            with suppress(Refused):  # what leads nowhere is another finding
                for _, rule in rules_from(made, index, spec):
                    other = seen.setdefault(rule, ingress.source)
                    is_list = is_listed and all(isinstance(each, VpcBlocks) for each in (other, ingress.source))
                    if other != ingress.source and (is_list or rule.network is None):
                        message = f"{made.group.name}: this lets in {rule}, and another source of the group does too"
                        yield ONE_RULE_TWICE.at(spec.intent.source.place((*made.path, "ingress", index)), message)


def ipv6_blocks(spec: Located) -> Iterator[Diagnostic]:
    """Warn of IPv6 blocks of the VPC that older providers do not let in."""
    left_out = [block for block in spec.blocks.ipv6 if block in spec.blocks.unsure]
    for path, group in spec.intent.made() if left_out else ():
        for index, ingress in enumerate(group.ingress):
            if ingress.source == VpcBlocks():
                names = f"{join_words(left_out)} of VPC {label(spec.vpc, 'VpcId')}"
                message = f"{group.name}: a provider before 6.57 does not let in {names}"
                yield LEFT_OUT.at(spec.intent.source.place((*path, "ingress", index)), message)


def port_closed(spec: Located) -> Iterator[Diagnostic]:
    """Warn where no rule lets anybody of the VPC in; whether created groups open a port at all, rules say.

    Of groups that exist and let in a part of the VPC, or others, it is not told who calls, as `verify` says.
    """
    for located in spec.endpoints:
        service, is_lost = located.endpoint.service, "security_groups" in located.lost
        if not located.endpoint.security_groups or (is_lost and spec.findings) or coming(located):
            continue
        listened = (service and service.ports) or ()
        subject = spec.intent.subject(located.endpoint, "security_groups")
        place = spec.intent.place(located.endpoint, "security_groups")
        if is_lost:
            why = doubt(spec.estate, "SecurityGroups", spec.vpc_id, "") or f"the answer lacks groups of {spec.vpc_id}"
            fix = f"{GIVE_ALL}\n    {command_of(spec, 'SecurityGroups')}"
            yield NOT_CHECKED.at(place, f"{subject}: not told who reaches {_numbers(listened)}: {why}", fix)
        for code, message, text in () if is_lost else _closed(spec, located, listened):
            ids = [str(group["GroupId"]) for group in _existing(located)]
            fix = show(spec, text, "SecurityGroups", *ids) if ids else text
            yield code.at(place, f"{subject}: {message}", fix)


def _closed(spec: Located, located: LocatedEndpoint, listened: Sequence[Port]) -> Iterator[tuple[Code, str, str]]:
    """Yield which callers the groups of an endpoint keep out, or may, and what to do."""
    created, existing = _created(located), _existing(located)
    rules, address_type = [*_to_come(spec, created)], _address_type(spec, located)
    names = [*created, *(label(group, "GroupId") for group in existing)]
    if not listened:
        let_in = chain(rules, *map(letting_in, existing))
        yield NOT_CHECKED, without_ports(located.endpoint.key, names, let_in), CHECK_PORT
        return
    others = of_other_family(spec, address_type)
    openings = [opening(existing, port, rules, no_callers=others) for port in listened]
    reached = [lets_in(spec, each, address_type)[:2] for each in openings]
    unsure = [seen for is_open, seen in reached if is_open is None]
    callers, ids = callers_in(spec, address_type), [str(group["GroupId"]) for group in located.security_groups]
    is_opened = any(each.networks or each.others for each in openings)
    is_as_stated = any(each.may_be(callers, ids) for each in openings) if unsure else not is_opened
    if any(is_open for is_open, _ in reached) or (created and is_as_stated and not (existing and is_opened)):
        return
    ports, named = _numbers(listened), join_words(names)
    add = f"add a rule for {listened[0].from_port} from the VPC's addresses"
    if not any(each.may_be(callers) for each in openings):
        by = f" by IPv{str(address_type)[-1]}, by which alone {located.endpoint.key} is called"
        is_by_other = any(each.may_be(callers_in(spec, None)) for each in openings)
        yield PORT_CLOSED, f"no rule of {named} opens {ports} to anybody in the VPC{by * is_by_other}", add
    elif any(each.may_be(callers, ids) for each in openings):
        message = f"not told whether every caller reaches {ports}: {named}: {unsure[0]}"
        yield NOT_CHECKED, message, f"check that every caller is among these, or {add}"
    else:
        yield MEMBERS_ONLY, f"only members of {named} reach {ports}", f"check that each caller is one, or {add}"


def _numbers(ports: Sequence[Port]) -> str:
    return f"port {', '.join(str(port.from_port) for port in ports)}" if ports else "its ports"


def _created(located: LocatedEndpoint) -> list[str]:
    """Return the names of an endpoint's groups that the module makes."""
    return [each.name for each in located.endpoint.security_groups if isinstance(each, Create)]


def _existing(located: LocatedEndpoint) -> list[AwsObject]:
    """Return an endpoint's groups that exist and are none of those."""
    return [each for each in located.security_groups if str(each["GroupName"]) not in _created(located)]


def _to_come(spec: Located, names: Collection[str]) -> Iterator[Rule]:
    """Yield the rules that groups to be made have; a source that leads nowhere is another finding."""
    for made in spec.estate.once((_to_come, spec), lambda: spec.intent.groups):
        for index in range(len(made.group.ingress)) if made.group.name in names else ():
            with suppress(Refused):
                yield from (rule for _, rule in rules_from(made, index, spec))


def _address_type(spec: Located, located: LocatedEndpoint) -> str | None:
    """Return which addresses an endpoint has, by the spec, by AWS or by its subnets; None where that is not told."""
    stated, own = located.endpoint.stated, find_own(spec, located)
    if kind := stated.get("ip_address_type") or own.get("IpAddressType"):
        record = getattr(stated.get("dns_options"), "dns_record_ip_type", None)
        return called_by(str(kind).lower(), record or (own.get("DnsOptions") or {}).get("DnsRecordIpType"))
    blocks = [each["Ipv6CidrBlockAssociationSet"] for each in located.subnets]
    return "ipv4" if blocks and all(is_told(each) and not each for each in blocks) else None
