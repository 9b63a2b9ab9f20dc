"""Findings as programs and terminals get them: each file of tests/findings is what one of them must be given."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from generator.cli.printing import Printing, printing
from generator.cli.views.excerpt import excerpt
from generator.cli.views.findings import as_document
from generator.source.diagnostics import Diagnostic, ExitCode, Place
from tests import forked
from tests.answers import documents
from tests.terminals import on_terminal

if TYPE_CHECKING:
    from tests.golden import Golden

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "findings"
ENDINGS = {"github": "txt", "gitlab": "json", "json": "json", "junit": "xml", "sarif": "json"}
SARIF = Draft7Validator(json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8")))
"""The schema of SARIF 2.1.0 as it is published; NOTICE says where."""
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"minimum": 1}}},
                },
            },
        },
    },
}
"""What GitLab takes: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format (2026-11-26).

Its docs have that table alone; the schema in its source, by which the server reads a report, asks for less.
"""


def _run(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    return forked.run(*arguments, folder=cwd, environment=environment | variables)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a folder in a repository, with a wrong spec in it."""
    subprocess.run([str(shutil.which("git")), "init", "-q", str(tmp_path)], check=True)
    (folder := tmp_path / "infra" / "net work").mkdir(parents=True)
    shutil.copy(FOLDER / "wrong.yaml", folder)
    return folder


@pytest.mark.parametrize("form", ENDINGS)
def test_each_format_has_the_findings_and_nothing_else(repository: Path, form: str, golden: Golden) -> None:
    """Standard output is the document; standard error says what people read in any format."""
    plain = _run("validate", "wrong.yaml", cwd=repository)
    done = _run("validate", "wrong.yaml", "--format", form, cwd=repository)

    assert (done.returncode, done.stderr, plain.stdout) == (1, plain.stderr, "")
    golden(FOLDER / f"{form}.{ENDINGS[form]}", done.stdout.replace("net%20work", "net work"))


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github"])
def test_each_format_says_that_there_are_more_findings_than_it_has(form: str, tmp_path: Path) -> None:
    """But for GitLab's, which is a list of findings alone."""
    endpoints = "".join(f"  a{each}: {{service: s{each}q}}\n" for each in range(1010))
    (tmp_path / "a.yaml").write_text(
        f"name: x\nregion: eu-west-1\nvpc: {{name: a}}\nsubnets: [{{name: a}}]\nendpoints:\n{endpoints}"
    )
    done = _run("validate", "a.yaml", "--format", form, cwd=tmp_path)

    assert "and at least 10 more findings" in done.stderr
    assert re.search('"more_findings": 10,' if form == "json" else r"\band at least 10 more findings", done.stdout)
    if form == "sarif":
        SARIF.validate(json.loads(done.stdout))


def test_documents_are_what_their_readers_take() -> None:
    """SARIF by its schema and within GitHub's limits, Code Quality by GitLab's table, JSON by ours; each can fail."""
    schemas = {
        "sarif": SARIF,
        "gitlab": Draft202012Validator(GITLAB),
        "json": Draft202012Validator(json.loads((ROOT / "docs" / "output.schema.json").read_text(encoding="utf-8"))),
    }
    found = [Diagnostic(Place("a.yaml", line, 1), "E101", f"key {line}", "fix") for line in range(1, 2000)]
    found += [Diagnostic(Place("out/a/main.tf"), "E302", "edited"), Diagnostic(Place("é.yaml", 1, 1), "W205", "w")]
    for form, schema in schemas.items():
        document = json.loads(as_document(Printing(form, findings=found), ROOT, ROOT))
        schema.validate(document)
        broken = json.loads(json.dumps(document).replace('"message"', '"massage"').replace('"location"', '"place"'))
        assert not schema.is_valid(broken)
    (run,) = json.loads(as_document(Printing("sarif", findings=found), ROOT, ROOT))["runs"]
    assert len(run["results"]) <= 25_000
    assert all(len(each["properties"]["tags"]) <= 10 for each in run["tool"]["driver"]["rules"])
    assert len({each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]}) == len(found)


