"""Whether AWS's answers can be of one Region and one account, and agree on each object."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from generator.live.answer_fields import Path
from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS, command
from generator.live.ingress import Rule, is_in, rules_of
from generator.live.vpc_blocks import associated
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.frozen import frozen
from generator.source.region import REGION_NAME
from generator.spec.addresses import as_stored, network

CONTRADICTION = Code("E407")
_REGION = re.compile(REGION_NAME)
_IN_NAME = re.compile(rf"\.({REGION_NAME})\.")
_MADE_FOR = re.compile(r"VPC Endpoint Interface (vpce-\w+)")
_HELD = {"SubnetIds": "Subnets", "RouteTableIds": "RouteTables", "NetworkInterfaceIds": "NetworkInterfaces"}
"""What an endpoint names that is in its own VPC, and of its account."""


@frozen(kw_only=True)
class Answer:
    """What AWS answered, and where that is from."""

    place: Place
    value: dict[str, Any]


class _Object(NamedTuple):
    """One object of an answer, with its place and its path there; of what is no list, the id is that of its VPC."""

    place: Place
    path: Path
    kind: str
    value: dict[str, Any]

    @property
    def id(self) -> str:
        key = KINDS[self.kind][0] if self.kind in KINDS else "VpcId"
        return str(self.value.get(key, "the caller"))


def as_json_path(path: Path) -> str:
    """Return the JSON path of a value in an answer, as `$.SecurityGroups[3].IpPermissions`."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def contradictions(answers: Collection[Answer], region: str) -> Iterator[Diagnostic]:
    """Yield what is of another Region than was asked for, or of another account, and where answers disagree."""
    objects = [each for answer in answers for each in _objects(answer)]
    yield from _of_regions(objects, region)
    given = {kind for answer in answers for kind in answer.value}
    if "VpcEndpoints" in given:
        yield from _of_interfaces(objects, region)
    yield from _of_accounts(objects)
    yield from _of_objects(objects)
    yield from _of_services(answers, region)
    yield from _of_references(objects, region, {"VpcEndpoints"} & given - {each.kind for each in objects})
    yield from _of_rules(objects)


def _objects(answer: Answer) -> Iterator[_Object]:
    for kind, value in answer.value.items():
        if kind in KINDS:
            yield from (_Object(answer.place, (kind, index), kind, each) for index, each in enumerate(value))
        elif kind in {ACCOUNT, *ATTRIBUTES}:
            own = {key: answer.value[key] for key in (kind, "VpcId") if key in answer.value}
            yield _Object(answer.place, (kind,), kind, own)


def _of_regions(objects: Collection[_Object], region: str) -> Iterator[Diagnostic]:
    seen: dict[tuple[Place, str], dict[str, tuple[_Object, str]]] = {}
    vpcs = {each.id for each in objects if each.kind == "Vpcs"}
    for each in objects:
        for field, there in _regions(each.value, vpcs):
            seen.setdefault((each.place, each.kind), {}).setdefault(there, (each, field))
    for (place, kind), regions in seen.items():
        for there, (each, field) in regions.items():
            # of services, --service-regions lists those of other Regions too
            if there != region and not (kind == "ServiceDetails" and region in regions):
                message = f"{as_json_path(each.path)} is of {there}, by its {field}, and {region} was asked for"
                fix = f"give what this prints: {command(kind, region)}; or ask for {there}, as with --region {there}"
                yield CONTRADICTION.at(place, message, fix)


