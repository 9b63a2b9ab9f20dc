"""What `init --from-aws` offers: the VPCs of a Region and the private subnets of one, by the answers that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.live.estate import KINDS, AwsObject, Estate, name
from generator.live.follow import table_of

Offers = dict[str, tuple[str, ...]]
"""By the answer to give, the Name tag where that is one word and of one object alone: what helps to choose."""


def vpcs(estate: Estate) -> Offers:
    """Return the VPCs, each with its id and CIDR block."""
    return _offers("Vpcs", estate.all("Vpcs"), "CidrBlock")


def ids_of(vpc: str, estate: Estate) -> list[str]:
    """Return the ids of the VPCs that an answer names."""
    return [str(each["VpcId"]) for each in estate.all("Vpcs") if vpc in {each["VpcId"], name(each)}]


def private_subnets(estate: Estate, vpc: str) -> Offers:
    """Return a VPC's subnets from which no route leads to an internet gateway, each with id, zone and CIDR block."""
    subnets = (each for vpc_id in ids_of(vpc, estate) for each in estate.all("Subnets", vpc_id))
    private = [each for each in subnets if not _is_public(each, estate)]
    return _offers("Subnets", private, "AvailabilityZone", "CidrBlock")


def one_in_each_zone(subnets: Offers) -> str:
    """Return the answer that takes the first subnet of each zone."""
    first = {zone: answer for answer, (_, zone, *_) in reversed(subnets.items())}
    return ", ".join(answer for answer in subnets if answer in first.values())


def _is_public(subnet: AwsObject, estate: Estate) -> bool:
    routes = (route for table in table_of(subnet, estate) for route in table.get("Routes", ()))
    return any(str(route.get("GatewayId")).startswith("igw-") for route in routes)


def _offers(kind: str, objects: Iterable[AwsObject], *facts: str) -> Offers:
    found = sorted(((name(each) or "", str(each[KINDS[kind][0]]), each) for each in objects), key=lambda each: each[:2])
    names = [named for named, *_ in found]
    return {
        named if names.count(named) == 1 and re.fullmatch(r"[^\s,]+", named) else known_id: (
            known_id,
            *(str(each.get(fact, "")) for fact in facts),
        )
        for named, known_id, each in found
    }
