"""Whether security groups that exist let anybody in on the ports of the services."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from generator.live.estate import label
from generator.live.follow import Follower
from generator.live.ingress import Network, Rule, callers_in, rules_from, rules_of
from generator.live.locate import Located, LocatedEndpoint
from generator.live.preflight.facts import add_command, find_own, join_words, show
from generator.live.untold import is_told
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
    for path, group in spec.intent.created():
        for index, ingress in enumerate(group.ingress):
            if reference := getattr(ingress.source, field, None):
                follower.follow(kind, reference, (*path, "ingress", index, field), one=True)
    yield from (add_command(*each) for each in follower.findings.items())


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
    for path, group in spec.intent.created() if left_out else ():
        for index, ingress in enumerate(group.ingress):
            if ingress.source == VpcBlocks():
                names = f"{join_words(left_out)} of VPC {label(spec.vpc, 'VpcId')}"
                message = f"{group.name}: a provider before 6.57 does not let in {names}"
                yield LEFT_OUT.at(spec.intent.source.place((*path, "ingress", index)), message)


def port_closed(spec: Located) -> Iterator[Diagnostic]:
    """Warn where no rule lets anybody of the VPC in; whether created groups open a port at all, rules say."""
    for located in spec.endpoints:
        endpoint, service = located.endpoint, located.endpoint.service
        created = [each.name for each in endpoint.security_groups if isinstance(each, Create)]
        is_known = (located.security_groups or created) and "security_groups" not in located.lost
        if service is None or not service.ports or not is_known:
            continue
        existing = [each for each in located.security_groups if str(each["GroupName"]) not in created]
        ids = [str(group["GroupId"]) for group in existing]
        rules = [*_to_come(spec, created), *(rule for group in existing for rule in rules_of(group))]
        opening = [rule for rule in rules if any(rule.opens(port) for port in service.ports)]
        of_vpc = callers_in(spec, _address_type(spec, located))
        sources = [_caller(rule, ids, of_vpc) for rule in opening]
        if "others" in sources or (created and not sources):
            continue
        names = join_words([*created, *(label(group, "GroupId") for group in existing)])
        ports = ", ".join(str(port.from_port) for port in service.ports)
        subject = spec.intent.subject(endpoint, "security_groups")
        if "members" in sources:
            code, message = MEMBERS_ONLY, f"{subject}: only members of {names} reach port {ports}"
            text = "check that every caller is a member, or add a rule for the VPC's addresses"
        else:
            code, message = PORT_CLOSED, f"{subject}: no rule of {names} opens port {ports} to anybody in the VPC"
            text = f"add a rule for {service.ports[0].from_port} from the VPC's addresses"
        fix = show(spec, text, "SecurityGroups", *ids) if ids else text
        yield code.at(spec.intent.place(endpoint, "security_groups"), message, fix)


def _to_come(spec: Located, names: Collection[str]) -> Iterator[Rule]:
    """Yield the rules that groups to be made have; a source that leads nowhere is another finding."""
    for made in spec.intent.groups:
        for index in range(len(made.group.ingress)) if made.group.name in names else ():
            with suppress(Refused):
                yield from (rule for _, rule in rules_from(made, index, spec))


def _address_type(spec: Located, located: LocatedEndpoint) -> str | None:
    """Return `ipv4` where an endpoint has no IPv6 address, by the spec, by AWS or by its subnets; None of all else."""
    if stated := located.endpoint.stated.get("ip_address_type") or find_own(spec, located).get("IpAddressType"):
        return "ipv4" if str(stated).lower() == "ipv4" else None
    blocks = [each["Ipv6CidrBlockAssociationSet"] for each in located.subnets]
    return "ipv4" if blocks and all(is_told(each) and not each for each in blocks) else None


def _caller(rule: Rule, own: Iterable[str], of_vpc: Iterable[Network]) -> str:
    """Return whom a rule lets in: others, members of the endpoint's own groups, or nobody of the VPC."""
    if rule.source in own:
        return "members"
    is_outside = rule.network is not None and not any(map(rule.network.overlaps, of_vpc))
    return "nobody" if is_outside else "others"
