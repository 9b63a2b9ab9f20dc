"""Service names written out in full, and Regions: what a name says, and whether it can be right. Checked 2026-11-22."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.catalog import services
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.intent.targets import Arn, FullName
from generator.rules.provider import and_provider
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.source.suggest import did_you_mean, nearest
from generator.spec import Endpoint as StatedEndpoint

_NAME = r"[a-z0-9_-]+(\.[a-z0-9_-]+){2,}"
_OWNED_ID = r"vpce-svc-[0-9a-f]{8,17}"
_OF_ACCOUNT = r"(dsql|timestream\.(ingest|query))-"
_ARN = r"arn:[^:]+:vpc-lattice:(?P<region>[^:]*):"


@endpoint_rule("E237")
def no_name(intent: Intent, endpoint: Endpoint) -> Findings:
    """Text that is not a service name, or not that of its partition."""
    name, text = endpoint.full_name, str(endpoint.service_name)
    right = "" if name is None else _in_partition(intent, endpoint, name)
    if right not in {"", text}:
        message = f"{endpoint.key}: {text} is not the service's name in {name and name.region}"
        yield endpoint.at("service_name"), message, f"write service_name: {right}"
    if name is None or right or _is_name(name, text):
        return
    fix = "write it as com.amazonaws.<region>.<service>"
    if name.owned:
        fix = "an endpoint service's name ends in vpce-svc- and 17 digits from 0 to f"
    elif intent.catalog.services.get(text.lower()):
        fix = f"write service: {text.lower()}"
    yield endpoint.at("service_name"), f"{endpoint.key}: {text} is not a service name", fix


def _in_partition(intent: Intent, endpoint: Endpoint, name: FullName) -> str:
    """Return the name that a known service has in its Region, if that differs from the given one by `cn.` alone."""
    if name.region is None or not (right := _name_of(intent, endpoint, name)):
        return ""
    is_same = right.removeprefix("cn.") == str(endpoint.service_name).removeprefix("cn.")
    is_known = right.startswith("cn.") or not name.region.startswith("cn-")  # of China not all names are known
    return right if is_same and is_known else ""


def _is_name(name: FullName, text: str) -> bool:
    return re.fullmatch(_NAME, text) is not None and (not name.owned or re.fullmatch(_OWNED_ID, name.id) is not None)


@endpoint_rule("E238")
def name_elsewhere(intent: Intent, endpoint: Endpoint) -> Findings:
    """The service name of another Region."""
    name, target = endpoint.full_name, endpoint.service_region
    if name is None or name.region is None or target in {None, name.region}:
        return
    if name.service is not None and "{region}" not in name.service.template:
        return  # its one name, in every Region
    there = str(endpoint.service_name).replace(f".{name.region}.", f".{target}.")
    right = _name_of(intent, endpoint, replace(name, region=target)) or there
    where = "service_region is" if "service_region" in endpoint.own else "the endpoint is in"
    fixes = [] if name.owned else [f"write service_name: {right}"]  # the id of an owner's service is of one Region
    if name.region == endpoint.region:
        fixes.append("leave service_region out")
    elif endpoint.type == "Interface" and intent.catalog.partition_of(name.region) == intent.catalog.partition_of(
        endpoint.region
    ):
        floor = and_provider(intent, StatedEndpoint, "service_region")
        fixes.append(f"{'' if fixes else 'write '}service_region: {name.region}{floor}")
    fix = ", or ".join(fixes) or f"name a service of {target}: ask its owner"
    yield endpoint.at("service_name"), f"{endpoint.key}: the name is of {name.region}, and {where} {target}", fix


@endpoint_rule("E239")
def name_of_other_type(intent: Intent, endpoint: Endpoint) -> Findings:
    """An endpoint type that the named service does not offer."""
    name = endpoint.full_name
    types: tuple[str, ...] = ("Interface", "GatewayLoadBalancer") if name and name.owned else ()
    types = name.service.types if name and name.service else types
    if types and endpoint.type not in {*types, "Resource", "ServiceNetwork"}:  # those two are E227
        message = f"{endpoint.key}: {endpoint.service_name} has no {endpoint.type} endpoint"
        yield intent.own_place(endpoint, "type"), message, f"write type: {' or type: '.join(types)}"


@rule("W208")
def unknown_region(intent: Intent) -> Findings:
    """A Region that the catalog does not know."""
    for subject, region, place in _regions(intent):
        if region not in intent.catalog.regions:
            near = nearest(region, intent.catalog.regions, n=1)
            fix = did_you_mean(near, f"the catalog is of {intent.catalog.checked}")
            yield place, f"{subject}: {region} is not a Region in the catalog", fix


@rule("E255")
def wrong_partition(intent: Intent) -> Findings:
    """A partition that there is not, or that the Region is not in."""
    partition, known = intent.spec.partition, intent.catalog.regions.values()
    partitions = {region.partition: "" for region in known}
    if partition is not None and partition not in partitions:
        fix = did_you_mean(nearest(partition, partitions, n=1), f"there are {', '.join(partitions)}")
        yield ("partition",), f"{partition} is not a partition of AWS", fix
    for subject, name, _ in _regions(intent) if partition in partitions else ():
        if (region := intent.catalog.regions.get(name)) and region.partition != partition:
            message = f"{subject}: {name} is in {region.partition}, and the spec is for {partition}"
            yield ("partition",), message, f"write partition: {region.partition}, or leave it out"


def _regions(intent: Intent) -> Iterator[tuple[str, str, Path]]:
    if isinstance(intent.spec.region, str):
        is_of_row = intent.source.row and intent.source.values.get("region") == intent.spec.region
        yield "the row" if is_of_row else "the spec", intent.spec.region, ("region",)
    for endpoint in intent.endpoints:
        for field in ("region", "service_region"):
            if (region := endpoint.own.get(field)) is not None:
                yield endpoint.key, region, endpoint.at(field)
        if (name := endpoint.full_name) and name.region:
            yield endpoint.key, name.region, endpoint.at("service_name")


@endpoint_rule("W209")
def unknown_name(intent: Intent, endpoint: Endpoint) -> Findings:
    """A service name that the catalog does not know."""
    name, listed = endpoint.full_name, intent.list_of(endpoint)
    if name is None or (listed is not None and endpoint.type in listed.types):
        return
    text, right = str(endpoint.service_name), _name_of(intent, endpoint, name)
    if right not in {"", text} and not _in_partition(intent, endpoint, name):
        message = f"{endpoint.key}: {text} is not the service's name, as far as the catalog knows"
        yield endpoint.at("service_name"), message, f"write service_name: {right}"
    if name.owned or name.service or re.match(_OF_ACCOUNT, name.id) or not _is_name(name, str(endpoint.service_name)):
        return
    near = services.find(intent.catalog, name.id or str(endpoint.service_name))[0][:1]
    fix = did_you_mean((f"service: {each}" for each in near), "check the spelling against the AWS documentation")
    yield endpoint.at("service_name"), f"{endpoint.key}: {endpoint.service_name} is not a service in the catalog", fix


def _name_of(intent: Intent, endpoint: Endpoint, name: FullName) -> str:
    """Return the whole name that a service has in the Region of its name, else of the endpoint, where that is known."""
    there, text = intent.catalog.regions.get(name.region or ""), str(endpoint.service_name)
    if name.owned:
        return text.removeprefix("cn.") if there and there.partition != "aws-cn" and text.startswith("cn.") else ""
    if name.service is None or name.service.missing or endpoint.type not in name.service.types:
        return ""
    region = name.region or endpoint.service_region or endpoint.region or "<region>"
    return intent.catalog.service_name(name.service.id, region, endpoint.type)


@endpoint_rule("W210")
def not_across(intent: Intent, endpoint: Endpoint) -> Findings:
    """A service in another Region that AWS does not list for it."""
    there, here, service = endpoint.own.get("service_region"), endpoint.region, endpoint.service
    if there is None or there == here or endpoint.type != "Interface":
        return
    place = endpoint.at("service_region")
    regions = [intent.catalog.regions[each] for each in (there, here or "") if each in intent.catalog.regions]
    if service is not None and service.cross_region is not True:
        fix = f"see AWS's list; where {service.id} is not in it, reach the endpoint of a VPC in {there} by peering"
        yield place, f"{endpoint.key}: AWS does not list {service.id} for access from another Region", fix
    elif len({region.partition for region in regions}) > 1:
        partitions = " and ".join(f"{region.id} in {region.partition}" for region in regions)
        message = f"{endpoint.key}: the Regions are of two partitions, {partitions}"
        yield place, message, "choose a service_region of the same partition"


@endpoint_rule("W211")
def arn_elsewhere(_intent: Intent, endpoint: Endpoint) -> Findings:
    """A VPC Lattice resource of another Region."""
    if isinstance(endpoint.target, Arn):
        found, here = re.match(_ARN, endpoint.target.arn), endpoint.region
        if found and found["region"] and here not in {None, found["region"]}:
            message = f"{endpoint.key}: the ARN is of {found['region']}, and the endpoint is in {here}"
            yield endpoint.at(endpoint.target.argument), message, f"give the ARN of one in {here}"
