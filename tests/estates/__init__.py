"""Estates by chance: a VPC with whatever AWS lets be in it, in the shapes in which AWS answers.

    estate(chance) ──▶ Estate: the answers, and why `adopt` may leave out some of the endpoints

What is made is what AWS takes, so `adopt` takes all of it but what is marked. `tests/terraform/estates.py` makes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.estates.endpoints import add_endpoints
from tests.estates.growing import Estate
from tests.estates.network import add_groups, add_network

if TYPE_CHECKING:
    from random import Random

REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2", "sa-east-1", "ap-northeast-1")


def estate(chance: Random, region: str = "", *, plain: bool = False) -> Estate:
    """Return an estate; a plain one has what provider 5.100 says, and the emulated AWS can make."""
    made = Estate(chance, region or chance.choice(REGIONS), plain=plain)
    add_network(made)
    add_groups(made)
    add_endpoints(made)
    return made
