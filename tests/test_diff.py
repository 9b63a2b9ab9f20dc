"""`gen-endpoints diff`: what it prints of an edit, in three forms, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from generator import cli
from generator.catalog import bundles
from generator.change.change import ORDER, Change
from generator.cli.harmless import harmless
from generator.cli.views.diff import LONGEST, MARK, as_json, as_markdown, as_text
from generator.cli.views.diff_rows import Report
from generator.source.diagnostics import Place
from tests.cases import ROOT
from tests.golden import Golden
from tests.test_revision import commit, git

CASES = sorted(path for path in (ROOT / "tests" / "diff").iterdir() if path.is_dir())
FORMS = {".txt": "text", ".json": "json", ".md": "markdown"}
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "diff.schema.json").read_text(encoding="utf-8")))
SPEC = (ROOT / "tests" / "diff" / "each-kind" / "before.yaml").read_text(encoding="utf-8")

FLEET = """\
region: eu-west-1
vpc: {name: {format: "{name}"}}
subnets: [{name: a}, {name: b}]
route_tables: [{name: a}]
tags: {Team: a, Tier: {format: "{tier}"}}
security_groups: [{name: endpoints}]
endpoints:
  s3: {service: s3, type: Gateway, name: app-s3}
overlays: [{where: {tier: dev}, set: {tags: {CostCenter: cc-1}}}]
values: {tier: [dev, prod]}
targets: {app: {tier: dev}, other: {tier: prod}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder in which commands run, with a cache for all tests of the run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path.parent / "none"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    """Run a command; return how it ends, and what it prints to both streams."""
    result = CliRunner().invoke(cli.application(), arguments)
    return result.exit_code, result.stdout, result.stderr


def specs(case: Path, state: str) -> list[str]:
    """Put the specs of one state of a case into the folder `specs`, alone; return their paths."""
    shutil.rmtree("specs", ignore_errors=True)
    Path("specs").mkdir()
    single = case / f"{state}.yaml"
    for file in [single] if single.exists() else sorted((case / state).glob("*.yaml")):
        shutil.copy(file, "specs/app.yaml" if file == single else f"specs/{file.name}")
    return sorted(map(str, Path("specs").glob("*.yaml")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_edit_is_told(case: Path, golden: Golden, folder: Path) -> None:
    """What hurts comes first, with what it means and the fix; equal changes are one row, in every form."""
    assert run("render", *specs(case, "before"), "--out", "old")[0] == 0
    paths = specs(case, "after")

    for suffix, form in FORMS.items():
        code, printed, _ = run("diff", *paths, "--against", "old", "--format", form)
        golden(case / f"expected{suffix}", printed)
        assert code == (0 if case.name == "nothing" else 4)
        if form == "json":
            assert [each.message for each in SCHEMA.iter_errors(json.loads(printed))] == []
        if form == "markdown":
            assert printed.splitlines()[0] == MARK
            assert len(printed) < 3_500
    assert not (folder / "out").exists()


def test_every_action_is_in_a_case() -> None:
    """No kind of change is without an example."""
    texts = [(case / "expected.json").read_text(encoding="utf-8") for case in CASES]

    assert {each["action"] for text in texts for each in json.loads(text)["changes"]} == {*ORDER}


def test_the_schema_has_every_field() -> None:
    """What a change has is in the docs, each with a description."""
    described = SCHEMA.schema["$defs"]["change"]["properties"]  # type: ignore[index]

    assert [*described] == [field.name for field in fields(Change)]
    assert all("description" in each for each in described.values())


def render(text: str, *options: str) -> str:
    """Render a spec, and return its path."""
    Path("app.yaml").write_text(text)
    assert run("render", "app.yaml", *options)[0] == 0
    return "app.yaml"


def edited(old: str, new: str) -> None:
    """Edit the spec."""
    text = Path("app.yaml").read_text()
    assert old in text
    Path("app.yaml").write_text(text.replace(old, new))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("{Team: a}", "{Team: b}", (0, 0, 4)),
        ("{Team: a}", "{Team: a}", (0, 0, 0)),
        ("  s3: {service: s3, type: Interface}", "  s3: {service: s3, type: Gateway}", (0, 4, 4)),
        ("  sns: {service: sns}\n", "", (4, 4, 4)),
        ("  sns:", "  topics:", (4, 4, 4)),
        ("name: app-sts", "name: app-sts, description: x", (4, 4, 4)),
        ("service: sns", "service: sns, was: topics", (0, 0, 0)),
    ],
)
def test_the_exit_code_is_of_the_worst_change(old: str, new: str, codes: tuple[int, ...]) -> None:
    """--fail-on lets pass what is less than it names."""
    spec = render(SPEC)
    edited(old, new)

    assert tuple(run("diff", spec, "--fail-on", each)[0] for each in ("destroy", "replace", "any")) == codes
    assert run("diff", spec)[0] == codes[-1]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("cc-1", "cc-9", {"9:46"}),
        ("tags: {Team", "tags: {Owner: x, Team", {"5:8"}),
        ("name: app-s3", "name: app-other", {"8:36"}),
        ("Team: a, ", "", {"5:1"}),
    ],
)
def test_an_update_is_at_the_line_that_said_the_value(old: str, new: str, places: set[str]) -> None:
    """In an overlay, in the tags of all, or in the endpoint's own; where none says it any more, where it was said."""
    Path("app.yaml").write_text(FLEET)
    assert run("render", "app.yaml")[0] == 0
    edited(old, new)
    changes = json.loads(run("diff", "app.yaml", "--format", "json")[1])["changes"]

    assert {f"{each['place']['line']}:{each['place']['column']}" for each in changes} == places


