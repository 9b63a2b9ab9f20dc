"""Whether what others have in the VPC is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from generator.live.candidates import candidates, leaving
from generator.live.estate import AwsObject, label
from generator.live.gateways import GATEWAY, lacking
from generator.live.locate import Located, LocatedEndpoint
from generator.live.match import UNTIL_GONE, way_back
from generator.live.refusals.exchange import DNS_TAKEN, ROUTED_ALREADY, given_up
from generator.live.refusals.facts import (
    command_of,
    dns_place,
    find_offer,
    find_others,
    find_own,
    holder,
    join_words,
    new_private_dns,
    show,
    show_endpoint,
    unless_imported,
    way,
)
from generator.live.refusals.givers import giver
from generator.live.refusals.order import APPLY_FIRST, apply_first
from generator.live.refusals.services import private_names
from generator.live.refusals.waiting import in_order
from generator.live.untold import GIVE_ALL, NOT_CHECKED, NOT_TOLD, way_of
from generator.source.diagnostics import Code, Diagnostic, Place

ZONE_TAKEN = Code("E428")
NO_GATEWAY = Code("E437")


def dns_taken(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS that another endpoint of the spec has, or one in AWS, where an apply turns it on."""
    first: dict[str, LocatedEndpoint] = {}
    for located in spec.with_private_dns:
        known = {what: first.setdefault(what, located) for what in (located.target, *dns_names(spec, located))}
        what, one = next(((what, each) for what, each in known.items() if each is not located), ("", located))
        if one is not located:
            message = f"{located.endpoint.key}: {one.endpoint.key} has private DNS for {what}, too"
            fix = f"write private_dns_enabled: false in one of {one.endpoint.key} and {located.endpoint.key}"
            yield DNS_TAKEN.at(dns_place(spec, located), message, fix)
    for located in new_private_dns(spec):
        yield from given_up(spec, located)
        for other in find_others(spec, located):
            if other.get("PrivateDnsEnabled") and not giver(spec, located, other):
                message = f"{located.endpoint.key}: {label(other, 'VpcEndpointId')} has private DNS for this service"
                message += _held(spec, located, other)
                text = _way_out(spec, located, other)
                yield DNS_TAKEN.at(dns_place(spec, located), message, show_endpoint(spec, other, text))
        yield from _leaving(spec, located, dns_place(spec, located), "private DNS for this service")


def _leaving(spec: Located, located: LocatedEndpoint, place: Place, what: str) -> Iterator[Diagnostic]:
    """Say that it is not told whether AWS takes what an endpoint has that it is deleting."""
    for other in leaving(located, spec):
        message = f"{located.endpoint.key}: not told whether AWS takes it beside {label(other, 'VpcEndpointId')}"
        message += f", which it is deleting, and which has {what}"
        yield NOT_TOLD.at(place, message, show_endpoint(spec, other, located.beside(other, UNTIL_GONE)))


def _way_out(spec: Located, located: LocatedEndpoint, other: AwsObject) -> str:
    """Return what helps: at first that the state's own is taken over, or when there is nothing wrong."""
    if other is located.live and (back := way_back(spec, str(other["VpcEndpointId"]))):
        return back
    unless = unless_imported(spec, str(other["VpcEndpointId"])) if other is located.live else ""
    return unless + located.beside(other, way(spec, located, other))


def no_gateway(spec: Located) -> Iterator[Diagnostic]:
    """Refuse new private DNS of S3 where the VPC has no gateway for it; warn where another of the specs makes one."""
    new, maker = {each.endpoint.key for each in new_private_dns(spec)}, spec.coming.get(GATEWAY)
    for endpoint, fix in lacking(spec):
        if endpoint.key in new:
            message = f"{endpoint.key}: AWS refuses private DNS of s3: VPC {spec.vpc_id} has no gateway endpoint for it"
            place = spec.intent.own_place(endpoint, "private_dns_enabled")
            told = NO_GATEWAY.at(place, message, fix)
            if maker:
                first = APPLY_FIRST.at(place, *apply_first(spec, message, maker))
                if not (left := in_order(spec, first, maker, NO_GATEWAY)):
                    continue
                told = left
            yield replace(told, fix=f"{told.fix}\n    {command_of(spec, 'VpcEndpoints')}")


def zone_taken(spec: Located) -> Iterator[Diagnostic]:
    """Refuse private DNS whose zone the VPC has, and not of an endpoint of the service."""
    there = (each for each in spec.estate.all("HostedZoneSummaries") if spec.vpc_id in each.get("VPCs", [spec.vpc_id]))
    named = [
        (located, dns_names(spec, located))
        for located in spec.with_private_dns
        if not any(each.get("PrivateDnsEnabled") for each in candidates(located, spec))  # else the zone is its own
        and not any(leaving(located, spec))
    ]
    wanted = {*chain.from_iterable(names for _, names in named)}
    zones = {name: zone for zone in there if (name := _plain(str(zone.get("Name")))) in wanted}
    for located, names in named:
        for name in names:
            if name in zones:
                zone = str(zones[name]["HostedZoneId"])
                message = f"{located.endpoint.key}: the VPC has a private hosted zone {name} ({zone}) already"
                text = f"take the VPC out of the zone, or write private_dns_enabled: false in {located.endpoint.key}"
                shows = command_of(spec, "HostedZoneSummaries")
                yield ZONE_TAKEN.at(dns_place(spec, located), message, f"{text}\n    {shows}")


