"""Every rendered example is what Terraform takes, and makes in AWS what its spec says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import hcl2
import pytest

from .drifting import drifting
from .examples import MODULES, NETWORKS, Case, cases

if TYPE_CHECKING:
    from pathlib import Path

    from .bench import Bench


def endpoint_types(module: Path) -> list[str]:
    """Return the type of each endpoint in a module's text, sorted."""
    resources = hcl2.loads((module / "main.tf").read_text(encoding="utf-8"))["resource"]
    bodies = [body for resource in resources for named in resource.values() for body in named.values()]
    return sorted(str(body["vpc_endpoint_type"]).strip('"') for body in bodies)


def _kinds(module: Path) -> frozenset[tuple[str, ...]]:
    """Return the types of a module's resources, and whether it states an order: a destruction goes by these."""
    text = "".join(file.read_text(encoding="utf-8") for file in module.glob("*.tf"))
    return frozenset(re.findall(r'(?m)^resource "(\w+)"|^ +(depends_on) ', text))


DESTROYED = {_kinds(module): name for name, module in reversed(MODULES.items())}.values()
"""The examples that are destroyed again: the first of all that are made of the same kinds of things."""


def test_each_example_has_its_network() -> None:
    """There are examples, each has its network in the table, and the table has no other."""
    assert set(MODULES) == set(NETWORKS)


@pytest.mark.parametrize("name", MODULES)
def test_is_formatted(name: str, bench: Bench) -> None:
    """`terraform fmt` has nothing to change in an example."""
    run = bench.terraform(MODULES[name]).run("fmt", "-check", "-diff", "-recursive")

    assert (run.output, run.code) == ("", 0)


@pytest.mark.parametrize("case", [each for each in cases() if getattr(each.values[0], "name", "") in DESTROYED])
def test_own_tests_pass(case: Case, bench: Bench) -> None:
    """`terraform test` passes without a warning, as anyone can run it who has no credentials.

    `test_double` runs those of all examples; here they are the first of each kind, on real providers.
    """
    terraform = bench.alone(case.module, case.version)

    terraform.must("init")
    run = terraform.must("test")

    assert "0 failed" in run.output
    assert "Warning: " not in run.text, run


@pytest.mark.parametrize("case", cases())
def test_applies_and_then_has_nothing_to_change(case: Case, bench: Bench) -> None:
    """An example is planned and applied, a second plan is empty, nothing drifts; one of each kind goes."""
    terraform, made = bench.within(case.network, case.module, case.version)

    terraform.must("init")
    applied = terraform.must("apply", "-auto-approve")
    assert sorted(each["VpcEndpointType"] for each in made.endpoints()) == endpoint_types(case.module)
    again = terraform.run("plan", "-detailed-exitcode")
    assert again.code == 0, again
    assert "Warning: " not in applied.text + again.text, (applied, again)
    assert drifting(made, bench.folder / "drift", case.name).rows() == []
    if case.name in DESTROYED:
        terraform.must("apply", "-destroy", "-refresh=false", "-auto-approve")
        assert made.endpoints() == []
