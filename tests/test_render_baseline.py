"""With what `render` compares a module: what git's base revision has of it, in repositories of every kind."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import gen_endpoints as ge
from generator import cli
from generator.output.manifest import ATTRIBUTES
from tests.test_revision import commit, git

SPEC = """name: {name}
region: eu-west-1
vpc: {{id: vpc-0a1b2c3d}}
subnets: [{{id: subnet-0a1b2c3d}}, {{id: subnet-0a1b2c3e}}]
security_groups: [{{create: {{name: {name}, ingress: [{{vpc: true}}]}}}}]
endpoints:
"""
TOLD = re.compile(r"\b([EW]5\d\d) ")


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a repository whose one commit has a module of two endpoints, and be in it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    repo = tmp_path / "repo"
    repo.mkdir()
    monkeypatch.chdir(repo)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write("logs", "sqs")
    assert run() == (0, [])
    commit(repo, {})
    return repo


def write(*endpoints: str, name: str = "x", spec: str = "specs/x.yaml", more: str = "") -> None:
    """Write a spec of some endpoints, and what else it says."""
    Path(spec).parent.mkdir(exist_ok=True)
    text = more + SPEC.format(name=name) + "".join(f"  {each}: {{service: {each}}}\n" for each in endpoints)
    Path(spec).write_text(text, encoding="utf-8")


def run(*options: str, command: str = "render") -> tuple[int, list[str]]:
    """Run a command over the specs; return its exit code, and the codes that it tells."""
    specs = sorted(map(str, Path("specs").iterdir()))
    result = CliRunner().invoke(cli.application(), [command, *options, *specs])
    assert "Traceback" not in result.output
    return result.exit_code, TOLD.findall(result.output)


def said(*arguments: str) -> str:
    """Return all that a command over the specs prints."""
    return CliRunner().invoke(cli.application(), [*arguments, *sorted(map(str, Path("specs").iterdir()))]).output


def held(folder: str = "out/x") -> str:
    """Return what a folder's main.tf says."""
    return (Path(folder) / "main.tf").read_text(encoding="utf-8")


def test_what_was_allowed_once_is_known_again(repo: Path) -> None:
    """Rendered already, and not committed, it is still refused; committed, there is nothing more to allow."""
    before = held()
    write("sqs")

    assert run() == (1, ["E508"])
    assert run("--dry-run") == (0, ["E508"])
    assert run(command="check") == (4, ["E508"])
    assert held() == before
    assert run("--allow", "destroy:x/logs") == (0, [])
    assert run() == (1, ["E508"])
    assert run(command="check") == (0, ["E508"])
    assert "check lets this pass; render refuses it without --allow" in said("check")
    assert run("--allow", "destroy:x/logs") == (0, [])
    commit(repo, {})
    assert "lets this pass" not in said("check")
    assert run() == (0, [])
    assert run("--allow", "destroy:x/logs") == (1, ["E506"])


MOVED = "moved {{\n  from = {}\n  to   = {}\n}}\n"
LOGS = "aws_vpc_endpoint.logs"


