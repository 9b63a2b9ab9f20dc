"""Whether the VPC and its subnets take the endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import islice

from generator.intent.intent import Path
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
from generator.live.untold import GIVE_ALL, NOT_CHECKED, NOT_TOLD, other_owner
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.source.suggest import some
from generator.spec.references import as_written

DNS_OFF = Code("E421")
ONE_ZONE_TWICE = Code("E422")
NO_ADDRESS = Code("E425")
NOT_OURS = Code("E426")
NO_SUCH_ADDRESSES = Code("E433")
NO_FIXED_ADDRESS = Code("E438")
_SHOWN = 12
_SUPPORTED = "SupportedIpAddressTypes"
_GONE = frozenset({"disassociating", "disassociated", "failing", "failed"})
_RESERVED = 4
_Fixed = tuple[LocatedEndpoint, Path, AwsObject, IPv4Address | IPv6Address]


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
            fix = show(spec, "keep one of them in subnets:", "Subnets", *[*there][:_SHOWN])
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
    for subnet_id, (subnet, endpoints) in coming(spec).items():
        free, before = subnet["AvailableIpAddressCount"], spec.added.get(subnet_id, 0)
        if free < before + len(endpoints) and not (before and free < before):  # told of a spec before
            name, others = label(subnet, "SubnetId"), f"{before} of the specs before, and " if before else ""
            keys = join_words(located.endpoint.key for located in endpoints)
            message = f"subnet {name} has {free or 'no'} free address{'' if free == 1 else 'es'} for {others}{keys}"
            fix = show(spec, "free some, or take a larger subnet of the same zone", "Subnets", subnet_id)
            yield NO_ADDRESS.at(spec.intent.place(endpoints[0].endpoint, "subnets"), message, fix)


def not_ours(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a VPC that is another account's, where an apply makes or changes an endpoint in it."""
    if not (owner := other_owner(spec.vpc, spec.estate)):
        return
    if applied := [each.endpoint.key for each in spec.endpoints if is_applied(spec, each)]:
        message = f"VPC {label(spec.vpc, 'VpcId')} belongs to account {owner}, and the caller is {spec.estate.account}"
        message = f"{some(applied, _SHOWN)}: {message}"
        text = "apply the module in the account that owns the VPC; its endpoints serve the shared subnets too"
        yield NOT_OURS.at(spec.intent.source.place(("vpc",)), message, show(spec, text, "Vpcs", spec.vpc_id))


def subnet_addresses(spec: Located) -> Iterator[Diagnostic]:
    """Refuse an address type that a subnet does not have."""
    for located in spec.endpoints:
        wanted, own = str(located.endpoint.stated.get("ip_address_type")), find_own(spec, located)
        there = own.get("SubnetIds") or () if _has_type(own, wanted) else ()
        by_types: dict[tuple[str, ...], dict[str, AwsObject]] = {}
        for subnet in (each for each in located.subnets if each["SubnetId"] not in there):
            if wanted in {"ipv4", "dualstack", "ipv6"} and wanted not in _address_types(subnet):
                by_types.setdefault((*_address_types(subnet),), {})[subnet["SubnetId"]] = subnet
        for types, subnets in by_types.items():
            message = f"{located.endpoint.key}: {wanted}, which these subnets do not support: {_named(subnets)}"
            text = f"write ip_address_type: {' or '.join(types)}, or take other subnets"
            fix = show(spec, text, "Subnets", *[*subnets][:_SHOWN])
            yield NO_SUCH_ADDRESSES.at(spec.intent.place(located.endpoint, "ip_address_type"), message, fix)


def _named(subnets: Mapping[str, AwsObject]) -> str:
    """Return how several subnets are spoken of: the first of very many, and how many more there are."""
    names = [label(each, "SubnetId") for each in subnets.values()]
    return some(names, _SHOWN) if names[_SHOWN:] else join_words(names)


def _has_type(own: AwsObject, wanted: str) -> bool:
    return str(own.get("IpAddressType")).lower() == wanted


def _address_types(subnet: AwsObject) -> tuple[str, ...]:
    """Return the address types that an endpoint in a subnet can have."""
    if subnet["Ipv6Native"]:
        return ("ipv6",)
    return ("ipv4", "dualstack") if _blocks(subnet, IPv6Address) else ("ipv4",)


