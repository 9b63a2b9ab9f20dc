"""Whether the subnets give endpoints the addresses that the spec fixes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

from generator.intent.intent import Path
from generator.live.estate import AwsObject, label
from generator.live.locate import Located, LocatedEndpoint
from generator.live.match import UNTIL_GONE
from generator.live.refusals.facts import find_own, join_words, show
from generator.live.refusals.network import address_types, blocks
from generator.live.states import is_gone
from generator.live.untold import GIVE_ALL, NOT_CHECKED
from generator.source.diagnostics import Code, Diagnostic, Refused

NO_FIXED_ADDRESS = Code("E438")
_RESERVED = 4
_Fixed = tuple[LocatedEndpoint, Path, AwsObject, IPv4Address | IPv6Address]


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
                        if text and wanted in {None, *address_types(subnet)}:
                            yield located, (*path, family), subnet, ip_address(text)


def fixed_address(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a fixed address that its subnet does not give, or that, where it is told, another has."""
    yield from _outside(spec)
    yield from _taken(spec)


def _outside(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a fixed address that is in no block of its subnet, or one that AWS reserves there.

    "The first four IPv6 addresses and the last IPv6 address in each subnet CIDR block", too:
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html (read 2026-11-28)
    """
    for located, path, subnet, address in _fixed(spec):
        has, name = blocks(subnet, type(address)), label(subnet, "SubnetId")
        block = next((each for each in has if address in each), None)
        if block is None:
            those = join_words(has) if has else f"no IPv{address.version} block"
            message, text = f"is not in subnet {name}, which has {those}", "write an address of the subnet"
        elif int(address) - int(block[0]) < _RESERVED or address == block[-1]:
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
            leaving = _leaving(spec, identifier)
            text = f"write an address that is free, or {leaving or 'free this one'}"
            if not taken:
                code, text = NOT_CHECKED, GIVE_ALL
                message = f"not checked: whether {identifier} has {address}: the answer has no PrivateIpAddresses of it"
            yield code.at(place, message, show(spec, text, "NetworkInterfaces", identifier))


def _addresses(interface: AwsObject) -> set[str]:
    """Return the addresses that a network interface has."""
    ipv4 = {each["PrivateIpAddress"] for each in interface.get("PrivateIpAddresses") or ()}
    ipv6 = (str(ip_address(each["Ipv6Address"])) for each in interface["Ipv6Addresses"])
    return {interface.get("PrivateIpAddress"), *ipv4, *ipv6}


def _leaving(spec: Located, identifier: str) -> str:
    """Return that a network interface goes with its endpoint, if AWS is deleting that.

    "When you delete an interface endpoint, we delete its endpoint network interfaces."
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html (read 2026-11-28)
    """
    for each in spec.estate.all("VpcEndpoints", spec.vpc_id):
        if is_gone(each) and identifier in (each.get("NetworkInterfaceIds") or ()):
            return f"{UNTIL_GONE} with {label(each, 'VpcEndpointId')}, which AWS is deleting"
    return ""
