"""The Region in which the provider manages all of a module: it reaches every resource and every lookup, or none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.hcl.hcl import Block, Expression, literal
from tests.cases import ROOT, SPECS, generated, module

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((ROOT / "tests/data/aws_provider_6.62_schema.json").read_text(encoding="utf-8"))
SPEC = """name: x
{region}aws_provider: ">= 6.0"
private_ip_outputs: {addresses}
vpc: {vpc}
subnets: [{{name: a}}, {subnet}, {{id: subnet-0a1b2c3d4e5f60718}}]
security_groups:
  - {{default: true}}
  - {{tags: {{For: all}}}}
  - create:
      name: made
      ingress: [{{vpc: true}}, {{cidr_ipv4: 10.0.0.0/8}}, {{security_group: {{name: m}}}}, {{prefix_list: {{name: p}}}}]
endpoints:
  s3: {{service: s3, type: Gateway, route_tables: [{{subnet: {{name: a}}}}, {{name: t}}, {{main: true}}]}}
  dynamodb: {{service: dynamodb, type: Gateway, route_tables: {tables}}}
  sqs: {{service: sqs{own}}}
"""
STATED = {
    "by input": ("region: {variable: where}\n", "", "var.where"),
    "of endpoints": ("", ", region: eu-west-1", '"eu-west-1"'),
    "of the spec and of endpoints": ("region: eu-west-1\n", ", region: eu-west-1", '"eu-west-1"'),
    "the provider's": ("", "", "null"),
    "the provider's, guarded": ("region: eu-west-1\n", "", "null"),
}
"""What the spec states, what one of its endpoints does, and the Region of everything."""
AROUND = {
    "by name": {"vpc": "{name: v}", "subnet": "{name: b}", "addresses": "true", "tables": "of_subnets"},
    "by tags": {"vpc": "{tags: {A: b}}", "subnet": "{tags: {A: b}}", "addresses": "false", "tables": "of_subnets"},
    "by input": {"vpc": "{variable: v}", "subnet": "{variable: s}", "addresses": "false", "tables": "[{main: true}]"},
}


def _takes_region(block: Block) -> bool:
    kinds = SCHEMA["resources"] if block.type == "resource" else SCHEMA["data_sources"]
    return "region" in kinds[block.labels[0]]["attributes"]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("case", STATED)
def test_the_region_reaches_all_that_takes_one(case: str, around: str) -> None:
    """Each block that has an argument `region` in the provider's schema has the one Region, whatever brought it."""
    region, own, wanted = STATED[case]
    files = module(SPEC.format(region=region, own=own, **AROUND[around])).files
    blocks = {each.address: each for part in files.values() for each in part if each.type in {"resource", "data"}}
    found = {address: literal(block.arguments.get("region")) for address, block in blocks.items()}

    assert found == {address: wanted if _takes_region(block) else "null" for address, block in blocks.items()}
    assert ("data.aws_region.current" in blocks) == (wanted == "null")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_an_example_has_the_argument_where_its_spec_says_so(spec: Path) -> None:
    """The argument is of provider 6.0: no other module has it."""
    is_managed = generated(spec).intent.spec.managed_region is not None

    assert ("  region " in generated(spec).files["main.tf"]) == is_managed


def test_the_name_of_a_service_is_built_from_the_input() -> None:
    """As it is from the provider's Region where there is none."""
    text = SPEC.format(region="region: {variable: where}\n", own="", **AROUND["by name"])
    names = {each.label: each.arguments["service_name"] for each in module(text).endpoints}

    assert names["sqs"] == Expression('"com.amazonaws.${var.where}.sqs"')
