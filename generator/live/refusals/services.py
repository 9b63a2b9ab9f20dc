"""Whether AWS offers the services of the endpoints in the Region, and in the zones of their subnets."""

from __future__ import annotations

from collections.abc import Iterator

from generator.live.estate import AwsObject, label
from generator.live.locate import Located, LocatedEndpoint
from generator.live.refusals.facts import (
    dns_place,
    find_offer,
    find_offers,
    find_own,
    join_words,
    new_private_dns,
    show,
    types,
)
from generator.live.states import is_pending
from generator.live.untold import NOT_CHECKED
from generator.rules.offers import elsewhere
from generator.source.diagnostics import Code, Diagnostic

NO_SERVICE = Code("E423")
NOT_IN_ZONE = Code("E424")
NO_DNS_NAME = Code("E434")
MUST_ACCEPT = Code("W433")
_OWNED = "com.amazonaws.vpce."


def not_offered(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a service of AWS that it does not list, or not with the type; others', and other Regions', are not told.

    "Describes available services to which you can create a VPC endpoint", of the Region that is asked.
    """
    region = spec.estate.region
    for located in spec.endpoints:
        name, offers, key = located.service_name, find_offers(spec, located), located.endpoint.key
        offered = {each for one in offers for each in types(one)}
        if name is None or find_own(spec, located) or find_offer(spec, located) or (offers and not offered):
            continue
        home = located.endpoint.service_region or region
        code, message = NO_SERVICE, f"{key}: AWS does not list {name} in {region}"
        text = f"gen-endpoints services --region {region} lists what AWS offers"
        text = elsewhere(spec.intent, located.endpoint) or text
        if offered:
            has = join_words(sorted(offered))
            message = f"{key}: AWS lists {name} with {has} endpoints, not {located.endpoint.type}"
            text = f"write type: {has}"
        elif home != region:
            code, message = NOT_CHECKED, f"not checked: what AWS offers of {name}: the answer is of {region}'s services"
            text = f"check that this lists it, of {home}"
        elif name.startswith(_OWNED):
            code, message = NOT_CHECKED, f"not checked: whether AWS takes endpoints to {name}, which it does not list"
            text = "ask its owner whether it permits this account, and where it is"
        options = [f"--service-regions {home}"] if home != region else []
        yield code.at(located.endpoint.place, message, _see(spec, located, text, *options))


def not_in_zone(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a subnet in whose zone the service is not."""
    for located in spec.endpoints:
        offer = find_offer(spec, located) or {}
        there = find_own(spec, located).get("SubnetIds") or ()
        for subnet in (each for each in located.subnets if each["SubnetId"] not in there):
            # ids, which all accounts share, before names
            keys = ("AvailabilityZoneId", "AvailabilityZone")
            key = next((each for each in keys if offer.get(f"{each}s") and subnet.get(each)), None)
            if key is not None and subnet[key] not in offer[f"{key}s"]:
                name = subnet["AvailabilityZone"]
                zone = name if name == subnet[key] else f"{name} ({subnet[key]})"
                subject = f"{located.endpoint.key}: {located.service_name} is not in {zone}"
                text = f"give {located.endpoint.key} subnets: of its own, in {join_words(offer[f'{key}s'])}"
                message = f"{subject}, the zone of subnet {label(subnet, 'SubnetId')}"
                place = spec.intent.place(located.endpoint, "subnets")
                yield NOT_IN_ZONE.at(place, message, _see(spec, located, text))


def no_dns_name(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS of a service without a name for it."""
    for located in new_private_dns(spec):
        if (offer := find_offer(spec, located)) is None:
            continue
        state = str(offer.get("PrivateDnsNameVerificationState", "verified"))
        if not private_names(offer) or state.lower() != "verified":
            has = f"whose private DNS name is {state}" if private_names(offer) else "which has no private DNS name"
            message = f"{located.endpoint.key}: private DNS of {located.service_name}, {has}"
            text = f"write private_dns_enabled: false in {located.endpoint.key}"
            yield NO_DNS_NAME.at(dns_place(spec, located), message, _see(spec, located, text))


def private_names(offer: AwsObject) -> tuple[str, ...]:
    """Return the private DNS names of a service."""
    names = [str(each.get("PrivateDnsName")) for each in offer.get("PrivateDnsNames") or ()]
    return tuple(dict.fromkeys((*names, *filter(None, (offer.get("PrivateDnsName"),)))))


def must_accept(spec: Located) -> Iterator[Diagnostic]:
    """Warn of a service whose owner must accept each endpoint."""
    for located in spec.endpoints:
        offer = find_offer(spec, located)
        own = find_own(spec, located)
        if (
            offer is not None
            and offer["AcceptanceRequired"]
            and (not own or is_pending(own))  # of another state W427 says what it means
            and not located.endpoint.stated.get("auto_accept")
        ):
            message = f"{located.endpoint.key}: the owner of {located.service_name} must accept the endpoint"
            text = f"ask the owner to, or write auto_accept: true in {located.endpoint.key} if the service is yours"
            yield MUST_ACCEPT.at(located.endpoint.place, message, _see(spec, located, text))


def _see(spec: Located, located: LocatedEndpoint, text: str, *options: str) -> str:
    return show(spec, text, "ServiceDetails", located.service_name, *options)
