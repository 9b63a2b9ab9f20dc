"""Service names written out in full, and Regions: what a name says, and whether it can be right. Checked 2026-11-22."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from generator.intent.endpoints import region_of
from generator.intent.names import named, service_of
from generator.source.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent
    from generator.source.diagnostics import Place

_SERVICES = "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"
_ACROSS = "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-cross-region-privatelink-support.html"
NO_NAME = Code(
    "E237",
    "text that can be no service name",
    "A service name has at least three parts of small letters, digits, hyphens and underscores, with dots between "
    "them; the one of an endpoint service is com.amazonaws.vpce.<region>.vpce-svc-<id>.",
    _SERVICES,
)
NAME_ELSEWHERE = Code(
    "E238",
    "the service name of another Region",
    "AWS looks for a service in the endpoint's Region, or in `service_region`, and its name must be of that Region.",
    _ACROSS,
)
NAME_OF_OTHER_TYPE = Code(
    "E239",
    "an endpoint type that the named service does not have",
    "Only Amazon S3, DynamoDB and S3 Express One Zone have gateway endpoints, and no AWS service is a Gateway Load "
    "Balancer. An endpoint service of a third party has Interface or GatewayLoadBalancer endpoints.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
)
UNKNOWN_REGION = Code(
    "W208",
    "a Region that the catalog does not know",
    "AWS opens new Regions, so this may be one; or the name is misspelt, and every service name with it.",
    "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
)
UNKNOWN_NAME = Code(
    "W209",
    "a service name that the catalog does not know",
    "AWS offers new services monthly, so this may be one; or the name is misspelt, and AWS will say that the service "
    "does not exist.",
    _SERVICES,
)
NOT_ACROSS = Code(
    "W210",
    "a service in another Region that AWS does not list for it",
    "AWS services are reached across Regions only where AWS lists them, and only in one partition. The list grows.",
    _ACROSS,
)
ARN_ELSEWHERE = Code(
    "W211",
    "a VPC Lattice resource of another Region",
    "Resource configurations and service networks are of one Region, and an endpoint leads to those of its own.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-resources.html",
)
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+){2,}")
_OWNED_ID = re.compile(r"vpce-svc-[0-9a-f]{8,17}")
_OF_ACCOUNT = re.compile(r"(dsql|timestream\.(ingest|query))-")
_ARN = re.compile(r"arn:[^:]+:vpc-lattice:(?P<region>[^:]*):")


def no_name(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse text that can be no service name."""
    name, text = named(endpoint, intent.catalog), str(endpoint.service_name)
    if name is None or (_NAME.fullmatch(text) and (not name.owned or _OWNED_ID.fullmatch(name.id))):
        return
    fix = "write it as com.amazonaws.<region>.<service>"
    if name.owned:
        fix = "an endpoint service's name ends in vpce-svc- and 17 digits from 0 to f"
    elif intent.catalog.get(text.lower()):
        fix = f"write service: {text.lower()}"
    message = f"{endpoint.key}: {text} can be no service name"
    yield NO_NAME.at(intent.source.place(endpoint.path("service_name")), message, fix)