@pytest.mark.parametrize(
    ("calls", "moves", "is_moved"),
    [
        ("x y", [(f"module.x.{LOGS}", f"module.y.{LOGS}")], True),
        ("z:x y", [(f"module.z.{LOGS}", f"module.y.{LOGS}")], True),
        ("z:x y", [("module.x", "module.z"), (f"module.z.{LOGS}", f"module.y.{LOGS}")], True),
        ("y", [("module.x", "module.y")], True),
        ("x y", [(f"module.x.{LOGS}", LOGS)], False),
        ("x y", [(f"module.x.{LOGS}", "module.y.aws_vpc_endpoint.other")], False),
        ("x w:x y", [(f"module.x.{LOGS}", f"module.y.{LOGS}")], False),
        ("z:x y", [("module.x", "module.z")], False),
        ("x y override", [(f"module.x.{LOGS}", f"module.y.{LOGS}")], False),
    ],
)
def test_what_roots_move_to_another_module_is_not_destroyed(
    calls: str, moves: list[tuple[str, str]], repo: Path, *, is_moved: bool
) -> None:
    """Each root that calls the module, in each call of it, to an address that the other module has."""
    write("kms", name="y", spec="specs/y.yaml")
    run()
    commit(repo, {})
    names = [each.partition(":") for each in calls.split() if each != "override"]
    text = "".join(f'module "{name}" {{\n  source = "../out/{of or name}"\n}}\n' for name, _, of in names)
    (repo / "live").mkdir()
    Path("live/main.tf").write_text(text + "".join(MOVED.format(*each) for each in moves), encoding="utf-8")
    Path(f"live/{'override' if 'override' in calls else 'locals'}.tf").write_text("locals {\n}\n", encoding="utf-8")
    write("sqs")
    write("kms", "logs", name="y", spec="specs/y.yaml")

    assert run() == ((0, []) if is_moved else (1, ["E508"]))
    assert run(command="check") == ((0, []) if is_moved else (4, ["E508"]))
    assert (f"aws_vpc_endpoint.logs -> module.y.{LOGS}" in " ".join(said("check").split())) is is_moved


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ("x y", [f"module.x{{}}.{LOGS} to module.y{{}}.{LOGS}"]),
        ("z:x y", [f"module.z{{}}.{LOGS} to module.y{{}}.{LOGS}"]),
        ("x w:x y", []),
        ("x", []),
        ("x y override", []),
    ],
)
@pytest.mark.parametrize("keys", ["", 'for_each = toset(["a", "b"])'])
def test_what_comes_to_another_module_has_the_block_that_moves_it(
    calls: str, told: list[str], keys: str, repo: Path
) -> None:
    """Where each root that calls the one calls the other, once; with those blocks the endpoint is moved."""
    write("kms", name="y", spec="specs/y.yaml")
    run()
    commit(repo, {})
    names = [each.partition(":") for each in calls.split() if each != "override"]
    text = "".join(f'module "{name}" {{\n  source = "../out/{of or name}"\n  {keys}\n}}\n' for name, _, of in names)
    (repo / "live").mkdir()
    Path("live/main.tf").write_text(text, encoding="utf-8")
    Path(f"live/{'override' if 'override' in calls else 'locals'}.tf").write_text("locals {\n}\n", encoding="utf-8")
    write("sqs")
    write("kms", "logs", name="y", spec="specs/y.yaml")

    blocks = [each.format(index, index) for each in told for index in (['["a"]', '["b"]'] if keys else [""])]
    ways = ", and ".join(f"from {each}" for each in blocks)
    fix = f"write a moved block in live, {ways}, or put it back; or let it go" if told else "put it back; or let it go"
    assert f"    {fix}: render --allow destroy:x/logs" in said("render", "--output", "full")
    moved = "".join(MOVED.format(*each.split(" to ")) for each in blocks)
    Path("live/main.tf").write_text(text + moved, encoding="utf-8")
    assert run() == ((0, []) if told else (1, ["E508"]))


def test_a_branch_is_compared_with_where_it_left(repo: Path, tmp_path: Path) -> None:
    """However many commits it has: the base has the endpoint, until they are merged; a detached HEAD is as good."""
    git(tmp_path, "clone", "-q", "--bare", "repo", "hub")
    git(repo, "remote", "add", "origin", str(tmp_path / "hub"))
    git(repo, "fetch", "-q", "origin")
    git(repo, "checkout", "-q", "-b", "less", "--track", "origin/main")
    write("sqs")
    run("--allow", "destroy:x/*")
    commit(repo, {})
    commit(repo, {"other": "file"})

    assert run() == (1, ["E508"])
    git(repo, "checkout", "-q", "--detach")
    assert run() == (1, ["E508"])
    git(repo, "push", "-q", "origin", "HEAD:main")
    assert run() == (0, [])


