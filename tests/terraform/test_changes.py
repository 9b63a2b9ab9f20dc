"""What Terraform plans for each edit is what `changes` says of it: the same objects, the same actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.change.changes import planned as expected
from generator.change.edit import edit
from generator.change.plan import planned
from generator.source import source
from generator.source.terraform_json import read_plan
from tests.cases import generated

from .editing import EDITS, Site, refused

if TYPE_CHECKING:
    from .bench import Bench

NAMES = [name for name in EDITS if not refused(name, "after")]


def test_the_plan_of_each_edit_agrees(bench: Bench) -> None:
    """In one root of many modules: no disagreement, and endpoints and groups under the same actions and arguments."""
    site = Site(bench, NAMES)
    site.put_all("after")
    site.terraform.must("plan", "-input=false", "-out=plan", timeout=600)
    shown = site.folder / "plan.json"
    shown.write_text(site.terraform.must("show", "-json", "plan").output, encoding="utf-8")
    edits = []
    for name in NAMES:
        old, new = (generated(EDITS[name] / f"{end}.yaml") for end in ("before", "after"))
        edits.append(edit(source.read(new.path), old.facts, new.facts, name))

    found = planned(edits, read_plan(str(shown)))

    assert list(map(str, found.findings)) == []
    assert found.others == 1  # the route to a Gateway Load Balancer endpoint, outside of its module
    of_plan = {(each.module, each.action, each.address.partition(".aws_")[2], each.arguments) for each in found.changes}
    ours = [each for one in edits for each in expected(one)]
    of_files = {(each.module, each.action, each.address.removeprefix("aws_"), each.arguments) for each in ours}
    rules = ("vpc_security_group_ingress_rule.", "security_group_rule.")
    assert {each for each in of_plan ^ of_files if not each[2].startswith(rules)} == set()
