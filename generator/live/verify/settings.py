"""What an endpoint itself says: its state, its Name tag, its network interfaces and its private DNS."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from itertools import islice

from generator.intent.endpoints import taken_by
from generator.live import states
from generator.live.change import Change
from generator.live.estate import VPC_ATTRIBUTES, AwsObject, label, name, state_of
from generator.live.fields import FIELDS, Pair
from generator.live.locate import IF_MANAGED
from generator.live.refusals.way_round import way_round
from generator.live.states import failure, is_failing, is_pending
from generator.live.unstated import unstated
from generator.live.untold import lacking
from generator.live.verify.report import Check, Outcome

INTERFACES = "network interfaces"
PRIVATE_DNS = "private DNS"
_INTERFACE = {"in-use": Outcome.PASSED, "associated": Outcome.PASSED, "attaching": Outcome.PENDING}
"""What the status of a network interface means; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html"""


_AMAZON = frozenset({"AmazonProvidedDNS", "169.254.169.253", "fd00:ec2::253"})
_CHECKED_ELSEWHERE = (
    *("service", "service_name", "resource_configuration_arn", "service_network_arn", "type"),
    *("subnets", "security_groups", "route_tables", "private_dns_enabled"),
)
"""The fields by which an endpoint is found, and those that checks of their own look at."""
_IF_OTHER = "subnet_configuration."
"""The beginning of the fields of which only those are told that differ."""


def state(found: Pair) -> Check:
    """Say whether an endpoint is available, and why it is not."""
    meaning, fix = states.explain(found.live, found.located, found.spec)
    seen = ": ".join(part for part in (str(found.live["State"]), meaning, failure(found.live)) if part)
    outcome = Outcome.PASSED if states.state(found.live) == "available" else Outcome.UNKNOWN
    outcome = Outcome.PENDING if is_pending(found.live) else Outcome.FAILED if is_failing(found.live) else outcome
    return Check(what="state", outcome=outcome, seen=seen, fix=fix)


def name_tag(found: Pair) -> Iterator[Check]:
    """Say whether an endpoint has the name that the spec gives it."""
    wanted, there = found.endpoint.name, name(found.live)
    if wanted is not None:
        seen = "no Name tag" if there is None else f"Name = {there}"
        if "name" in found.changes:
            fix = f"the spec says {wanted}: terraform apply {IF_MANAGED}, else gen-endpoints adopt"
            yield Check(what="name", outcome=Outcome.FAILED, seen=seen, fix=fix)
        else:
            yield Check(what="name", outcome=Outcome.PASSED, seen=seen)


def others(found: Pair) -> Iterator[Check]:
    """Say of each other setting that the spec states whether it is so, and of one that it leaves to AWS if it isn't."""
    changes = found.changes
    for field in FIELDS:
        wanted = None if field.name in _CHECKED_ELSEWHERE or field.differences else field.expected(found.located)
        if wanted is not None:
            change, what = changes.get(field.name), field.name.rpartition(".")[2]
            if change is None:
                yield Check(what=what, outcome=Outcome.PASSED, seen=_text(wanted))
            else:
                yield differs(what, change, way_round(found.spec, found.located, field.name))
    for change in changes.values():
        if change.field.startswith(_IF_OTHER):
            yield differs(change.field.removeprefix(_IF_OTHER), change)
    for change, default in unstated(found):
        if change.field != "policy":  # which has a check of its own
            what, fix = change.field.rpartition(".")[2], "gen-endpoints drift has the ways out"
            seen, outcome = f"{_text(change.found)}, and the spec leaves it to AWS: {default}", Outcome.FAILED
            if not change.known:
                seen, fix, outcome = f"not told, and the spec leaves it to AWS: {default}", "", Outcome.UNKNOWN
            yield Check(what=what, outcome=outcome, seen=seen, fix=fix)


def differs(what: str, change: Change, way: str = "") -> Check:
    """Return the check of a field that is not as the spec says, and the `way` round where no apply makes it so."""
    if not change.known:
        return Check(what=what, outcome=Outcome.UNKNOWN, seen=f"not told, and the spec says {_text(change.wanted)}")
    seen = f"{_text(change.found)}, and the spec says {_text(change.wanted)}"
    return Check(what=what, outcome=Outcome.FAILED, seen=seen, fix=way or "terraform apply")


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def interfaces(found: Pair) -> Iterator[Check]:
    """Say whether there is a network interface at work in each of the spec's subnets."""
    if not found.located.subnets:
        return
    ids, everywhere = found.live["NetworkInterfaceIds"], found.spec.estate.all("NetworkInterfaces")
    there = {str(each["SubnetId"]): each for each in everywhere if each["NetworkInterfaceId"] in ids}
    own = {*found.live["SubnetIds"]} if states.state(found.live) == "available" else set[str]()
    subnets = {str(each["SubnetId"]): each for each in found.located.subnets}
    outcomes = {label(each, "SubnetId"): _at_work(there.get(key), is_in=key in own) for key, each in subnets.items()}
    order = (Outcome.FAILED, Outcome.PENDING, Outcome.UNKNOWN, Outcome.PASSED)
    worst = min((outcome for outcome, _ in outcomes.values()), key=order.index)
    shown = [f"{subnet}: {seen}" for subnet, (outcome, seen) in outcomes.items() if outcome is worst]
    fix = "terraform apply puts the endpoint into each subnet of the spec" if worst is Outcome.FAILED else ""
    if fix and (refused := way_round(found.spec, found.located, "subnets")):
        fix = refused
    elif fix and subnets.keys() <= there.keys():  # it is in each, and an apply sees no difference
        fix = states.replacement(found.located, found.spec)
    yield Check(what=INTERFACES, outcome=worst, seen="; ".join(shown), fix=fix)


