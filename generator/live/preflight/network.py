"""Whether the VPC and its subnets take the endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.live.estate import ATTRIBUTES
from generator.live.preflight.site import called, listed
from generator.source.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.live.estate import AwsObject
    from generator.live.locate import LocatedEndpoint
    from generator.live.preflight.site import Site

_CREATE = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"
DNS_OFF = Code(
    "E421",
    "private DNS in a VPC that has a DNS attribute off",
    "AWS makes the private hosted zone of an endpoint only in a VPC that has enableDnsSupport and enableDnsHostnames. "
    'A VPC made as "VPC only" in the console has the second off. The module\'s own guard stops the plan.',
    f"{_CREATE}#interface-endpoint-prerequisites",
)
ONE_ZONE_TWICE = Code(
    "E422",
    "two subnets of one Availability Zone",
    "An endpoint is in one subnet a zone: AWS refuses the second (DuplicateSubnetsInSameZone).",
    _CREATE,
)
NO_ADDRESS = Code(
    "E425",
    "a subnet without free addresses for the endpoints",
    "Each endpoint takes an address in each of its subnets; AWS refuses one that finds none "
    "(InsufficientFreeAddressesInSubnet).",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
)
NOT_OURS = Code(
    "E426",
    "a VPC of another account",
    "Who has subnets shared by AWS RAM can use the endpoints in them, and can neither make, change nor see endpoints: "
    '"This operation does not support shared VPCs".',
    "https://repost.aws/knowledge-center/vpc-interface-endpoint-creation-errors",
)
NO_SUCH_ADDRESSES = Code(
    "E433",
    "addresses that the service or a subnet does not have",
    "With ipv4 each subnet has IPv4 addresses, with dualstack both kinds, with ipv6 IPv6 alone; and the service must "
    "support the type.",
    _CREATE,
)
_GONE = frozenset({"disassociating", "disassociated", "failing", "failed"})


def dns_off(site: Site) -> Iterator[Diagnostic]:
    """Refuse private DNS where a DNS attribute of the VPC is off."""
    keys = [placed.endpoint.key for placed in site.with_private_dns()]
    for attribute, option in ATTRIBUTES.items():
        if keys and not site.estate.vpc_attributes[site.vpc_id][attribute]:
            argument = {"EnableDnsSupport": "enable_dns_support", "EnableDnsHostnames": "enable_dns_hostnames"}
            text = f"have {argument[attribute]} = true where the VPC is made, or write private_dns_enabled: false"
            shows = f"aws ec2 describe-vpc-attribute --vpc-id {site.vpc_id} --attribute {option}"
            yield DNS_OFF.at(
                site.vpc_place,
                f"private DNS of {listed(keys)} needs {option}, which is off in VPC {called(site.vpc, 'VpcId')}",
                f"{text}\n    {shows} --region {site.estate.region}",
            )


def one_zone_twice(site: Site) -> Iterator[Diagnostic]:
    """Refuse two subnets of an endpoint in one zone."""
    for placed in site.endpoints:
        first: dict[str, AwsObject] = {}
        for subnet in placed.subnets:
            zone = subnet.get("AvailabilityZoneId") or subnet.get("AvailabilityZone")
            other = first.setdefault(str(zone or subnet["SubnetId"]), subnet)
            if other is not subnet:
                subject = site.intent.subject(placed.endpoint, "subnets")
                both = f"{called(other, 'SubnetId')} and {called(subnet, 'SubnetId')}"
                ids = f"--subnet-ids {other['SubnetId']} {subnet['SubnetId']}"
                yield ONE_ZONE_TWICE.at(
                    site.intent.place(placed.endpoint, "subnets"),
                    f"{subject}: subnets {both} are in one zone, {subnet.get('AvailabilityZone') or zone}",
                    site.fix("keep one of the two in subnets:", "Subnets", ids),
                )


def no_address(site: Site) -> Iterator[Diagnostic]:
    """Refuse a subnet with fewer free IPv4 addresses than endpoints that come into it."""
    coming: dict[str, list[LocatedEndpoint]] = {}
    subnets: dict[str, AwsObject] = {}
    for placed in site.endpoints:
        there = set((site.own(placed) or {}).get("SubnetIds") or ())
        for subnet in placed.subnets if placed.endpoint.stated.get("ip_address_type") != "ipv6" else ():
            if subnet["SubnetId"] not in there:
                subnets[subnet["SubnetId"]] = subnet
                coming.setdefault(subnet["SubnetId"], []).append(placed)
    for subnet_id, endpoints in coming.items():
        free = subnets[subnet_id].get("AvailableIpAddressCount")
        if free is not None and free < len(endpoints):
            called_ = called(subnets[subnet_id], "SubnetId")
            keys = listed(placed.endpoint.key for placed in endpoints)
            text = "free some, or take a larger subnet of the same zone"
            yield NO_ADDRESS.at(
                site.intent.place(endpoints[0].endpoint, "subnets"),
                f"subnet {called_} has {free or 'no'} free address{'' if free == 1 else 'es'} for {keys}",
                site.fix(text, "Subnets", f"--subnet-ids {subnet_id}"),
            )


def not_ours(site: Site) -> Iterator[Diagnostic]:
    """Refuse a VPC that is another account's."""
    owner = site.vpc.get("OwnerId")
    if owner is not None and owner != site.estate.account:
        message = f"VPC {called(site.vpc, 'VpcId')} is account {owner}'s, and {site.estate.account} asks"
        text = "apply the module in the account that owns the VPC; its endpoints serve the shared subnets too"
        yield NOT_OURS.at(site.vpc_place, message, site.fix(text, "Vpcs", f"--vpc-ids {site.vpc_id}"))


