"""What AWS has once, where answers have two of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.live.answer_fields import Path
from generator.live.objects import Answer, key_of, lists
from generator.source.diagnostics import Place


def doubles(answers: Iterable[Answer]) -> Iterator[tuple[Place, Path, str]]:
    """Yield where the second is, and what it is: a VPC's main route table, or a subnet's table or network ACL.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html (checked 2026-11-27)
    """
    first: dict[tuple[str, str], str] = {}
    for answer, kind, several in lists(answers, "RouteTables", "NetworkAcls"):
        for index, value in enumerate(several):
            own = str(value[key_of(kind)])
            for at, association in enumerate(value["Associations"]):
                of = str(value["VpcId"] if association.get("Main") else association.get("SubnetId", own))
                other = first.setdefault((kind, of), own)
                if other != own:
                    yield answer.place, (kind, index, "Associations", at), f"associates {of}, as {other} does"
