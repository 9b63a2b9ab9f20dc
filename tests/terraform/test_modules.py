"""Every rendered example is what Terraform takes, and makes in AWS what its spec says."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import hcl2
import pytest

from .drifting import drifting
from .examples import FIRST, MODULES, NETWORKS, OUT, Case, cases
from .put_off import assert_replaces_nothing, put_off
from .root import AT_ONCE, Root
from .together import made_for, put_all, together, with_own_vpc

if TYPE_CHECKING:
    from pathlib import Path

    from .bench import Bench


def endpoint_types(module: Path) -> list[str]:
    """Return the type of each endpoint in a module's text, sorted."""
    resources = hcl2.loads((module / "main.tf").read_text(encoding="utf-8"))["resource"]
    bodies = [body for resource in resources for named in resource.values() for body in named.values()]
    return sorted(str(body["vpc_endpoint_type"]).strip('"') for body in bodies)


def test_each_example_has_its_network() -> None:
    """There are examples, each has its network in the table, and the table has no other."""
    assert set(MODULES) == set(NETWORKS)


@pytest.mark.parametrize("name", MODULES)
def test_is_formatted(name: str, bench: Bench) -> None:
    """`terraform fmt` has nothing to change in an example."""
    run = bench.terraform(MODULES[name]).run("fmt", "-check", "-diff", "-recursive")

    assert (run.output, run.code) == ("", 0)


@pytest.mark.parametrize("case", [each for each in cases() if getattr(each.values[0], "name", "") in FIRST])
def test_own_tests_pass(case: Case, bench: Bench) -> None:
    """`terraform test` passes without a warning, as anyone can run it who has no credentials.

    `test_double` runs those of all examples; here they are the first of each kind, on real providers.
    """
    terraform = bench.alone(case.module, case.version)

    terraform.must("init")
    run = terraform.must("test")

    assert "0 failed" in run.output
    assert "Warning: " not in run.text, run


GROUPS = {name: pytest.param(group, id=name) for name, group in together().items()}
UNSERVED = [each for each in cases() if each.marks]


@pytest.mark.parametrize("group", [*GROUPS.values(), *UNSERVED])
def test_applies_and_then_has_nothing_to_change(group: list[Case], bench: Bench) -> None:
    """Examples are planned and applied, a second plan is empty, nothing warns or drifts; then all goes."""
    names = {case.name: case for case in group}
    root = Root(bench, {name: made_for(case, bench) for name, case in names.items()}, group[0].version)
    put_all(root, OUT, names)

    root.terraform.must("init")
    applied = root.terraform.must("apply", "-auto-approve", AT_ONCE)
    assert "Warning: " not in applied.text, applied
    for name, made in root.made.items():
        types = sorted(each["VpcEndpointType"] for each in made.endpoints())
        assert (name, types) == (name, endpoint_types(MODULES[name]))
    assert root.pending() == []
    for name, made in root.made.items():
        drift = drifting(made, bench.folder / name, name, partial(with_own_vpc, names[name]))
        assert (name, drift.rows()) == (name, [])
    put_off(root)
    assert_replaces_nothing(root, destroyed=set())
    for name in names:  # what is protected goes after a render that protects it no longer
        file = root.folder / name / "main.tf"
        text = re.sub(r" +prevent_destroy +=.*\n", "", file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
    root.terraform.must("apply", "-destroy", "-refresh=false", "-auto-approve")
    assert [made.endpoints() for made in root.made.values() if made.endpoints()] == []
