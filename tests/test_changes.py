"""What an edit does is said as data, whole and in words: never less than Terraform does, and never more."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gen_endpoints as ge
from generator.change.change import ORDER
from generator.hcl import layout
from generator.output.manifest import HEADER
from tests.cases import KEPT, ROOT, SPECS, generated
from tests.test_terraform_json import plan, resource

if TYPE_CHECKING:
    from tests.golden import Golden

CASES = sorted(path.parent for path in (ROOT / "tests" / "change").glob("*/after.yaml"))
EARLIER = sorted(path.parent for path in (ROOT / "tests" / "terraform" / "rendered").glob("*/*/main.tf"))
X = Path("x")
SPEC = """name: x
region: eu-west-1
vpc: {id: vpc-0a1b2c3d}
subnets: [{id: subnet-0a1b2c3d}, {id: subnet-0a1b2c3e}]
security_groups: [{create: {name: x, ingress: [{vpc: true}]}}]
endpoints:
  logs: {service: logs}
  kms: {service: kms}
  s3: {service: s3, type: Gateway, route_tables: [{id: rtb-0a1b2c3d}]}
"""


def _rendered(text: str) -> ge.Rendered:
    return ge.render(ge.parse("x.yaml", text), cache=KEPT)


def _changes(old: str, new: str) -> tuple[ge.Change, ...]:
    return ge.changes({X: _rendered(new)}, before={X: _rendered(old).files}, cache=KEPT)


def _lines(change: ge.Change) -> str:
    """Return a change as a case has it: a line, and under it what it means and what to write."""
    known = (change.action, change.address, change.before and f"(was {change.before})", change.code, change.what)
    line = " ".join(filter(None, (*known, "; ".join(change.arguments))))
    return "".join(f"{each}\n" for each in (line, *(f"    {text}" for text in (*change.means, change.fix) if text)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_edit_is_told(case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """What hurts first; each object, in terms of endpoints and groups, with its arguments and what they mean."""
    monkeypatch.chdir(case)
    before = case / "before.yaml"
    files = ge.render(ge.parse(str(before)), cache=KEPT).files if before.exists() else _files(case, "before.tf")
    found = ge.changes({X: ge.render(ge.parse("after.yaml"), cache=KEPT)}, before={X: files}, cache=KEPT)

    assert [each.action for each in found] == sorted((each.action for each in found), key=ORDER.index)
    golden(case / "changes.txt", "".join(map(_lines, found)))


def _files(folder: Path, pattern: str = "*.tf") -> dict[str, str]:
    return {path.name.replace("before", "main"): path.read_text(encoding="utf-8") for path in folder.glob(pattern)}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_no_edit_changes_nothing(spec: Path) -> None:
    """Not of what an example renders to now, nor of the files in out/."""
    rendered = ge.render(ge.parse(str(spec)), cache=KEPT)
    folder = ROOT / "out" / rendered.meaning.name

    assert ge.changes({folder: rendered}, cache=KEPT) == ()
    assert ge.changes({folder: rendered}, before={folder: _files(folder)}, cache=KEPT) == ()


@pytest.mark.parametrize("folder", EARLIER, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_new_version_destroys_nothing(folder: Path) -> None:
    """What an earlier version rendered is moved and gains an output; where the provider is managed, a Region."""
    rendered = ge.render(ge.parse(str(ROOT / "specs" / f"{folder.name}.yaml")), cache=KEPT)
    found = ge.changes({X: rendered}, before={X: _files(folder)}, cache=KEPT)

    assert {each.action for each in found} <= {"move", "update"}
    updated = {(each.address, each.arguments) for each in found if each.action == "update"}
    region = {("aws_vpc_endpoint.database", ("region",))} if folder.name == "provider-6-28" else set()
    assert updated == {("output.dns_zone_ids", ("added",)), *region}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_every_example_may_become_every_other(spec: Path) -> None:
    """However little two modules have in common: what has no like goes or comes, and each change has its words."""
    for other in SPECS:
        old, new = ({X: generated(each).files} for each in (other, spec))
        found = ge.changes(new, before=old, cache=KEPT)

        is_same = {spec.stem.removesuffix("-bundle")} == {other.stem.removesuffix("-bundle")}
        assert bool(found) is not is_same, other
        assert [each for each in found if not each.subject or "None" in each.subject] == []


def test_a_module_is_made_and_goes_as_a_whole() -> None:
    """Each endpoint and group, with its rules; nothing is said of what is around them."""
    rendered = _rendered(SPEC)
    made = ge.changes({X: rendered}, before={}, cache=KEPT)
    gone = ge.changes({X: {}}, before={X: rendered.files}, cache=KEPT)

    assert [each.address for each in made] == [each.address for each in gone]
    assert ({each.action for each in made}, {each.action for each in gone}) == ({"create"}, {"destroy"})
    assert [each.what for each in made if each.subject == "security group x"] == ["and its 2 rules"]
    assert {each.module for each in made} == {"x"}


@pytest.mark.parametrize(
    ("old", "new", "address"),
    [
        ("vpc: {id: vpc-0a1b2c3d}", "vpc: {name: y}", "data.aws_vpc.this"),
        ("eu-west-1", "eu-west-2", "data.aws_region.current"),
        ("name: x\n", 'name: x\naws_provider: ">= 6.0"\n', "terraform"),
        ("{id: subnet-0a1b2c3e}", "{variable: subnet_id}", "variable.subnet_id"),
        ("name: x\n", "name: x\nprivate_ip_outputs: true\n", "output.private_ips"),
        ("service: logs", "service: logs, timeouts: {create: 20m}", "aws_vpc_endpoint.logs"),
        ("service: logs", "service: logs, protect: true", "aws_vpc_endpoint.logs"),
    ],
)
def test_what_is_around_is_told(old: str, new: str, address: str) -> None:
    """The VPC, the provider, inputs and outputs, and what Terraform alone knows."""
    assert address in [each.address for each in _changes(SPEC, SPEC.replace(old, new))]


def test_the_order_of_lists_and_labels_of_lookups_are_no_changes() -> None:
    """Subnets are a set; one that is looked up in another way is another, under whatever label."""
    by_name = SPEC.replace("[{id: subnet-0a1b2c3d}, {id: subnet-0a1b2c3e}]", "[{name: a}, {name: b}]")
    by_tag = by_name.replace("{name: a}", "{tags: {Tier: a}}")

    assert _changes(by_name, by_name.replace("[{name: a}, {name: b}]", "[{name: b}, {name: a}]")) == ()
    assert [
        (each.address, each.arguments) for each in _changes(by_name, by_tag) if each.subject == "endpoint logs"
    ] == [("aws_vpc_endpoint.logs", ("subnet_ids",))]


@pytest.mark.parametrize("text", ["# Generated by gen-endpoints\nx = {", "resource {\n}\n", 'data "x" {\n}\n', "\0"])
def test_what_cannot_be_read_back_is_not_compared(text: str) -> None:
    """It is told, and neither its endpoints nor those of the spec are said to go or to come."""
    rendered = _rendered(SPEC)
    (unread, *others) = ge.changes({X: rendered}, before={X: {**rendered.files, "main.tf": text}}, cache=KEPT)

    assert (unread.address, unread.code) == ("main.tf", "W511")
    assert others == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("versions.tf", re.compile(r"aws = \{.*?\n    \}", re.DOTALL), 'aws = "~> 5.0"'),
        ("versions.tf", re.compile(r"aws = \{.*?\n    \}", re.DOTALL), "aws = []"),
        ("versions.tf", re.compile(r'version = ".*"'), "version = 5"),
        ("security_groups.tf", re.compile(r'name( +)= ".*"'), r"name\1= {}"),
        ("main.tf", re.compile(r"subnet_ids( +)= \[.*?\]", re.DOTALL), r"subnet_ids\1= local.a39"),
    ],
)
def test_an_argument_may_have_any_type(file: str, old: re.Pattern[str], new: str) -> None:
    """What nobody expects there is another value; one that grows without end counts as its own text."""
    rendered, names = _rendered(SPEC), range(10, 40)
    doubled = "".join(f'  a{each} = "${{local.a{each - 1}}}${{local.a{each - 1}}}"\n' for each in names)
    text, number = old.subn(new, rendered.files[file])
    before = {
        **rendered.files,
        "local.tf": f"{HEADER.decode()}x\n\nlocals {{\n{doubled}}}\n",
        file: layout.format(text),
    }
    found = ge.changes({X: rendered, Path("y"): {}}, before={X: before, Path("y"): before}, cache=KEPT)

    assert number
    assert "W511" not in {each.code for each in found}
    assert "update" in {each.action for each in found} or file == "security_groups.tf"


def test_files_of_the_user_s_own_are_none_of_ours() -> None:
    """A resource in a file beside the module does not go with a render."""
    rendered, own = _rendered(SPEC), 'resource "aws_vpc_endpoint" "own" {\n}\n'

    assert ge.changes({X: rendered}, before={X: {**rendered.files, "own.tf": own}}, cache=KEPT) == ()


@pytest.mark.parametrize(
    ("spec", "fix"),
    [
        ("  cw: {service: logs}\n", "write cw: {service: logs, was: logs}"),
        ("  cw: {service: logs, was: [old]}\n", "write cw: {service: logs, was: [old, logs]}"),
        ("  cw: {service: logs, was: old}\n", "write cw: {service: logs, was: [old, logs]}"),
        ("  cw:\n    service: logs\n", "write under cw: was: logs"),
        ("  cw: {service: logs, tags: {a: b}}\n", "write under cw: was: logs"),
    ],
)
def test_a_rename_says_the_line_to_write(spec: str, fix: str) -> None:
    """In the form in which the endpoint is written, after the keys that it had before."""
    (renamed,) = (
        each for each in _changes(SPEC, SPEC.replace("  logs: {service: logs}\n", spec)) if each.key == "logs"
    )

    assert (renamed.action, renamed.before, renamed.code, renamed.fix) == (
        *("rename", "aws_vpc_endpoint.logs", "E507"),
        f"{fix}; if it is another, render and apply without both first",
    )


def _planned(tmp_path: Path, new: str, *changes: dict[str, Any], source: str = "./out/x") -> ge.Planned:
    found = {**plan(*changes), "configuration": {"root_module": {"module_calls": {"m": {"source": source}}}}}
    (tmp_path / "plan.json").write_text(json.dumps(found), encoding="utf-8")
    before = {X: _rendered(SPEC).files}
    return ge.planned({X: _rendered(new)}, str(tmp_path / "plan.json"), before=before, cache=KEPT)


def _change(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    change = {"actions": list(actions), "before": {}, "after": {}, **more.pop("change", {})}
    return resource(address, module_address=address.rpartition(".aws_")[0], change=change, **more)


def test_a_plan_is_told_in_the_same_changes(tmp_path: Path) -> None:
    """At the addresses of the plan; what is not ours is counted, and what agrees is no finding."""
    new = SPEC.replace("  logs: {service: logs}", "  sqs: {service: sqs, tags: {a: b}}").replace(
        "type: Gateway", "type: Gateway, tags: {a: b}"
    )
    found = _planned(
        tmp_path,
        new,
        _change('module.m["a.b"].aws_vpc_endpoint.logs', "delete"),
        _change('module.m["a.b"].aws_vpc_endpoint.sqs', "create"),
        _change(
            'module.m["a.b"].aws_vpc_endpoint.s3', "update", change={"after": {"tags": {"a": "b"}, "tags_all": {}}}
        ),
        _change('module.m["a.b"].aws_security_group.x', "no-op"),
        _change("aws_instance.mine", "delete"),
    )

    assert [(each.action, each.address, each.arguments) for each in found.changes] == [
        ("destroy", 'module.m["a.b"].aws_vpc_endpoint.logs', ()),
        ("create", 'module.m["a.b"].aws_vpc_endpoint.sqs', ()),
        ("update", 'module.m["a.b"].aws_vpc_endpoint.s3', ("tags.a",)),
    ]
    assert (found.findings, found.others) == ((), 1)
    assert found.changes[0].means == _changes(SPEC, new)[0].means


def test_where_a_plan_disagrees_is_told(tmp_path: Path) -> None:
    """Each endpoint and group with which the plan does something else than the files say."""
    found = _planned(
        tmp_path,
        SPEC.replace("  logs: {service: logs}\n", ""),
        _change("module.m.aws_vpc_endpoint.s3", "delete", "create", change={"replace_paths": [["vpc_id"]]}),
        _change("module.m.aws_vpc_endpoint.stray", "delete", change={"before": {"service_name": "y"}}),
    )

    assert [str(each).partition("\n")[0] for each in found.findings] == [
        "x.yaml:8:3: E510 endpoint s3: the plan says replace (vpc_id), the files say nothing",
        "x.yaml:6:1: E510 endpoint stray: the plan says destroy, the files say nothing",
        "x.yaml:6:1: E510 endpoint logs: the plan says nothing, the files say destroy",
    ]


def test_what_a_plan_imports_is_no_disagreement(tmp_path: Path) -> None:
    """Nor what it does to a rule that is in no file, or to an object that is left to be destroyed."""
    found = _planned(
        tmp_path,
        f"{SPEC}  sqs: {{service: sqs}}\n",
        _change("module.m.aws_vpc_endpoint.sqs", "no-op", change={"importing": {"id": "vpce-0a1b2c3d"}}),
        _change("module.m.aws_vpc_security_group_ingress_rule.stray", "delete"),
        _change("module.m.aws_security_group.x", "delete", deposed="0a1b2c3d"),
    )

    assert [(each.action, each.subject) for each in found.changes] == [
        ("destroy", "aws_vpc_security_group_ingress_rule.stray")
    ]
    assert found.findings == ()


def test_a_plan_may_know_more_than_the_files(tmp_path: Path) -> None:
    """A replacement for an argument that no table has, of any type, and an endpoint that no file has."""
    values = {
        "novel": [{"argument": 1.5}],
        "other": {"a": [[None]]},
        "cidr_ipv4": "::",
        "vpc_endpoint_type": "Interface",
    }
    change = {"replace_paths": [["novel", 0, "argument"]], "before": values, "after": values}
    endpoint = _change("module.m.aws_vpc_endpoint.logs", "create", "delete", change=change)
    rule = _change("module.m.aws_vpc_security_group_ingress_rule.x_443_ipv4", "update", change=change)
    stray = _change("module.m.aws_vpc_endpoint.stray[0]", "delete", change=change)
    found = _planned(tmp_path, SPEC, endpoint, rule, stray)

    assert [(each.action, each.address, each.arguments, each.source) for each in found.changes] == [
        ("destroy", "module.m.aws_vpc_endpoint.stray[0]", (), ""),
        ("replace", "module.m.aws_vpc_endpoint.logs", ("novel.argument",), ""),
        ("update", "module.m.aws_vpc_security_group_ingress_rule.x_443_ipv4", ("None from ::",), ""),
    ]


def test_a_plan_without_the_module_is_told(tmp_path: Path) -> None:
    """If the module changes at all; one of another name is found by its endpoints."""
    change = _change("module.m.aws_vpc_endpoint.logs", "delete")
    new = SPEC.replace("  logs: {service: logs}\n", "")

    assert _planned(tmp_path, new, change, source="git::https://example.com/y.git//out/y?ref=1").findings == ()
    (missing,) = _planned(tmp_path, new, _change("aws_instance.mine", "create")).findings
    assert missing.message == "the plan has no module that is rendered to x, and it changes"
    assert _planned(tmp_path, SPEC).findings == ()


@pytest.mark.parametrize("vpc", ["{id: vpc-0a1b2c3e}", "{name: b}", "{tags: {Name: b, A: a}}"])
def test_advice_for_another_vpc_is_one(vpc: str) -> None:
    """By id the endpoints are replaced, by name the module refuses the plan; the way out is the same."""
    old = re.sub("(?m)^vpc: .*", "vpc: {name: a}" if "id:" not in vpc else "vpc: {id: vpc-0a1b2c3d}", SPEC)
    found = [each.fix for each in _changes(old, re.sub("(?m)^vpc: .*", f"vpc: {vpc}", old)) if each.fix]
    fixes = {each.partition("; or let it go: ")[0] for each in found}

    assert fixes == {"put the VPC back; or, for another one, give the endpoints new keys and the groups new names"}
