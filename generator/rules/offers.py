"""Which services the Region has: by the list that AWS itself gave of it, or else by what is shipped."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from generator.catalog.lists import command, stale
from generator.intent.endpoints import region_of
from generator.source.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent

NOT_LISTED = Code(
    "E276",
    "a service that the Region does not have",
    "`services/<region>.json` beside the spec holds what AWS listed for the Region, and the service is not there as "
    "this type of endpoint: AWS would refuse it. A list that has no endpoint of the type at all says nothing of it.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointServices.html",
)
DENIED = Code(
    "W250",
    "a service that the Region is not known to have",
    "By the sources of the shipped catalog the Region does not have the service. They may be older than the service.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
)
NAME_NOT_LISTED = Code(
    "W252",
    "a full service name that the Region does not list",
    "`service_name` asks no catalog, so it is not refused; but AWS did not list it when `services/<region>.json` was "
    "taken. Endpoint services of others, com.amazonaws.vpce.…, are on no list.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointServices.html",
)


def old_list(intent: Intent) -> Iterator[Diagnostic]:
    """Warn of lists that are old; without a day there is no age."""
    for listed in intent.catalog.lists.values():
        if intent.today is not None:
            yield from stale(listed, intent.today)


def not_offered(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse a service that the Region's list does not have; without a list, warn where the catalog says so."""
    region, service = region_of(endpoint.own, intent.spec), endpoint.service
    if region is None or service is None:
        return
    listed = intent.catalog.lists.get(region)
    if listed is None or endpoint.type not in listed.types:
        if intent.catalog.offered_in(service.id, region) is False:
            message = f"{endpoint.key}: {service.id} is not known in {region}, as of {intent.catalog.checked}"
            fix = f"ask AWS: {command(region, str(PurePath(intent.source.file).with_name('services') / region))}"
            yield DENIED.at(endpoint.place, message, fix)
    elif listed.offer(str(endpoint.service_name), endpoint.type) is None:
        source = f"by {listed.file} of {listed.taken}"
        message = f"{endpoint.key}: {service.id} has no {endpoint.type} endpoint in {region}, {source}"
        fix = f"check the spelling, or take the list anew: {command(listed.region, listed.file)}"
        yield NOT_LISTED.at(endpoint.place, message, fix)


def name_not_listed(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of a full name that the Region's list does not have, unless it is that of somebody's endpoint service."""
    name, region = endpoint.own.service_name, region_of(endpoint.own, intent.spec)
    listed = intent.catalog.lists.get(region or "")
    if name is None or listed is None or ".vpce." in name or endpoint.type not in listed.types:
        return
    if listed.offer(name, endpoint.type) is None:
        message = f"{endpoint.key}: {name} is not listed as {endpoint.type}, by {listed.file} of {listed.taken}"
        fix = f"check the spelling, or take the list anew: {command(listed.region, listed.file)}"
        yield NAME_NOT_LISTED.at(intent.source.place(endpoint.path("service_name")), message, fix)
