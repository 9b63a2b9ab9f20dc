"""What `init --from-aws` offers: the VPCs of a Region and the private subnets of one, by the answers that name them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from generator.authoring.adopt.choose import vpc_of
from generator.authoring.first_spec import WRONG, take_reference, take_subnets
from generator.live.estate import KINDS, AwsObject, Estate, label, name
from generator.live.follow import table_of
from generator.source.diagnostics import Diagnostic, Place, Refused
from generator.source.suggest import some
from generator.source.text import one_line

_PREFIX = {"Vpcs": "vpc", "Subnets": "subnet"}


def offers(kind: str, objects: Iterable[AwsObject], *facts: str) -> dict[str, tuple[str, ...]]:
    """Return each object's id and facts by its answer: the Name tag if that is taken and of no other, or the id.

    Where a Name is no answer, it is beside the id.
    """
    found = sorted(((name(each) or "", str(each[KINDS[kind][0]]), each) for each in objects), key=lambda each: each[:2])
    names = Counter(named for named, *_ in found)
    offered = {}
    for named, known_id, each in found:
        is_answer = names[named] == 1 and _is_taken(kind, named)
        beside = known_id if is_answer or not named else one_line(named)
        offered[named if is_answer else known_id] = (beside, *(str(each.get(fact, "")) for fact in facts))
    return offered


def _is_taken(kind: str, named: str) -> bool:
    """Tell whether a Name, as one word of an answer, is taken for that very thing."""
    try:
        is_one = kind == "Vpcs" or take_subnets(named) == (named,)
        return is_one and take_reference(_PREFIX[kind], "", named) == named
    except Refused:
        return False


def private_subnets(estate: Estate) -> dict[str, tuple[str, ...]]:
    """Return the subnets from which no route leads to an internet gateway, each with its id, zone and CIDR block."""
    tables = ((subnet, table) for subnet in estate.all("Subnets") for table in table_of(subnet, estate))
    routes = ((subnet, route) for subnet, table in tables for route in table["Routes"])
    public = {subnet["SubnetId"] for subnet, route in routes if str(route.get("GatewayId")).startswith("igw-")}
    private = (each for each in estate.all("Subnets") if each["SubnetId"] not in public)
    return offers("Subnets", private, "AvailabilityZone", "CidrBlock")


def existing_vpc(estate: Estate, answer: str) -> str:
    """Return the answer if there is such a VPC, and one alone; raises Refused (E410)."""
    vpc_of(estate, answer)
    return answer


def with_blanks(estate: Estate, vpc: str, lists: Iterable[str]) -> tuple[str, ...]:
    """Return lists as they are, but as ones whose blanks are of names where these, or none by blanks, are subnets."""
    there = estate.all("Subnets", str(vpc_of(estate, vpc)["VpcId"]))
    names = {name(each) for each in there}
    known = {*names, *(each["SubnetId"] for each in there)}

    def is_by_comma(text: str) -> bool:
        is_plain = not re.search(r"[\[\"']|arn:", text)
        return {part.strip() for part in text.split(",")} <= names or (is_plain and not {*text.split()} & known)

    return tuple(f"{each}," if is_by_comma(each) else each for each in lists)


def existing_subnets(estate: Estate, vpc: str, answers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the answers if each is one subnet of the VPC, and none another's; raises Refused (E286)."""
    there = estate.all("Subnets", str(vpc_of(estate, vpc)["VpcId"]))
    fix = f"give of these: {some(label(each, 'SubnetId') for each in there) or 'none'}"
    meant, wrong = dict[str, str](), list[Diagnostic]()
    for answer in answers:
        ids = [str(each["SubnetId"]) for each in there if answer in {each["SubnetId"], name(each)}]
        if len(ids) > 1:
            message, way = f"VPC {vpc} has {len(ids)} subnets with the Name {answer}", f"give ids: {some(ids)}"
        else:
            message, way = f"VPC {vpc} has no subnet {answer}", fix
            if ids and (other := meant.setdefault(ids[0], answer)) != answer:
                message, way = f"{other} and {answer} are one subnet", f"give {answer} alone"
            elif ids:
                continue
        wrong.append(WRONG.at(Place("--subnet"), message, way))
    if wrong:
        raise Refused(wrong)
    return answers
