"""Private DNS and DNS options: what goes together, and what one VPC takes once. Facts checked 2026-11-22."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalog.presets import without_fips
from generator.intent.claims import IN_REGION, OF_PULL, lacks
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.rules.provider import and_provider
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.spec.model import DnsOptions

_RECORDS = {"ipv4": {"ipv4"}, "ipv6": {"ipv6"}, "dualstack": {"ipv4", "ipv6", "dualstack", "service-defined"}}
_HIDING = frozenset({"execute-api", "appsync-api"})
_SPECIFIED = frozenset({"VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS", "SPECIFIED_DOMAINS_ONLY"})
_INBOUND = "private_dns_only_for_inbound_resolver_endpoint"


def _is_s3(endpoint: Endpoint, endpoint_type: str) -> bool:
    return endpoint.service_id == "s3" and endpoint.type == endpoint_type


@endpoint_rule("E228")
def no_private_dns(intent: Intent, endpoint: Endpoint) -> Findings:
    """Private DNS on a service without a private DNS name."""
    service = endpoint.service
    if service is not None and service.private_dns_supported is False and endpoint.has_private_dns:
        place = intent.own_place(endpoint, "private_dns_enabled")
        fix = f"write private_dns_enabled: false in {endpoint.key}"
        source = intent.by_list(endpoint, "private_dns_names")
        yield place, f"{endpoint.key}: {service.id} has no private DNS name{source}", fix


@rule("E240")
def dns_twice(intent: Intent) -> Findings:
    """Private DNS for one service twice."""
    first: dict[object, Endpoint] = {}
    for endpoint in intent.endpoints:
        if endpoint.type == "Interface" and endpoint.has_private_dns:
            other = first.setdefault(endpoint.service_name, endpoint)
            if other is not endpoint:
                place = intent.own_place(endpoint, "private_dns_enabled")
                first_one = f"{other.key} in line {other.place.line}"
                yield place, f"{endpoint.key}: {first_one} has private DNS for this service already"


@rule("E246")
def record_type(intent: Intent) -> Findings:
    """DNS records that the endpoint's addresses do not have."""
    for endpoint in intent.endpoints:
        yield from _own_records(endpoint)


def _own_records(endpoint: Endpoint) -> Findings:
    """Yield the endpoint's DNS records that do not go with the endpoint's addresses, or with its service."""
    records, addresses = endpoint.dns_option("dns_record_ip_type"), endpoint.stated.get("ip_address_type")
    if records is None or endpoint.type not in {"Interface", "Gateway"}:
        return
    place = endpoint.at("dns_options", "dns_record_ip_type")
    if endpoint.type == "Gateway" and endpoint.service_id == "dynamodb":
        if records != "service-defined":
            message = f"{endpoint.key}: the gateway of dynamodb has service-defined DNS records, not {records}"
            yield place, message, "write dns_record_ip_type: service-defined, or leave it out"
    elif addresses is not None and endpoint.type == "Interface":
        takes = _RECORDS[addresses]
        if records not in takes:
            fix = f"write dns_record_ip_type: {' or '.join(sorted(takes))}, or ip_address_type: dualstack"
            yield place, f"{endpoint.key}: an endpoint with {addresses} addresses has no {records} DNS records", fix


@endpoint_rule("E247")
def inbound_only(intent: Intent, endpoint: Endpoint) -> Findings:
    """A DNS option on a service that does not have it."""
    if _is_s3(endpoint, "Gateway") and "dns_options" in endpoint.own:
        # the provider sends the inbound option with each: https://github.com/hashicorp/terraform-provider-aws/issues/45846
        place = intent.source.key_place(endpoint.path("dns_options"))
        yield (
            place,
            f"{endpoint.key}: AWS refuses what the provider makes of DNS options of this gateway",
            "leave it out",
        )
        return
    if endpoint.dns_option(_INBOUND) is None:
        return
    place = intent.source.key_place(endpoint.path("dns_options", _INBOUND))
    known = endpoint.type and (endpoint.service is not None or endpoint.type != "Interface")
    if known and not _is_s3(endpoint, "Interface"):
        yield place, f"{endpoint.key}: {_INBOUND} is for Interface endpoints of s3", "leave it out"
    elif endpoint.dns_option(_INBOUND) and not endpoint.has_private_dns:
        message = f"{endpoint.key}: {_INBOUND}, and private DNS is off"
        yield place, message, f"write private_dns_enabled: true in {endpoint.key}, or leave it out"