def _at_work(interface: AwsObject | None, *, is_in: bool) -> tuple[Outcome, str]:
    if interface is None:  # an endpoint that is made has one in each subnet that it is in
        return (Outcome.UNKNOWN, "not told, though the endpoint is in it") if is_in else (Outcome.FAILED, "none")
    status = state_of(interface, "Status")
    outcome = _INTERFACE.get(status, Outcome.FAILED)
    address = interface.get("PrivateIpAddress") or interface.get("Ipv6Address") or ""
    seen = f"{interface['NetworkInterfaceId']} {address}".rstrip()
    return outcome, seen if outcome is Outcome.PASSED else f"{seen} is {status}"


def private_dns(found: Pair) -> Iterator[Check]:
    """Say whether private DNS is as the spec says, and whether the VPC answers by it."""
    if "private_dns_enabled" not in taken_by(found.endpoint.type):
        return
    wanted, change = found.endpoint.has_private_dns, found.changes.get("private_dns_enabled")
    if change is not None:
        seen = f"{'on' if change.found else 'off'}, and the spec has it {'on' if wanted else 'off'}"
        apply = (wanted and way_round(found.spec, found.located, "private_dns_enabled")) or "terraform apply"
        yield Check(what=PRIVATE_DNS, outcome=Outcome.FAILED, seen=seen, fix=apply)
    elif not wanted:
        yield Check(what=PRIVATE_DNS, outcome=Outcome.PASSED, seen="off, as the spec says")
    else:
        yield _vpc_attributes(found)


def _vpc_attributes(found: Pair) -> Check:
    """Say whether the VPC has the DNS attributes without which private DNS is on, and of no use.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    vpc_id = found.spec.vpc_id
    if off := found.spec.estate.dns_off(vpc_id):
        seen = f"on, but the VPC has {' and '.join(off)} off"
        return Check(what=PRIVATE_DNS, outcome=Outcome.FAILED, seen=seen, fix="; ".join(off.values()))
    if not found.spec.estate.knows_dns(vpc_id):
        why, fix = lacking([VPC_ATTRIBUTES], found.spec.estate, vpc_id)
        seen = f"on; whether the VPC has its DNS attributes on is not told: {why}"
        return Check(what=PRIVATE_DNS, outcome=Outcome.UNKNOWN, seen=seen, fix=fix)
    servers = _servers(found)
    if servers is None:
        options = found.spec.vpc.get("DhcpOptionsId")
        why, fix = lacking(["DhcpOptions"] if options else ["Vpcs"], found.spec.estate)
        if not options:
            why = f"the answer has no `DhcpOptionsId` of {vpc_id}"
        elif found.spec.estate.knows("DhcpOptions"):
            why = f"{options} is not among what was read"
        seen = f"on; the VPC's DHCP options are not told: {why}"
        return Check(what=PRIVATE_DNS, outcome=Outcome.UNKNOWN, seen=seen, fix=fix)
    if servers:
        names = "no DNS servers" if "none" in servers else f"the DNS servers {', '.join(servers)}"
        seen = f"on, but the VPC's DHCP options name {names}"
        fix = "private names resolve only if these forward them to AmazonProvidedDNS"
        if "none" in servers:
            fix = "have DHCP options that name AmazonProvidedDNS: aws ec2 associate-dhcp-options --dhcp-options-id ID"
            fix += f" --vpc-id {vpc_id} --region {found.spec.estate.region}"
        return Check(what=PRIVATE_DNS, outcome=Outcome.UNKNOWN, seen=seen, fix=fix)
    return Check(what=PRIVATE_DNS, outcome=Outcome.PASSED, seen="on")


def _servers(found: Pair) -> tuple[str, ...] | None:
    """Return the DNS servers of the VPC's DHCP options that are not Amazon's; None where they are not told.

    Amazon's is at the base of the VPC's primary block plus two.
    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    options = str(found.spec.vpc.get("DhcpOptionsId"))
    if options == "default":  # the VPC has none
        return ("none",)
    if (there := found.spec.estate.one("DhcpOptions", options)) is None:
        return None
    named = [each["Values"] for each in there["DhcpConfigurations"] if each["Key"] == "domain-name-servers"]
    own = {str(each) for each in islice(ip_network(found.spec.vpc["CidrBlock"], strict=False), 2, 3)}
    servers = [str(each["Value"]) for values in named for each in values]
    return tuple(each for each in servers if each not in own | _AMAZON) if servers else ("none",)
