"""Whether AWS's answers can be of one Region and one account, and agree on each object."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from generator.live.answer_fields import Path
from generator.live.estate import ACCOUNT, command
from generator.live.ingress import Rule, by_length, is_in, rules_of
from generator.live.objects import Answer, AnswerObject, as_json_path, as_set, key_of, lists, object_of, objects
from generator.live.single import doubles
from generator.live.vpc_blocks import associated
from generator.source.diagnostics import MOST, Code, Diagnostic, Place
from generator.source.region import REGION_NAME
from generator.spec.addresses import as_stored, network

CONTRADICTION = Code("E407")
_REGION = re.compile(REGION_NAME)
_IN_NAME = re.compile(rf"\.({REGION_NAME})\.")
_MADE_FOR = re.compile(r"VPC Endpoint Interface (vpce-\w+)")
_HELD = {"SubnetIds": "Subnets", "RouteTableIds": "RouteTables", "NetworkInterfaceIds": "NetworkInterfaces"}
"""What an endpoint names that is in its own VPC, and of its account."""
_NAMING, _NAMED = ("VpcEndpoints", "RouteTables", "Subnets"), ("VpcEndpoints", "Vpcs", *_HELD.values())
"""The kinds of objects that name others, and of those that they name."""


def contradictions(answers: Collection[Answer], region: str) -> Iterator[Diagnostic]:
    """Yield what is of another Region than was asked for, or of another account, and where answers disagree.

    Of half a million objects nothing is held but what they are found by: they are gone through again and again.
    """
    known: dict[str, dict[str, dict[str, Any]]] = {}
    differing = [*islice(_differing(answers, known), MOST + 1)]  # of so many that not all are noted no more is told
    yield from _of_regions(answers, region)
    yield from _of_interfaces(answers, region, known.get("VpcEndpoints", {}))
    yield from _of_accounts(answers, known.get("VpcEndpoints", {}))
    yield from _of_objects(answers, differing)
    yield from _of_services(answers, region)
    yield from _of_references(answers, region, known)
    yield from _of_rules(answers)
    for place, path, what in doubles(answers):
        message = f"{as_json_path(path)} {what}, and AWS has but one"
        yield CONTRADICTION.at(place, message, "give what the command prints now, once")


def _of_regions(answers: Collection[Answer], region: str) -> Iterator[Diagnostic]:
    seen: dict[tuple[Place, str], dict[str, tuple[AnswerObject, str]]] = {}
    vpcs = {each.id for each in objects(answers, "Vpcs")}
    for answer, kind, several in lists(answers):
        regions = seen.setdefault((answer.place, kind), {})
        for index, value in enumerate(several):
            for field, there in _regions(value, vpcs):
                if there not in regions:
                    regions[there] = (object_of(answer, kind, index, value), field)
    for (place, kind), regions in seen.items():
        for there, (each, field) in regions.items():
            # of services, --service-regions lists those of other Regions too
            if there != region and not (kind == "ServiceDetails" and region in regions):
                message = f"{as_json_path(each.path)} is of {there}, by its {field}, and {region} was asked for"
                fix = f"give what this prints: {command(kind, region)}; or ask for {there}, as with --region {there}"
                yield CONTRADICTION.at(place, message, fix)


def _regions(value: dict[str, Any], vpcs: Collection[str]) -> list[tuple[str, str]]:
    """Return the Regions that an object tells of itself, each with the field; a Local Zone is of its parent's Region.

    https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
    """
    told = []
    if "AvailabilityZone" in value and (zone := _of_zone(str(value["AvailabilityZone"]))):
        told.append(("AvailabilityZone", zone))
    for field in _arns(tuple(value)):
        begin, _, service, there, *_ = f"{value[field]}:::".split(":")
        if begin == "arn" and service in {"ec2", "servicequotas"} and _REGION.fullmatch(there):
            told.append((field, there))
    if "ServiceName" in value and (named := _of_name(str(value["ServiceName"]))):
        # an interface endpoint of one of the Region's VPCs may lead to a service of another Region, and tells it
        is_interface = value.get("VpcEndpointType") == "Interface" and value["VpcId"] in (vpcs or {value["VpcId"]})
        if not (is_interface and "ServiceRegion" in value):
            told.append(("ServiceName", named))
    return told


@lru_cache
def _arns(fields: tuple[str, ...]) -> list[str]:
    return [field for field in fields if field.endswith("Arn")]


@lru_cache  # thousands of objects are in a few zones, and endpoints of a few services
def _of_zone(zone: str) -> str:
    found = _REGION.match(zone)
    return found[0] if found else ""


@lru_cache
def _of_name(service: str) -> str:
    found = _IN_NAME.search(service)
    return found[1] if found else ""


def _of_interfaces(
    answers: Collection[Answer], region: str, endpoints: Mapping[str, dict[str, Any]]
) -> Iterator[Diagnostic]:
    """Yield the network interfaces of an endpoint that the answers lack, though they have others of its VPC, or none.

    In shared subnets, too, endpoints are of whoever sees their network interfaces.
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    vpcs = {each["VpcId"] for each in endpoints.values()}
    if not any("VpcEndpoints" in answer.value for answer in answers):
        return
    for answer, kind, several in lists(answers, "NetworkInterfaces"):
        for index, value in enumerate(several):
            made_for = _MADE_FOR.fullmatch(str(value.get("Description")))
            if made_for and made_for[1] not in endpoints and (value["VpcId"] in vpcs or not endpoints):
                message = f"{as_json_path((kind, index))} is of {made_for[1]}, which the answers with VpcEndpoints lack"
                fix = f"give all that this prints now: {command('VpcEndpoints', region)}"
                yield CONTRADICTION.at(answer.place, message, fix)


