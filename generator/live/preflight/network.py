"""Whether the VPC and its subnets take the endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from generator.live.estate import ATTRIBUTES, AwsObject, label
from generator.live.locate import Located, LocatedEndpoint
from generator.live.preflight.facts import find_offer, find_own, join_words, show_with, vpc_place, with_private_dns
from generator.source.diagnostics import Code, Diagnostic

DNS_OFF = Code("E421")
ONE_ZONE_TWICE = Code("E422")
NO_ADDRESS = Code("E425")
NOT_OURS = Code("E426")
NO_SUCH_ADDRESSES = Code("E433")
_GONE = frozenset({"disassociating", "disassociated", "failing", "failed"})


def dns_off(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS where a DNS attribute of the VPC is off."""
    keys = [located.endpoint.key for located in with_private_dns(spec)]
    for attribute, option in ATTRIBUTES.items():
        if keys and not spec.estate.vpc_attributes[spec.vpc_id][attribute]:
            argument = {"EnableDnsSupport": "enable_dns_support", "EnableDnsHostnames": "enable_dns_hostnames"}
            text = f"have {argument[attribute]} = true where the VPC is made, or write private_dns_enabled: false"
            shows = f"aws ec2 describe-vpc-attribute --vpc-id {spec.vpc_id} --attribute {option}"
            yield DNS_OFF.at(
                vpc_place(spec),
                f"private DNS of {join_words(keys)} needs {option}, which is off in VPC {label(spec.vpc, 'VpcId')}",
                f"{text}\n    {shows} --region {spec.estate.region}",
            )


def one_zone_twice(spec: Located) -> Iterator[Diagnostic]:
    """Refuse two subnets of an endpoint in one zone."""
    for located in spec.endpoints:
        first: dict[str, AwsObject] = {}
        for subnet in located.subnets:
            zone = subnet.get("AvailabilityZoneId") or subnet.get("AvailabilityZone")
            other = first.setdefault(str(zone or subnet["SubnetId"]), subnet)
            if other is not subnet:
                subject = spec.intent.subject(located.endpoint, "subnets")
                both = f"{label(other, 'SubnetId')} and {label(subnet, 'SubnetId')}"
                ids = f"--subnet-ids {other['SubnetId']} {subnet['SubnetId']}"
                yield ONE_ZONE_TWICE.at(
                    spec.intent.place(located.endpoint, "subnets"),
                    f"{subject}: subnets {both} are in one zone, {subnet.get('AvailabilityZone') or zone}",
                    show_with(spec, "keep one of the two in subnets:", "Subnets", ids),
                )


def no_address(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a subnet with fewer free IPv4 addresses than endpoints that come into it."""
    coming: dict[str, list[LocatedEndpoint]] = {}
    subnets: dict[str, AwsObject] = {}
    for located in spec.endpoints:
        there = set((find_own(located) or {}).get("SubnetIds") or ())
        for subnet in located.subnets if located.endpoint.stated.get("ip_address_type") != "ipv6" else ():
            if subnet["SubnetId"] not in there:
                subnets[subnet["SubnetId"]] = subnet
                coming.setdefault(subnet["SubnetId"], []).append(located)
    for subnet_id, endpoints in coming.items():
        free = subnets[subnet_id].get("AvailableIpAddressCount")
        if free is not None and free < len(endpoints):
            name = label(subnets[subnet_id], "SubnetId")
            keys = join_words(located.endpoint.key for located in endpoints)
            text = "free some, or take a larger subnet of the same zone"
            yield NO_ADDRESS.at(
                spec.intent.place(endpoints[0].endpoint, "subnets"),
                f"subnet {name} has {free or 'no'} free address{'' if free == 1 else 'es'} for {keys}",
                show_with(spec, text, "Subnets", f"--subnet-ids {subnet_id}"),
            )


def not_ours(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a VPC that is another account's."""
    owner = spec.vpc.get("OwnerId")
    if owner is not None and owner != spec.estate.account:
        message = f"VPC {label(spec.vpc, 'VpcId')} belongs to account {owner}, and the caller is {spec.estate.account}"
        text = "apply the module in the account that owns the VPC; its endpoints serve the shared subnets too"
        yield NOT_OURS.at(vpc_place(spec), message, show_with(spec, text, "Vpcs", f"--vpc-ids {spec.vpc_id}"))


def subnet_addresses(spec: Located) -> Iterator[Diagnostic]:
    """Refuse an address type that a subnet does not have."""
    for located in spec.endpoints:
        wanted = str(located.endpoint.stated.get("ip_address_type"))
        for subnet in located.subnets:
            if wanted in {"ipv4", "dualstack", "ipv6"} and wanted not in _address_types(subnet):
                message = (
                    f"{located.endpoint.key}: {wanted}, and subnet {label(subnet, 'SubnetId')} does not support it"
                )
                takes = " or ".join(_address_types(subnet))
                text = f"write ip_address_type: {takes}, or take other subnets"
                yield NO_SUCH_ADDRESSES.at(
                    spec.intent.place(located.endpoint, "ip_address_type"),
                    message,
                    show_with(spec, text, "Subnets", f"--subnet-ids {subnet['SubnetId']}"),
                )


def _address_types(subnet: AwsObject) -> tuple[str, ...]:
    """Return the address types that an endpoint in a subnet can have."""
    if subnet.get("Ipv6Native"):
        return ("ipv6",)
    blocks = subnet.get("Ipv6CidrBlockAssociationSet") or ()
    associated = any((each.get("Ipv6CidrBlockState") or {}).get("State") not in _GONE for each in blocks)
    return ("ipv4", "dualstack") if associated else ("ipv4",)


def service_addresses(spec: Located) -> Iterator[Diagnostic]:
    """Refuse an address type that the service does not support."""
    for located in spec.endpoints:
        wanted, offer = located.endpoint.stated.get("ip_address_type"), find_offer(spec, located)
        supported = sorted((offer or {}).get("SupportedIpAddressTypes") or ())
        if not supported or wanted is None or located.endpoint.type == "Gateway":
            continue
        if not ({"ipv4", "ipv6"} if wanted == "dualstack" else {wanted}) <= set(supported):
            takes = " or ".join(supported)
            yield NO_SUCH_ADDRESSES.at(
                spec.intent.place(located.endpoint, "ip_address_type"),
                f"{located.endpoint.key}: {wanted}, and {located.service_name} supports {join_words(supported)}",
                show_with(
                    spec, f"write ip_address_type: {takes}", "ServiceDetails", f"--service-names {located.service_name}"
                ),
            )