SAID = """values: {tier: [prod, dev], vpc: text}
region: eu-west-1
vpc: {name: {format: "{vpc}"}}
subnets: [{name: a}, {name: b}]
security_groups: [{create: {name: x, ingress: [{vpc: true}]}}]
endpoints:
  logs: {service: logs, policy: {file: p.json}}
  kms: {service: kms}
overlays:
  - {where: {tier: prod}, set: {endpoints: {kms: {protect: true}}}}
  - {where: {tier: dev}, set: {tags: {a: b}}}
targets:
  a: {tier: prod, vpc: one}
  b: {tier: dev, vpc: two}
"""


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("{protect: true}", "null", ("E505", "endpoint kms", "10:45")),
        ("vpc: one", "vpc: one, retired: true", ("E505", "endpoint kms", "10:51")),
        ("vpc: one", "vpc: one, retired: true", ("", "endpoint logs", "13:29")),
        ("tags: {a: b}", "endpoints: {kms: null}", ("", "endpoint kms", "11:44")),
        ("tags: {a: b}", "endpoints: {logs: {policy: null}}", ("E504", "endpoint logs", "11:51")),
        ("tags: {a: b}", "endpoints: {logs: {policy: {file: q.json}}}", ("", "endpoint logs", "11:60")),
        ("tags: {a: b}", "vpc: {name: x}", ("", "the lookup of the VPC", "11:38")),
        ("vpc: two", "vpc: three", ("", "the lookup of the VPC", "14:18")),
    ],
)
def test_a_change_is_at_the_line_of_the_overlay_or_the_row_that_said_it(
    old: str, new: str, place: tuple[str, str, str]
) -> None:
    """Also where `null` takes something away, where a row is retired, and where one protects what another takes out."""
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "%s"}]}'
    Path("p.json").write_text(policy.replace("}]", ', "Resource": "*"}]') % "logs:*")
    Path("q.json").write_text(policy.replace("}]", ', "Resource": "*"}]') % "logs:Get*")
    Path("app.yaml").write_text(SAID)
    assert run("render", "app.yaml")[0] == 0
    edited(old, new)
    changes = json.loads(run("diff", "app.yaml", "--format", "json")[1])["changes"]

    told = {(each["code"], each["subject"], f"{each['place']['line']}:{each['place']['column']}") for each in changes}
    assert place in {(code or "", *rest) for code, *rest in told}


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_fix_has_allow_where_render_refuses(*, is_committed: bool, folder: Path) -> None:
    """What no commit has, it warns of; and of several modules one line allows all, as it is typed."""
    Path("app.yaml").write_text(FLEET)
    if not is_committed:
        commit(folder, {})
    assert run("render", "app.yaml")[0] == 0
    if is_committed:
        commit(folder, {})
    edited("  s3: {service: s3, type: Gateway, name: app-s3}\n", "  sqs: {service: sqs}\n")
    fix = "\n      fix: put it back; or let it go: render --allow 'destroy:*/s3'"
    printed = run("diff", "app.yaml")[1]

    assert "  2 modules  endpoint s3  " in printed
    assert "\n      fix: put it back" in printed
    assert (fix in printed) == is_committed
    assert run("render", "app.yaml")[0] == is_committed
    assert not is_committed or run("render", "app.yaml", "--allow", "destroy:*/s3")[0] == 0


