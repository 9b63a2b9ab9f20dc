"""The project file, and commands over many specs: one that is wrong hides nothing of the others."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from typer.testing import CliRunner

from generator import cli
from generator.project.project import decode
from generator.source import source
from generator.source.diagnostics import Refused
from generator.spec import json_schema
from generator.spec.project import Project
from tests.cases import ROOT

if TYPE_CHECKING:
    from typer.testing import Result

    from tests.golden import Golden

CASES = sorted((ROOT / "tests" / "project").glob("*.yaml"))
MINOR = ".".join(version("gen-endpoints").split(".")[:2])
PROJECT = f'gen_endpoints: "{MINOR}"\nspecs: [specs/*.yaml]\n'


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository with a project of two specs, and a third that is wrong in a folder of its own."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs" / "policies").mkdir(parents=True)
    (tmp_path / "gen-endpoints.yaml").write_text(PROJECT, encoding="utf-8")
    for name in ("ids", "renamed"):
        shutil.copy(ROOT / "specs" / f"{name}.yaml", tmp_path / "specs")
    (tmp_path / "specs" / "policies" / "q.yaml").write_text("Statement: []\n", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("name: bad\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.application(arguments[0]), [*arguments])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_mistake_is_told(case: Path, golden: Golden) -> None:
    """Each wrong project file in `tests/project`, and exactly what is said of it, as of version 0.3.1."""
    try:
        _, refused = decode(source.parse(case.read_bytes(), case.name), "0.3.1")
    except Refused as all_refused:
        refused = all_refused

    golden(case.with_suffix(".txt"), f"{refused}\n" if refused else "")


def test_the_schema_takes_what_the_tool_takes() -> None:
    """And none of the other cases, as far as it is about one key."""
    schema = json_schema(model=Project)
    for case in (each for each in CASES if each.stem != "another-version"):
        data = source.parse(case.read_bytes(), case.name).data
        is_right = case.with_suffix(".txt").read_text(encoding="utf-8") == ""

        assert jsonschema.Draft202012Validator(schema).is_valid(data) == is_right or case.stem == "number"


@pytest.mark.usefixtures("repo")
def test_without_names_a_command_takes_the_project(monkeypatch: pytest.MonkeyPatch, repo: Path) -> None:
    """From any folder of it, with paths from there; policies are no specs."""
    assert run("validate").output == (
        "specs/ids.yaml: fine, 3 endpoints\nspecs/renamed.yaml: fine, 3 endpoints\n\n2 modules: 2 fine\n"
    )
    monkeypatch.chdir(repo / "specs")
    assert run("validate", "--quiet").output == "2 modules: 2 fine\n"
    assert run("render").exit_code == 0
    monkeypatch.chdir(repo)
    assert run("check", "--quiet").output == "2 modules: 2 up to date\n"
    assert sorted(each.name for each in (repo / "out").iterdir()) == [".gitattributes", "ids", "renamed"]
    (repo / "gen-endpoints.yaml").rename(repo / "other.yaml")
    assert run("check").exit_code == 2
    assert run("check", "--project", "other.yaml").exit_code == 0


@pytest.mark.usefixtures("repo")
def test_names_are_files_folders_and_patterns() -> None:
    """What matches nothing is told."""
    assert run("validate", "specs/ids.yaml").output == "specs/ids.yaml: fine, 3 endpoints\n"
    assert run("validate", "specs", "specs/*.yaml", "-q").output == "2 modules: 2 fine\n"
    assert "E030 no spec is there" in run("validate", "nothing/*.yaml").output
    assert run("validate", "nothing**/*.yaml").exit_code == 1
    assert run("validate", f"{'**/' * 1000}x.yaml").exit_code == 1
    shown = json.loads(run("show", "--format", "json").stdout)["modules"]
    assert [each["module"] for each in shown] == ["specs/ids.yaml", "specs/renamed.yaml"]
    costs = json.loads(run("cost", "--format", "json").stdout)["estimates"]
    assert [each["module"] for each in costs] == ["ids", "renamed"]
    assert run("validate", "ids").output == "specs/ids.yaml: fine, 3 endpoints\n"
    assert run("validate", "id").exit_code == 1
    assert run("render").exit_code == 0
    assert run("diff").exit_code == 0


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("specs/idz.yaml", "specs/ids.yaml"),
        ("spec/*.yaml", "specs/*.yaml"),
        ("spec/ids.yaml", "specs/ids.yaml"),
        ("specs/*.yml", "specs/*.yaml"),
        ("specs", "specs/*.yaml"),
        ("nothing/*.yaml", ""),
    ],
)
def test_a_pattern_that_matches_nothing_names_what_is_near(
    pattern: str, meant: str, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its line of the project file, with paths from there; a name on the command line has none of its own."""
    text = PROJECT.replace("specs/*.yaml", f"bad.yaml, {pattern}")
    (repo / "gen-endpoints.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(repo / "specs")
    told = run("validate", "--output", "full").stderr
    monkeypatch.chdir(repo)

    assert f"../gen-endpoints.yaml:2:19: E030 no spec is at {pattern}: no file" in told
    assert f"did you mean {meant}?\n" in told if meant else "did you mean" not in told
    if meant != "specs/*.yaml":
        assert f"did you mean {meant}?\n" in run("validate", pattern, "--output", "full").stderr or not meant


@pytest.mark.usefixtures("repo")
def test_what_a_project_says_needs_no_telling(repo: Path) -> None:
    """The line to run is no longer than it must be; and the last thing that `cost` prints is the total of all."""
    (repo / "elsewhere").mkdir()
    lines = {
        (): "gen-endpoints render",
        ("specs/ids.yaml",): "gen-endpoints render specs/ids.yaml",
        ("--out", "elsewhere"): "gen-endpoints render specs/ids.yaml specs/renamed.yaml --out elsewhere",
    }
    for words, line in lines.items():
        assert run("check", *words).output.split("run: ")[1].splitlines()[0] == line
    told = run("cost").stdout.splitlines()
    assert told[-1] == "2 modules, 6 endpoints: total 66.24 USD a month"
    assert [line.split() for line in told[-5:-2]] == [
        ["Module", "Region", "Endpoints", "USD/month"],
        ["ids", "eu-west-1", "3", "33.12"],
        ["renamed", "eu-west-1", "3", "33.12"],
    ]
    total = json.loads(run("cost", "--format", "json").stdout)["total"]
    assert (total["modules"], total["endpoints"], total["monthly"], total["complete"]) == (2, 6, 66.24, True)


@pytest.mark.usefixtures("repo")
def test_one_bad_spec_hides_nothing(repo: Path) -> None:
    """The others are rendered and judged; the exit code is that of the worst."""
    refused = run("render", "bad.yaml", "specs", "--all-or-nothing")
    assert (refused.exit_code, (repo / "out").exists()) == (1, False)
    rendered = run("render", "bad.yaml", "specs")
    assert (rendered.exit_code, rendered.output.splitlines()[-1]) == (1, "3 modules: 2 written, 1 refused")
    main = repo / "out" / "ids" / "main.tf"
    main.write_text(main.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    (repo / "out" / "renamed" / "README.md").unlink()
    checked = run("check", "bad.yaml", "specs")
    last = "3 modules: 1 edited, 1 out of date, 1 refused"

    assert (checked.exit_code, checked.output.splitlines()[-1]) == (1, last)
    rendered = run("render", "specs")
    assert (rendered.exit_code, rendered.output.splitlines()[-1]) == (1, "2 modules: 1 written, 1 refused")
    assert (repo / "out" / "renamed" / "README.md").exists()
    assert run("check", "specs/renamed.yaml").exit_code == 0
    assert run("validate", "bad.yaml", "specs").exit_code == 1


@pytest.mark.usefixtures("repo")
def test_a_wrong_project_hides_nothing_of_its_specs(repo: Path) -> None:
    """What it says right is known to them, and nothing is written."""
    (repo / "gen-endpoints.yaml").write_text(f"{PROJECT}spcs: []\nvars: {{a: b}}\nout: [x]\n", encoding="utf-8")
    shutil.copy(repo / "bad.yaml", repo / "specs")
    for command in (["validate"], ["render"], ["check", "specs/bad.yaml"]):
        told = run(*command).output
        found = [
            "gen-endpoints.yaml:3:1: E101",
            "gen-endpoints.yaml:5:6: E103",
            "specs/bad.yaml:1:1: E102 the spec lacks",
        ]
        assert [each for each in found if each not in told] == [], told
    assert not (repo / "out").exists()
    assert "E001" not in run("check", "ids").output
    (repo / "gen-endpoints.yaml").write_text('gen_endpoints: "9.9"\nspecs: [specs/*.yaml]\n', encoding="utf-8")
    assert [each in run("validate").output for each in ("E150", "E102")] == [True, False]


def test_a_module_of_no_spec_is_told(repo: Path) -> None:
    """Where all specs are known, and not where one that is refused may render it."""
    run("render")
    (repo / "specs" / "ids.yaml").rename(repo / "ids.yaml")
    checked = run("check")
    told = "out/ids: E315 no spec renders this module any more, and its endpoints may still stand\n"

    assert (checked.exit_code, told in checked.output) == (4, True)
    assert checked.output.splitlines()[-1] == "2 modules: 1 up to date, 1 orphaned"
    for command in ("render", "render --dry-run"):
        rendered = run(*command.split())
        assert (rendered.exit_code, told in rendered.output) == (0, True)
        assert "\ngen-endpoints check refuses this: E315\n" in rendered.output
        assert rendered.output.splitlines()[-1] == "2 modules: 1 up to date, 1 orphaned"
    told = "::error file=out/ids/.gen-endpoints.sha256,title=E315::out/ids: no spec renders this module any more"
    assert told in run("check", "--format", "github").output
    assert run("check", "specs/renamed.yaml").exit_code == 4
    assert run("check", "ids.yaml").exit_code == 0
    (repo / "specs" / "ids.yaml").write_text("name: ids\n", encoding="utf-8")
    assert "E315" not in run("check").output
    (repo / "gen-endpoints.yaml").unlink()
    (repo / "specs" / "ids.yaml").unlink()
    checked = run("check", "specs")  # as `specs/*.yaml`: what lies beside may be a spec of another run
    assert (checked.exit_code, "E315" in checked.output) == (0, False)
    (repo / "ids.yaml").unlink()
    assert "E315" in run("check", "specs").output


@pytest.mark.usefixtures("repo")
def test_what_is_not_the_teams_own_is_told(repo: Path) -> None:
    """By a project alone, but for the usual files and for what it lists."""
    run("render")
    for name in ("backend.tf", "mine.tf", "lambda.zip", ".terraform.lock.hcl", "terraform.tfstate"):
        (repo / "out" / "ids" / name).write_text("\n", encoding="utf-8")
    checked = run("check")

    assert checked.exit_code == 4
    assert [line for line in checked.output.splitlines() if " E" in line] == [
        f"out/ids/{name}: E320 is neither rendered nor the team's own" for name in ("lambda.zip", "mine.tf")
    ]
    (repo / "gen-endpoints.yaml").write_text(f"{PROJECT}own: [backend.tf, mine.tf, '*.zip', .terraform.*]\n")
    assert run("check").exit_code == 0


@pytest.mark.usefixtures("repo")
def test_another_version_is_one_line_and_one_render(repo: Path) -> None:
    """Every command but `diff` refuses a project of another minor version; `render --upgrade` writes the new line."""
    run("render")
    text = f"# ours\n{PROJECT}".replace(f'"{MINOR}"', "'0.0'  # pinned")
    (repo / "gen-endpoints.yaml").write_text(text, encoding="utf-8")
    for command in ("render", "check", "validate", "show", "cost"):
        assert (run(command).exit_code, "E150" in run(command).output) == (1, True)
    (repo / "out" / "ids" / "main.tf").unlink()
    assert run("diff").exit_code == 4
    assert run("render", "specs/ids.yaml", "--upgrade").exit_code == 2
    upgraded = run("render", "--upgrade")

    assert (upgraded.exit_code, "changed gen-endpoints.yaml\n" in upgraded.output) == (0, True)
    assert (repo / "gen-endpoints.yaml").read_text(encoding="utf-8") == text.replace("'0.0'", f"'{MINOR}'")
    assert run("check").exit_code == 0


@pytest.mark.usefixtures("repo")
def test_what_a_vpc_takes_once_is_in_one_spec(repo: Path) -> None:
    """The second spec is refused, where both state the VPC's id: private names, and a gateway on one table."""
    text = (repo / "specs" / "ids.yaml").read_text(encoding="utf-8")
    (repo / "specs" / "more.yaml").write_text(text.replace("name: ids", "name: more"), encoding="utf-8")
    told = "E035 specs/ids.yaml has an endpoint of com.amazonaws.eu-west-1.kms with private DNS in the same VPC"
    validated, rendered = run("validate", "-q"), run("render", "-q")

    assert [line.split(": ")[0] for line in validated.output.splitlines() if "E035" in line] == [
        "specs/more.yaml:17:3",
        "specs/more.yaml:18:3",
        "specs/more.yaml:19:3",
    ]
    assert told in validated.output
    assert "has a gateway endpoint of com.amazonaws.eu-west-1.dynamodb on route table {id: rtb-" in validated.output
    assert (rendered.exit_code, rendered.output.splitlines()[-1]) == (1, "3 modules: 2 written, 1 refused")
    other = text.replace("name: ids", "name: more").replace("vpc-0a1b2c3d4e5f60718", "vpc-0a1b2c3d4e5f60719")
    (repo / "specs" / "more.yaml").write_text(other, encoding="utf-8")
    assert run("validate").exit_code == 0


ONE_VPC = """\
values: {values}
region: us-east-1
vpc: {{name: main}}
subnets: [{{name: a}}, {{name: b}}]
security_groups: [{{create: {{name: {group}, ingress: [{{vpc: true}}]}}}}]
endpoints: {endpoints}
targets: {rows}
"""
LOGS, GATEWAY = "{logs: {service: logs}}", "{s3: {service: s3, type: Gateway, route_tables: of_subnets}}"
QUIET = "{logs: {service: logs, private_dns_enabled: false}}"
PROFILE = f'gen_endpoints: "{MINOR}"\nspecs: [fleet.yaml]\nprofile: '


@pytest.mark.parametrize(
    ("rows", "endpoints", "profile", "code"),
    [
        ("{one: {account: a}, two: {account: b}}", LOGS, "", ""),
        ("{one: {account: a}, two: {account: a}}", LOGS, "", "E035"),
        ("{one: {account: a}, two: {account: a}}", GATEWAY, "", "E035"),
        ("{one: {account: a}, two: {account: a}}", QUIET, "", ""),
        ("{one: {account: a}, two: {account: a, retired: true}}", LOGS, "", ""),
        ("{one: {team: a}, two: {team: b}}", LOGS, "", ""),
        ("{one: {team: a}, two: {team: a}}", LOGS, "", "W035"),
        ("{one: {team: a}, two: {team: b}}", LOGS, "read", "E035"),
        ("{one: {team: a}, two: {team: b}}", LOGS, "{format: '{account}'}", ""),
        ("{one: {account: a}, two: {account: b}}", LOGS, "read", ""),
    ],
)
def test_rows_of_one_vpc_are_told_where_nothing_says_that_it_is_another(
    repo: Path, rows: str, endpoints: str, profile: str, code: str
) -> None:
    """A VPC that both find in one way is one where account and Region are the same, and may be one without."""
    values = "{account: text}" if "account" in rows else "{team: text}"
    text = ONE_VPC.format(values=values, rows=rows, endpoints=endpoints, group="{format: '{name}'}")
    (repo / "fleet.yaml").write_text(text, encoding="utf-8")
    (repo / "gen-endpoints.yaml").write_text(PROFILE + (profile or "own"), encoding="utf-8")
    if not profile:
        (repo / "gen-endpoints.yaml").unlink()
    is_error = code.startswith("E")
    for command in ("validate", "check", "render"):
        told = run(command, "fleet.yaml")

        found = [line.split()[:2] for line in told.output.splitlines() if "035" in line]
        assert found == ([[f"fleet.yaml:7:{rows.index('two') + 15}:", code]] if code else []), told.output
        assert (told.exit_code == 1) == is_error
    assert run("validate", "--strict", "fleet.yaml").exit_code == bool(code)
    first, _, second = rows.partition(", two: ")
    (repo / "fleet.yaml").write_text(text.replace(rows, f"\n  {first[1:]}"), encoding="utf-8")
    told = run("targets", "add", "two", *second.strip("{}").replace(": ", "=").split(", "), "fleet.yaml")
    assert (told.exit_code == 1, "035" in told.output and code in told.output) == (is_error, bool(code)), told.output
    assert ("two:" in (repo / "fleet.yaml").read_text(encoding="utf-8")) is not is_error


@pytest.mark.usefixtures("repo")
def test_two_groups_of_one_name_in_a_vpc_are_told(repo: Path) -> None:
    """AWS refuses the second, whatever the endpoints are."""
    rows = "{one: {account: a}, two: {account: a}}"
    text = ONE_VPC.format(values="{account: text}", rows=rows, endpoints=QUIET, group="shared")
    (repo / "fleet.yaml").write_text(text, encoding="utf-8")

    assert "fleet.yaml:one has a security group named shared in the same VPC" in run("validate", "fleet.yaml").output


def test_git_is_told_nothing_of_modules_that_are_not_written(repo: Path) -> None:
    """Where all is refused, nothing at all is written."""
    (repo / "out" / "ids").mkdir(parents=True)
    (repo / "out" / "ids" / "main.tf").write_text("# mine\n", encoding="utf-8")

    assert run("render", "specs/ids.yaml").exit_code == 1
    assert [*(repo / "out").rglob("*")] == [repo / "out" / "ids", repo / "out" / "ids" / "main.tf"]


@pytest.mark.usefixtures("repo")
def test_what_touches_a_module_is_not_up_to_date(repo: Path) -> None:
    """Neither in the line of the module nor in the last one; of many, each has a line, and the next command is one."""
    assert run("render").output.splitlines()[:4] == [
        "out/ids: 3 endpoints, 6 files written",
        "out/renamed: 3 endpoints, 9 files written",
        "next, in each of these folders: terraform init && AWS_REGION=eu-west-1 terraform plan",
        "created out/.gitattributes",
    ]
    (repo / "out" / "ids" / "x_override.tf").write_text('resource "aws_vpc_endpoint" "kms" {\n  policy = ""\n}\n')
    for command, code in (("check", 4), ("render", 0), ("render --dry-run", 0)):
        told = run(*command.split())
        assert (told.exit_code, "E321" in told.output) == (code, True)
        assert "out/ids: up to date" not in told.output
        assert told.output.splitlines()[-1] == "2 modules: 1 changed by other files, 1 up to date"


FLEET = """
values: {tier: text}
region: eu-west-1
vpc: {name: {format: "{tier}"}}
route_tables: [{main: true}]
endpoints: {s3: {service: s3, type: Gateway}}
targets:
  app/eu: {tier: dev}
"""


@pytest.mark.usefixtures("repo")
def test_one_key_is_of_one_spec(repo: Path) -> None:
    """However it is named, and whichever of the specs: also by a parent, a format, or but for `/` and case."""
    (repo / "specs" / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    base, child = FLEET.partition("targets:")[0], "name: {format: '{tier}-eu'}\nvalues: {tier: APP}\n"
    (repo / "base.yaml").write_text(base, encoding="utf-8")
    for other in (FLEET, base.replace("{tier: text}", "{tier: APP}") + child[:28], f"extends: ../base.yaml\n{child}"):
        (repo / "specs" / "other.yaml").write_text(other, encoding="utf-8")
        for command in ("validate", "check", "render app/eu", "show specs/fleet.yaml", "cost specs/other.yaml"):
            told = run(*command.split())
            assert (told.exit_code, "E031 specs/" in told.output) == (1, True), (command, other, told.output)
    (repo / "specs" / "other.yaml").unlink()
    told = run("targets", "add", "ids", "tier=dev", "specs/fleet.yaml")
    assert (told.exit_code, "E031 specs/ids.yaml has the name ids too" in told.output) == (1, True)
    assert (repo / "specs" / "fleet.yaml").read_text(encoding="utf-8") == FLEET
    assert run("validate", "app/eu").exit_code == 0
    assert run("render", "./specs/fleet.yaml", "specs/fleet.yaml", "app/eu").exit_code == 0


def test_a_spec_that_became_a_target_is_told_so(repo: Path) -> None:
    """The project renders it from its own file, which is right; the other can go, if it renders the same."""
    project = repo / "gen-endpoints.yaml"
    project.write_text(PROJECT.replace("*", "fleet"), encoding="utf-8")
    (repo / "specs" / "fleet.yaml").write_text(FLEET.replace("app/eu", "app"), encoding="utf-8")
    alone = (
        FLEET.partition("targets:")[0].replace("values: {tier: text}", "name: app").replace('{format: "{tier}"}', "dev")
    )
    for old, fix in ((alone, ": specs/fleet.yaml:app renders the same"), (alone + "tags: {A: b}\n", " if that took")):
        (repo / "specs" / "app.yaml").write_text(old, encoding="utf-8")
        told = run("render", "specs/app.yaml", "specs/fleet.yaml", "--output", "full")
        assert told.exit_code == 1
        message = "E031 the project renders app from specs/fleet.yaml:app, and not from this file\n"
        assert f"specs/app.yaml:2:7: {message}" in told.output, told.output
        assert f"\n    delete this file{fix}" in told.output, told.output
        assert "2 modules: 1 " in told.output
    assert "delete this file if that took" in run("check", "specs/app.yaml", "--output", "full").output


def test_a_misspelt_key_is_told_what_is_near(repo: Path) -> None:
    """For whatever takes keys; what is near to none is a path that is not there."""
    (repo / "specs" / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    for command in ("validate app/ue", "render rename", "diff App/eu", "cost id"):
        told = run(*command.split(), "--output", "full")
        near = {"r": "renamed", "i": "ids"}.get(command.split()[1][0], "app/eu")
        assert (told.exit_code, f"a target of the project\n    did you mean {near}?" in told.output) == (1, True), (
            told.output
        )
    told = run("validate", "orders")
    assert "orders: E030 can't be read" in told.output


def test_no_folder_of_a_key_is_inside_that_of_another(repo: Path) -> None:
    """Of another spec too, whichever of the two is named: what is in a module's folder is Terraform's, or a team's."""
    (repo / "specs" / "fleet.yaml").write_text(FLEET.replace("app/eu", "IDS/eu"), encoding="utf-8")
    for command in ("validate", "check", "render IDS/eu", "targets"):
        told = run(*command.split()).output
        assert "specs/ids.yaml has ids: the folder of one would be inside that of the other" in told, (command, told)
    told = run("render").output
    assert "E031 specs/fleet.yaml:IDS/eu has IDS/eu: the folder" in told, told


@pytest.mark.usefixtures("repo")
def test_no_module_is_written_through_a_link_or_out_of_the_repository(repo: Path) -> None:
    """Of a target's folder, or one on the way to it; the folder of all may be one."""
    (repo / "specs" / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    (repo / "real" / "x").mkdir(parents=True)
    (repo / "out").symlink_to("real")
    for link in ("app", "ids"):
        (repo / "out" / link).symlink_to(repo / "real" / "x")
    for command in ("render", "check", "diff"):
        told = run(command)
        assert (told.exit_code, told.output.count(" E303 ")) == (1, 2)
    assert [*(repo / "real" / "x").iterdir()] == []
    assert (repo / "real" / "renamed" / "main.tf").exists()
    (repo / "gen-endpoints.yaml").write_text(f"{PROJECT}out: specs/../../x\n", encoding="utf-8")
    told = run("render")
    assert (told.exit_code, "gen-endpoints.yaml:3:6: E103 out leads out of " in told.output) == (1, True)


@pytest.mark.usefixtures("repo")
def test_what_allows_nothing_is_told_once(repo: Path) -> None:
    """Whatever the specs are, and nothing is written."""
    (repo / "specs" / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    told = run("render", "--allow", "destroy:x/y")

    assert (told.exit_code, told.output.count("E506"), (repo / "out").exists()) == (1, 1, False)
