"""The folder of templates that a spec names itself: which one holds, for which commands, and what it may be."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import gen_endpoints as ge
from generator import cli
from tests.cases import ROOT
from tests.test_revision import commit

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

MINOR = ".".join(version("gen-endpoints").split(".")[:2])
SPEC = """\
region: eu-west-1
vpc: {name: shop}
route_tables: [{main: true}]
endpoints: {s3: {service: s3, type: Gateway}}
"""
FLEET = f"""\
{SPEC}values: {{tier: [prod, dev, test]}}
templates: {{format: "../t/{{tier}}"}}
tags: {{Tier: {{format: "{{tier}}"}}}}
overlays:
  - {{where: {{tier: test}}, set: {{templates: null}}}}
targets:
  a-prod: {{tier: prod}}
  a-dev: {{tier: dev}}
  a-test: {{tier: test}}
"""
WHO = "{{{{ generated }}}}\n{}\n"
NAMED = f"name: app\ntemplates: ../t/prod\n{SPEC}"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository with a spec, and folders of templates whose one file says which it is of."""
    for path in (
        ".git/x",
        "specs/app.yaml",
        *(f"t/{each}/who.txt.j2" for each in ("prod", "dev", "project", "option")),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(WHO.format((tmp_path / path).parent.name), encoding="utf-8")
    (tmp_path / "specs/app.yaml").write_text(NAMED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.application(arguments[0]), [*arguments])


def write(home: Path, path: str, text: str) -> None:
    """Write a file of the team's."""
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_text(text, encoding="utf-8")


def project(home: Path, templates: str = "templates: t/project\n") -> None:
    """Have a project file, with templates or without."""
    write(home, "gen-endpoints.yaml", f'gen_endpoints: "{MINOR}"\nspecs: [specs/*.yaml]\n{templates}')


def who(home: Path, module: str = "app") -> str:
    """Return of which folder a module's file is; empty where it has none."""
    file = home / "out" / module / "who.txt"
    return file.read_text(encoding="utf-8").splitlines()[-1] if file.exists() else ""


@pytest.mark.parametrize("has_project", [True, False])
def test_what_is_nearer_holds(home: Path, *, has_project: bool) -> None:
    """The option over the spec, the spec over the project."""
    if has_project:
        project(home)

    assert (run("render", "specs/app.yaml").exit_code, who(home)) == (0, "prod")
    assert (run("render", "specs/app.yaml", "--templates", "t/option").exit_code, who(home)) == (0, "option")
    write(home, "specs/app.yaml", f"name: app\n{SPEC}")
    assert (run("render", "specs/app.yaml").exit_code, who(home)) == (0, "project" if has_project else "")
    write(home, "specs/app.yaml", f"name: app\ntemplates: null\n{SPEC}")
    assert (run("render", "specs/app.yaml").exit_code, who(home)) == ((0, "") if has_project else (1, ""))


def test_each_target_has_what_it_comes_to_say(home: Path) -> None:
    """By formats and overlays, over what it extends, where a folder is relative to the file that names it."""
    write(home, "specs/app.yaml", FLEET)
    assert run("render", "specs/app.yaml").exit_code == 0
    assert [who(home, f"a-{each}") for each in ("prod", "dev", "test")] == ["prod", "dev", ""]
    write(home, "specs/app.yaml", f"name: app\nextends: base/parent.yaml\n{SPEC}")
    write(home, "specs/base/parent.yaml", "templates: ../../t/dev\n")
    said = run("render", "specs/app.yaml")
    assert (said.exit_code, who(home), "t/dev adds who.txt\n" in said.stderr) == (0, "dev", True)

    shown = run("show", "--resolved", "specs/app.yaml").stdout
    assert 'templates: "../t/dev"' in shown
    assert "specs/base/parent.yaml:1\n" in shown
    write(home, "specs/alone.yaml", shown)
    assert (run("render", "specs/alone.yaml", "--out", "out/alone").exit_code, who(home, "alone/app")) == (0, "dev")
    found = json.loads(run("show", "--resolved", "--format", "json", "specs/app.yaml").stdout)
    assert found["templates"] == "../t/dev"


COMMANDS = ("render", "check", "diff", "show", "validate", "draw", "page", "drift", "cost", "verify", "preflight")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_knows_it(command: str, home: Path) -> None:
    """What templates take of `vars`, and a folder that there is not, are told by all; what is out of date by some."""
    assert run("render", "specs/app.yaml").exit_code == 0
    write(home, "answers.json", "{}")
    options = ["--from", "answers.json"] * (command in {"drift", "verify", "preflight"}) + ["-o", "x"] * (
        command in {"draw", "page"}
    )
    write(home, "t/prod/vars.schema.json", '{"required": ["owner"], "title": "an owner"}')
    said = run(command, "specs/app.yaml", *options)
    assert (said.exit_code, "E160 an owner" in said.output) == (1, True), said.output
    (home / "t/prod").rename(home / "t/gone")
    said = run(command, "specs/app.yaml", *options)
    assert (said.exit_code, "specs/app.yaml:2:12: E165 ../t/prod: there is no such folder" in said.output) == (1, True)


@pytest.mark.parametrize(
    ("command", "options"),
    [("render", ["--dry-run"]), ("check", []), ("targets", ["--changed", "--against", "HEAD"])],
)
def test_a_changed_template_is_told(command: str, options: list[str], home: Path) -> None:
    """Also by what compares no more than folders."""
    (home / ".git/x").unlink()
    (home / ".git").rmdir()
    commit(home, {})
    assert run("render", "specs/app.yaml").exit_code == 0
    commit(home, {})
    write(home, "t/prod/more.tf.j2", "locals {\n  more = 1\n}\n")

    said = run(command, "specs/app.yaml", *options).stdout
    assert ("app  " if command == "targets" else "out/app/more.tf") in said


def test_drift_renders_with_it_and_needs_no_option(home: Path) -> None:
    """What it says to run next has none."""
    text = (ROOT / "tests" / "drift" / "spec.yaml").read_text(encoding="utf-8")
    write(home, "specs/d.yaml", f"templates: ../t/prod\n{text}")
    assert run("render", "specs/d.yaml").exit_code == 0
    write(home, "t/prod/who.txt.j2", "changed\n")

    said = " ".join(
        run("drift", "specs/d.yaml", "--from", str(ROOT / "tests" / "drift" / "estate.json")).output.split()
    )
    assert "who.txt" in said
    assert "gen-endpoints render specs/d.yaml --out out" in said
    assert "--templates" not in said


COPY = "copy the templates to a folder in the repository"


@pytest.mark.parametrize("file", ["specs/app.yaml", "gen-endpoints.yaml"])
@pytest.mark.parametrize(
    ("stated", "message", "fix"),
    [
        ("{home}/t/prod", "the path is absolute", "write {up}t/prod"),
        ("/etc", "it is outside of {home}", COPY),
        ("{up}..", "it is outside of {home}", COPY),
        ("{up}t/link", "it is outside of {home}", COPY),
        ("{up}t/link/../t/prod", "it is outside of {home}", COPY),
        ("{up}t/nowhere", "there is no such folder", "the path is relative to {file}"),
        ("{up}specs/app.yaml", "there is no such folder", "the path is relative to {file}"),
    ],
)
def test_it_is_in_the_repository(home: Path, stated: str, message: str, fix: str, file: str) -> None:
    """After links, and by a path that is relative to the file that names it."""
    up = "../" * file.count("/")
    stated, message, fix = (each.format(home=home, up=up, file=file) for each in (stated, message, fix))
    (home / "t/link").symlink_to("/etc")
    if up:
        write(home, file, NAMED.replace("../t/prod", stated))
    else:
        project(home, f"templates: {stated}\n")
        write(home, "specs/app.yaml", f"name: app\n{SPEC}")

    said = run("validate", "specs/app.yaml")
    place = f"{file}:{2 if up else 3}:12"
    assert said.exit_code == 1
    assert said.stderr.startswith(f"{place}: E165 {stated}: {message}\n")
    assert said.stderr.endswith(f"\n    {fix}\n\nrefused: 1 error\n")


def test_a_link_before_dots_leads_where_it_leads(home: Path) -> None:
    """Not where its name is, which may be out of the repository."""
    (home / "t/deep").mkdir()
    (home / "specs/deep").symlink_to("../t/deep")
    write(home, "specs/app.yaml", NAMED.replace("../t/prod", "deep/../dev"))

    assert (run("render", "specs/app.yaml").exit_code, who(home)) == (0, "dev")


def test_what_is_once_for_all_modules_is_the_projects(home: Path) -> None:
    """In templates of a spec it is refused, unless the project names the same folder."""
    write(home, "t/prod/_fleet/list.txt.j2", "{{ modules | map(attribute='name') | join(' ') }}\n")
    write(home, "specs/b.yaml", f"name: b\n{SPEC}")
    project(home)
    said = run("render")
    assert (said.exit_code, (home / "out").exists()) == (1, False)
    assert "t/prod/_fleet/list.txt.j2: E602 _fleet/ is once for all modules, and these templates are a spec's" in (
        said.output
    )
    project(home, "templates: t/prod\n")
    assert run("render").exit_code == 0
    assert (home / "list.txt").read_text(encoding="utf-8") == "app b\n"


def test_the_api_renders_with_it(home: Path) -> None:
    """`templates` of `render` holds over it, and the project's where the spec says none."""
    assert ge.render(ge.parse("specs/app.yaml")).files["who.txt"].endswith("\nprod\n")
    assert ge.render(ge.parse("specs/app.yaml"), templates="t/option").files["who.txt"].endswith("\noption\n")
    project(home)
    write(home, "specs/app.yaml", f"name: app\n{SPEC}")
    (spec,) = ge.targets("specs/app.yaml", project=ge.parse("gen-endpoints.yaml"))
    assert ge.render(spec).added == ("who.txt",)
    with pytest.raises(ge.Refused, match="t/nowhere: E165 there is no such folder"):
        ge.render(spec, templates="t/nowhere")


@pytest.mark.parametrize("command", ["render", "validate", "targets", "show"])
def test_an_option_that_leads_nowhere_is_refused(command: str) -> None:
    """Also where nothing is rendered."""
    said = run(command, "specs/app.yaml", "--templates", "t/nowhere")
    assert (said.exit_code, "t/nowhere: E165 there is no such folder\n" in said.output) == (1, True)


def test_validate_judges_vars_by_the_templates_that_are_told(home: Path) -> None:
    """In place of those that the spec names, and never by what an earlier run was told."""
    write(home, "t/option/vars.schema.json", '{"required": ["owner"], "title": "an owner"}')

    for _ in range(2):
        assert run("validate", "specs/app.yaml").exit_code == 0
        assert "E160 an owner" in run("validate", "specs/app.yaml", "--templates", "t/option").output


def test_what_is_added_no_longer_is_told_where_it_goes(home: Path) -> None:
    """A file of the templates that an overlay takes away, as a backend may be, does not go in silence."""
    write(home, "specs/app.yaml", FLEET)
    assert run("render", "specs/app.yaml").exit_code == 0
    more = "overlays:\n  - {where: {tier: prod}, set: {templates: null}}\n"
    write(home, "specs/app.yaml", FLEET.replace("overlays:\n", more))

    said = run("render", "specs/app.yaml").stdout
    assert [line for line in said.splitlines() if "removed" in line] == [
        "out/a-prod: 1 endpoint, 0 files written, who.txt removed"
    ]
