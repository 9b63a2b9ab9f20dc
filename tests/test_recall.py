"""What earlier runs said and rendered is believed as long as nothing that it depends on has changed, and no longer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.cli import kept, made
from generator.output import recall
from tests.cases import ROOT

_PARENT = """\
region: eu-west-1
vpc: {id: vpc-0123456789abcdef0}
subnets: [{id: subnet-0123456789abcdef0}]
security_groups: [{id: sg-0123456789abcdef0}]
"""
_SPEC = """\
name: app
extends: base/parent.yaml
endpoints:
  sqs: {service: sqs, name: app-sqs, policy: {file: policy.json}}
"""
_POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]}


@pytest.fixture(autouse=True)
def _team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a team's folder, with what a run reads, and with folders of the user's own for what it keeps."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("CI", raising=False)
    Path(tmp_path / "team/base").mkdir(parents=True)
    Path(tmp_path / "team/.git").mkdir()
    monkeypatch.chdir(tmp_path / "team")
    write("app.yaml", _SPEC)
    write("base/parent.yaml", _PARENT)
    write("policy.json", json.dumps(_POLICY))
    assert run("render")[0] == 0


def write(path: str, text: str) -> None:
    """Write a file of the team's."""
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def run(*words: str) -> tuple[int, str, str]:
    """Return how a command on the spec ends, and what it prints."""
    result = CliRunner().invoke(cli.application(), [*words, "app.yaml"])
    return result.exit_code, result.stdout, result.stderr


