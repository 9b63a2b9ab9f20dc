"""Behind a `depends_on` Terraform puts a module's lookups off while a change is pending: that replaces nothing.

Public reports: hashicorp/terraform #26383, #27858, #28377; terraform-provider-aws #25568, #29421.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from .examples import MODULES, NETWORKS, OUT
from .root import Root, parts
from .together import made_for, put_all, together

if TYPE_CHECKING:
    from pathlib import Path

    from .bench import Bench
    from .examples import Case
    from .network import Made

PENDING = """
variable "change" {
  default = "1"
}

resource "terraform_data" "other" {
  triggers_replace = var.change
}
"""
GROUPS = together()


def _inputs(module: Path, made: Made) -> dict[str, list[str]]:
    """Return what the module can't plan without, by its optional inputs: what a `for_each` comes from."""
    blocks = made.client.describe_vpcs(VpcIds=[made.vpc_id])["Vpcs"][0]
    ids = [id_ for thing, id_ in made.ids.items() if thing.startswith("subnet/")]
    subnets = made.client.describe_subnets(SubnetIds=ids)["Subnets"]
    known = {
        "vpc_cidr_blocks": [each["CidrBlock"] for each in blocks["CidrBlockAssociationSet"]],
        "vpc_ipv6_cidr_blocks": [each["Ipv6CidrBlock"] for each in blocks.get("Ipv6CidrBlockAssociationSet", [])],
        "subnet_ids_of_private": [
            made.ids[thing] for thing, tags in made.network.tags.items() if tags.get("Tier") == "private"
        ],
        "subnet_cidr_blocks": [each["CidrBlock"] for each in subnets],
        "subnet_ipv6_cidr_blocks": [
            block["Ipv6CidrBlock"] for each in subnets for block in each.get("Ipv6CidrBlockAssociationSet", [])
        ],
    }
    text = "".join(file.read_text(encoding="utf-8") for file in module.glob("*.tf"))
    return {name: value for name, value in known.items() if re.search(rf"(in|toset\() ?local\.{name}\b", text)}


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_replaces_nothing(group: list[Case], bench: Bench) -> None:
    """The first plan works, and with a change pending nothing of a module is replaced or destroyed."""
    names = {case.name: case for case in group}
    root = Root(bench, {name: made_for(case, bench) for name, case in names.items()}, group[0].version)
    put_all(root, OUT, names)
    text = (root.folder / "main.tf").read_text(encoding="utf-8")
    for name, made in root.made.items():
        lines = [f"  {key} = {json.dumps(value)}\n" for key, value in _inputs(OUT / name, made).items()]
        source = f'  source = "./{name}"\n'
        text = text.replace(source, f"{source}  depends_on = [terraform_data.other]\n{''.join(lines)}")
    (root.folder / "main.tf").write_text(text + PENDING, encoding="utf-8")
    root.terraform.must("init")
    root.applied("-auto-approve")

    root.terraform.must("plan", "-var", "change=2", "-out", "pending")
    shown = json.loads(root.terraform.must("show", "-json", "pending").output)
    changes = {
        each["address"]: each["change"]["actions"] for each in shown["resource_changes"] if each["mode"] == "managed"
    }
    assert {address for address, actions in changes.items() if "delete" in actions} == {"terraform_data.other"}
    assert {parts(address)[0] for address in changes} >= names.keys()
    root.applied("pending")
    assert root.pending("-var", "change=2") == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("band-up", "band-up-vpc", "another-vpc"), ("any-region", '.ec2messages"', '.sqs"')],
)
def test_another_under_one_key_fails_the_plan(name: str, before: str, after: str, bench: Bench) -> None:
    """What is ignored is guarded: with another VPC, or another service where no Region is stated, there is no plan."""
    terraform, _ = bench.within(NETWORKS[name], MODULES[name])
    terraform.must("init")
    terraform.must("apply", "-auto-approve")
    for file in terraform.folder.glob("*.tf"):
        file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    run = terraform.run("plan")

    assert (run.code, "Give it a new key" in run.text) == (1, True), run
