"""Addresses: a state has what a module makes where the module has it, or takes it over, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.generate import understand
from generator.hcl.hcl import literal
from generator.live.addresses import former, split
from generator.module.resolve import resolve

SPEC = Path(__file__).parent.parent / "specs" / "renamed.yaml"


def test_what_a_module_takes_over_is_what_its_moved_blocks_say() -> None:
    """The chain of `moved` blocks from each former address of an endpoint or group ends at the one that it has."""
    intent = understand(str(SPEC))
    module = resolve(intent)
    moves = {literal(each.arguments["from"]): literal(each.arguments["to"]) for each in module.moved}
    own = {each.address for each in (*module.endpoints, *module.security_groups) if split(each.address)[1]}
    ends = {}
    for each in own | {each for each in moves if split(each)[1]}:
        end = each
        while end in moves:
            end = moves[end]
        ends[each] = end

    assert any(each != end for each, end in ends.items())
    assert former(intent) == ends


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("aws_vpc_endpoint.s3", ("", "aws_vpc_endpoint.s3")),
        ("module.a.module.b[0].aws_vpc_endpoint.s3", ("module.a.module.b[0].", "aws_vpc_endpoint.s3")),
        ('module.a["x.y"].aws_security_group.web[0]', ('module.a["x.y"].', "aws_security_group.web")),
        ('module.old.aws_vpc_endpoint.this["sqs"]', ("", "")),
        ("aws_vpc_endpoint.s3[1]", ("", "")),
        ('aws_vpc_endpoint.this["module.a.aws_vpc_endpoint.s3"]', ("", "")),
        ("data.aws_security_group.web", ("", "")),
        ("aws_vpc_endpoint_policy.s3", ("", "")),
        ("", ("", "")),
    ],
)
def test_an_address_has_the_path_of_a_module_before_it(address: str, parts: tuple[str, str]) -> None:
    """What has a key is no resource of a module of ours, but for the first of a `count`, which Terraform takes over."""
    assert split(address) == parts
