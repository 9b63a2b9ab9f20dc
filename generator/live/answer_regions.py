"""Whether AWS's answers can be of one Region, by all that tells of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from generator.catalog.catalog import Catalog
from generator.live.estate import ACCOUNT, command, commands
from generator.live.objects import CONTRADICTION, Answer, AnswerObject, as_json_path, lists, object_of, objects
from generator.source.diagnostics import Diagnostic, Place
from generator.source.region import REGION_NAME

_REGION = re.compile(REGION_NAME)
_OWNERS = ("OwnerId", "GroupOwnerId")
_OWN_ARNS = ("SubnetArn", "SecurityGroupArn", "SecurityGroupRuleArn")
"""The ARNs of objects themselves, which have the account that owns them."""
_IN_NAME = re.compile(rf"\.({REGION_NAME})\.")


def of_regions(answers: Collection[Answer], region: str) -> Iterator[Diagnostic]:
    """Yield what is of another Region than was asked for."""
    seen: dict[tuple[Place, str], dict[str, tuple[AnswerObject, str]]] = {}
    vpcs = {each.id for each in objects(answers, "Vpcs")}
    if any(_of_name(str(each.value.get("ServiceName"))) == region for each in objects(answers, "VpcEndpoints")):
        vpcs = set()  # the answer is the Region's, whose VPCs may not all be described
    for answer, kind, several in lists(answers):
        regions = seen.setdefault((answer.place, kind), {})
        for index, value in enumerate(several):
            if "ServiceRegion" in value or _arns(tuple(value)):
                yield from _of_itself(answer, kind, index, value, region)
            for field, there in _regions(value, vpcs):
                if there not in regions:
                    regions[there] = (object_of(answer, kind, index, value), field)
    kinds = {kind for (_, kind), regions in seen.items() if region in regions}
    for (place, kind), regions in seen.items():
        for there, (each, field) in regions.items():
            # of services, --service-regions lists those of other Regions too
            if there != region and not (kind == "ServiceDetails" and kind in kinds):
                message = f"{as_json_path(each.path)} is of {there}, by its {field}, and {region} was asked for"
                fix = f"give what this prints: {command(kind, region)}; or ask for {there}, as with --region {there}"
                yield CONTRADICTION.at(place, message, fix)


def of_caller(answer: Answer, region: str) -> Iterator[Diagnostic]:
    """Yield a caller whose ARN is of another account than the caller, or of another partition than the Region.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html (checked 2026-11-28)
    """
    account, own, arn = answer.value.get(ACCOUNT), _partition(region), answer.value.get("Arn") or ""
    if account is None:
        return
    message = ""
    if part(arn, 4) not in {"", account}:
        message = f"$.Arn is of account {part(arn, 4)}, and $.{ACCOUNT} is {account}"
    elif own and part(arn, 1) not in {"", own}:
        message = f"$.Arn is of partition {part(arn, 1)}, and {region} is of {own}"
    if message:
        (line,) = commands(ACCOUNT, region).values()
        yield CONTRADICTION.at(answer.place, message, f"give what this prints now, to who asks all else: {line}")


def _of_itself(answer: Answer, kind: str, index: int, value: dict[str, Any], region: str) -> Iterator[Diagnostic]:
    """Yield the Region in which a service is said to be, where it is not that of its name, and two owners of one thing.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html (`ServiceRegion`; checked 2026-11-27)
    """
    named, told = _of_name(str(value.get("ServiceName"))), value.get("ServiceRegion")
    path, message, own = as_json_path((kind, index)), "", _partition(region)
    partitions = {part(value[field], 1): field for field in _arns(tuple(value))} if own else {}
    if named and told not in {None, named}:
        message = f"{path}.ServiceRegion is {told}, and {value['ServiceName']} is a service of {named}"
    elif len(several := owners(value)) > 1:
        owner = next(each for each in (*_OWNERS, *_OWN_ARNS) if each in value)
        message = f"{path} is of {' and '.join(sorted(several))}, by its {owner} and its ARN"
    elif wrong := partitions.keys() - {"", own}:
        message = f"{path} is of partition {min(wrong)}, by its {partitions[min(wrong)]}, and {region} is of {own}"
    if message:
        yield CONTRADICTION.at(answer.place, message, f"give what this prints now: {command(kind, region)}")


def owners(value: Mapping[str, Any]) -> set[str]:
    """Return the accounts of which an object says that it is: by its owner's id, and its own ARN.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (checked 2026-11-28)
    """
    told = {part(value[arn], 4) for arn in _OWN_ARNS if arn in value} - {""}
    return told | {value[each] for each in _OWNERS if each in value}


def part(arn: Any, index: int) -> str:
    """Return a part of an ARN: 1 for its partition, 3 for its Region, 4 for its account; empty for none."""
    return f"{arn}:::::".split(":")[index] if str(arn).startswith("arn:") else ""


@lru_cache
def _partition(region: str) -> str:
    known = Catalog.load().regions.get(region)
    return known.partition if known else ""


def _regions(value: dict[str, Any], vpcs: Collection[str]) -> list[tuple[str, str]]:
    """Return the Regions that an object tells of itself, each with the field; a Local Zone is of its parent's Region.

    https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
    """
    told = []
    if "AvailabilityZone" in value and (zone := _of_zone(str(value["AvailabilityZone"]))):
        told.append(("AvailabilityZone", zone))
    for field in _arns(tuple(value)):
        there = part(value[field], 3)
        if part(value[field], 2) in {"ec2", "servicequotas", "vpc-lattice"} and _REGION.fullmatch(there):
            told.append((field, there))
    # which begin so are AWS's alone, and its are the Region's:
    # https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html (checked 2026-11-28)
    listed = str(value.get("PrefixListName", ""))
    if listed.startswith("com.amazonaws.") and (named := _of_name(listed)):
        told.append(("PrefixListName", named))
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


def service_region(endpoint: Mapping[str, Any]) -> str | None:
    """Return the Region of an endpoint's service: told, or that of its name; None where neither tells.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html (`ServiceRegion`; checked 2026-11-27)
    """
    return endpoint.get("ServiceRegion") or _of_name(str(endpoint.get("ServiceName")))


@lru_cache
def _of_name(service: str) -> str | None:
    """Return the Region that the name of a service bears; None for one of a global service, as `com.amazonaws.iam`."""
    found = _IN_NAME.search(service)
    return found and found[1]
