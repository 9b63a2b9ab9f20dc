"""Which services the Region has: by the list that AWS itself gave of it, or else by what is shipped."""

from __future__ import annotations

from pathlib import PurePath

from generator.catalog.lists import OLD, RegionalList, command, warn_of_age
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.rules.provider import version
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.spec import Endpoint as StatedEndpoint


@rule(OLD.code)
def old_list(intent: Intent) -> Findings:
    """A list of a Region's services that is old."""
    for listed in intent.catalog.lists.values():
        for old in warn_of_age(listed, intent.today) if intent.today else ():
            yield old.place, old.message, old.fix


@endpoint_rule("E276")
def not_listed(intent: Intent, endpoint: Endpoint) -> Findings:
    """A service that the Region does not have."""
    listed, service = _list(intent, endpoint), endpoint.catalog_service
    if listed and service and not endpoint.obstacle and listed.offer(str(endpoint.service_name), endpoint.type) is None:
        source = f"by {listed.file} of {listed.taken}"
        message = f"{endpoint.key}: {service.id} has no {endpoint.type} endpoint in {listed.region}, {source}"
        yield endpoint.place, message, elsewhere(intent, endpoint) or _check(listed)


@endpoint_rule("W250")
def not_known(intent: Intent, endpoint: Endpoint) -> Findings:
    """A service that the Region is not known to have."""
    region, service = endpoint.service_region, endpoint.service
    if region is None or service is None or not endpoint.type or _list(intent, endpoint):
        return
    if intent.catalog.offered_in(service.id, region) is False:
        message = f"{endpoint.key}: {service.id} is not known in {region}, as of {intent.catalog.checked}"
        ask = f"ask AWS: {command(region, str(PurePath(intent.source.file).with_name('services') / region))}"
        yield endpoint.place, message, elsewhere(intent, endpoint) or ask


@endpoint_rule("E280")
def addresses_not_listed(intent: Intent, endpoint: Endpoint) -> Findings:
    """An address type that the service does not have in the Region."""
    listed, stated = _list(intent, endpoint), endpoint.stated.get("ip_address_type")
    # records tell of addresses where nothing else does; E246 has those beside an ip_address_type
    is_of_records = stated is None and endpoint.type == "Interface"
    wanted = endpoint.dns_option("dns_record_ip_type") if is_of_records else stated
    path = ("dns_options", "dns_record_ip_type") if is_of_records else ("ip_address_type",)
    offer = listed.offer(str(endpoint.service_name), endpoint.type) if listed else None
    has = (offer and offer.supported_ip_address_types) or ()
    if listed and has and wanted and not ({wanted} & {"ipv4", "ipv6"} or {"ipv4", "ipv6"}) <= {*has}:
        message = f"{endpoint.key}: {wanted}, and {endpoint.service_name} has {' and '.join(has)} alone"
        fix = f"write {path[-1]}: {has[0]}, or take the list again: {command(listed.region, listed.file)}"
        yield endpoint.at(*path), f"{message}, by {listed.file} of {listed.taken}", fix


@endpoint_rule("W252")
def name_not_listed(intent: Intent, endpoint: Endpoint) -> Findings:
    """A full service name that the Region does not list."""
    name, listed = str(endpoint.service_name), _list(intent, endpoint)
    if endpoint.full_name and listed and ".vpce." not in name and listed.offer(name, endpoint.type) is None:
        message = f"{endpoint.key}: {name} is not listed as {endpoint.type}, by {listed.file} of {listed.taken}"
        yield endpoint.at("service_name"), message, elsewhere(intent, endpoint) or _check(listed)


def elsewhere(intent: Intent, endpoint: Endpoint) -> str:
    """Return the fix that reaches the one Region of its partition that has a service; empty where none is known."""
    region, service, known = endpoint.service_region, endpoint.service, intent.catalog.regions
    is_local = endpoint.full_name and f".{region}." in str(endpoint.service_name)  # E238: it would be of another Region
    if region is None or region not in known or not service or not service.cross_region or is_local:
        return ""
    near = [each for each in service.regions or () if known[each].partition == known[region].partition]
    if len(near) != 1 or near == [region]:
        return ""
    needs = str(StatedEndpoint.provider("service_region"))
    release = f', and aws_provider: ">= {needs}"' * (version(needs) > version(intent.spec.aws_provider))
    return f"write service_region: {near[0]}{release}"


def _list(intent: Intent, endpoint: Endpoint) -> RegionalList | None:
    """Return the list of the endpoint's Region, where it speaks of the endpoint's type at all."""
    listed = intent.list_of(endpoint)
    return listed if listed and endpoint.type in listed.types else None


def _check(listed: RegionalList) -> str:
    return f"check the spelling, or take the list again: {command(listed.region, listed.file)}"