@pytest.mark.usefixtures("folder")
def test_what_stays_in_aws_fails_on_any_change_alone() -> None:
    """An argument that leaves the spec and stays in AWS (E504) destroys nothing."""
    spec = render(SPEC.replace("service: kms", "service: kms, policy: full-access"))
    edited(", policy: full-access", "")

    assert [run("diff", spec, "--fail-on", each)[0] for each in ("destroy", "replace", "any")] == [0, 0, 4]


@pytest.mark.usefixtures("folder")
def test_a_revision_and_a_folder_are_compared_with() -> None:
    """A revision is compared with whatever is on disk; a folder goes before a revision of its name."""
    spec = render(SPEC)
    commit(Path(), {})
    edited("  sns: {service: sns}\n", "")
    assert run("render", spec, "--allow", "destroy:app/sns")[0] == 0

    assert run("diff", spec)[0] == 0
    assert "DESTROYED\n  app  endpoint sns" in run("diff", spec, "--against", "HEAD")[1]
    assert run("diff", spec, "--against", "main")[0] == 4
    shutil.copytree("out", "main")
    assert run("diff", spec, "--against", "main")[0] == 0
    git(Path(), "mv", "out", "modules")
    assert "8 made" in run("diff", spec, "--against", "HEAD", "--out", "modules")[1]


@pytest.mark.usefixtures("folder")
def test_what_no_module_of_ours_can_have_is_not_read() -> None:
    """Neither pipes, links and folders, nor any file of a folder that no spec renders; a name may be too long."""
    spec = render(SPEC)
    os.mkfifo("out/app/pipe.tf")
    Path("out/app/.#main.tf").symlink_to("nowhere")
    Path("out/app/zero.tf").symlink_to("/dev/zero")
    Path("out/app/folder.tf").mkdir()
    Path("out/other").mkdir()
    Path("out/other/main.tf").symlink_to("/dev/zero")

    assert run("diff", spec)[0] == 0
    code, _, said = run("diff", spec, "--against", "a" * 5000)
    assert (code, "E515" in said) == (1, True)


@pytest.mark.usefixtures("folder")
def test_a_module_whose_folder_is_gone_is_destroyed() -> None:
    """One that no given spec renders and that is still there is not compared."""
    other = Path(render(SPEC.replace("name: app\n", "name: other\n"))).rename("other.yaml")
    spec = render(SPEC)
    Path("out/foreign").mkdir()
    Path("out/foreign/main.tf").write_text('resource "aws_vpc_endpoint" "x" {\n}\n')
    commit(Path(), {})

    assert run("diff", spec, "--against", "HEAD")[0] == 0
    shutil.rmtree("out/foreign")
    assert run("diff", spec, "--against", "HEAD")[0] == 0
    shutil.rmtree("out/other")
    code, printed, _ = run("diff", spec, "--against", "HEAD")
    assert (code, "1 module of 2 changes: 9 destroyed. " in printed) == (4, True)
    assert "1 module of 2 changes" not in run("diff", spec, str(other), "--against", "HEAD")[1]


