"""Whether the VPC and its subnets take the endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from generator.live.estate import ATTRIBUTES, AwsObject, label, state_of
from generator.live.locate import Located, LocatedEndpoint
from generator.live.refusals.facts import (
    attribute_command,
    find_offer,
    find_own,
    is_applied,
    join_words,
    show,
)
from generator.live.subnets import of_one_zone, stated_twice
from generator.live.untold import GIVE_ALL, NOT_TOLD, other_owner
from generator.source.diagnostics import Code, Diagnostic
from generator.source.suggest import SHOWN, some
from generator.spec.references import as_written

DNS_OFF = Code("E421")
ONE_ZONE_TWICE = Code("E422")
NO_ADDRESS = Code("E425")
NOT_OURS = Code("E426")
NO_SUCH_ADDRESSES = Code("E433")
_SUPPORTED = "SupportedIpAddressTypes"
_GONE = frozenset({"disassociating", "disassociated", "failing", "failed"})


def dns_off(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS, there or not, where a DNS attribute of the VPC is off: a guard fails every plan."""
    keys, place = [each.endpoint.key for each in spec.with_private_dns], spec.intent.source.place(("vpc",))
    for attribute in spec.estate.dns_off(spec.vpc_id) if keys else ():
        option, argument = ATTRIBUTES[attribute], f"enable_dns_{attribute.removeprefix('EnableDns').lower()}"
        vpc = label(spec.vpc, "VpcId")
        message = f"private DNS of {join_words(keys)} needs {option}, which is off in VPC {vpc}"
        text = f"have {argument} = true where the VPC is made, or write private_dns_enabled: false"
        yield DNS_OFF.at(place, message, f"{text}\n    {attribute_command(spec, option)}")


def one_zone_twice(spec: Located) -> Iterator[Diagnostic]:
    """Refuse several subnets of an endpoint in one zone, and one that is stated twice."""
    for located in spec.endpoints:
        subject = spec.intent.subject(located.endpoint, "subnets")
        for there in of_one_zone(located):
            zone = next(iter(there.values()))["AvailabilityZone"]
            message = f"{subject}: subnets {_named(there)} are in one zone, {zone}"
            fix = show(spec, "keep one of them in subnets:", "Subnets", *[*there][:SHOWN])
            yield ONE_ZONE_TWICE.at(spec.intent.place(located.endpoint, "subnets"), message, fix)
        for path, other, subnet in stated_twice(spec, located):
            name = label(subnet, "SubnetId")
            message = f"{subject}: subnet {name} is {as_written(other)} too, and an endpoint is in it once"
            fix = show(spec, "keep one of the two in subnets:", "Subnets", subnet["SubnetId"])
            yield ONE_ZONE_TWICE.at(spec.intent.source.place(path), message, fix)


def coming(spec: Located) -> dict[str, tuple[AwsObject, list[LocatedEndpoint]]]:
    """Return by its id each subnet with the endpoints that come into it and take an IPv4 address."""
    found: dict[str, tuple[AwsObject, list[LocatedEndpoint]]] = {}
    for located in spec.endpoints:
        there = set(find_own(spec, located).get("SubnetIds") or ())
        for subnet in located.subnets if located.endpoint.stated.get("ip_address_type") != "ipv6" else ():
            if subnet["SubnetId"] not in there:
                found.setdefault(subnet["SubnetId"], (subnet, []))[1].append(located)
    return found