def name_elsewhere(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse a name of another Region than that in which AWS looks for it."""
    name, target = named(endpoint, intent.catalog), endpoint.own.service_region or intent.region(endpoint)
    if name is None or name.region is None or target in {None, name.region}:
        return
    if name.service is not None and "{region}" not in name.service.template:
        return  # its one name, in every Region
    right = str(endpoint.service_name).replace(f".{name.region}.", f".{target}.")
    where = "service_region is" if endpoint.own.service_region else "the endpoint is in"
    fix = f"write service_name: {right}"
    if name.region == intent.region(endpoint):
        fix += ", or leave service_region out"
    elif endpoint.type == "Interface":
        fix += f", or service_region: {name.region}"
    message = f"{endpoint.key}: the name is of {name.region}, and {where} {target}"
    yield NAME_ELSEWHERE.at(intent.source.place(endpoint.path("service_name")), message, fix)


def name_of_other_type(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse a type that the service does not have which the name names."""
    name = named(endpoint, intent.catalog)
    types: tuple[str, ...] = ("Interface", "GatewayLoadBalancer") if name and name.owned else ()
    types = name.service.types if name and name.service else types
    if types and endpoint.type not in {*types, "Resource", "ServiceNetwork"}:  # those two are E227
        message = f"{endpoint.key}: {endpoint.service_name} has no {endpoint.type} endpoint"
        yield NAME_OF_OTHER_TYPE.at(
            intent.own_place(endpoint, "type"), message, f"write type: {' or type: '.join(types)}"
        )


def unknown_region(intent: Intent) -> Iterator[Diagnostic]:
    """Warn of Regions that the catalog does not know."""
    for subject, region, place in _regions(intent):
        if region not in intent.catalog.regions:
            near = difflib.get_close_matches(region, intent.catalog.regions, n=1)
            fix = f"did you mean {near[0]}?" if near else f"the catalog is of {intent.catalog.checked}"
            yield UNKNOWN_REGION.at(place, f"{subject}: {region} is no Region that the catalog knows", fix)


def _regions(intent: Intent) -> Iterator[tuple[str, str, Place]]:
    if intent.spec.region is not None:
        yield "the spec", intent.spec.region, intent.source.place(("region",))
    for endpoint in intent.endpoints:
        for field in ("region", "service_region"):
            region = getattr(endpoint.own, field)
            if region is not None:
                yield endpoint.key, region, intent.source.place(endpoint.path(field))
        name = named(endpoint, intent.catalog)
        if name and name.region:
            yield endpoint.key, name.region, intent.source.place(endpoint.path("service_name"))


def unknown_name(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of a service name that the catalog does not know, with the nearest that it knows.

    Where the Region's own list is at hand, `offers` says what is not in it.
    """
    name, listed = named(endpoint, intent.catalog), intent.catalog.lists.get(region_of(endpoint.own, intent.spec) or "")
    if name is None or (listed is not None and endpoint.type in listed.types):
        return
    if name.owned or name.service or _OF_ACCOUNT.match(name.id) or any(no_name(intent, endpoint)):
        return
    near = intent.catalog.nearest(name.id or str(endpoint.service_name))
    fix = f"did you mean service: {near[0]}?" if near else "see that the name is spelt as AWS spells it"
    message = f"{endpoint.key}: {endpoint.service_name} is no service that the catalog knows"
    yield UNKNOWN_NAME.at(intent.source.place(endpoint.path("service_name")), message, fix)


def not_across(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of a service in another Region that AWS does not list for that, or in another partition."""
    there, here, service = endpoint.own.service_region, intent.region(endpoint), service_of(intent, endpoint)
    if there is None or there == here or endpoint.type != "Interface":
        return
    place = intent.source.place(endpoint.path("service_region"))
    regions = {
        region: intent.catalog.regions[region] for region in (there, here or "") if region in intent.catalog.regions
    }
    if service is not None and service.cross_region is not True:
        fix = f"see AWS's list; where {service.id} is not in it, reach the endpoint of a VPC in {there} by peering"
        yield NOT_ACROSS.at(
            place, f"{endpoint.key}: AWS does not list {service.id} for access from another Region", fix
        )
    elif len({region.partition for region in regions.values()}) > 1:
        partitions = " and ".join(f"{region.id} in {region.partition}" for region in regions.values())
        message = f"{endpoint.key}: the Regions are of two partitions, {partitions}"
        yield NOT_ACROSS.at(place, message, "choose a service_region of the same partition")


def arn_elsewhere(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of a VPC Lattice resource of another Region than the endpoint's."""
    if endpoint.own.form in {"resource_configuration_arn", "service_network_arn"}:
        found, here = _ARN.match(getattr(endpoint.own, endpoint.own.form)), intent.region(endpoint)
        if found and found["region"] and here not in {None, found["region"]}:
            message = f"{endpoint.key}: the ARN is of {found['region']}, and the endpoint is in {here}"
            place = intent.source.place(endpoint.path(endpoint.own.form))
            yield ARN_ELSEWHERE.at(place, message, f"give the ARN of one in {here}")
