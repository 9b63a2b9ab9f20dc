"""Changes of specs as a platform team makes them: what is said of each is what Terraform plans."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from generator.change import plan as plans
from generator.change.changes import changes, steps
from generator.change.edit import GROUP, Edit, edit
from generator.change.meaning import is_quiet
from generator.change.rules import compare, rules
from generator.generate import generate
from generator.hcl.facts import readable
from generator.source.source import read
from tests.cases import KEPT

from .network import Network
from .planning import by_module, forcing, planned
from .root import Root

if TYPE_CHECKING:
    from generator.generate import Generated
    from generator.source.terraform_json import PlannedChange
    from tests.golden import Golden

    from .bench import Bench
    from .network import Made

FOLDER = Path(__file__).parent / "replaces"
_FILE: Mapping[str, Any] = yaml.safe_load((FOLDER / "trial.yaml").read_text(encoding="utf-8"))
CASES = {name: case for name, case in _FILE.items() if not name.startswith(".")}
"""Each change by name: the spec `before`, where there was one, and `after`, but for the names of module and VPC."""
APPLIED = [name for name, case in CASES.items() if "fails" not in case]
"""Those that Terraform plans; of any other, what it says when it fails."""
_WORDS: Mapping[tuple[str, ...], str] = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "destroy",
    ("no-op",): "move",
}


def test_what_is_said_is_what_terraform_plans(bench: Bench, golden: Golden) -> None:
    """Each object that Terraform plans to change is said to, in the same way, and no other; `diff --plan` agrees."""
    root = Root(bench, {name: _made(name, bench) for name in CASES})
    before = {name: _rendered(name, "before", bench.folder) for name, case in CASES.items() if "before" in case}
    after = {name: _rendered(name, "after", bench.folder) for name in CASES}
    for name in CASES:
        root.put(name, before[name].files if name in before else {})
    root.terraform.must("init")
    root.applied("-auto-approve", "-parallelism=20")
    for name in APPLIED:
        root.put(name, after[name].files)
    plan = planned(root, "-refresh=false")
    edits = {name: _edit(name, before.get(name), after[name]) for name in CASES}
    found = {name: {**by_module(plan)[name]} for name in APPLIED}

    assert {name: [*_wrong(edits[name], found[name])] for name in APPLIED} == {name: [] for name in APPLIED}
    together = plans.planned([edits[name] for name in APPLIED], plan)
    alone = plans.planned([edits["key-renamed"]], plan)
    assert (together.findings, alone.findings, together.others) == ((), (), 0)
    for name in CASES.keys() - {*APPLIED}:
        assert "refused" in {each.action for each in changes(edits[name])}
        root.put(name, after[name].files)
        assert CASES[name]["fails"] in root.terraform.run("plan", "-input=false", "-refresh=false").text
    lines = (line for name in CASES for line in _told(edits[name], found.get(name, {})))
    golden(FOLDER / "trial.txt", "\n".join([*lines, ""]))


def _made(name: str, bench: Bench) -> Made:
    return Network(
        region="eu-west-1",
        vpc=name,
        subnets={"a": "a", "b": "b"},
        route_tables={"private": ("a",), "other": ("b",)},
        security_groups=("existing",),
    ).make(bench.aws)


def _rendered(name: str, end: str, folder: Path) -> Generated:
    file = folder / f"{name}-{end}.json"
    file.write_text(json.dumps({"name": name, "vpc": {"name": name}, **CASES[name][end]}), encoding="utf-8")
    return generate(str(file), KEPT)


def _edit(name: str, before: Generated | None, after: Generated) -> Edit:
    return edit(read(after.path), before.facts if before else readable({}), after.facts, name)


def _wrong(change: Edit, plan: Mapping[str, PlannedChange]) -> Iterator[str]:
    """Yield the instances of resources of which another thing is said than is planned."""
    said = dict(_said(change))
    for address, each in plan.items():
        action = _WORDS.get(each.actions, "replace")
        if action == "move" and not each.previous_address:
            continue
        whole = f"{address.partition('[')[0]}[*]"  # its key is known to Terraform alone
        words = said.pop(address, said.get(whole))
        if words != action:
            yield f"{address}: {words}, and not {action}"
    yield from (f"{address}: {words}, and nothing" for address, words in said.items() if not address.endswith("[*]"))


def _said(change: Edit) -> Iterator[tuple[str, str]]:
    """Yield what is said of each resource, and of each rule of a group by itself."""
    for step in steps(change):
        is_group = step.block.labels[0] == GROUP
        if not step.lets_in and not is_quiet(step):
            yield step.block.address, step.action
        if is_group and step.action in {"create", "destroy", "replace"} and not step.lets_in:
            blocks = change.before if step.action == "destroy" else change.after
            yield from ((rule.address, step.action) for rule in rules(blocks, step.block.address))
    for group in (old for old, new in change.pairs[GROUP] if new and new.arguments["name"] == old.arguments["name"]):
        if group.arguments.get("description") == change.after[change.now(group.address)].arguments.get("description"):
            yield from ((address, action) for action, address, _ in compare(change, group))


def _told(change: Edit, plan: Mapping[str, PlannedChange]) -> Iterator[str]:
    """Yield what is told of a change, and what Terraform plans, as lines of a table."""
    yield f"{change.module}:"
    for said in changes(change):
        arguments = f" ({', '.join(said.arguments)})" if said.arguments else ""
        quiet = "".join(f": {each}" for each in said.means if each.startswith("Nothing changes"))
        yield f"  said {said.action} {said.subject}{arguments}{f' {said.code}' if said.code else ''}{quiet}"
    for address, each in plan.items():
        paths = f" ({', '.join(sorted(forcing(each)))})" if each.replace_paths else ""
        was = f" was {each.previous_address.rpartition('aws_')[2]}" if each.previous_address else ""
        if each.actions != ("no-op",) or was:
            yield f"  plan {' and '.join(each.actions)} {address}{paths}{was}"
    if "fails" in CASES[change.module]:
        yield f"  plan fails: {CASES[change.module]['fails']}"