def no_address(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a subnet with fewer free IPv4 addresses than endpoints that come into it, of the specs before it too."""
    return (found for found, _ in without_address(spec))


def without_address(spec: Located) -> Iterator[tuple[Diagnostic, list[LocatedEndpoint]]]:
    """Yield what `no_address` finds, each with the endpoints that come into the subnet."""
    for subnet_id, (subnet, endpoints) in coming(spec).items():
        free, before = subnet["AvailableIpAddressCount"], spec.added.get(subnet_id, 0)
        if free < before + len(endpoints) and not (before and free < before):  # told of a spec before
            name, others = label(subnet, "SubnetId"), f"{before} of the specs before, and " if before else ""
            keys = join_words(located.endpoint.key for located in endpoints)
            message = f"subnet {name} has {free or 'no'} free address{'' if free == 1 else 'es'} for {others}{keys}"
            fix = show(spec, "free some, or take a larger subnet of the same zone", "Subnets", subnet_id)
            yield NO_ADDRESS.at(spec.intent.place(endpoints[0].endpoint, "subnets"), message, fix), endpoints


def not_ours(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a VPC that is another account's, where an apply makes or changes an endpoint in it."""
    if not (owner := other_owner(spec.vpc, spec.estate)):
        return
    if applied := [each.endpoint.key for each in spec.endpoints if is_applied(spec, each)]:
        message = f"VPC {label(spec.vpc, 'VpcId')} belongs to account {owner}, and the caller is {spec.estate.account}"
        message = f"{some(applied)}: {message}"
        text = "apply the module in the account that owns the VPC; its endpoints serve the shared subnets too"
        yield NOT_OURS.at(spec.intent.source.place(("vpc",)), message, show(spec, text, "Vpcs", spec.vpc_id))


def subnet_addresses(spec: Located) -> Iterator[Diagnostic]:
    """Refuse an address type that a subnet does not have."""
    for located in spec.endpoints:
        wanted, own = str(located.endpoint.stated.get("ip_address_type")), find_own(spec, located)
        there = own.get("SubnetIds") or () if _has_type(own, wanted) else ()
        by_types: dict[tuple[str, ...], dict[str, AwsObject]] = {}
        for subnet in (each for each in located.subnets if each["SubnetId"] not in there):
            if wanted in {"ipv4", "dualstack", "ipv6"} and wanted not in address_types(subnet):
                by_types.setdefault((*address_types(subnet),), {})[subnet["SubnetId"]] = subnet
        for types, subnets in by_types.items():
            message = f"{located.endpoint.key}: {wanted}, which these subnets do not support: {_named(subnets)}"
            text = f"write ip_address_type: {' or '.join(types)}, or take other subnets"
            fix = show(spec, text, "Subnets", *[*subnets][:SHOWN])
            yield NO_SUCH_ADDRESSES.at(spec.intent.place(located.endpoint, "ip_address_type"), message, fix)


def _named(subnets: Mapping[str, AwsObject]) -> str:
    return join_words(label(each, "SubnetId") for each in subnets.values())


def _has_type(own: AwsObject, wanted: str) -> bool:
    return str(own.get("IpAddressType")).lower() == wanted


def address_types(subnet: AwsObject) -> tuple[str, ...]:
    """Return the address types that an endpoint in a subnet can have."""
    if subnet["Ipv6Native"]:
        return ("ipv6",)
    return ("ipv4", "dualstack") if blocks(subnet, IPv6Address) else ("ipv4",)


def blocks(subnet: AwsObject, family: type[IPv4Address | IPv6Address]) -> list[IPv4Network | IPv6Network]:
    """Return the blocks from which a subnet gives addresses of a family."""
    ipv6 = (
        each["Ipv6CidrBlock"]
        for each in subnet["Ipv6CidrBlockAssociationSet"]
        if state_of(each["Ipv6CidrBlockState"]) not in _GONE
    )
    ipv4 = [] if subnet["Ipv6Native"] else [subnet["CidrBlock"]]
    return [ip_network(each, strict=False) for each in (ipv4 if family is IPv4Address else ipv6)]


def service_addresses(spec: Located) -> Iterator[Diagnostic]:
    """Refuse an address type that the service does not support."""
    for located in spec.endpoints:
        wanted, offer = located.endpoint.stated.get("ip_address_type"), find_offer(spec, located)
        if offer is None or wanted is None or located.endpoint.type == "Gateway":
            continue
        if _has_type(find_own(spec, located), wanted):
            continue
        place, supported = spec.intent.place(located.endpoint, "ip_address_type"), sorted(offer.get(_SUPPORTED) or ())
        if not supported and wanted != "ipv4":
            message = f"not told whether {located.service_name} supports {wanted}: the answer has no {_SUPPORTED} of it"
            yield NOT_TOLD.at(place, message, show(spec, GIVE_ALL, "ServiceDetails", located.service_name))
        elif supported and not ({"ipv4", "ipv6"} if wanted == "dualstack" else {wanted}) <= set(supported):
            message = f"{located.endpoint.key}: {wanted}, and {located.service_name} supports {join_words(supported)}"
            text = f"write ip_address_type: {' or '.join(supported)}"
            fix = show(spec, text, "ServiceDetails", located.service_name)
            yield NO_SUCH_ADDRESSES.at(place, message, fix)
