"""Private DNS and DNS options: what goes together, and what one VPC takes once. Facts checked 2026-11-22."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.rules.rule import endpoint_rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent
    from generator.source.diagnostics import Diagnostic

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns"
_OPTIONS = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html"

_RECORDS = {
    "ipv4": frozenset({"ipv4"}),
    "ipv6": frozenset({"ipv6"}),
    "dualstack": frozenset({"ipv4", "ipv6", "dualstack", "service-defined"}),
}
_HIDING = frozenset({"execute-api", "appsync-api"})
_SPECIFIED = frozenset({"VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS", "SPECIFIED_DOMAINS_ONLY"})
_INBOUND = "private_dns_only_for_inbound_resolver_endpoint"


def _option(endpoint: Endpoint, name: str) -> Any:
    options = endpoint.stated.get("dns_options")
    return getattr(options, name) if options is not None else None


def _is_s3(endpoint: Endpoint, endpoint_type: str) -> bool:
    service = endpoint.service
    return service is not None and service.id == "s3" and endpoint.type == endpoint_type


@endpoint_rule(
    "E228",
    "private DNS on a service without a private DNS name",
    why="Enabling private DNS fails for a service without a private DNS name: \"Private DNS can't be enabled because "
    'the service does not provide a private DNS name".',
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html",
    fix="write `private_dns_enabled: false` in the endpoint",
)
def no_private_dns(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    service = endpoint.service
    if service is not None and service.private_dns_supported is False and endpoint.has_private_dns:
        place = intent.own_place(endpoint, "private_dns_enabled")
        fix = f"write private_dns_enabled: false in {endpoint.key}"
        source = intent.by_list(endpoint, "private_dns_names")
        yield no_private_dns.at(place, f"{endpoint.key}: {service.id} has no private DNS name{source}", fix)


@rule(
    "E240",
    "private DNS for one service twice",
    why="The private hosted zone of a service can be associated with a VPC once, so AWS refuses the second endpoint: "
    '"there is already a conflicting DNS domain".',
    source="https://github.com/hashicorp/terraform-provider-aws/issues/17535",
    fix="write `private_dns_enabled: false` in one of the two endpoints",
)
def dns_twice(intent: Intent) -> Iterator[Diagnostic]:
    first: dict[object, Endpoint] = {}
    for endpoint in intent.endpoints:
        if endpoint.type == "Interface" and endpoint.has_private_dns:
            other = first.setdefault(endpoint.service_name, endpoint)
            if other is not endpoint:
                place = intent.own_place(endpoint, "private_dns_enabled")
                first_one = f"{other.key} in line {other.place.line}"
                yield dns_twice.at(place, f"{endpoint.key}: {first_one} has private DNS for this service already")


@rule(
    "E246",
    "DNS records that the endpoint's addresses do not have",
    why="An Interface endpoint with ipv4 has ipv4 records, with ipv6 it has ipv6 records, with dualstack it has any. "
    "A Gateway endpoint takes service-defined as well, and DynamoDB's takes nothing else. The records of an "
    "Amazon S3 gateway must be those of the Interface endpoint that has private DNS beside it, or "
    "service-defined.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-dns-record-ip-type",
    fix="write a `dns_record_ip_type` that the message names, or `ip_address_type: dualstack`",
)
def record_type(intent: Intent) -> Iterator[Diagnostic]:
    for endpoint in intent.endpoints:
        yield from _own_records(intent, endpoint)
    yield from _records_beside_gateway(intent)


def _own_records(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Yield the endpoint's DNS records that do not go with the endpoint's addresses, or with its service."""
    records, addresses = _option(endpoint, "dns_record_ip_type"), endpoint.stated.get("ip_address_type")
    if records is None or endpoint.type not in {"Interface", "Gateway"}:
        return
    service, place = endpoint.service, intent.place(endpoint, "dns_options", "dns_record_ip_type")
    if endpoint.type == "Gateway" and service is not None and service.id == "dynamodb":
        if records != "service-defined":
            message = f"{endpoint.key}: the gateway of dynamodb has service-defined DNS records, not {records}"
            yield record_type.at(place, message, "write dns_record_ip_type: service-defined, or leave it out")
        return
    if addresses is not None:
        takes = _RECORDS[addresses] | ({"service-defined"} if endpoint.type == "Gateway" else frozenset())
        if records not in takes:
            message = f"{endpoint.key}: an endpoint with {addresses} addresses has no {records} DNS records"
            fix = f"write dns_record_ip_type: {' or '.join(sorted(takes))}, or ip_address_type: dualstack"
            yield record_type.at(place, message, fix)


