"""A root whose modules stand behind a `depends_on`: Terraform puts their lookups off while a change is pending.

Public reports: hashicorp/terraform #26383, #27858, #28377; terraform-provider-aws #25568, #29421.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .root import parts

if TYPE_CHECKING:
    from pathlib import Path

    from .network import Made
    from .root import Root

_PENDING = """
variable "change" {
  default = "1"
}

resource "terraform_data" "other" {
  triggers_replace = var.change
}
"""


def put_off(root: Root) -> None:
    """Let all modules of a root depend on what is pending, with the inputs that they can't be planned without then."""
    text = (root.folder / "main.tf").read_text(encoding="utf-8")
    for name, made in root.made.items():
        lines = [f"  {key} = {json.dumps(value)}\n" for key, value in _inputs(root.folder / name, made).items()]
        source = f'  source = "./{name}"\n'
        text = text.replace(source, f"{source}  depends_on = [terraform_data.other]\n{''.join(lines)}")
    (root.folder / "main.tf").write_text(text + _PENDING, encoding="utf-8")
    root.terraform.must("init")


def assert_replaces_nothing(root: Root, *options: str, destroyed: set[str]) -> None:
    """With a change pending nothing but what is said is replaced or destroyed, and then there is nothing to change."""
    root.terraform.must("plan", *options, "-out", "pending")
    shown = json.loads(root.terraform.must("show", "-json", "pending").output)
    changes = {
        each["address"]: each["change"]["actions"] for each in shown["resource_changes"] if each["mode"] == "managed"
    }
    found = {address for address, actions in changes.items() if "delete" in actions}
    assert found == destroyed, found
    assert {parts(address)[0] for address in changes} >= root.made.keys()
    root.applied("pending")
    assert root.pending(*options) == []


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