@pytest.mark.usefixtures("folder")
def test_a_new_name_is_seen() -> None:
    """A spec's module under another name is made beside the old one, or is the old one where its folder was renamed."""
    spec = render(SPEC)
    commit(Path(), {})
    edited("name: app\n", "name: new\n")

    code, printed, _ = run("diff", spec, "--against", "HEAD", "--fail-on", "destroy")
    assert (code, "app.yaml:1:7: E512 the name was app" in printed, " made. " in printed) == (4, True, True)
    page = run("diff", spec, "--against", "HEAD", "--format", "markdown")[1]
    assert re.search(r"\n- app.yaml:1:7: E512 the name was app: [^\n]+, which stay<br>fix: write name: app, or ", page)
    git(Path(), "mv", "out/app", "out/new")
    assert "0 modules of 1 change." in run("diff", spec, "--against", "HEAD")[1]
    edited("  sns: {service: sns}\n", "")
    assert "1 module of 1 changes: 1 destroyed." in run("diff", spec, "--against", "HEAD")[1]


@pytest.mark.usefixtures("folder")
def test_a_folder_without_modules_is_nothing_to_compare_with() -> None:
    """Nothing is told as made; a branch of the folder's name is named whole."""
    spec = render(SPEC)
    commit(Path(), {})
    Path("empty/app").mkdir(parents=True)
    Path("empty/app/main.tf").write_text("# mine\n")

    code, printed, said = run("diff", spec, "--against", "empty")
    assert (code, printed) == (1, "")
    assert "empty: E515 the folder has no module that we rendered\n    give a revision" in said
    git(Path(), "branch", "empty")
    assert "\n    for the branch, write --against refs/heads/empty\n" in run("diff", spec, "--against", "empty")[2]
    assert run("diff", spec, "--against", "refs/heads/empty")[0] == 0
    other = Path("other.yaml")
    other.write_text(SPEC.replace("name: app\n", "name: other\n"))
    Path("out").rename("old")
    shutil.copytree("old", "out")
    assert " made. " in run("diff", str(other), "--against", "old")[1]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("options", [("check",), ("diff",), ("diff", "--against", "HEAD")])
def test_from_another_folder_nothing_is_told_as_made(options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no out here: the line to type says where it is."""
    render(SPEC)
    commit(Path(), {})
    Path("specs").mkdir()
    monkeypatch.chdir("specs")

    code, printed, said = run(*options, "../app.yaml")
    at = ", nor at HEAD" if "HEAD" in options else ""
    assert (code, printed) == (4 if options[0] == "check" else 1, "")
    assert f"out: E515 is not there{at}, so there is nothing to compare with\n    write --out ../out, or ren" in said
    assert run(*options, "../app.yaml", "--out", "../out")[0] == 0


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_is_exit_1() -> None:
    """A file edited by hand is named, and nothing is told to be made for it; so are a bad revision, spec, folder."""
    spec = render(SPEC)
    main = Path("out/app/main.tf")
    main.write_text(main.read_text().replace("= true\n", "= true true\n"))

    code, printed, _ = run("diff", spec)
    assert (code, "file main.tf" in printed, "MADE" in printed) == (1, True, False)
    main.unlink()
    main.symlink_to("../nowhere.tf")
    code, printed, _ = run("diff", spec)
    assert (code, "file main.tf" in printed, "MADE" in printed) == (1, True, False)
    main.unlink()
    main.mkdir()
    assert run("diff", spec)[0] == 1
    code, printed, errors = run("diff", spec, "--against", "nosuch")
    assert (code, printed, "out: E515 " in errors) == (1, "", True)
    assert run("diff", "nosuch.yaml")[0] == 1
    assert run("diff", spec, "--format", "yaml")[0] == 2
    assert [run("diff", spec, option, "")[0] for option in ("--against", "--plan")] == [2, 2]
    assert run("diff")[0] == 2


@pytest.mark.usefixtures("folder")
def test_a_bundle_that_is_behind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest version is named at the spec's line; the one that it has is compared."""
    spec = render((ROOT / "tests/diff/bundle-added/after.yaml").read_text())
    known = bundles.load()
    newer = {1: known["ssm-session"][1], 2: replace(known["ssm-session"][1], version=2)}
    monkeypatch.setattr(bundles, "load", lambda: {**known, "ssm-session": newer})

    assert "app.yaml:11:11: W512 ssm-session@1: there is ssm-session@2" in run("diff", spec)[1]


def planned(**actions: list[str]) -> None:
    """Write a plan that does this to endpoints, and a change of an object that is not of the module."""
    changes = [
        {
            "address": f"module.app.aws_vpc_endpoint.{name}",
            "module_address": "module.app",
            "mode": "managed",
            "type": "aws_vpc_endpoint",
            "name": name,
            "change": {"actions": done, "before": {}, "after": {}},
        }
        for name, done in actions.items()
    ]
    changes.append({**changes[0], "address": "aws_instance.x", "module_address": "", "type": "aws_instance"})
    call = {"module_calls": {"app": {"source": "./out/app", "module": {}}}}
    found = {"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": call}}
    Path("plan.json").write_text(json.dumps(found))