def dns_names(spec: Located, located: LocatedEndpoint) -> tuple[str, ...]:
    """Return the private DNS names of an endpoint's service: as AWS lists them, else as the catalog knows them."""
    region, service = located.endpoint.service_region or spec.estate.region, located.endpoint.service
    known = (name.replace("{region}", region) for name in (service and service.private_dns) or ())
    offer = find_offer(spec, located)
    return tuple(dict.fromkeys(map(_plain, private_names(offer) if offer else known)))


def _plain(name: str) -> str:
    r"""Return a domain name without its dot at the end and its wildcard, which Route 53 writes as `\052`."""
    return name.rstrip(".").removeprefix("*.").removeprefix("\\052.").lower()


def routed_already(spec: Located) -> Iterator[Diagnostic]:
    """Refuse a gateway on a route table that another gateway of the service has, in AWS or by the spec."""
    first: dict[object, LocatedEndpoint] = {}
    for located in spec.endpoints:
        if located.endpoint.type == "Gateway":
            yield from _routed_by_spec(spec, located, first)
            yield from _leaving(spec, located, spec.intent.place(located.endpoint, "route_tables"), "its route tables")
        yield from _led_elsewhere(spec, located)
        yield from given_up(spec, located) if located.endpoint.type == "Gateway" else ()
        own = find_own(spec, located).get("RouteTableIds") or ()
        for other in find_others(spec, located) if located.endpoint.type == "Gateway" else ():
            given = found.tables if (found := giver(spec, located, other)) else ()
            held = [each for each in located.shared_tables(other) if each["RouteTableId"] not in own]
            if tables := [each for each in held if each not in given]:
                names = join_words(label(table, "RouteTableId") for table in tables)
                message = f"{located.endpoint.key}: {label(other, 'VpcEndpointId')} has a route in {names} already"
                message += _held(spec, located, other)
                text = _way_out(spec, located, other)
                fix = show(spec, text, "RouteTables", *(table["RouteTableId"] for table in tables))
                yield ROUTED_ALREADY.at(spec.intent.place(located.endpoint, "route_tables"), message, fix)


def _routed_by_spec(
    spec: Located, located: LocatedEndpoint, first: dict[object, LocatedEndpoint]
) -> Iterator[Diagnostic]:
    """Refuse a gateway of the spec on tables of those before it, under whatever names; note whose its others are."""
    shared: dict[str, list[AwsObject]] = {}
    for table in located.route_tables:
        if (one := first.setdefault((located.target, table["RouteTableId"]), located)) is not located:
            shared.setdefault(one.endpoint.key, []).append(table)
    for key, tables in shared.items():
        names = join_words(label(table, "RouteTableId") for table in tables)
        message = f"{located.endpoint.key}: {key} has a route to this service in {names} already"
        text = f"give {located.endpoint.key} and {key} different route_tables:, or keep one of the two"
        fix = show(spec, text, "RouteTables", *(table["RouteTableId"] for table in tables))
        yield ROUTED_ALREADY.at(spec.intent.place(located.endpoint, "route_tables"), message, fix)


def led_elsewhere(spec: Located) -> Iterator[Diagnostic]:
    """Refuse gateways on route tables that lead their services elsewhere, as to a NAT gateway."""
    return (each for located in spec.endpoints for each in _led_elsewhere(spec, located))


def _led_elsewhere(spec: Located, located: LocatedEndpoint) -> Iterator[Diagnostic]:
    """Refuse a gateway on a route table that leads its service elsewhere: a table has one route to a destination.

    RouteAlreadyExists: "A route for the specified CIDR block already exists in this route table"; of a prefix list AWS
    says that it "already has a route with destination-prefix-list-id", whatever that leads to.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (read 2026-11-28)
    """
    own = find_own(spec, located).get("RouteTableIds") or ()
    untold = way_of("PrefixLists", spec.estate) if "PrefixLists" in spec.estate.refused else GIVE_ALL
    place, key = spec.intent.place(located.endpoint, "route_tables"), located.endpoint.key
    for table in located.route_tables:
        routes = [] if table["RouteTableId"] in own else table["Routes"]
        for route in (each for each in routes if not str(each.get("GatewayId")).startswith("vpce-")):
            if (listed := route.get("DestinationPrefixListId")) is None:
                continue
            found = spec.estate.one("PrefixLists", listed)
            name, text = label(table, "RouteTableId"), f"take that route out, or give {key} other route_tables:"
            if found is None:
                message = f"not checked: whether {listed}, to which {name} has a route, is the prefix list of {key}"
                yield NOT_CHECKED.at(place, message, f"{untold}\n    {command_of(spec, 'PrefixLists')}")
            elif found.get("PrefixListName") == located.service_name:
                message = f"{key}: {name} has a route to the service's prefix list, {listed}, already"
                yield ROUTED_ALREADY.at(place, message, show(spec, text, "RouteTables", table["RouteTableId"]))


def _held(spec: Located, located: LocatedEndpoint, other: AwsObject) -> str:
    """Return whose an endpoint is, where another spec has it, or the state has it for something else."""
    rival, identifier = holder(spec, located, other), str(other["VpcEndpointId"])
    at = spec.stands(identifier)
    lacks = spec.lacks(identifier) if spec.elsewhere(identifier) else at and f"Terraform's state has it at {at}"
    return f", and {rival or lacks}" if rival or lacks else ""