def _regions(value: dict[str, Any], vpcs: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the Regions that an object tells of itself, each with the field; a Local Zone is of its parent's Region.

    https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
    """
    if zone := _REGION.match(str(value.get("AvailabilityZone"))):
        yield "AvailabilityZone", zone[0]
    for field, text in value.items():
        if isinstance(text, str) and text.startswith("arn:"):
            _, _, service, there, *_ = f"{text}:::".split(":")
            if service in {"ec2", "servicequotas"} and _REGION.fullmatch(there):
                yield field, there
    # an interface endpoint of one of the Region's VPCs may lead to a service of another Region, and tells it
    is_interface = value.get("VpcEndpointType") == "Interface" and value["VpcId"] in (vpcs or {value["VpcId"]})
    if not (is_interface and "ServiceRegion" in value) and (named := _IN_NAME.search(str(value.get("ServiceName")))):
        yield "ServiceName", named[1]


def _of_interfaces(objects: Collection[_Object], region: str) -> Iterator[Diagnostic]:
    """Yield the network interfaces of an endpoint that the answers lack, though they have others of its VPC, or none.

    In shared subnets, too, endpoints are of whoever sees their network interfaces.
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    endpoints = {each.id: each.value["VpcId"] for each in objects if each.kind == "VpcEndpoints"}
    vpcs = {*endpoints.values()}
    for each in objects:
        made_for = _MADE_FOR.fullmatch(str(each.value.get("Description")))
        is_told = each.value.get("VpcId") in vpcs or not endpoints
        if made_for and made_for[1] not in endpoints and is_told:
            message = f"{as_json_path(each.path)} is of {made_for[1]}, which the answers with VpcEndpoints lack"
            fix = f"give all that this prints now: {command('VpcEndpoints', region)}"
            yield CONTRADICTION.at(each.place, message, fix)


def _of_accounts(objects: Iterable[_Object]) -> Iterator[Diagnostic]:
    """Yield an endpoint where all are of another account than the caller's.

    Shared subnets are another's: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """
    caller = next((each for each in objects if each.kind == ACCOUNT), None)
    endpoints = [each for each in objects if each.kind == "VpcEndpoints"]
    if caller and endpoints and all(each.value["OwnerId"] != caller.value[ACCOUNT] for each in endpoints):
        first, account = endpoints[0], f"{caller.value[ACCOUNT]} in {caller.place}"
        message = f"{as_json_path(first.path)} is of account {first.value['OwnerId']}, and the caller is {account}"
        yield CONTRADICTION.at(first.place, message, "give the answers to one caller")


def _of_objects(objects: Iterable[_Object]) -> Iterator[Diagnostic]:
    """Yield the objects that two answers describe in two ways; the order of a list is not one."""
    seen: dict[tuple[str, str], _Object] = {}
    for each in objects:
        other = seen.setdefault((each.kind, each.id), each)
        if other is not each and _in_order(other.value) != _in_order(each.value):
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


def _of_references(objects: Iterable[_Object], region: str, empty: Collection[str]) -> Iterator[Diagnostic]:
    """Yield what an object names that is in its VPC, and the answers that show what is there lack or have otherwise."""
    known = {(each.kind, each.id): each.value for each in objects}
    told = {(each.kind, each.value.get("VpcId")) for each in objects}
    for each in objects:
        for path, kind, one in _named(each):
            other = known.get((kind, one))
            is_told = (kind, each.value["VpcId"]) in told or kind in empty
            lacks = f"the answers with {kind} lack" if is_told else ""
            if why := lacks if other is None else _otherwise(each, kind, other):
                fix = f"give all that this prints now: {command(kind, region)}"
                message = f"{as_json_path((*each.path, *path))} is {one}, which {why}"
                yield CONTRADICTION.at(each.place, message, fix)


def _named(each: _Object) -> Iterator[tuple[Path, str, str]]:
    """Yield the path, kind and id of what a working endpoint is in, and of the endpoint to which a route leads."""
    if each.kind == "VpcEndpoints" and each.value["State"].lower() == "available":
        for field, kind in _HELD.items():
            yield from (((field, index), kind, one) for index, one in enumerate(each.value.get(field, ())))
    if each.kind == "RouteTables":
        for index, route in enumerate(each.value["Routes"]):
            if route["State"] == "active" and str(route.get("GatewayId")).startswith("vpce-"):
                yield ("Routes", index, "GatewayId"), "VpcEndpoints", route["GatewayId"]
    if each.kind == "Subnets":
        yield ("VpcId",), "Vpcs", each.value["VpcId"]


def _otherwise(each: _Object, kind: str, other: Mapping[str, Any]) -> str:
    # https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
    if kind == "NetworkInterfaces" and other["SubnetId"] not in each.value["SubnetIds"]:
        return f"is in {other['SubnetId']}, and not in a subnet of the endpoint"
    is_gateway = kind == "VpcEndpoints" and other["VpcEndpointType"] == "Gateway"
    if is_gateway and other["State"].lower() == "available" and each.id not in other["RouteTableIds"]:
        return f"does not have {each.id}"
    if each.kind == "Subnets":
        for key in ("CidrBlock", "Ipv6CidrBlock"):
            around = [network(block[key]) for block in other[f"{key}AssociationSet"]]
            for block in map(network, associated(each.value, key)):
                if around and not is_in(block, around):
                    return f"does not have a block around {block}"
    return ""


def _of_rules(objects: Iterable[_Object]) -> Iterator[Diagnostic]:
    single: dict[str, dict[Rule, str]] = {}
    for value in (each.value for each in objects if each.kind == "SecurityGroupRules"):
        source = value.get("CidrIpv4") or value.get("CidrIpv6") or value.get("PrefixListId")
        source = as_stored(source or value["ReferencedGroupInfo"]["GroupId"])
        rule = Rule(value["IpProtocol"], value["FromPort"], value["ToPort"], source)
        single.setdefault(value["GroupId"], {}).update({} if value["IsEgress"] else {rule: value["Description"]})
    for each in objects:
        if each.kind == "SecurityGroups" and single.get(each.id, rules := rules_of(each.value)) != rules:
            message = f"{as_json_path(each.path)} has other inbound rules than SecurityGroupRules have of {each.id}"
            yield CONTRADICTION.at(each.place, message, "give what both commands print now")