@pytest.mark.usefixtures("folder")
def test_a_plan_is_told_in_the_same_words() -> None:
    """Terraform's verdict stands in place of ours; where they differ is said, and what can't be applied in any case."""
    spec = render(SPEC)
    edited("  sns: {service: sns}\n", "")
    edited("name: app-sts", "name: app-sts, description: x")
    planned(sns=["delete"], kms=["delete", "create"], logs=["create"], sqs=["create"])

    code, printed, _ = run("diff", spec, "--plan", "plan.json", "--fail-on", "destroy")
    assert code == 4
    assert "1 destroyed, 1 replaced, 1 can't be applied, 2 made; the plan has 1 other change. " in printed
    assert "app.yaml:12:3: E510 endpoint kms: the plan says replace, the files say nothing" in printed
    assert json.loads(run("diff", spec, "--plan", "plan.json", "--format", "json")[1])["others"] == 1
    assert run("diff", spec, "--plan", "out/app/main.tf")[0] == 1


@pytest.mark.usefixtures("folder")
def test_what_a_plan_does_not_tell_is_unknown_in_a_picture() -> None:
    """Nothing is as it was of which the plan says nothing, or something else than the files: nor what it forgets."""
    spec = render(SPEC)

    def marks() -> dict[str, str]:
        Path("found.json").write_text(run("diff", spec, "--plan", "plan.json", "--format", "json")[1])
        texts = re.findall(">([^<]+)</text>", run("draw", spec, "--findings", "found.json")[1])
        labels = [each for each in texts if re.search(rf"(?m)^  {each}: ", SPEC)]
        said = [each for each in texts if each[:2] in {"✓ ", "i ", "? ", "! "}]
        return dict(zip(labels, said, strict=True))

    planned(kms=["delete", "create"], logs=["no-op"], sqs=["forget"], sts=["update"])
    assert marks() == {
        **dict.fromkeys(marks(), "? unknown"),
        "kms": "! replace",
        "logs": "✓ no difference",
        "sts": "i update",
    }
    edited("service: kms", "service: kms, type: Interface, private_dns_enabled: false")
    plan = json.loads(Path("plan.json").read_text())
    plan["resource_changes"][0]["address"] = "module.other.aws_vpc_endpoint.other"
    plan["resource_changes"] = [{**plan["resource_changes"][0], "module_address": "module.other", "name": "other"}]
    Path("plan.json").write_text(json.dumps(plan))
    assert "E510 the plan has no module that is rendered to app" in run("diff", spec, "--plan", "plan.json")[1]
    assert {*marks().values()} == {"? unknown"}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", FORMS.values())