@endpoint_rule("E248")
def preference(intent: Intent, endpoint: Endpoint) -> Findings:
    """A private DNS preference that does not apply."""
    prefers, domains = map(endpoint.dns_option, ("private_dns_preference", "private_dns_specified_domains"))
    name = "private_dns_preference" if prefers else "private_dns_specified_domains"
    place = intent.source.key_place(endpoint.path("dns_options", name))
    if not prefers and not domains:
        return
    if endpoint.type not in {"Resource", "ServiceNetwork"}:
        yield place, f"{endpoint.key}: {name} is for Resource and ServiceNetwork endpoints", "leave it out"
    elif not endpoint.has_private_dns:
        fix = f"write private_dns_enabled: true in {endpoint.key}, or leave it out"
        yield place, f"{endpoint.key}: {name}, and private DNS is off", fix
    elif domains and prefers not in _SPECIFIED:
        place = intent.source.key_place(endpoint.path("dns_options", "private_dns_specified_domains"))
        fix = f"write private_dns_preference: {' or '.join(sorted(_SPECIFIED))}"
        yield place, f"{endpoint.key}: private_dns_preference does not apply to specified domains", fix
    elif prefers in _SPECIFIED and not domains:
        message = f"{endpoint.key}: {prefers} without private_dns_specified_domains"
        yield place, message, "add private_dns_specified_domains: with 1 to 10 domains"


@rule("W212")
def no_gateway(intent: Intent) -> Findings:
    """Private DNS of Amazon S3 without a gateway endpoint."""
    for endpoint, fix in needing_gateway(intent):
        message = f"{endpoint.key}: AWS refuses private DNS of s3 unless the VPC has a gateway endpoint for it"
        yield intent.own_place(endpoint, "private_dns_enabled"), message, fix


def needing_gateway(intent: Intent) -> Iterator[tuple[Endpoint, str]]:
    """Yield the endpoints whose private DNS needs a S3 gateway in their VPC, if the spec has none, with the fix."""
    may_be = {each.type for each in intent.endpoints if each.service_id == "s3" or each.is_by_input}
    for endpoint in intent.endpoints if may_be.isdisjoint({"Gateway", ""}) else ():
        if _is_s3(endpoint, "Interface") and endpoint.has_private_dns and endpoint.dns_option(_INBOUND) is not False:
            floor = and_provider(intent, DnsOptions, _INBOUND)
            otherwise = f"write dns_options: {{{_INBOUND}: false}} in {endpoint.key}{floor}"
            yield endpoint, f"add a Gateway endpoint of s3, or {otherwise}"


@rule("W253")
def no_image(intent: Intent) -> Findings:
    """An Amazon ECR registry without what a pull needs beside it."""
    there = {(without_fips(each.service_id), each.service_region) for each in intent.endpoints}
    for endpoint in () if any(each.is_by_input for each in intent.endpoints) else intent.endpoints:
        missing = [each for each in OF_PULL if (each, endpoint.service_region) not in there]
        if missing and without_fips(endpoint.service_id) == "ecr.dkr":
            where = "" if endpoint.service_region == endpoint.region else f"{IN_REGION}{endpoint.service_region}"
            yield endpoint.place, f"{endpoint.key}: {lacks(missing)} {endpoint.service_id}{where}"


@endpoint_rule("W213")
def hides(intent: Intent, endpoint: Endpoint) -> Findings:
    """Private DNS that hides public APIs."""
    if endpoint.service_id in _HIDING and endpoint.has_private_dns:
        fix = f"if the VPC calls public APIs too, write private_dns_enabled: false in {endpoint.key}"
        message = f"{endpoint.key}: public APIs of {endpoint.service_id} can't be reached from this VPC"
        yield intent.own_place(endpoint, "private_dns_enabled"), message, fix
