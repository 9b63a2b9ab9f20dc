"""Whether security groups that exist let anybody in on the ports of the services."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from generator.live.estate import AwsObject, label
from generator.live.follow import Follower
from generator.live.ingress import Rule, rules_of, vpc_blocks
from generator.live.locate import Located
from generator.live.preflight.facts import add_command, join_words, show
from generator.source.diagnostics import Code, Diagnostic
from generator.spec.references import Create

PORT_CLOSED = Code("W431")
MEMBERS_ONLY = Code("W432")


def no_source(spec: Located) -> Iterator[Diagnostic]:
    """Refuse rules of created groups that let in a group which is not there."""
    yield from _unmet(spec, "SecurityGroups", "security_group")


def no_prefix_list(spec: Located) -> Iterator[Diagnostic]:
    """Refuse rules of created groups that let in a prefix list which is not there."""
    yield from _unmet(spec, "PrefixLists", "prefix_list")


def _unmet(spec: Located, kind: str, field: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with the sources of rules that have such a field."""
    follower = Follower(spec.intent, spec.estate, spec.inputs, spec.vpc_id)
    for path, group in spec.intent.created():
        for index, ingress in enumerate(group.ingress):
            if reference := getattr(ingress.source, field, None):
                follower.follow(kind, reference, (*path, "ingress", index, field), one=True)
    yield from (add_command(*each) for each in follower.findings.items())


def port_closed(spec: Located) -> Iterator[Diagnostic]:
    """Warn where no rule of the existing groups lets callers in; groups that the module makes are the rules' affair."""
    for located in spec.endpoints:
        endpoint, service = located.endpoint, located.endpoint.service
        created = any(isinstance(each, Create) for each in endpoint.security_groups)
        if service is None or not service.ports or not located.security_groups or created:
            continue
        ids = [str(group["GroupId"]) for group in located.security_groups]
        sources = [
            _caller(rule, ids, spec.vpc)
            for group in located.security_groups
            for rule in rules_of(group)
            if any(rule.opens(port) for port in service.ports)
        ]
        if "others" in sources:
            continue
        names = join_words(label(group, "GroupId") for group in located.security_groups)
        ports = ", ".join(str(port.from_port) for port in service.ports)
        subject = spec.intent.subject(endpoint, "security_groups")
        if "members" in sources:
            code, message = MEMBERS_ONLY, f"{subject}: only members of {names} reach port {ports}"
            text = "check that every caller is a member, or add a rule for the VPC's addresses"
        else:
            code, message = PORT_CLOSED, f"{subject}: no rule of {names} opens port {ports} to anybody in the VPC"
            text = f"add a rule for {service.ports[0].from_port} from the VPC's addresses"
        fix = show(spec, text, "SecurityGroups", *ids)
        yield code.at(spec.intent.place(endpoint, "security_groups"), message, fix)


def _caller(rule: Rule, own: Iterable[str], vpc: AwsObject) -> str:
    """Return whom a rule lets in: others, members of the endpoint's own groups, or nobody of the VPC."""
    if rule.source in own:
        return "members"
    blocks = [ipaddress.ip_network(each) for several in vpc_blocks(vpc) for each in several]
    network = rule.network
    is_outside = network is not None and not any(
        network.version == each.version and network.overlaps(each) for each in blocks
    )
    return "nobody" if is_outside else "others"
