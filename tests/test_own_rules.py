"""A team's own rules: what is said of each case, in every command, and what they see."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from typer.testing import CliRunner

import gen_endpoints as ge
from generator import cli
from generator.fleet.told import each_of
from generator.generate import document_of, one_of, targets_of, understand_source
from generator.intent.document import place
from generator.source import source
from generator.source.diagnostics import Refused
from tests.cases import ROOT, SPECS
from tests.test_project import MINOR
from tests.test_spec import VALIDATOR, _as_editors_see, _leaves

if TYPE_CHECKING:
    from tests.golden import Golden

FOLDER = Path(__file__).parent / "own-rules"
CASES = sorted(each for each in FOLDER.iterdir() if each.is_dir())
EXAMPLES = sorted(each.parent for each in FOLDER.glob("*/right.yaml"))


def _said(name: str, rules: str = "") -> str:
    """Return what is said of a spec, in a project that has these rules."""
    project = Path("project.yaml")
    over = source.read(str(project)) if project.exists() else None
    over = source.parse(f"rules: {rules}\n", "project.yaml") if rules else over
    try:
        each_of(((each.label, each.source) for each in targets_of(name, over)), understand_source)
    except Refused as refused:
        return f"{refused}\n"
    return "fine\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_rule_is_told_once_at_the_line_that_breaks_it(
    case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the targets that share it; and what is wrong with rules, at their own line."""
    monkeypatch.chdir(case)
    said = _said("spec.yaml", "rules.json" if case in EXAMPLES else "").replace(str(ROOT), "REPOSITORY")

    golden(case / "said.txt", said)


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.name)
def test_each_example_accepts_what_is_right(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules that docs/own-rules.md has are these files."""
    monkeypatch.chdir(case)
    shown = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8"), re.DOTALL)

    assert _said("right.yaml", "rules.json") == "fine\n"
    assert json.loads(Path("rules.json").read_text(encoding="utf-8")) in [json.loads(each) for each in shown]


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case.stem)
def test_what_rules_see_is_a_spec(case: Path) -> None:
    """By the schema of specs, but for the two keys that it has besides; and each part of it has its line."""
    found = document_of(one_of(str(case)))
    intent = understand_source(one_of(str(case)))
    own = {key: each for key, each in found.items() if key not in {"schema", "values"}}

    assert [*VALIDATOR.iter_errors(own)] == []
    assert {*found["endpoints"]} == {each.key for each in intent.endpoints}
    assert [path for path in _leaves(own) if place(intent, path).line == 0] == []


def test_every_command_judges_by_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command does, it refuses what `validate` does."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "gen-endpoints.yaml").write_text(f'gen_endpoints: "{MINOR}"\nspecs: [s.yaml]\nrules: r.yaml\n', "utf-8")
    (tmp_path / "r.yaml").write_text("properties: {name: {title: a name ends in -x, pattern: '-x$'}}\n", "utf-8")
    (tmp_path / "s.yaml").write_text((ROOT / "specs" / "ids.yaml").read_text("utf-8"), "utf-8")
    aws = ["--region", "eu-west-1", "--from", str(ROOT / "tests" / "drift" / "estate.json")]
    for command, *more in (
        *(["validate"], ["render"], ["check"], ["diff"], ["cost"], ["show"], ["targets", "--changed"]),
        *(["drift", *aws], ["preflight", *aws], ["verify", *aws], ["verify", "--from-inside"]),
    ):
        said = CliRunner().invoke(cli.application(command), [command, "s.yaml", *more])
        assert (command, said.exit_code, "s.yaml:3:1: E160 a name ends in -x" in said.output) == (command, 1, True)
    shown = CliRunner().invoke(cli.application("show"), ["show", "--resolved", "--format", "json", "s.yaml"])
    assert json.loads(shown.stdout)["vars"] == {"cost_center": "cc-12", "on_call": {"team": "network", "hours": 24}}


def test_templates_say_what_they_take_of_vars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By vars.schema.json in their folder, whether the project or an option names it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "vars.schema.json").write_text('{"required": ["owner"], "title": "t takes owner"}', "utf-8")
    (tmp_path / "s.yaml").write_text((ROOT / "specs" / "ids.yaml").read_text("utf-8"), "utf-8")
    line = len((tmp_path / "s.yaml").read_text("utf-8").splitlines())
    run = CliRunner()

    said = run.invoke(cli.application("render"), ["render", "--templates", "t", "s.yaml"])
    assert (said.exit_code, f"s.yaml:{line}:1: E160 t takes owner" in said.output) == (1, True)
    assert run.invoke(cli.application("validate"), ["validate", "s.yaml"]).exit_code == 0
    (tmp_path / "gen-endpoints.yaml").write_text(f'gen_endpoints: "{MINOR}"\nspecs: [s.yaml]\ntemplates: t\n', "utf-8")
    assert run.invoke(cli.application("validate"), ["validate", "s.yaml"]).exit_code == 1


def test_editors_take_the_same_rules(tmp_path: Path) -> None:
    """For a spec that is one by itself; what targets come to, an editor does not know."""
    rules = tmp_path / "rules.json"
    text = {"$ref": "#/$defs/tags", "$defs": {"tags": {"properties": {"tags": {"required": ["CostCenter"]}}}}}
    rules.write_text(json.dumps(text), encoding="utf-8")
    said = CliRunner().invoke(cli.application("schema"), ["schema", "--rules", str(rules)])
    found: Any = jsonschema.Draft202012Validator(json.loads(said.output))
    data = _as_editors_see(source.read(str(ROOT / "specs" / "ids.yaml")).data)

    assert found.is_valid(data)
    assert found.is_valid({**data, "tags": {"CostCenter": "a"}})
    assert not found.is_valid({**data, "tags": {"A": "a"}})
    many = {key: each for key, each in data.items() if key != "name"} | {"targets": {"a": {}}, "tags": {"A": "a"}}
    assert found.is_valid(many)
    assert "CostCenter" not in CliRunner().invoke(cli.application("schema"), ["schema"]).output


def test_the_api_takes_the_project(tmp_path: Path) -> None:
    """As it was parsed; what is wrong with it is told as commands tell it."""
    path = tmp_path / "s.yaml"
    path.write_text((ROOT / "specs" / "ids.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "r.yaml").write_text("properties: {vars: {title: nobody is on call, required: [nobody]}}\n", "utf-8")
    project = str(tmp_path / "gen-endpoints.yaml")
    text = f'gen_endpoints: "{MINOR}"\nspecs: [s.yaml]\nrules: r.yaml\n'

    with pytest.raises(Refused, match=r"s\.yaml:\d+:1: E160 nobody is on call"):
        ge.understand(*ge.targets(str(path), project=ge.parse(project, text)))
    (found,) = ge.targets(str(path), project=ge.parse(project, f"{text}vars: {{nobody: me}}\n"))
    assert ge.understand(found).name == "ids"
    first, last = text.splitlines()[0], text.splitlines()[-1]
    for line, wrong, code in (
        (last, "rules: null", "E105"),
        (last, "vars: a", "E103"),
        (first, "gen_endpoints: '0.0'", "E150"),
    ):
        with pytest.raises(Refused, match=code):
            ge.targets(str(path), project=ge.parse(project, text.replace(line, wrong)))
