"""New keys: over what stands under any old one, Terraform adds, changes and destroys nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.generate import generate_source
from generator.source import source
from tests.cases import KEPT

from .examples import APP

if TYPE_CHECKING:
    from pathlib import Path

    from .bench import Bench
    from .runner import Terraform

SPEC = """\
name: x
region: eu-west-1
aws_provider: "{floor}"
vpc: {{name: app}}
subnets: [{{name: private-a}}, {{name: private-b}}]
route_tables: [{{main: true}}]
security_groups:
  - create:
      name: x-endpoints
      ingress: [{{vpc: true}}, {{cidr_ipv4: 192.168.0.0/16}}, {{cidr_ipv4: 10.1.0.0/16, ports: [8443-8444]}}]
      {group}
endpoints:
  {logs}: {{service: logs, name: logs, {was}}}
  s3: {{service: s3, type: Gateway, name: s3, protect: true}}
"""
KEYS = [
    {"logs": "a", "was": "", "group": ""},
    {"logs": "b", "was": "was: a", "group": "key: mid\n      was: x_endpoints"},
    {"logs": "c", "was": "was: [a, b]", "group": "key: new\n      was: [x_endpoints, mid]"},
]
"""The keys of an endpoint and of its group, as they were one after another."""


def _put(terraform: Terraform, **keys: str) -> None:
    """Render a spec to the folder of a module."""
    for file in {*terraform.folder.glob("*.tf")} - {terraform.folder / "provider.tf"}:
        file.unlink()
    for path, text in generate_source(source.parse(SPEC.format(**keys), "x.yaml"), KEPT).files.items():
        if path.endswith(".tf"):
            (terraform.folder / path).write_text(text, encoding="utf-8")


def _moves(terraform: Terraform) -> dict[str, str]:
    """Return by each old address the new one, for a plan that does nothing but to move."""
    terraform.must("plan", "-out=plan")
    changes = json.loads(terraform.must("show", "-json", "plan").output)["resource_changes"]
    done = {each["address"]: each["change"]["actions"] for each in changes if each["mode"] == "managed"}
    assert {address: actions for address, actions in done.items() if actions != ["no-op"]} == {}
    return {each["previous_address"]: each["address"] for each in changes if "previous_address" in each}


def _applied(terraform: Terraform) -> set[str]:
    """Apply what changes nothing, after which a plan is empty; return what is in the state."""
    run = terraform.must("apply", "-auto-approve")
    assert "0 added, 0 changed, 0 destroyed" in run.text, run
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    return _state(terraform)


def _state(terraform: Terraform) -> set[str]:
    listed = terraform.must("state", "list").output.split("\n")
    return {address for address in listed if address and not address.startswith("data.")}


@pytest.fixture
def moved(bench: Bench, tmp_path: Path) -> Terraform:
    """Return Terraform in an empty module in a network."""
    (tmp_path / "empty").mkdir()
    terraform, _ = bench.within(APP, tmp_path / "empty")
    return terraform


@pytest.mark.parametrize("floor", [">= 5.0", ">= 4.0"])
def test_what_is_under_any_old_key_moves_to_the_new_one(floor: str, moved: Terraform) -> None:
    """A state under the first key, and one under the second, both come over; what is protected can't be destroyed."""
    first, second, third = KEYS
    _put(moved, floor=floor, **first)
    moved.must("init")
    moved.must("apply", "-auto-approve")
    before = _state(moved) - {"aws_vpc_endpoint.s3"}

    _put(moved, floor=floor, **third)
    from_first = _moves(moved)
    _put(moved, floor=floor, **second)
    between = _applied(moved) - {"aws_vpc_endpoint.s3"}
    _put(moved, floor=floor, **third)
    from_second = _moves(moved)

    assert (before, between) == ({*from_first}, {*from_second})
    assert {*from_first.values()} == {*from_second.values()} == _applied(moved) - {"aws_vpc_endpoint.s3"}
    assert {"aws_vpc_endpoint.c", "aws_security_group.new"} < {*from_first.values()}
    refused = moved.run("plan", "-destroy", "-refresh=false")
    assert refused.code == 1
    assert "aws_vpc_endpoint.s3 has lifecycle.prevent_destroy set" in refused.text, refused