def is_believed(monkeypatch: pytest.MonkeyPatch, *words: str) -> bool:
    """Tell whether a command takes what was kept, and reads no spec."""
    calls: list[str] = []
    fresh = made.fresh_targets

    def counted(spec: str, *rest: Any) -> Any:
        calls.append(spec)
        return fresh(spec, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(made, "fresh_targets", counted)
        run(*words)
    return not calls


def listed(taken: str) -> None:
    """Have a list of the Region that lacks the service."""
    offers: dict[str, Any] = {"com.amazonaws.eu-west-1.s3": {"Gateway": {}, "Interface": {}}}
    head = {"region": "eu-west-1", "taken": taken, "source": "api"}
    write("services/eu-west-1.json", json.dumps({**head, "services": offers}))


def linked(there: str) -> None:
    """Let the policy be a link that leads elsewhere, to the same text or another."""
    write("other/policy.json", json.dumps(_POLICY))
    write("../outside.json", json.dumps(_POLICY))
    Path("policy.json").unlink()
    Path("policy.json").symlink_to(there)


def piped() -> None:
    """Have a pipe in the place of the policy."""
    Path("policy.json").unlink()
    os.mkfifo("policy.json")


def moved() -> None:
    """Have the module elsewhere, and a link to it."""
    Path("out/app").rename("app")
    Path("out/app").symlink_to("../app")


def project() -> None:
    """Have a project file, with rules of the team's own."""
    write("rules.json", json.dumps({"rules": []}))
    write("gen-endpoints.yaml", 'gen_endpoints: "0.1"\nspecs: [app.yaml]\nout: out\n')


def templated(where: str) -> None:
    """Have a folder of templates that the spec, or its parent, names."""
    write("templates/note.txt.j2", "{{ name }}\n")
    write(where, f"templates: {'../' * where.count('/')}templates\n{Path(where).read_text(encoding='utf-8')}")


def moved_out() -> None:
    """Have the templates out of the repository, and a link to them."""
    Path("templates").rename("../t")
    Path("templates").symlink_to("../t")


_CHANGES: dict[str, Callable[[], object]] = {
    "spec": lambda: write("app.yaml", _SPEC.replace("app-sqs", "other")),
    "comment": lambda: write("app.yaml", f"# one\n{_SPEC}"),
    "wrong spec": lambda: write("app.yaml", _SPEC.replace("service: sqs", "service: sqss")),
    "no spec": lambda: Path("app.yaml").unlink(),
    "parent": lambda: write("base/parent.yaml", _PARENT.replace("sg-0", "sg-1")),
    "no parent": lambda: Path("base/parent.yaml").unlink(),
    "policy": lambda: write("policy.json", json.dumps(_POLICY).replace("sqs:*", "sqs:SendMessage")),
    "no policy": lambda: Path("policy.json").unlink(),
    "a pipe": piped,
    "a link": lambda: linked("other/policy.json"),
    "a link that leads outside": lambda: linked("../outside.json"),
    "no repository": lambda: Path(".git").rmdir(),
    "a list": lambda: listed("2026-11-26"),
    "an old list": lambda: listed("2020-01-01"),
    "a project": project,
    "templates": lambda: templated("app.yaml"),
    "templates of the parent": lambda: templated("base/parent.yaml"),
    "an edit": lambda: write("out/app/main.tf", Path("out/app/main.tf").read_text() + "# mine\n"),
    "no file": lambda: Path("out/app/versions.tf").unlink(),
    "another file": lambda: write("out/app/main_override.tf", 'resource "aws_vpc_endpoint" "sqs" {\n  tags = {}\n}\n'),
    "an own file": lambda: write("out/app/README.txt", "ours"),
    "a pending file": lambda: write("out/app/.gen-endpoints.pending", "x"),
    "no manifest": lambda: Path("out/app/.gen-endpoints.sha256").unlink(),
    "a link to the folder": moved,
    "no folder": lambda: Path("out").rename("gone"),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_nothing_stale_is_believed(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After any change, each command ends and prints as where nothing was kept."""
    commands = (("validate",), ("check",), ("render", "--dry-run"), ("render",))
    assert all(is_believed(monkeypatch, *words) for words in commands)
    _CHANGES[change]()

    for words in commands:
        fresh = None if words == ("render",) else run(*words, "--no-cache")
        assert fresh in {None, run(*words)}, words
    ended = run("render")
    assert ended == run("render", "--no-cache")
    assert run("check") == run("check", "--no-cache")


_OF_TEMPLATES: dict[str, Callable[[], object]] = {
    "a template": lambda: write("templates/note.txt.j2", "{{ name }}!\n"),
    "another template": lambda: write("templates/deep/more.txt", "more\n"),
    "no template": lambda: Path("templates/note.txt.j2").unlink(),
    "a slot": lambda: write("templates/_lifecycle.hcl", "aws_vpc_endpoint {\n  prevent_destroy = true\n}\n"),
    "what they take": lambda: write("templates/vars.schema.json", '{"required": ["owner"]}'),
    "no folder": lambda: Path("templates").rename("gone"),
    "a link that leads outside": moved_out,
}


@pytest.mark.parametrize("where", ["app.yaml", "base/parent.yaml"])
@pytest.mark.parametrize("change", _OF_TEMPLATES)
def test_no_template_is_stale(change: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a spec that names templates, each command ends and prints as where nothing was kept."""
    templated(where)
    assert run("render")[0] == 0
    commands = (("validate",), ("check",), ("render", "--dry-run"))
    for words in commands:
        run(*words)
    assert is_believed(monkeypatch, "validate")
    _OF_TEMPLATES[change]()

    for words in commands:
        assert run(*words) == run(*words, "--no-cache"), words
    assert (run("check")[0], run("validate")[0]) != (0, 0)


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2031, 1, 1)], ids=["backwards", "later"])
def test_what_was_said_holds_for_a_day(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is old by then is told; a clock that is set back makes no difference."""
    for module in (made, kept):
        monkeypatch.setattr(module, "today", lambda: day)

    assert not is_believed(monkeypatch, "validate")
    assert is_believed(monkeypatch, "validate")


def test_what_the_tool_is_made_of_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file of it (rules, prices, templates), Python, and each package: where one changes, nothing is believed."""
    tool, site = tmp_path / "tool", tmp_path / "site"
    files = ("generator/rules/dns.py", "generator/data/prices.toml", "generator/templates/x.j2", "templates/x.j2")
    for file in (*files, "generator/output/recall.py", "gen_endpoints/data.py", "../site/jinja2-3.1.dist-info/RECORD"):
        (tool / file).parent.mkdir(parents=True, exist_ok=True)
        (tool / file).write_text("x")
    monkeypatch.setattr(recall, "__file__", str(tool / "generator/output/recall.py"))
    monkeypatch.setattr(sys, "path", [str(site)])
    found = {recall.fingerprint()}
    for number, file in enumerate(files, start=2):
        about = (tool / file).stat()
        (tool / file).write_text("y")
        os.utime(tool / file, ns=(about.st_atime_ns, about.st_mtime_ns))  # as an archive has it
        found.add(recall.fingerprint())
        assert len(found) == number
    (tool / "generator/rules/more.py").write_text("x")
    found.add(recall.fingerprint())
    (site / "jinja2-3.1.dist-info").rename(site / "jinja2-3.2.dist-info")
    found.add(recall.fingerprint())
    monkeypatch.setattr(sys, "version", "4")
    assert len(found | {recall.fingerprint()}) == 8


def test_only_who_has_the_key_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that another filled, as the same user, says nothing; nor does one that is damaged, or of another spec."""
    (entry,) = (tmp_path / "cache/gen-endpoints/specs").iterdir()
    (key,) = (tmp_path / "state").rglob("key")
    whole = entry.read_bytes()
    for forged in (whole[:-1], whole.replace(b'"endpoints":1', b'"endpoints":2'), whole[65:], b"", b"\n", b"x" * 100):
        entry.write_bytes(forged)
        assert not is_believed(monkeypatch, "check")
        assert entry.read_bytes() == whole
    key.write_bytes(os.urandom(32))
    assert not is_believed(monkeypatch, "check")
    assert (key.stat().st_mode & 0o777, entry.stat().st_mode & 0o777) == (0o600, 0o600)


def test_in_ci_nothing_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it with --no-cache, and nothing is kept then."""
    before = {path: path.read_bytes() for path in tmp_path.rglob("specs/*")}
    assert not is_believed(monkeypatch, "check", "--no-cache")
    monkeypatch.setenv("CI", "true")
    assert not is_believed(monkeypatch, "check")
    assert {path: path.read_bytes() for path in tmp_path.rglob("specs/*")} == before


def test_two_runs_at_once_hinder_nobody(tmp_path: Path) -> None:
    """Each ends well, and so does the next."""
    for folder in ("cache", "state"):
        (tmp_path / folder).rename(tmp_path / f"{folder}-before")
    command = [sys.executable, "-m", "generator", "check", "app.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(3)
    ]
    assert {each.communicate()[0] for each in runs} == {b"out/app: up to date\n"}
    assert run("check")[:2] == (0, "out/app: up to date\n")


def test_the_oldest_goes_where_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder does not grow without end."""
    folder = tmp_path / "cache/gen-endpoints/specs"
    (old := folder / "old").write_bytes(b"x" * 1000)
    os.utime(old, (1, 1))
    monkeypatch.setattr(recall, "_ALL", 8000)
    write("app.yaml", f"# one\n{_SPEC}")
    assert run("render")[0] == 0
    assert old.exists()
    monkeypatch.setattr(recall, "_ALL", 1000)
    write("app.yaml", f"# two\n{_SPEC}")
    run("check")
    assert not old.exists()


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_that_is_none_is_made_anew(key: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a loss of power may leave one: what anybody can guess signs nothing."""
    file = tmp_path / "state/gen-endpoints/memory/key"
    file.write_bytes(key)
    run("validate")

    assert len(file.read_bytes()) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert is_believed(monkeypatch, "validate")


def test_the_key_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a loss of power could leave one of zeros."""
    file, calls, fsync = tmp_path / "state/gen-endpoints/memory/key", list[int](), os.fsync
    file.unlink()

    def note(handle: int) -> None:
        calls.append(os.fstat(handle).st_size)
        assert not file.exists()
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    run("validate")
    assert (calls, file.exists()) == ([32], True)