def test_text_of_a_plan_starts_no_line(form: str) -> None:
    """A log of CI takes some lines for commands."""
    spec = render(SPEC)
    planned(kms=["delete", "create"])
    plan = json.loads(Path("plan.json").read_text())
    plan["resource_changes"][0]["change"]["replace_paths"] = [
        ["x\n::error file=a::y"],
        [" ".join([" "] * 9 + ["::error::z"] * 99)],
    ]
    Path("plan.json").write_text(json.dumps(plan))

    printed = run("diff", spec, "--plan", "plan.json", "--format", form)[1]
    assert "error file=a" in printed
    assert [line for line in printed.splitlines() if line.lstrip().startswith("::error")] == []


@pytest.mark.usefixtures("folder")
def test_a_plan_of_what_is_rendered_is_told() -> None:
    """A plan is made after `render`: what it does is told, and agrees with what was applied before."""
    spec = render(SPEC)
    commit(Path(), {})
    edited("  sns: {service: sns}\n", "")
    assert run("render", spec, "--allow", "destroy:app/sns")[0] == 0
    planned(sns=["delete"])

    on_disk, base = (run("diff", spec, "--plan", "plan.json", *more)[1] for more in ((), ("--against", "HEAD")))
    planned(sns=["no-op"])
    assert run("diff", spec, "--plan", "plan.json", "--fail-on", "destroy")[0] == 0
    planned(kms=["create"])
    assert run("diff", spec, "--plan", "plan.json", "--fail-on", "destroy")[0] == 4
    planned(kms=["forget"], sqs=["create", "forget"])
    code, forgotten, _ = run("diff", spec, "--plan", "plan.json", "--fail-on", "destroy")
    assert (code, forgotten.count("has Terraform forget it, and it stays in AWS")) == (4, 2)
    assert "1 made" in forgotten
    assert "1 module of 1 changes: 1 destroyed; the plan has 1 other change." in on_disk
    assert "1 module of 1 changes: 1 destroyed; the plan has 1 other change." in base
    assert "E510 endpoint sns: the plan says destroy, the files say nothing" in on_disk
    assert "E510" not in base


def change(number: int, **other: Any) -> Change:
    """Return a change of one of many modules."""
    own = {
        "module": f"orders-eu-west-1-prod-{number}",
        "action": "destroy",
        "address": "aws_vpc_endpoint.logs",
        "subject": "endpoint logs",
        "key": "logs",
        "what": "com.amazonaws.eu-west-1.logs, Interface",
        "means": ("logs.eu-west-1.amazonaws.com leads to AWS's public addresses again.",),
        "place": Place(f"specs/{number}.yaml", 7, 3),
    }
    return Change(**{**own, **other})


def report(*changes: Change) -> Report:
    """Return a report of changes alone."""
    return Report(
        against="HEAD",
        modules=tuple(dict.fromkeys(each.module for each in changes)),
        changes=changes,
        findings=(),
        others=0,
        before=Decimal(0),
        after=Decimal("1234.5"),
        unpriced=(1, 1),
        endpoints={},
    )


def test_equal_changes_of_many_modules_are_one_row() -> None:
    """What differs by module or Region alone is equal; each module that loses something has its name."""
    found = report(*(change(number) for number in range(300)))
    text, page = as_text(found), as_markdown(found)

    assert len(text.splitlines()) < 90
    assert all(f"prod-{number}" in text for number in range(300))
    assert page.count("endpoint logs") == 1
    assert "300 destroyed. Cost without traffic: 0.00 -> 1,234.50 USD a month (+1,234.50)" in text