def _blocks(subnet: AwsObject, family: type[IPv4Address | IPv6Address]) -> list[IPv4Network | IPv6Network]:
    """Return the blocks from which a subnet gives addresses of a family."""
    ipv6 = (
        each["Ipv6CidrBlock"]
        for each in subnet["Ipv6CidrBlockAssociationSet"]
        if state_of(each["Ipv6CidrBlockState"]) not in _GONE
    )
    ipv4 = [] if subnet["Ipv6Native"] else [subnet["CidrBlock"]]
    return [ip_network(each, strict=False) for each in (ipv4 if family is IPv4Address else ipv6)]


def _fixed(spec: Located) -> Iterator[_Fixed]:
    """Yield the fixed addresses of endpoints, each with its path and its subnet, of a type that the subnet supports."""
    for located in spec.endpoints:
        wanted = located.endpoint.stated.get("ip_address_type")
        for index, fixed in enumerate(located.endpoint.fixed_addresses):
            path = located.endpoint.path("subnet_configuration", index)
            with suppress(Refused):  # what leads nowhere is another finding
                for subnet in spec.follow("Subnets", fixed.subnet, (*path, "subnet")):
                    addresses = {family: getattr(fixed, family) for family in ("ipv4", "ipv6")}
                    for family, text in addresses.items():
                        if text and wanted in {None, *_address_types(subnet)}:
                            yield located, (*path, family), subnet, ip_address(text)


def fixed_address(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a fixed address that its subnet does not give, or that, where it is told, another has."""
    yield from _outside(spec)
    yield from _taken(spec)


def _outside(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a fixed address that is in no block of its subnet, or one that AWS reserves there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html (of IPv4; read 2026-11-28)
    """
    for located, path, subnet, address in _fixed(spec):
        blocks, name = _blocks(subnet, type(address)), label(subnet, "SubnetId")
        block = next((each for each in blocks if address in each), None)
        if block is None:
            has = join_words(blocks) if blocks else f"no IPv{address.version} block"
            message, text = f"is not in subnet {name}, which has {has}", "write an address of the subnet"
        elif isinstance(address, IPv4Address) and (
            address in [*islice(block, _RESERVED)] or address == block.broadcast_address
        ):
            message = f"is one that AWS reserves in subnet {name}: the first four and the last of {block}"
            text = "write one between these"
        else:
            continue
        message = f"{located.endpoint.key}: {address} {message}"
        fix = show(spec, text, "Subnets", subnet["SubnetId"])
        yield NO_FIXED_ADDRESS.at(spec.intent.source.place(path), message, fix)


def _taken(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a fixed address that a network interface has which is not the endpoint's own."""
    for located, path, subnet, address in _fixed(spec):
        own = find_own(spec, located).get("NetworkInterfaceIds") or ()
        there = spec.estate.having("NetworkInterfaces", "SubnetId", subnet["SubnetId"])
        others = [each for each in there if each["NetworkInterfaceId"] not in own]
        if any(each["NetworkInterfaceId"] in own and str(address) in _addresses(each) for each in there):
            continue
        place, name = spec.intent.source.place(path), label(subnet, "SubnetId")
        taken = [each for each in others if str(address) in _addresses(each)]
        untold = [each for each in others if "PrivateIpAddresses" not in each]
        for each in (taken or (untold if isinstance(address, IPv4Address) else []))[:1]:
            code, identifier = NO_FIXED_ADDRESS, each["NetworkInterfaceId"]
            message = f"{located.endpoint.key}: {address} of subnet {name} is taken: {identifier} has it"
            text = "write an address that is free, or free this one"
            if not taken:
                code, text = NOT_CHECKED, GIVE_ALL
                message = f"not checked: whether {identifier} has {address}: the answer has no PrivateIpAddresses of it"
            yield code.at(place, message, show(spec, text, "NetworkInterfaces", identifier))


def _addresses(interface: AwsObject) -> set[str]:
    """Return the addresses that a network interface has."""
    ipv4 = {each["PrivateIpAddress"] for each in interface.get("PrivateIpAddresses") or ()}
    ipv6 = (str(ip_address(each["Ipv6Address"])) for each in interface["Ipv6Addresses"])
    return {interface.get("PrivateIpAddress"), *ipv4, *ipv6}


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