def _of_accounts(answers: Collection[Answer], endpoints: Mapping[str, dict[str, Any]]) -> Iterator[Diagnostic]:
    """Yield an endpoint where all are of another account than the caller's.

    Shared subnets are another's: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """
    caller, first = (next(objects(answers, kind), None) for kind in (ACCOUNT, "VpcEndpoints"))
    if caller and first:
        account = caller.value[ACCOUNT]
        if all(each["OwnerId"] != account for each in endpoints.values()):
            message = f"{as_json_path(first.path)} is of account {first.value['OwnerId']}"
            message += f", and the caller is {account} in {caller.place}"
            yield CONTRADICTION.at(first.place, message, "give the answers to one caller")


def _differing(answers: Iterable[Answer], known: dict[str, dict[str, dict[str, Any]]]) -> Iterator[AnswerObject]:
    """Note all objects by kind and id, and yield those that differ from the first with their id."""
    for answer, kind, several in lists(answers):
        there, key = known.setdefault(kind, {}), key_of(kind)
        for index, value in enumerate(several):
            other = there.setdefault(str(value.get(key, "the caller")), value)
            if other is not value and other != value and _in_order(other) != _in_order(value):
                yield object_of(answer, kind, index, value)


def _of_objects(answers: Iterable[Answer], differing: Collection[AnswerObject]) -> Iterator[Diagnostic]:
    """Yield the objects that two answers describe in two ways; the order of a list is not one."""
    ids, first = {(each.kind, each.id) for each in differing}, dict[tuple[str, str], AnswerObject]()
    for each in objects(answers, *{kind for kind, _ in ids}) if ids else ():
        if (each.kind, each.id) in ids:
            first.setdefault((each.kind, each.id), each)
    for each in differing:
        other = first[each.kind, each.id]
        where = f"{as_json_path(other.path)} in {other.place}"
        message = f"{as_json_path(each.path)} describes {each.id} in another way than {where}"
        yield CONTRADICTION.at(each.place, message, "give what the command prints now, once")


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_order(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def _of_services(answers: Iterable[Answer], region: str) -> Iterator[Diagnostic]:
    """Yield the answers with the names of services that none describes: AWS tells each service in both lists."""
    described = {each["ServiceName"] for answer in answers for each in answer.value.get("ServiceDetails", ())}
    for answer in answers:
        names = answer.value.get("ServiceNames")
        if lacks := sorted({*map(str, names)} - described) if isinstance(names, list) and described else []:
            message = f"$.ServiceNames has {lacks[0]}, which the answers with ServiceDetails lack"
            fix = f"give all that this prints now: {command('ServiceDetails', region)}"
            yield CONTRADICTION.at(answer.place, message, fix)


def _of_references(
    answers: Iterable[Answer], region: str, known: Mapping[str, Mapping[str, dict[str, Any]]]
) -> Iterator[Diagnostic]:
    """Yield what an object names that is in its VPC, and the answers that show what is there lack or have otherwise."""
    told = {kind: {each.get("VpcId") for each in known.get(kind, {}).values()} for kind in _NAMED}
    sets = dict[int, Any]()
    for answer, of, several in lists(answers, *_NAMING):
        for index, value in enumerate(several):
            for path, kind, one in _named(of, value):
                if (other := known.get(kind, {}).get(one)) is not None:
                    why = _otherwise(of, value, kind, other, sets)
                else:
                    is_told = value["VpcId"] in told[kind] or (kind == "VpcEndpoints" and known.get(kind) == {})
                    why = f"the answers with {kind} lack" if is_told else ""
                if why:
                    fix = f"give all that this prints now: {command(kind, region)}"
                    message = f"{as_json_path((of, index, *path))} is {one}, which {why}"
                    yield CONTRADICTION.at(answer.place, message, fix)


def _named(of: str, value: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Yield the path, kind and id of what a working endpoint is in, and of the endpoint to which a route leads."""
    if of == "VpcEndpoints" and value["State"].lower() == "available":
        for field, kind in _HELD.items():
            for index, one in enumerate(value.get(field, ())):
                yield (field, index), kind, one
    elif of == "RouteTables":
        for index, route in enumerate(value["Routes"]):
            if route["State"] == "active" and str(route.get("GatewayId")).startswith("vpce-"):
                yield ("Routes", index, "GatewayId"), "VpcEndpoints", route["GatewayId"]
    elif of == "Subnets":
        yield ("VpcId",), "Vpcs", value["VpcId"]


def _otherwise(of: str, value: Mapping[str, Any], kind: str, other: Mapping[str, Any], sets: dict[int, Any]) -> str:
    if other.get("VpcId", value["VpcId"]) != value["VpcId"]:
        return f"is of {other['VpcId']}, and not of {value['VpcId']}"
    # https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
    if kind == "NetworkInterfaces" and other["SubnetId"] not in as_set(value["SubnetIds"], sets):
        return f"is in {other['SubnetId']}, and not in a subnet of the endpoint"
    is_there = kind == "VpcEndpoints" and other["State"].lower() == "available"
    is_gateway, own = is_there and other["VpcEndpointType"] == "Gateway", value.get(key_of(of))
    if is_gateway and own not in as_set(other["RouteTableIds"], sets):
        return f"does not have {own}"
    if of == "Subnets":
        for key in ("CidrBlock", "Ipv6CidrBlock"):
            blocks = other[f"{key}AssociationSet"]
            if id(blocks) not in sets:
                sets[id(blocks)] = by_length(network(each[key]) for each in blocks)
            for block in map(network, associated(value, key)) if blocks else ():
                if not is_in(block, sets[id(blocks)]):
                    return f"does not have a block around {block}"
    return ""


def _of_rules(answers: Collection[Answer]) -> Iterator[Diagnostic]:
    single: dict[str, dict[Rule, str]] = {}
    groups = {each.id for each in objects(answers, "SecurityGroups")}
    for value in (each.value for each in objects(answers, "SecurityGroupRules")):
        if value["GroupId"] not in groups:
            continue
        source = value.get("CidrIpv4") or value.get("CidrIpv6") or value.get("PrefixListId")
        source = as_stored(source or value["ReferencedGroupInfo"]["GroupId"])
        rule = Rule(value["IpProtocol"], value["FromPort"], value["ToPort"], source)
        single.setdefault(value["GroupId"], {}).update({} if value["IsEgress"] else {rule: value["Description"]})
    for each in objects(answers, "SecurityGroups") if single else ():
        if each.id in single and single[each.id] != rules_of(each.value):
            message = f"{as_json_path(each.path)} has other inbound rules than SecurityGroupRules have of {each.id}"
            yield CONTRADICTION.at(each.place, message, "give what both commands print now")
