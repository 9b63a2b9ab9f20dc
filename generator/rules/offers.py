"""Which services the Region has: by the list that AWS itself gave of it, or else by what is shipped."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from generator.catalog.lists import command, stale
from generator.intent.endpoints import region_of
from generator.source.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.case import Case
    from generator.intent.endpoints import Wanted

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


def old_list(case: Case) -> Iterator[Diagnostic]:
    """Warn of lists that are old; without a day there is no age."""
    for listed in case.catalog.lists.values():
        if case.today is not None:
            yield from stale(listed, case.today)


def not_offered(case: Case, wish: Wanted) -> Iterator[Diagnostic]:
    """Refuse a service that the Region's list does not have; without a list, warn where the catalog says so."""
    region, service = region_of(wish.endpoint, case.spec), wish.service
    if region is None or service is None:
        return
    listed = case.catalog.lists.get(region)
    if listed is None or wish.type not in listed.types:
        if case.catalog.offered_in(service.id, region) is False:
            message = f"{wish.key}: {service.id} is not known in {region}, as of {case.catalog.checked}"
            fix = f"ask AWS: {command(region, str(PurePath(case.source.file).with_name('services') / region))}"
            yield DENIED.at(wish.place, message, fix)
    elif listed.offer(str(wish.service_name), wish.type) is None:
        message = (
            f"{wish.key}: {service.id} has no {wish.type} endpoint in {region}, by {listed.file} of {listed.taken}"
        )
        fix = f"check the spelling, or take the list anew: {command(listed.region, listed.file)}"
        yield NOT_LISTED.at(wish.place, message, fix)


def name_not_listed(case: Case, wish: Wanted) -> Iterator[Diagnostic]:
    """Warn of a full name that the Region's list does not have, unless it is that of somebody's endpoint service."""
    name, region = wish.endpoint.service_name, region_of(wish.endpoint, case.spec)
    listed = case.catalog.lists.get(region or "")
    if name is None or listed is None or ".vpce." in name or wish.type not in listed.types:
        return
    if listed.offer(name, wish.type) is None:
        message = f"{wish.key}: {name} is not listed as {wish.type}, by {listed.file} of {listed.taken}"
        fix = f"check the spelling, or take the list anew: {command(listed.region, listed.file)}"
        yield NAME_NOT_LISTED.at(case.source.place(wish.path("service_name")), message, fix)