def subnet_addresses(site: Site) -> Iterator[Diagnostic]:
    """Refuse an address type that a subnet does not have."""
    for placed in site.endpoints:
        wanted = str(placed.endpoint.stated.get("ip_address_type"))
        for subnet in placed.subnets:
            if wanted in {"ipv4", "dualstack", "ipv6"} and wanted not in _address_types(subnet):
                message = f"{placed.endpoint.key}: {wanted}, and subnet {called(subnet, 'SubnetId')} is not for that"
                takes = " or ".join(_address_types(subnet))
                text = f"write ip_address_type: {takes}, or take other subnets"
                yield NO_SUCH_ADDRESSES.at(
                    site.intent.place(placed.endpoint, "ip_address_type"),
                    message,
                    site.fix(text, "Subnets", f"--subnet-ids {subnet['SubnetId']}"),
                )


def _address_types(subnet: AwsObject) -> tuple[str, ...]:
    """Return the address types that an endpoint in a subnet can have."""
    if subnet.get("Ipv6Native"):
        return ("ipv6",)
    blocks = subnet.get("Ipv6CidrBlockAssociationSet") or ()
    associated = any((each.get("Ipv6CidrBlockState") or {}).get("State") not in _GONE for each in blocks)
    return ("ipv4", "dualstack") if associated else ("ipv4",)


def service_addresses(site: Site) -> Iterator[Diagnostic]:
    """Refuse an address type that the service does not support."""
    for placed in site.endpoints:
        wanted, offer = placed.endpoint.stated.get("ip_address_type"), site.offer(placed)
        supported = set((offer or {}).get("SupportedIpAddressTypes") or ())
        if not supported or wanted is None or placed.endpoint.type == "Gateway":
            continue
        if not ({"ipv4", "ipv6"} if wanted == "dualstack" else {wanted}) <= supported:
            takes = " or ".join(sorted(supported))
            yield NO_SUCH_ADDRESSES.at(
                site.intent.place(placed.endpoint, "ip_address_type"),
                f"{placed.endpoint.key}: {wanted}, and {placed.service_name} supports {listed(sorted(supported))}",
                site.fix(f"write ip_address_type: {takes}", "ServiceDetails", f"--service-names {placed.service_name}"),
            )