def _records_beside_gateway(intent: Intent) -> Iterator[Diagnostic]:
    """Yield the DNS records of an Amazon S3 gateway that are not those of the Interface endpoint that needs it."""
    wanted = {
        _option(endpoint, "dns_record_ip_type")
        for endpoint in intent.endpoints
        if _is_s3(endpoint, "Interface") and endpoint.has_private_dns and _option(endpoint, _INBOUND) is not False
    }
    for endpoint in intent.endpoints:
        records = _option(endpoint, "dns_record_ip_type")
        differs = records is not None and records not in {*wanted, "service-defined"}
        if wanted and None not in wanted and differs and _is_s3(endpoint, "Gateway"):
            place = intent.place(endpoint, "dns_options", "dns_record_ip_type")
            message = f"{endpoint.key}: the Interface endpoint beside it has {' and '.join(sorted(wanted))} DNS records"
            yield record_type.at(place, message, "write dns_record_ip_type: service-defined")


@endpoint_rule(
    "E247",
    "an inbound Resolver option on a service that does not have it",
    why="Only a service with both a gateway and private DNS has it: Interface endpoints of Amazon S3, with private "
    "DNS on. For others the provider does not even send it.",
    source=_OPTIONS,
    fix="remove the option, or write `private_dns_enabled: true` in an Interface endpoint of Amazon S3",
)
def inbound_only(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    if _option(endpoint, _INBOUND) is None:
        return
    place = intent.source.key_place(endpoint.path("dns_options", _INBOUND))
    service = endpoint.service
    known = endpoint.type and (service is not None or endpoint.type != "Interface")
    if known and not _is_s3(endpoint, "Interface"):
        message = f"{endpoint.key}: {_INBOUND} is for Interface endpoints of s3"
        yield inbound_only.at(place, message, "leave it out")
    elif _option(endpoint, _INBOUND) and not endpoint.has_private_dns:
        message = f"{endpoint.key}: {_INBOUND}, and private DNS is off"
        yield inbound_only.at(place, message, f"write private_dns_enabled: true in {endpoint.key}, or leave it out")


@endpoint_rule(
    "E248",
    "a private DNS preference that does not apply",
    why="`private_dns_preference` is for Resource and ServiceNetwork endpoints with private DNS, and "
    "`private_dns_specified_domains` for a preference that speaks of specified domains.",
    source=_OPTIONS,
    fix="remove the option, or add what the message says is missing beside it",
)
def preference(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    prefers, domains = _option(endpoint, "private_dns_preference"), _option(endpoint, "private_dns_specified_domains")
    name = "private_dns_preference" if prefers else "private_dns_specified_domains"
    place = intent.source.key_place(endpoint.path("dns_options", name))
    if not prefers and not domains:
        return
    if endpoint.type not in {"Resource", "ServiceNetwork"}:
        message = f"{endpoint.key}: {name} is for Resource and ServiceNetwork endpoints"
        yield preference.at(place, message, "leave it out")
    elif not endpoint.has_private_dns:
        fix = f"write private_dns_enabled: true in {endpoint.key}, or leave it out"
        yield preference.at(place, f"{endpoint.key}: {name}, and private DNS is off", fix)
    elif domains and prefers not in _SPECIFIED:
        place = intent.source.key_place(endpoint.path("dns_options", "private_dns_specified_domains"))
        fix = f"write private_dns_preference: {' or '.join(sorted(_SPECIFIED))}"
        yield preference.at(place, f"{endpoint.key}: private_dns_preference does not apply to specified domains", fix)
    elif prefers in _SPECIFIED and not domains:
        message = f"{endpoint.key}: {prefers} without private_dns_specified_domains"
        yield preference.at(place, message, "add private_dns_specified_domains: with 1 to 10 domains")


@endpoint_rule(
    "W212",
    "private DNS of Amazon S3 without a gateway endpoint",
    why="Unless told otherwise, AWS makes private DNS of Amazon S3 for inbound Resolver endpoints alone, and refuses "
    "it in a VPC without a gateway endpoint for S3. The gateway may be made elsewhere.",
    source=_S3,
    fix="add a Gateway endpoint of s3, or write `dns_options: {private_dns_only_for_inbound_resolver_endpoint: false}`",
)
def no_gateway(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    needs = _is_s3(endpoint, "Interface") and endpoint.has_private_dns and _option(endpoint, _INBOUND) is not False
    if needs and not any(_is_s3(other, each) for other in intent.endpoints for each in ("Gateway", "")):
        fix = f"add a Gateway endpoint of s3, or write dns_options: {{{_INBOUND}: false}} in {endpoint.key}"
        message = f"{endpoint.key}: AWS refuses private DNS of s3 unless the VPC has a gateway endpoint for it"
        yield no_gateway.at(intent.own_place(endpoint, "private_dns_enabled"), message, fix)


@endpoint_rule(
    "W213",
    "private DNS that hides public APIs",
    why="With private DNS, every name under the service's domain leads to the endpoint, those of public APIs too, "
    "which it does not serve: from this VPC they can't be reached.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
    fix="if the VPC calls public APIs too, write `private_dns_enabled: false` in the endpoint",
)
def hides(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    service = endpoint.service
    if service is not None and service.id in _HIDING and endpoint.has_private_dns:
        fix = f"if the VPC calls public APIs too, write private_dns_enabled: false in {endpoint.key}"
        message = f"{endpoint.key}: public APIs of {service.id} can't be reached from this VPC"
        yield hides.at(intent.own_place(endpoint, "private_dns_enabled"), message, fix)
