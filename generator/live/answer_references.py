"""Whether what an object of AWS's answers names is there, and is as both tell it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from generator.live.answer_fields import Path
from generator.live.answer_regions import owners
from generator.live.estate import ACCOUNT, command, commands, state_of
from generator.live.objects import CONTRADICTION, Answer, as_json_path, as_set, key_of, lists
from generator.live.untold import is_told
from generator.live.vpc_blocks import associated, by_length, is_in
from generator.source.diagnostics import Diagnostic
from generator.source.suggest import some
from generator.spec.addresses import address, network

_HELD = {"SubnetIds": "Subnets", "RouteTableIds": "RouteTables", "NetworkInterfaceIds": "NetworkInterfaces"}
"""What an endpoint names that is in its own VPC, and of its account."""
_NAMING = ("VpcEndpoints", "RouteTables", "Subnets", "NetworkAcls", "NetworkInterfaces")
_NAMED = ("VpcEndpoints", "Vpcs", *_HELD.values())
"""The kinds of objects that name others, and of those that they name."""
_MADE_FOR = re.compile(r"VPC Endpoint Interface (vpce-\w+)")


def made_for(interface: Mapping[str, Any]) -> str:
    """Return the id of the endpoint for which a network interface was made, as AWS describes it; empty for none."""
    found = _MADE_FOR.fullmatch(str(interface.get("Description")))
    return found[1] if found else ""


def of_references(
    answers: Iterable[Answer], region: str, known: Mapping[str, Mapping[str, dict[str, Any]]]
) -> Iterator[Diagnostic]:
    """Yield what an object names that is in its VPC, and the answers that show what is there lack or have otherwise."""
    told = {kind: {each.get("VpcId") for each in known.get(kind, {}).values()} for kind in _NAMED}
    sets, others, caller = dict[int, Any](), _others(known), commands(ACCOUNT, region).values()
    for answer, of, several in lists(answers, *_NAMING):
        for index, value in enumerate(several):
            for path, kind, one in _named(of, value):
                if (other := known.get(kind, {}).get(one)) is not None:
                    why = _otherwise(of, value, kind, other, sets)
                else:
                    is_told = value["VpcId"] in told[kind] or (kind == "VpcEndpoints" and known.get(kind) == {})
                    is_told &= of != "NetworkInterfaces"  # whose subnets `untold` asks for, where they matter
                    is_told &= kind != "VpcEndpoints" or not others(value)
                    why = f"the answers with {kind} lack" if is_told else ""
                if why:
                    fix = f"give all that this prints now: {command(kind, region)}"
                    fix += "" if other is None else f"; and this: {command(of, region)}"
                    if kind == "VpcEndpoints" and other is None and not known.get(ACCOUNT):  # it may be another's VPC
                        fix += f"; or, if the VPC is another account's, this too: {' '.join(caller)}"
                    message = f"{as_json_path((of, index, *path))} is {one}, which {why}"
                    yield CONTRADICTION.at(answer.place, message, fix)


def _others(known: Mapping[str, Mapping[str, dict[str, Any]]]) -> Callable[[Mapping[str, Any]], bool]:
    """Return what tells whether a route table is surely another account's, whose endpoints AWS does not describe.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html (checked 2026-11-27)
    """
    own = {each[ACCOUNT] for each in known.get(ACCOUNT, {}).values()}
    accounts = own or {each["OwnerId"] for each in known.get("VpcEndpoints", {}).values()}

    def is_of_others(table: Mapping[str, Any]) -> bool:
        vpc = known.get("Vpcs", {}).get(table["VpcId"], {}) if own else {}
        told = {each["OwnerId"] for each in (table, vpc) if "OwnerId" in each}
        return bool(accounts) and not told <= accounts

    return is_of_others


def _named(of: str, value: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Yield the path, kind and id of what a working endpoint is in, and of the endpoint to which a route leads."""
    if of == "VpcEndpoints" and state_of(value) == "available":
        for field, kind in _HELD.items():
            for index, one in enumerate(value.get(field, ())):
                yield (field, index), kind, one
    elif of == "RouteTables":
        yield ("VpcId",), "Vpcs", value["VpcId"]
        for index, route in enumerate(value["Routes"]):
            if state_of(route) == "active" and str(route.get("GatewayId")).startswith("vpce-"):
                yield ("Routes", index, "GatewayId"), "VpcEndpoints", route["GatewayId"]
    elif of in {"Subnets", "NetworkAcls"}:
        yield ("VpcId",), "Vpcs", value["VpcId"]
    elif of == "NetworkInterfaces":
        yield ("SubnetId",), "Subnets", value["SubnetId"]


