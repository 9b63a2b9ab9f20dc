"""Edits that `render` refuses, and those that it does not: what is on disk, the spec now, and exactly what is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import gen_endpoints as ge
from generator import cli
from generator.change import faults, refusals
from generator.change.edit import edit
from generator.change.replaces import is_same
from generator.hcl.facts import readable
from generator.source.diagnostics import Code
from tests.cases import KEPT, ROOT, SPECS
from tests.golden import Golden

CASES = sorted(path.parent for path in (ROOT / "tests" / "change").glob("*/after.yaml"))
EARLIER = sorted(path.parent for path in (ROOT / "tests" / "terraform" / "rendered").glob("*/*/main.tf"))
"""Examples as earlier versions rendered them, in a folder of each version."""
GROUP = """resource "aws_security_group" "x" {
}

resource "aws_security_group_rule" "y" {
  security_group_id        = aws_security_group.x.id
"""
BY_GIT = {"E512", "E517", "W501", "W514", "W515"}
"""What only git can tell of: tests/test_render_baseline.py, and of targets tests/test_fleet.py."""
READ = 'resource "aws_vpc_endpoint" "logs" {\n}\n\nresource "aws_security_group" "x" {\n}\n'
"""Text that is read: an endpoint that states no type is a gateway."""
CODES = sorted(
    {each.code for module in (faults, refusals) for each in vars(module).values() if isinstance(each, Code)} - BY_GIT
)


def _rendered(spec: Path) -> ge.Rendered:
    return ge.render(ge.parse(str(spec)), cache=KEPT)


def _begin(case: Path, folder: Path) -> None:
    """Put on disk what a case begins with: what a spec renders to, or text of an earlier version."""
    if (case / "before.yaml").exists():
        ge.write(_rendered(case / "before.yaml"), folder)
    else:
        folder.mkdir()
        (folder / "main.tf").write_bytes((case / "before.tf").read_bytes())


def _found(case: Path, folder: Path) -> tuple[ge.Diagnostic, ...]:
    allow = (case / "allow.txt").read_text(encoding="utf-8").split() if (case / "allow.txt").exists() else []
    return ge.refusals({folder: _rendered(Path("after.yaml"))}, allow=allow, cache=KEPT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_edit_is_refused_where_it_hurts(
    case: Path, golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each finding is at the line that it is about; nothing is told of an edit that Terraform can apply."""
    _begin(case, tmp_path / "x")
    monkeypatch.chdir(case)

    told = "".join(f"{finding}\n" for finding in _found(case, tmp_path / "x"))
    golden(case / "expected.txt", told.replace(f"{tmp_path.as_posix()}/", ""))


@pytest.mark.parametrize("code", CODES)
def test_each_refusal_has_a_case(code: str) -> None:
    """A refusal that no edit causes is dead."""
    assert [case.name for case in CASES if f" {code} " in (case / "expected.txt").read_text(encoding="utf-8")]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_no_edit_is_refused_nowhere(spec: Path) -> None:
    """What an example renders to is not refused over itself."""
    facts = _rendered(spec).facts

    assert refusals.judge([edit(ge.parse(str(spec)), facts, facts)])[1] == []


@pytest.mark.parametrize("folder", EARLIER, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_no_new_version_is_refused(folder: Path) -> None:
    """What an example renders to now is not refused over what an earlier version made of it, which is read whole."""
    spec = ROOT / "specs" / f"{folder.name}.yaml"
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.tf")}
    before = readable(texts, KEPT.known)

    assert before.blocks.keys() == texts.keys()
    assert refusals.judge([edit(ge.parse(str(spec)), before, _rendered(spec).facts)])[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not HCL {",
        "\ufeff\x00",
        'resource "aws_vpc_endpoint" "logs" {\n  policy = "x" policy = "y"\n}\n',
        READ,
        GROUP + "  source_security_group_id = each.value.id\n}\n",
        GROUP + "  prefix_list_ids          = [each.key]\n}\n",
        GROUP.replace("y", "z") + "\n  for_each = {\n    a = {}\n  }\n}\n",
    ],
)
def test_what_cannot_be_read_is_not_compared(text: str, tmp_path: Path) -> None:
    """A file that is not as a render left it is told of, and stops what it always stopped: it was edited by hand."""
    rendered = _rendered(ROOT / "tests" / "change" / "policy-out" / "after.yaml")
    ge.write(rendered, tmp_path)
    (tmp_path / "main.tf").write_bytes(text.encode())

    is_read = not text or "main.tf" in readable({"main.tf": text}).blocks
    expected = ["E509"] if text == READ else [] if is_read else ["W511"]
    found = ge.refusals({tmp_path: rendered, tmp_path / "nowhere": rendered})
    allow = ["replace:*/logs"] if text == READ else []

    assert [finding.code for finding in found] == expected
    assert "main.tf" in ge.write(rendered, tmp_path, force=True, allow=allow).changed


def test_files_alone_are_compared_too(tmp_path: Path) -> None:
    """What Python writes is refused as well, at the spec's line or at the folder, and no file is touched."""
    case = ROOT / "tests" / "change" / "policy-out"
    _begin(case, tmp_path / "x")
    before = {path: path.read_bytes() for path in (tmp_path / "x").iterdir() if path.is_file()}
    rendered, places = _rendered(case / "after.yaml"), []
    for files in (rendered, rendered.files):
        with pytest.raises(ge.Refused) as refused:
            ge.write(files, tmp_path / "x")
        places += [each.place for each in refused.value.diagnostics]

    assert {path: path.read_bytes() for path in before} == before
    assert [place.line for place in places] == [7, 7, 0, 0]
    assert ge.write(rendered, tmp_path / "x", allow=["keep:logs.*"]).changed


def test_the_command_refuses_before_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is told at once, by --dry-run and check too; --allow lets through what it names, and must be of its form."""
    case, out = ROOT / "tests" / "change" / "policy-out", str(tmp_path)
    _begin(case, tmp_path / "x")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before = (tmp_path / "x" / "main.tf").read_bytes()

    def run(*options: str) -> tuple[int, list[str]]:
        command = [] if options[:1] == ("check",) else ["render"]
        result = CliRunner().invoke(cli.application(), [*command, *options, str(case / "after.yaml"), "--out", out])
        return result.exit_code, re.findall(r" (E50\d) ", result.output)

    assert run() == (1, ["E504", "E504"])
    assert run("--dry-run") == (0, ["E504"] * 4)
    assert run("check") == (4, ["E504"] * 4)
    assert run("--allow", "keep:logs.policy", "--allow", "keep:sqs.*") == (1, ["E506", "E504"])
    assert run("--allow", "destroy:logs") == (2, [])
    assert run("--allow", "destroy:x/logs", "--allow", "keep:*.*") == (1, ["E506"])
    assert (tmp_path / "x" / "main.tf").read_bytes() == before
    assert run("--allow", "keep:*.*") == (0, [])
    assert run("--allow", "keep:*.*") == (1, ["E506"])


def test_work_grows_with_the_endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes is not compared with each that stays: twice the endpoints, twice the comparisons."""
    asked = list[int]()

    def counted(number: int) -> int:
        head = "name: x\nregion: eu-west-1\nvpc: {name: app}\nsubnets: [{name: a}]\nsecurity_groups: [{name: b}]\n"
        service = "com.amazonaws.vpce.eu-west-1.vpce-svc-"
        each = [f"  e{index}: {{service_name: {service}{index:017x}}}\n" for index in range(number)]
        specs = [ge.parse("x.yaml", f"{head}endpoints:\n{''.join(of)}") for of in (each, each[: number // 2])]
        before, after = (ge.render(spec, cache=KEPT).facts for spec in specs)
        asked.clear()
        refusals.judge([edit(specs[1], before, after)])
        return len(asked)

    def count(*given: Any) -> bool:
        asked.append(1)
        return is_same(*given)

    monkeypatch.setattr(faults, "is_same", count)
    assert counted(80) <= 2 * counted(40)