UNTOLD = {
    "drift": ["drift", "tests/drift/spec.yaml", "--from", "answers.json", "--out", "rendered"],
    "preflight": ["preflight", "tests/preflight/fine.yaml", "--from", "answers.json"],
    "verify": ["verify", "tests/verify/band-up.yaml", "--from", "answers.json"],
}
"""Commands, each with answers in which nothing is wrong and something is not told."""
BELOW_AN_ERROR = {
    "github": r"^::warning ",
    "gitlab": r'"severity": "minor"',
    "sarif": r'"level": "warning",\n\s+"message"',
    "junit": r"<skipped ",
}
ERRORS = {"github": "::error", "gitlab": "major", "sarif": '"level": "error"', "junit": "<failure"}


def _untold(command: str) -> str:
    """Return answers that do not tell all."""
    if command == "drift":
        estate = json.loads((ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8"))
        (group,) = (each for each in estate["SecurityGroups"] if each["GroupName"] == "endpoints")
        del group["Tags"]
        return json.dumps(estate)
    files = {"preflight": ["estate"], "verify": ["network", "endpoints"]}[command]
    texts = ((ROOT / "tests" / command / f"{file}.json").read_text(encoding="utf-8") for file in files)
    found = [each for text in texts for each in documents(text)]
    return "\n".join(json.dumps(each) for each in found if not {"Quotas", "DhcpOptions", "NetworkAcls"} & each.keys())


@pytest.mark.parametrize("command", UNTOLD)
@pytest.mark.parametrize("form", [*BELOW_AN_ERROR, "json"])
def test_what_is_not_told_is_in_each_format_below_an_error(command: str, form: str, tmp_path: Path) -> None:
    """A document that lacks it would say that all is well, and an error that something is wrong."""
    shutil.copytree(ROOT / "tests" / command, tmp_path / "tests" / command)
    (tmp_path / "answers.json").write_text(_untold(command), encoding="utf-8")
    if command == "drift":
        assert _run("render", "tests/drift/spec.yaml", "--out", "rendered", cwd=tmp_path).returncode == 0
    done = _run(*UNTOLD[command], "--format", form, cwd=tmp_path)

    assert done.returncode == (1 if command == "drift" else 0), done.stderr
    if form == "json":
        (found,) = json.loads(done.stdout)["specs"]
        assert found["state"] == ("not told" if command == "drift" else "as far as asked")
        assert re.fullmatch(r"\d+ possible differences?|\d+ checks? not made|\d+ passed, \d+ unknown", found["why"])
        assert command == "drift" or found["report"]["known"] is False
        return
    assert re.search(BELOW_AN_ERROR[form], done.stdout, re.MULTILINE), done.stdout
    assert ERRORS[form] not in done.stdout
    assert "not told: not told" not in done.stdout


@pytest.mark.parametrize("form", ["sarif", "gitlab"])
def test_a_finding_that_moves_is_the_same(repository: Path, form: str) -> None:
    """A comment above moves all lines, and no fingerprint changes; another file's are others."""

    def marks(name: str) -> set[str]:
        text = _run("validate", name, "--format", form, cwd=repository).stdout
        return set(re.findall(r'"(?:primaryLocationLineHash|fingerprint)": "(.*?)"', text))

    spec = repository / "wrong.yaml"
    before = marks("wrong.yaml")
    (repository / "other.yaml").write_bytes(spec.read_bytes())
    spec.write_text(f"# moved\n\n{spec.read_text(encoding='utf-8')}", encoding="utf-8")

    assert before
    assert marks("wrong.yaml") == before
    assert not marks("other.yaml") & before


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_a_finding_is_the_same_wherever_the_command_runs(tmp_path: Path, form: str) -> None:
    """A message that names files names them from the top of the repository, too."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "app.yaml").touch()
    (tmp_path / "out").mkdir()

    def told(up: str, here: str) -> str:
        said = f"adds a route, which {up}specs/app.yaml decides, and no.yaml"
        found = [Diagnostic(Place(f"{up}out/more.tf", 1, 1), "E321", said)]
        return as_document(Printing(form, findings=found), tmp_path / here, tmp_path)

    assert told("", "") == told("../", "out")
    assert "which specs/app.yaml decides, and no.yaml" in told("../", "out")


def test_the_caret_is_under_a_character_that_is_not_shown(tmp_path: Path) -> None:
    """One cell of what stands in its place, after others that are not shown either; and of what the file has now."""
    (tmp_path / "a.yaml").write_text("a: b\x07c\x01def\n", encoding="utf-8")

    assert excerpt(Place(str(tmp_path / "a.yaml"), 1, 7)) == ["   1 | a: b\ufffdc\ufffddef", "     |       ^"]

    (tmp_path / "a.yaml").write_text("it: changed\n", encoding="utf-8")
    assert excerpt(Place(str(tmp_path / "a.yaml"), 1, 5)) == ["   1 | it: changed", "     |     ^^^^^^^"]


def test_nothing_is_set_apart_from_nothing(repository: Path) -> None:
    """The first line that a command prints is not empty."""
    for name in ("one", "two"):
        spec = (
            (ROOT / "specs" / "band-up.yaml").read_text(encoding="utf-8").replace("name: band-up", f"name: {name}", 1)
        )
        (repository / f"{name}.yaml").write_text(spec, encoding="utf-8")
    specs = ("one.yaml", "two.yaml")
    _run("render", *specs, cwd=repository)
    done = _run("check", "-q", *specs, cwd=repository)

    assert (done.stdout, done.stderr) == ("", "2 modules: 2 up to date\n")


def test_what_reads_files_tells_findings_in_each_format(repository: Path) -> None:
    """`targets add` and `schema --rules`, too."""
    for command in ("targets add x a=b wrong.yaml", "schema --rules wrong.yaml"):
        done = _run(*command.split(), "--format", "github", cwd=repository)
        assert done.stdout.startswith("::error file=infra/net work/wrong.yaml,line="), done.stderr


def test_what_a_name_holds_steers_nothing() -> None:
    """Neither a workflow command nor a property of one begins where a message or a file's name says so."""
    evil = "a\n::error::x,line=1:%0A\x1b[31m##[error]"
    found = [Diagnostic(Place(f"{evil}.yaml", 1, 1), "E101", evil, evil)]
    text = as_document(Printing("github", findings=found), ROOT, ROOT)

    assert text.count("\n") == 0
    assert "\x1b" not in text
    assert text.index("::", 2) > text.index("title=E101")
    assert "line=1:" not in text.partition(",line=1,")[0]


def test_no_document_is_printed_where_there_is_no_result(tmp_path: Path) -> None:
    """A program that took a bug of ours for no findings would close what is open."""
    shutil.copy(FOLDER / "wrong.yaml", tmp_path)
    code = "import generator.cli.scope as s\ndef f(*_): raise RuntimeError\ns._project_file = f\n"
    code += "import sys\nfrom generator.cli import run\nsys.exit(run())"
    command = [sys.executable, "-c", code, "validate", "wrong.yaml", "--format", "sarif"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (ExitCode.BUG, "")
    assert _run("validate", "--format", "xml", "wrong.yaml", cwd=tmp_path).stdout == ""


def test_a_stale_folder_and_a_file_beside_are_findings(tmp_path: Path) -> None:
    """`check` tells each in every format; what is fine is an empty document, and exit code 0."""
    spec = (ROOT / "specs" / "band-up.yaml").read_text(encoding="utf-8")
    (tmp_path / "band-up.yaml").write_text(spec, encoding="utf-8")
    command = ("check", "band-up.yaml", "--format", "json")
    assert _run("render", "band-up.yaml", cwd=tmp_path).returncode == 0
    fine = _run(*command, cwd=tmp_path)
    (tmp_path / "out" / "band-up" / "main.tf").write_text("", encoding="utf-8")
    (tmp_path / "out" / "band-up" / "x_override.tf").write_text(
        'resource "aws_vpc_endpoint" "logs" {\n  count = 0\n}\n', encoding="utf-8"
    )
    stale = _run(*command, cwd=tmp_path)

    assert (fine.returncode, json.loads(fine.stdout)["findings"]) == (0, [])
    assert json.loads(fine.stdout)["states"] == [{"name": "out/band-up", "state": "up to date"}]
    assert json.loads(stale.stdout)["states"] == [{"name": "out/band-up", "state": "edited"}]
    assert stale.returncode == 4
    files = {(each["file"], each["code"]) for each in json.loads(stale.stdout)["findings"]}
    assert ("out/band-up/main.tf", "E302") in files
    assert any(file == "out/band-up/x_override.tf" for file, _ in files)


def test_a_run_that_fails_has_what_fails_in_the_document(tmp_path: Path) -> None:
    """What --strict refuses is an error there; what `check` tells and lets pass is none."""
    text = (
        (ROOT / "specs" / "band-up.yaml").read_text(encoding="utf-8").replace("  - {name: private-app-subnet-2}\n", "")
    )
    (tmp_path / "band-up.yaml").write_text(text, encoding="utf-8")
    (strict, *_), code = _found("validate", "--strict", cwd=tmp_path)
    (warned, *_), fine = _found("validate", cwd=tmp_path)
    assert (strict["severity"], code, warned["severity"], fine) == ("error", 1, "warning", 0)

    assert _run("render", "band-up.yaml", cwd=tmp_path).returncode == 0
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("  logs:")]
    (tmp_path / "band-up.yaml").write_text("".join(lines), encoding="utf-8")
    found, code = _found("check", cwd=tmp_path)
    assert code == 4
    assert {each["severity"] for each in found if each["code"] in {"E508", "W508", "E509"}} <= {"warning"}
    assert {each["code"] for each in found if each["severity"] == "error"} == {"E311"}


def _found(command: str, *options: str, cwd: Path) -> tuple[list[dict[str, Any]], int]:
    done = _run(command, "band-up.yaml", *options, "--format", "json", cwd=cwd)
    return json.loads(done.stdout)["findings"], done.returncode


def test_a_column_that_is_not_known_is_left_out() -> None:
    """SARIF counts columns from 1."""
    found = [Diagnostic(Place("a", 1, 0), "E305", "damaged")]
    document = json.loads(as_document(Printing("sarif", findings=found), ROOT, ROOT))
    SARIF.validate(document)


def test_what_an_edit_destroys_is_a_finding(tmp_path: Path) -> None:
    """`diff` tells it in every format for programs, at the line of the spec."""
    spec = (ROOT / "specs" / "band-up.yaml").read_text(encoding="utf-8")
    (tmp_path / "band-up.yaml").write_text(spec, encoding="utf-8")
    assert _run("render", "band-up.yaml", cwd=tmp_path).returncode == 0
    lines = [line for line in spec.splitlines(keepends=True) if not line.startswith("  logs:")]
    (tmp_path / "band-up.yaml").write_text("".join(lines), encoding="utf-8")
    done = _run("diff", "band-up.yaml", "--format", "github", cwd=tmp_path)

    assert done.returncode == 4
    assert re.match(r"::(error|warning) file=band-up.yaml,line=\d+,col=1,title=[EW]\d+::endpoint logs ", done.stdout)


def test_a_terminal_shows_the_line_with_a_caret(repository: Path, golden: Golden) -> None:
    """The first line of a finding is the pipe's to the letter, colors apart; a pipe has nothing else of it."""
    pipe = _run("validate", "wrong.yaml", cwd=repository, GEN_ENDPOINTS_OUTPUT="").stderr
    shown = on_terminal("validate", "wrong.yaml", cwd=repository)
    plain = re.sub(r"\x1b\[\d+m", "", shown)

    golden(FOLDER / "terminal.txt", shown.replace("\x1b", "␛"))
    lines = [each for each in plain.splitlines() if " | " not in each and not each.startswith("    ")]
    assert [*lines, "to see fixes: the same again, with --output full at its end"] == pipe.splitlines()
    assert "\x1b" not in on_terminal("validate", "wrong.yaml", cwd=repository, NO_COLOR="1")
    assert "\x1b" not in on_terminal("validate", "--color", "never", "wrong.yaml", cwd=repository)
    assert on_terminal("validate", "--color=never", "--output", "concise", "wrong.yaml", cwd=repository) == pipe
    assert "\x1b" in _run("validate", "--color", "always", "wrong.yaml", cwd=repository, NO_COLOR="1").stderr
    assert _run("validate", "--output", "full", "wrong.yaml", cwd=repository, GEN_ENDPOINTS_OUTPUT="").stderr == plain
    assert _run("validate", "--color", "blue", "wrong.yaml", cwd=repository).returncode == 2


def test_no_line_is_shown_of_what_is_no_spec(repository: Path) -> None:
    """A policy file may be anything of the repository, such as one with secrets."""
    (repository / "key.json").write_text('{"password": hunter2}\n', encoding="utf-8")
    text = (FOLDER / "wrong.yaml").read_text(encoding="utf-8").replace(", colour: red", "")
    text = text.replace("private_dns: true", "policy: {file: key.json}")
    (repository / "wrong.yaml").write_text(text, encoding="utf-8")
    done = _run("validate", "wrong.yaml", "--output", "full", cwd=repository)

    assert done.returncode == 1
    assert "key.json" in done.stderr
    assert "hunter2" not in done.stderr


def test_how_a_command_prints_ends_with_it() -> None:
    """A program that runs several commands has the findings of none in another."""
    assert printing().form == "text"
    assert printing().findings == []
