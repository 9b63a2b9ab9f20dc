"""What AWS has once, where answers have two of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.live.answer_fields import Path
from generator.live.estate import is_associated
from generator.live.objects import Answer, key_of, lists
from generator.source.diagnostics import Place


def doubles(answers: Iterable[Answer]) -> Iterator[tuple[Place, Path, str]]:
    """Yield where the second is, and what it is.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html (checked 2026-11-27)
    https://docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html
    https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
    """
    first: dict[tuple[str, ...], str] = {}
    for answer, kind, several in lists(answers):
        for index, value in enumerate(several):
            yield from ((answer.place, (kind, index, *path), what) for path, what in _tags(value))
            own = str(value.get(key_of(kind)))
            for path, of, holder, what in _held(kind, value, own):
                if (other := first.setdefault((kind, *of), holder)) != holder:
                    yield answer.place, (kind, index, *path), what.replace("{}", other)


def _tags(value: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield the tags of an object whose key another of it has."""
    field = "TagSet" if "TagSet" in value else "Tags"
    at_first = dict[str, int]()
    for at, tag in enumerate(value.get(field, ())):
        if at_first.setdefault(tag["Key"], at) != at:
            yield (field, at), f"has the key {tag['Key']} again"


def _held(kind: str, value: Mapping[str, Any], own: str) -> Iterator[tuple[Path, tuple[str, ...], str, str]]:
    """Yield what one alone has of its kind, which it is, and how it is said of a second: a VPC's main table, a name."""
    if kind == "SecurityGroups":
        name = (value["VpcId"], value["OwnerId"], value["GroupName"])
        yield (), name, own, "has the name of {}, which is in its VPC too"
    elif kind == "VpcEndpoints":
        for at, each in enumerate(value.get("NetworkInterfaceIds", ())):
            yield ("NetworkInterfaceIds", at), (each,), own, f"is {each}, which {{}} has too"
    elif kind == "Subnets":
        zone, id_ = value["AvailabilityZone"], value["AvailabilityZoneId"]
        yield ("AvailabilityZoneId",), ("name", zone), id_, f"is {id_}, and {zone} is {{}} elsewhere"
        yield ("AvailabilityZone",), ("id", id_), zone, f"is {zone}, and {id_} is {{}} elsewhere"
    elif kind in {"RouteTables", "NetworkAcls"}:
        for at, each in enumerate(value["Associations"]):
            of = str(value["VpcId"] if each.get("Main") else each.get("SubnetId", own))
            if is_associated(each):
                yield ("Associations", at), (of,), own, f"associates {of}, as {{}} does"
