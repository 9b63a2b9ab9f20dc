"""Whether AWS offers the services of the endpoints in the Region, and in the zones of their subnets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.live.estate import AwsObject, label
from generator.live.locate import Located, LocatedEndpoint
from generator.live.preflight.facts import find_offer, find_offers, join_words, show_with, types, with_private_dns
from generator.source.diagnostics import Code, Diagnostic

NO_SERVICE = Code("E423")
NOT_IN_ZONE = Code("E424")
NO_DNS_NAME = Code("E434")
MUST_ACCEPT = Code("W433")
_OWNED = re.compile(r"com\.amazonaws\.vpce\.")


def not_offered(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a service of AWS that it does not list; of others' services it lists only some."""
    for located in spec.endpoints:
        name, offered = located.service_name, {each for one in find_offers(spec, located) for each in types(one)}
        elsewhere = located.endpoint.service_region not in {None, spec.estate.region}
        if name is None or elsewhere or _OWNED.match(name) or find_offer(spec, located) is not None:
            continue
        message = f"{located.endpoint.key}: AWS does not list {name} in {spec.estate.region}"
        text = f"gen-endpoints services --region {spec.estate.region} lists what AWS offers"
        if offered:
            has = join_words(sorted(offered))
            message = f"{located.endpoint.key}: AWS lists {name} with {has} endpoints, not {located.endpoint.type}"
            text = f"write type: {has}"
        yield NO_SERVICE.at(located.endpoint.place, message, _see(spec, located, text))


def not_in_zone(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a subnet in whose zone the service is not."""
    for located in spec.endpoints:
        offer = find_offer(spec, located)
        for subnet in located.subnets if offer is not None else ():
            key = _same_key(offer or {}, subnet)
            if key is not None and subnet[key] not in (offer or {})[f"{key}s"]:
                name = subnet.get("AvailabilityZone", subnet[key])
                zone = name if name == subnet[key] else f"{name} ({subnet[key]})"
                subject = f"{located.endpoint.key}: {located.service_name} is not in {zone}"
                text = f"give {located.endpoint.key} subnets: of its own, in {join_words((offer or {})[f'{key}s'])}"
                yield NOT_IN_ZONE.at(
                    spec.intent.place(located.endpoint, "subnets"),
                    f"{subject}, the zone of subnet {label(subnet, 'SubnetId')}",
                    _see(spec, located, text),
                )


def _same_key(offer: AwsObject, subnet: AwsObject) -> str | None:
    """Return by what zones can be compared: ids, which all accounts share, else names; None for neither."""
    keys = ("AvailabilityZoneId", "AvailabilityZone")
    return next((key for key in keys if offer.get(f"{key}s") and subnet.get(key)), None)


def no_dns_name(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS of a service without a name for it."""
    for located in with_private_dns(spec):
        offer = find_offer(spec, located)
        if offer is None:
            continue
        state = offer.get("PrivateDnsNameVerificationState", "verified")
        if not private_names(offer) or state != "verified":
            has = f"whose private DNS name is {state}" if private_names(offer) else "which has no private DNS name"
            message = f"{located.endpoint.key}: private DNS of {located.service_name}, {has}"
            text = f"write private_dns_enabled: false in {located.endpoint.key}"
            yield NO_DNS_NAME.at(
                spec.intent.own_place(located.endpoint, "private_dns_enabled"), message, _see(spec, located, text)
            )


def private_names(offer: AwsObject) -> tuple[str, ...]:
    """Return the private DNS names of a service."""
    names = [str(each.get("PrivateDnsName")) for each in offer.get("PrivateDnsNames") or ()]
    return tuple(dict.fromkeys((*names, *filter(None, (offer.get("PrivateDnsName"),)))))


def must_accept(spec: Located) -> Iterator[Diagnostic]:
    """Warn of a service whose owner must accept each endpoint."""
    for located in spec.endpoints:
        offer = find_offer(spec, located)
        if offer is not None and offer.get("AcceptanceRequired") and not located.endpoint.stated.get("auto_accept"):
            message = f"{located.endpoint.key}: the owner of {located.service_name} must accept the endpoint"
            text = f"ask the owner to, or write auto_accept: true in {located.endpoint.key} if the service is yours"
            yield MUST_ACCEPT.at(located.endpoint.place, message, _see(spec, located, text))


def _see(spec: Located, located: LocatedEndpoint, text: str) -> str:
    return show_with(spec, text, "ServiceDetails", f"--service-names {located.service_name}")
