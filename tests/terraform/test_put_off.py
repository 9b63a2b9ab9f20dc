"""Behind a `depends_on` Terraform puts a module's lookups off while a change is pending: that replaces nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .examples import FIRST, MODULES, NETWORKS, OUT
from .put_off import assert_replaces_nothing, put_off
from .root import Root
from .together import made_for, put_all, together

if TYPE_CHECKING:
    from .bench import Bench
    from .examples import Case

SOME = together(lambda case: case.name in FIRST)


@pytest.mark.parametrize("group", together().values(), ids=together())
def test_the_first_plan_works(group: list[Case], bench: Bench) -> None:
    """With a change pending all examples of a provider and Region are planned that are not there yet."""
    root = _root(group, bench)

    root.terraform.must("plan")


@pytest.mark.parametrize("group", SOME.values(), ids=SOME)
def test_replaces_nothing(group: list[Case], bench: Bench) -> None:
    """What was made while a change was pending is not replaced when one is again; `test_modules` tries all others."""
    root = _root(group, bench)
    root.applied("-auto-approve")

    assert_replaces_nothing(root, "-var", "change=2", destroyed={"terraform_data.other"})


def _root(group: list[Case], bench: Bench) -> Root:
    names = {case.name: case for case in group}
    root = Root(bench, {name: made_for(case, bench) for name, case in names.items()}, group[0].version)
    put_all(root, OUT, names)
    put_off(root)
    return root


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