def test_a_shallow_clone_has_its_last_commit(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout of depth 1 in CI has no merge base: what it has checked out is compared with."""
    git(repo, "checkout", "-q", "-b", "less")
    write("sqs")
    run("--allow", "destroy:x/*")
    commit(repo, {})
    git(tmp_path, "clone", "-q", "--depth", "1", "--branch", "less", f"file://{repo}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")

    assert run() == (0, [])
    write("logs")
    assert run() == (1, ["E508"])


@pytest.mark.parametrize("without", ["folder", "manifest", "lines", "reading"])
def test_the_commit_counts_whatever_lies_there(repo: Path, without: str) -> None:
    """The folder was deleted, or its manifest never was there, or git has CRLF; what can't be read is told of."""
    main = repo / "out/x/main.tf"
    if without == "manifest":
        (repo / "out/x/.gen-endpoints.sha256").unlink()
    elif without == "lines":
        main.write_bytes(main.read_bytes().replace(b"\n", b"\r\n"))
    elif without == "reading":
        main.write_bytes(main.read_bytes().replace(b" = true\n", b" = true true\n"))
    commit(repo, {})
    if without == "folder":
        shutil.rmtree(repo / "out")
    write("sqs")

    assert run()[1] == (["W511"] if without == "reading" else ["E508"])


def test_files_of_the_users_own_are_not_ours(repo: Path) -> None:
    """An endpoint in a file beside the rendered ones stays, and one that no longer is rendered does not."""
    commit(repo, {"out/x/mine.tf": 'resource "aws_vpc_endpoint" "mine" {\n  vpc_id = "vpc-1"\n}\n'})

    assert run() == (0, [])
    (repo / "out/x/.gen-endpoints.sha256").unlink()
    commit(repo, {})
    write("logs", "sqs", "sns")
    assert run("--force") == (0, [])


@pytest.mark.parametrize("is_empty", [False, True])
def test_what_no_commit_has_is_warned_of(repo: Path, *, is_empty: bool) -> None:
    """What was rendered since the last commit is not applied, probably; where there is no commit, who knows."""
    if is_empty:
        shutil.rmtree(repo / ".git")
        git(repo, "init", "-q")
        write("sqs")
        assert run() == (1, ["E508"])
        return
    more = "private_dns_enabled: false\n"
    write("logs", "sqs", name="y", spec="specs/y.yaml", more=more)
    run()
    write("logs", name="y", spec="specs/y.yaml", more=more)

    assert run("--dry-run") == (0, ["W501"])
    assert run("--strict") == (1, ["W501"])
    assert run("--dry-run", "--strict") == (0, ["W501"])
    assert "render would refuse, and exit 1: 1 warning, by --strict" in said("render", "--dry-run", "--strict")
    check = said("check", "--strict")
    assert re.search("W501 .*\n(?: .*\n)+\nout of date; fix or allow what render would refuse, .* --strict\n", check)
    assert run() == (0, ["W501"])
    assert run() == (0, [])
    assert "sqs" not in held("out/y")


def test_python_writes_by_the_same_baseline(repo: Path) -> None:
    """What git has is refused, and allowed, as by the command; a warning stops nothing."""
    write("sqs")
    rendered = ge.render(ge.parse("specs/x.yaml"))
    write("sqs", name="y", spec="specs/y.yaml")
    other = ge.render(ge.parse("specs/y.yaml"))
    before = {
        path: text.replace('"aws_vpc_endpoint" "sqs"', '"aws_vpc_endpoint" "sns"') for path, text in other.files.items()
    }
    ge.write(before, repo / "out/y")

    with pytest.raises(ge.Refused, match="E508 endpoint logs of x would be destroyed"):
        ge.write(rendered, Path("out/x"))
    assert ge.write(rendered, Path("out/x"), allow="destroy:x/logs").changed
    assert [each.code for each in ge.refusals({Path("out/y"): other})] == ["W501"]
    assert ge.write(other, Path("out/y")).changed


def test_a_new_name_is_refused_while_the_old_folder_is_there(repo: Path) -> None:
    """The endpoints would be made a second time; with the folder taken along, only what goes is refused."""
    write("logs", "sqs", name="y")

    assert run() == (1, ["E512"])
    assert run(command="check") == (4, ["E512"])
    assert run("--allow", "destroy:x/logs") == (1, ["E506", "E512"])
    assert not (repo / "out/y").exists()
    git(repo, "mv", "out/x", "out/y")
    assert run() == (0, [])
    write("sqs", name="y")
    assert run() == (1, ["E508"])
    assert run("--allow", "destroy:y/logs") == (0, [])


def test_a_new_name_is_allowed(repo: Path) -> None:
    """The old module is left behind, as said; or it has another spec now, or is not a module at all."""
    write("logs", "sqs", name="y")
    assert run("--allow", "destroy:x/*") == (0, [])
    assert run() == (1, ["E512"])
    write("logs", "sqs", name="y", more="private_dns_enabled: false\n")
    write("logs", "sqs", spec="specs/z.yaml")
    assert run() == (0, [])
    commit(repo, {"specs/x.yaml": "name: [\n"})
    (repo / "specs/z.yaml").unlink()
    write("logs", "sqs", name="new")
    assert run() == (0, [])
    commit(repo, {"specs/x.yaml": "name: ..\n"})
    write("logs", "sqs", name="newer")
    assert run() == (0, [])


@pytest.mark.parametrize("broken", ["no git", "no repository", "no object"])
def test_where_git_can_not_say_the_folder_counts(repo: Path, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program, outside a repository or in a damaged one, what the folder holds is compared with."""
    if broken == "no git":
        monkeypatch.setenv("PATH", str(repo))
    elif broken == "no repository":
        shutil.rmtree(repo / ".git")
    else:
        shutil.rmtree(repo / ".git/objects")
        (repo / ".git/objects").mkdir()
    write("sqs")

    assert run() == (1, ["E508"])
    assert run("--allow", "destroy:*/logs") == (0, [])
    assert run() == (0, [])


def test_any_number_of_specs_takes_as_many_processes(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are asked for at once."""
    calls: list[Any] = []
    asked = subprocess.run

    def counted(command: Any, **more: Any) -> Any:
        calls.append(command)
        return asked(command, **more)

    monkeypatch.setattr(subprocess, "run", counted)
    run()
    one = len(calls)
    for number in range(5):
        write("logs", name=f"x{number}", spec=f"specs/x{number}.yaml")
    run()
    commit(repo, {})
    calls.clear()
    run()

    assert len(calls) == one <= 5


def test_an_allow_that_can_not_help_says_why(repo: Path) -> None:
    """No --allow lets pass what AWS refuses: the way on is in the spec, and the first of both fixes."""
    write("sqs")
    with Path("specs/x.yaml").open("a") as file:
        file.write("  cloudwatch: {service: logs}\n")

    text = said("render", "--allow", "destroy:x/logs")
    assert "E506 nothing that changes needs it; what AWS or Terraform refuses (E507) can't be allowed\n" in text
    assert "    write cloudwatch: {service: logs, was: logs}; if it is another, render and" in text
    assert "CAN'T BE APPLIED" not in said("render", "--dry-run")
    assert not (repo / "out/y").exists()


@pytest.mark.parametrize("command", ["check", "render --dry-run", "diff"])
def test_each_command_tells_what_can_not_be_applied(repo: Path, command: str) -> None:
    """One derivation: the meaning has it, with the fix, in each."""
    commit(repo, {})
    write("logs", "sqs")
    spec = Path("specs/x.yaml")
    spec.write_text(spec.read_text().replace("{name: x,", "{name: x, description: y,"))

    assert re.search("CAN'T BE APPLIED\n.*\n      E502 .*\n(.*\n)+      fix: write a new name", said(*command.split()))


@pytest.mark.usefixtures("repo")
@pytest.mark.parametrize("command", ["render", "check", "render --dry-run", "diff"])
def test_each_command_tells_of_a_new_name(command: str) -> None:
    """Plain diff too, once the new folder is there and nothing else changes; of `check` it is an orphan then."""
    write("logs", "sqs", name="y")
    assert "E512 the name was x: " in said(*command.split())
    assert run("--allow", "destroy:x/*") == (0, [])
    told = "x: E315 no spec renders" if command == "check" else "E512 the name was x: "
    assert told in said(*command.split())


def test_a_spec_that_moved_under_a_new_name_is_seen(repo: Path) -> None:
    """If the index has it; else a line says what there was to compare with."""
    (repo / "other").mkdir()
    write("logs", "sqs", name="y")
    git(repo, "mv", "specs/x.yaml", "other/y.yaml")
    result = CliRunner().invoke(cli.application(), ["render", "other/y.yaml"])
    assert (result.exit_code, TOLD.findall(result.output)) == (1, ["E512"])
    assert re.match("compared with [0-9a-f]{7}\n", result.stderr)
    git(repo, "mv", "out/x", "out/y")
    assert CliRunner().invoke(cli.application(), ["render", "other/y.yaml"]).exit_code == 0
    git(repo, "reset", "-q")
    (repo / "out/y").rename(repo / "out/x")
    result = CliRunner().invoke(cli.application(), ["render", "other/y.yaml"])
    assert re.match("compared with nothing: [0-9a-f]{7} has no out/y\n", result.stderr)


def test_what_git_ignores_is_told(repo: Path) -> None:
    """No revision has the folder, so nobody can tell what was applied: a warning says so, and what is new."""
    git(repo, "rm", "-q", "-r", "--cached", "out")
    commit(repo, {".gitignore": "out/\n"})
    write("sqs")

    assert run() == (0, ["W501"])
    write("sqs", "logs")
    assert run() == (0, [])
    write("sqs")
    assert "not refused (E508): git ignores out/x, and nobody can tell what was applied" in said("render")
    shutil.rmtree("out")
    assert "compared with nothing: git ignores out/x, and nobody can tell what was app" in said("render")


def test_render_says_with_what_it_compared(repo: Path) -> None:
    """Where it refuses, or lets pass, and nowhere else."""
    head = git(repo, "rev-parse", "--short=7", "HEAD").strip()
    assert "compared with" not in said("render")
    write("sqs")
    assert said("render").startswith(f"compared with {head}\nspecs/x.yaml:")
    assert f"compared with {head}\n" in said("render", "--allow", "destroy:x/logs")
    shutil.rmtree(".git")
    write("logs")
    assert said("render").startswith("compared with what is on disk\nspecs/x.yaml:")


@pytest.mark.parametrize("has_manifest", [True, False])
def test_the_manifest_says_what_is_ours(repo: Path, *, has_manifest: bool) -> None:
    """A copy of a rendered file is the user's own; without a manifest the first line counts, for all commands."""
    text = Path("out/x/main.tf").read_text().replace('"logs"', '"mine"')
    Path("out/x/mine.tf").write_text(text)
    if not has_manifest:
        Path("out/x/.gen-endpoints.sha256").unlink()
    commit(repo, {})

    if has_manifest:
        assert (run(), run(command="diff")) == ((0, []), (0, []))
        assert "mine.tf:30:1: E321 declares aws_vpc_endpoint.sqs a second time" in said("check")
        assert Path("out/x/mine.tf").read_text() == text
        return
    assert "DESTROYED\n  x  endpoint mine" in said("diff")
    assert "out/x/mine.tf: E301 not listed as written by gen-endpoints" in said("check")
    assert run() == (1, ["E508"])
    assert run("--allow", "destroy:x/*", "--force") == (0, [])
    assert not Path("out/x/mine.tf").exists()


def _two_branches(repo: Path, one: tuple[str, ...], two: tuple[str, ...]) -> str:
    """Add endpoints to one module in two branches, merge them, and return what git says of the folder."""
    commit(repo, {})
    for branch, endpoints in (("one", one), ("two", two)):
        git(repo, "checkout", "-q", "-b", branch, "main")
        write(*endpoints)
        assert run() == (0, [])
        commit(repo, {})
    with suppress(subprocess.CalledProcessError):  # where there are conflicts
        git(repo, "merge", "-q", "one")
    return git(repo, "diff", "--name-only", "--diff-filter=U")


def test_two_branches_merge_without_a_conflict_of_ours(repo: Path) -> None:
    """Each adds an endpoint at a place of its own: git merges all, and one render lists what it made of the files."""
    git(repo, "branch", "-M", "main")
    write("logs", "sqs", "kms", "sts", "sns", "ecs")
    run()

    assert (
        _two_branches(
            repo, ("logs", "ec2", "sqs", "kms", "sts", "sns", "ecs"), ("logs", "sqs", "kms", "sts", "sns", "ssm", "ecs")
        )
        == ""
    )
    assert "E313 does not list the files that are there" in said("check")
    assert run() == (0, [])
    assert run(command="check") == (0, [])


@pytest.mark.parametrize("is_told", [True, False])
def test_a_clone_with_converted_line_ends_needs_no_force(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_told: bool
) -> None:
    """Git for Windows converts what it checks out, unless it is told not to; then one render mends all."""
    commit(repo, {"out/.gitattributes": ATTRIBUTES if is_told else ""})
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(repo), "clone")
    monkeypatch.chdir(tmp_path / "clone")

    assert (b"\r" in Path("out/x/main.tf").read_bytes()) != is_told
    assert ("E311 has other line ends" in said("check")) != is_told
    assert run() == (0, [])
    assert "E3" not in said("check")
    git(tmp_path / "clone", "add", "--all")
    assert not git(tmp_path / "clone", "diff", "--cached", "--name-only")


@pytest.mark.parametrize("is_told", [True, False])
def test_what_conflicts_is_mended_by_one_render(repo: Path, *, is_told: bool) -> None:
    """Once the spec is; git has both sides of our files. So it is with a manifest that git was told nothing of."""
    git(repo, "branch", "-M", "main")
    if not is_told:
        Path("out/.gitattributes").write_text("", encoding="utf-8")
    conflicts = _two_branches(repo, ("logs", "sqs", "kms"), ("logs", "sqs", "sts"))

    assert {"out/x/main.tf", "specs/x.yaml"} <= {*conflicts.split()}
    assert ("out/x/.gen-endpoints.sha256" in conflicts) != is_told
    write("logs", "sqs", "sts", "kms")
    assert run() == (0, [])
    assert run(command="check") == (0, [])
    main = Path("out/x/main.tf")
    main.write_text(f"{main.read_text(encoding='utf-8')}=======\n", encoding="utf-8")
    assert "E302" in said("render")


@pytest.mark.parametrize("form", ["# kept\n{}", "{}# x\n", "{}\n\n", "{}// x # y\n", "\t{}"])
def test_comments_and_blanks_are_read_over(form: str, repo: Path) -> None:
    """What a hand leaves that means nothing hides no edit, and both are told: what goes, and whose hand it was."""
    shutil.rmtree(repo / ".git")
    main = repo / "out/x/main.tf"
    main.write_text(form.format(main.read_text(encoding="utf-8")), encoding="utf-8")
    write("sqs")

    assert re.findall(r"[EW]\d{3}", said("render")) == ["E302", "E508"]
    assert re.findall(r"[EW]\d{3}", said("render", "--allow", "destroy:x/logs")) == ["E302"]
    assert re.findall(r"[EW]\d{3}", said("render", "--allow", "destroy:x/sqs")) == ["E506", "E302", "E508"]
    assert run("--allow", "destroy:x/logs", "--force") == (0, [])


def test_a_link_or_a_folder_in_the_place_of_a_file_is_told_as_that(repo: Path) -> None:
    """It is not read, so no line of it is wrong."""
    shutil.rmtree(repo / ".git")
    main = repo / "out/x/main.tf"
    write("sqs")
    main.rename(repo / "main.txt")
    for code in ("E303", "E304"):
        main.unlink(missing_ok=True)
        if code == "E303":
            main.symlink_to(repo / "main.txt")
        else:
            main.mkdir()
        told = said("render")

        assert code in told
        assert "out/x/main.tf: W511 can't be read back and compared: it is a link, or no plain file" in told


def test_what_cannot_be_read_is_told_at_its_line(repo: Path) -> None:
    """It says why; the refusal over the edit by hand stays beside it, and what may be allowed is allowed."""
    shutil.rmtree(repo / ".git")
    main = repo / "out/x/main.tf"
    text = main.read_text(encoding="utf-8")
    at = 1 + text.count("\n", 0, text.index('resource "aws_vpc_endpoint" "sqs"'))
    main.write_text("# x\n" + text.replace('.sqs"\n', '.sqs" x\n'), encoding="utf-8")
    write("sqs")
    for allow in ((), ("--allow", "destroy:x/logs")):
        told = said("render", *allow)

        assert re.findall(r"[EW]\d{3}", told) == ["W511", "E302"]
        assert f"out/x/main.tf:{at + 1}:1: W511 can't be read back and compared: " in told
