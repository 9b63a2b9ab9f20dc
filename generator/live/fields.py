"""One endpoint of the spec against one that stands in AWS: the fields in which they differ.

A field that the module leaves out is not compared: Terraform keeps there what AWS has.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.intent.endpoints import has_private_dns, taken_by
from generator.intent.iam_same import document, says_the_same
from generator.live.estate import tags

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from generator.live.estate import AwsObject
    from generator.live.locate import Follower, LocatedEndpoint

AWS_TAGS = "aws:"
"""Tags with this prefix are AWS's own. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html"""
_DNS_OPTIONS = {
    "dns_record_ip_type": "DnsRecordIpType",
    "private_dns_only_for_inbound_resolver_endpoint": "PrivateDnsOnlyForInboundResolverEndpoint",
    "private_dns_preference": "PrivateDnsPreference",
    "private_dns_specified_domains": "PrivateDnsSpecifiedDomains",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field that is not as the spec says: None where one side has nothing there."""

    field: str
    wanted: Any
    found: Any


def changes(
    placed: LocatedEndpoint, live: AwsObject, follower: Follower, ignored_tags: Collection[str] = ()
) -> Iterator[Change]:
    """Yield the fields in which a live endpoint differs from the one of the spec that it is."""
    endpoint, stated = placed.endpoint, placed.endpoint.stated
    if "subnets" in taken_by(endpoint.type):
        yield from _ids("subnets", _named(placed.subnets, "SubnetId"), live.get("SubnetIds"))
    if "security_groups" in stated:
        wanted = (*_named(placed.security_groups, "GroupId"), *placed.absent_groups)
        yield from _ids("security_groups", wanted, _named(live.get("Groups") or (), "GroupId"))
    if "route_tables" in stated:
        yield from _ids("route_tables", _named(placed.route_tables, "RouteTableId"), live.get("RouteTableIds"))
    if stated.get("ip_address_type") is not None:
        yield from _value("ip_address_type", stated["ip_address_type"], _lower(live.get("IpAddressType")))
    if "private_dns_enabled" in taken_by(endpoint.type):
        yield from _value("private_dns_enabled", has_private_dns(endpoint), bool(live.get("PrivateDnsEnabled")))
    yield from _dns_options(placed, live)
    yield from _addresses(placed, live, follower)
    yield from _policy(follower.intent.policies.documents.get(endpoint.key), live)
    named = {"Name": endpoint.own.name} if endpoint.own.name else {}
    yield from tag_changes({**named, **(stated.get("tags") or {})}, live, ignored_tags, name_field="name")


def tag_changes(
    wanted: Mapping[str, str], live: AwsObject, ignored: Collection[str], *, name_field: str = "tags.Name"
) -> Iterator[Change]:
    """Yield the tags that are not as wanted; those of AWS itself, and those that are `ignored`, belong to others."""
    found = {key: value for key, value in tags(live).items() if not key.startswith(AWS_TAGS)}
    for key in sorted(wanted.keys() | found.keys(), key=lambda key: (key != "Name", key)):
        is_others = key in ignored and key not in wanted
        if wanted.get(key) != found.get(key) and not is_others:
            field = name_field if key == "Name" else f"tags.{key}"
            yield Change(field=field, wanted=wanted.get(key), found=found.get(key))


def _named(things: Iterable[AwsObject], key: str) -> tuple[str, ...]:
    return tuple(str(thing[key]) for thing in things)


def _ids(field: str, wanted: Iterable[str], found: Iterable[str] | None) -> Iterator[Change]:
    yield from _value(field, sorted(set(wanted)), sorted(set(found or ())))


def _value(field: str, wanted: Any, found: Any) -> Iterator[Change]:
    if wanted != found:
        yield Change(field=field, wanted=wanted, found=found)


def _lower(value: object) -> str | None:
    return None if value is None else str(value).lower()


def _dns_options(placed: LocatedEndpoint, live: AwsObject) -> Iterator[Change]:
    """Yield the DNS options that are stated and not so; AWS lists domains in any order."""
    options = placed.endpoint.stated.get("dns_options")
    found = live.get("DnsOptions") or {}
    for name, wanted in (options.stated() if options else {}).items():
        value = found.get(_DNS_OPTIONS[name])
        if isinstance(wanted, list):
            yield from _ids(f"dns_options.{name}", wanted, value)
        elif name == "dns_record_ip_type":
            yield from _value(f"dns_options.{name}", wanted, _lower(value))
        elif wanted is not None:
            yield from _value(f"dns_options.{name}", wanted, value)


def _addresses(placed: LocatedEndpoint, live: AwsObject, follower: Follower) -> Iterator[Change]:
    """Yield the fixed addresses that the network interfaces do not have."""
    endpoint = placed.endpoint
    interfaces = {
        each.get("SubnetId"): each
        for each in follower.estate.all("NetworkInterfaces", follower.vpc_id)
        if each["NetworkInterfaceId"] in (live.get("NetworkInterfaceIds") or ())
    }
    for index, fixed in enumerate(endpoint.stated.get("subnet_configuration") or ()):
        path = endpoint.path("subnet_configuration", index, "subnet")
        for subnet in follower.follow("Subnets", fixed.subnet, path):
            field, there = f"subnet_configuration.{subnet['SubnetId']}", interfaces.get(subnet["SubnetId"], {})
            if fixed.ipv4:
                yield from _value(f"{field}.ipv4", fixed.ipv4, there.get("PrivateIpAddress"))
            if fixed.ipv6:
                addresses = [str(each["Ipv6Address"]) for each in there.get("Ipv6Addresses", ())]
                wanted = str(ipaddress.IPv6Address(fixed.ipv6))
                yield from _value(f"{field}.ipv6", wanted, addresses[0] if addresses else None)


def _policy(wanted: object, live: AwsObject) -> Iterator[Change]:
    """Yield the policy if it says something else than the stated one; as documents, where what is there is JSON."""
    text = live.get("PolicyDocument")
    if wanted is not None and not says_the_same(wanted, text):
        yield Change(field="policy", wanted=wanted, found=document(text))
