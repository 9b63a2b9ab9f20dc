"""No edit hurts: what people had before and have after, they have all the while, and each apply ends by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.change.changes import planned as expected
from generator.change.edit import edit
from generator.change.plan import planned
from generator.source import source
from generator.source.terraform_json import read_plan
from tests.cases import generated

from .editing import EDITS, ENDS, Site, case, refused

if TYPE_CHECKING:
    from .bench import Bench

PARALLELISM = (30, 10, 1, 3)
"""Terraform's order varies by itself, and more with how much it does at once."""

APPLIED = [name for name in EDITS if case(name).get("refused", {}).keys() != set(ENDS)]
"""The edits of which `render` refuses one end at most; it stays where it is then."""


def test_no_edit_hurts(bench: Bench, pytestconfig: pytest.Config) -> None:
    """Each edit is applied forth and back, in many orders: nobody is shut out, nothing is refused or left to do.

    What Terraform plans for the first is what `changes` says of it.
    """
    names = pytestconfig.getoption("--edits")
    site = Site(bench, names.split(",") if names else APPLIED)
    _assert_planned(site, "first.plan")
    for number in range(pytestconfig.getoption("--repetitions")):
        site.again()
        wrong: list[str] = []
        for which in ENDS:
            plan = ["first.plan"] if (number, which) == (0, ENDS[0]) else ["-refresh=false"] * bool(number)
            options = [f"-parallelism={PARALLELISM[number % len(PARALLELISM)]}", *plan]
            wrong += [*site.apply(which, *options), *([] if number else site.left(which))]
        assert not wrong, "\n".join([f"in repetition {number + 1}", *sorted(wrong)])


def _assert_planned(site: Site, file: str) -> None:
    """Plan all edits into a file: no disagreement, and endpoints and groups under the same actions and arguments."""
    site.put_all("after")
    site.terraform.must("plan", "-input=false", f"-out={file}", timeout=600)
    shown = site.folder / f"{file}.json"
    shown.write_text(site.terraform.must("show", "-json", file).output, encoding="utf-8")
    names = [name for name in site.made if not refused(name, "after")]
    edits = []
    for name in names:
        old, new = (generated(EDITS[name] / f"{end}.yaml") for end in ("before", "after"))
        edits.append(edit(source.read(new.path), old.facts, new.facts, name))

    found = planned(edits, read_plan(str(shown)))

    assert list(map(str, found.findings)) == []
    around = [name for name in names if (site.folder / f"{name}.tf").exists()]
    assert found.others == len(around)  # routes to a Gateway Load Balancer endpoint
    of_plan = {(each.module, each.action, each.address.partition(".aws_")[2], each.arguments) for each in found.changes}
    ours = [each for one in edits for each in expected(one)]
    of_files = {(each.module, each.action, each.address.removeprefix("aws_"), each.arguments) for each in ours}
    rules = ("vpc_security_group_ingress_rule.", "security_group_rule.")
    assert {each for each in of_plan ^ of_files if not each[2].startswith(rules)} == set()


@pytest.mark.parametrize("name", EDITS)
def test_render_refuses_what_is_said(name: str) -> None:
    """`render` refuses the ends of an edit that the case says, and no other."""
    found = {which: refused(name, which) for which in ENDS if refused(name, which)}

    assert found == case(name).get("refused", {})