@pytest.mark.parametrize(
    ("before", "after", "unpriced", "cost"),
    [
        ("48.18", "0", (0, 3), "48.18 USD a month -> 3 endpoints of unknown price."),
        ("48.18", "8", (0, 1), "48.18 USD a month -> 8.00 USD a month and 1 endpoint of unknown price."),
        ("0", "8", (1, 0), "1 endpoint of unknown price -> 8.00 USD a month."),
        ("0", "0", (0, 1), "0.00 USD a month -> 1 endpoint of unknown price."),
        ("8", "8", (2, 2), "8.00 USD a month, as before, but for 2 endpoints of unknown price."),
    ],
)
def test_no_difference_of_unknown_prices_is_told(before: str, after: str, unpriced: tuple[int, int], cost: str) -> None:
    """Where the price of one side alone is not known, nobody knows what the edit costs; nor where a file is unread."""
    of_these = replace(report(change(0)), before=Decimal(before), after=Decimal(after), unpriced=unpriced)
    unread = report(change(1, code="W511"))

    assert of_these.summary().endswith(f"Cost without traffic: {cost}")
    assert unread.summary().endswith("Cost without traffic: not known.")
    assert ", without 1 module that can't be read." in replace(unread, modules=("a", "b")).summary()


@pytest.mark.usefixtures("folder")
def test_what_changes_beside_the_key_is_told() -> None:
    """The old key and the new, and the arguments too."""
    spec = render(SPEC)
    edited("  sns: {service: sns}", "  topics: {service: sns, was: sns, tags: {a: b}}")
    edited("name: app-sts,", "name: app-sns, was: app_sts,")

    printed = run("diff", spec)[1]
    assert "endpoint topics  sns -> topics, tags.a " in printed
    assert "app_sts -> app_sns, name " in printed


def test_a_tag_for_all_modules_of_a_fleet_is_short() -> None:
    """However many endpoints and groups get it, it is a row for each kind of object."""
    kinds = {**dict.fromkeys(("logs", "s3", "kms", "ecr_api", "ecr_dkr"), "endpoint"), "app": "security group"}
    own = {"action": "update", "arguments": ("tags.Owner",), "means": ()}
    found = [
        change(number, subject=f"{kind} {key}", key=key, **own) for number in range(60) for key, kind in kinds.items()
    ]

    assert "60 modules of 60 change: 360 updated" in as_markdown(report(*found))
    assert len(as_markdown(report(*found))) < 2_000
    assert as_markdown(report(*found)).count("\n| 60 modules |") == 2


def test_a_page_is_never_too_long() -> None:
    """Rows are left out whole, and counted; what is destroyed has the room first."""
    many = [change(number, key=f"k{number}", subject=f"endpoint k{number}", fix="x" * 200) for number in range(900)]
    made = [change(number, action="create", what=f"service k{number}") for number in range(900)]
    page = as_markdown(report(*made, *many))
    whole = re.findall(r"(?m)^\| orders-.* \| specs/\d+\.yaml:7:3 \|$", page)

    assert len(page) < LONGEST
    assert len(page) > LONGEST * 0.9
    assert page.count("\n| orders-") == len(whole)
    assert "<summary>" not in page
    assert f"No room for {900 - len(whole)} rows (destroyed), 900 rows (made)" in page
    assert len(as_markdown(report(change(0, means=("x" * 70_000,))))) < LONGEST


@given(st.text("ab1 \n|`<>&@#*_[]()~\\!-+.:$^={}\"'/;\u202e\x1b\xa0\u00e9", min_size=1))
@example("<b>x</b> &lt; @octocat #1 [a](b) ![i](u) ~~x~~ **x** <!-- x --> $x$ ```x")
def test_text_is_nothing_but_text(text: str) -> None:
    """A name from a spec or a folder makes no markup, calls nobody, and hides nothing, to a parser that is not ours."""
    page = as_markdown(report(change(0, subject=text, what=text, means=(), place=Place(text))))
    cells = [token for token in MarkdownIt("gfm-like", {"linkify": False}).parse(page) if token.type == "inline"][-5:]
    shown = [
        "".join(part.content if part.type.startswith("text") else "markup" for part in each.children or ())
        for each in cells
    ]

    whole = harmless(text).replace("\n", " ").replace("@", "@\u200b").replace("#", "#\u200b").strip()
    assert [each.strip() for each in shown] == ["orders-eu-west-1-prod-0", whole, whole, "", whole]
    assert "$" not in page
    assert not re.search("[\u202e\x1b]", page + as_json(report(change(0, subject=text))))