def _otherwise(of: str, value: Mapping[str, Any], kind: str, other: Mapping[str, Any], sets: dict[int, Any]) -> str:
    if other.get("VpcId", value["VpcId"]) != value["VpcId"]:
        return f"is of {other['VpcId']}, and not of {value['VpcId']}"
    if of == "NetworkInterfaces":  # of which there are most
        return _of_subnet(value, other)
    if kind == "NetworkInterfaces":
        return _of_interface(value, other, sets)
    # https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing
    is_there = kind == "VpcEndpoints" and state_of(other) == "available"
    is_gateway, own = is_there and other["VpcEndpointType"] == "Gateway", value.get(key_of(of))
    if is_gateway and own not in as_set(other["RouteTableIds"], sets):
        return f"does not have {own}"
    return _of_vpc(value, other, sets) if kind == "Vpcs" else ""


def _of_interface(endpoint: Mapping[str, Any], interface: Mapping[str, Any], sets: dict[int, Any]) -> str:
    """Return what a network interface has otherwise than its endpoint, which alone changes it, and has its groups.

    It is in the account of the endpoint, whoever requests it: in a shared subnet, too, where only the owner makes any.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html (`Groups`; both checked 2026-11-27)
    https://repost.aws/knowledge-center/vpc-interface-endpoint-creation-errors (checked 2026-11-28)
    """
    if interface["SubnetId"] not in as_set(endpoint["SubnetIds"], sets):
        return f"is in {interface['SubnetId']}, and not in a subnet of the endpoint"
    if (other := made_for(interface)) not in {"", endpoint["VpcEndpointId"]}:
        return f"is of {other}"
    is_own = interface.get("InterfaceType", "vpc_endpoint") == "vpc_endpoint" or other
    account = interface.get("OwnerId", endpoint["OwnerId"])
    if is_own and account != endpoint["OwnerId"] and not endpoint.get("RequesterManaged"):
        return f"is of account {account}, and not of {endpoint['OwnerId']}"
    if is_own and "Groups" in interface and "Groups" in endpoint:
        its, own = ({each["GroupId"] for each in one["Groups"]} for one in (interface, endpoint))
        if its != own:
            if its - own:
                return f"has {some(sorted(its - own))}, which the endpoint does not have"
            return f"does not have {some(sorted(own - its))}, which the endpoint has"
    return ""


def _of_subnet(interface: Mapping[str, Any], subnet: Mapping[str, Any]) -> str:
    """Return what a subnet has otherwise than a network interface in it: its zone, its blocks around all addresses.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html (checked 2026-11-27)
    """
    if (zone := interface.get("AvailabilityZone", subnet["AvailabilityZone"])) != subnet["AvailabilityZone"]:
        return f"is in {subnet['AvailabilityZone']}, and not in {zone}"
    four, block = interface.get("PrivateIpAddress"), subnet.get("CidrBlock")
    if four and block and address(four) not in network(block):
        return f"does not have a block around {four}"
    for six in (each["Ipv6Address"] for each in interface["Ipv6Addresses"]):
        blocks = subnet["Ipv6CidrBlockAssociationSet"]
        if not any(address(six) in network(each["Ipv6CidrBlock"]) for each in blocks):
            return f"does not have a block around {six}"
    return ""


def _of_vpc(one: Mapping[str, Any], vpc: Mapping[str, Any], sets: dict[int, Any]) -> str:
    """Return what a VPC has otherwise than what its owner alone makes in it: the owner, and blocks around a subnet's.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html (checked 2026-11-28)
    """
    if others := owners(one) - {vpc["OwnerId"]}:
        return f"is of account {vpc['OwnerId']}, and not of {min(others)}"
    for key in ("CidrBlock", "Ipv6CidrBlock"):
        blocks = vpc[f"{key}AssociationSet"]
        if id(blocks) not in sets:
            sets[id(blocks)] = by_length(network(each[key]) for each in blocks)
        is_whole = blocks or (is_told(blocks) and not vpc.get(key))  # a VPC's own block may be told alone
        for block in map(network, associated(one, key)) if is_whole and "SubnetId" in one else ():
            if not is_in(block, sets[id(blocks)]):
                return f"does not have a block around {block}"
    return ""
