"""What git has at a revision: in clones of every kind, whatever the names, and never a trace."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.output import revision
from generator.output.revision import base_revision, texts_at
from generator.source.diagnostics import Refused

WHO = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "protocol.file.allow=always")
GIT = shutil.which("git") or "git"
NAMES = ("plain", "with space", "line\nbreak", "-dash", "é", "*", ":(glob)x", "quote'\"")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave out what the machine's own git is told."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, and return what it prints."""
    return subprocess.run((GIT, "-C", folder, *WHO, *arguments), check=True, capture_output=True, text=True).stdout


def commit(folder: Path, files: dict[str, str], message: str = "x") -> str:
    """Commit files in a repository, which is made if need be."""
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "-q", "-b", "main")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()


def files_at(folder: Path, name: str) -> dict[str, str]:
    """Return the files of a folder at a revision by their relative paths."""
    return {path.relative_to(folder).as_posix(): text for path, text in texts_at([folder], name).items()}


def refusal(folder: Path, name: str) -> str:
    """Return what is said where a revision can't be read."""
    with pytest.raises(Refused) as refused:
        files_at(folder, name)
    assert [each.code for each in refused.value.diagnostics] == ["E515"]
    return str(refused.value)


def test_a_folder_is_read_as_it_was(tmp_path: Path) -> None:
    """Text is that of the revision, with plain line ends, whatever lies in the folder now; links are left out."""
    (tmp_path / "out/a").mkdir(parents=True)
    (tmp_path / "out/a/link.tf").symlink_to("main.tf")
    first = commit(
        tmp_path, {"out/a/main.tf": "one\r\n", "out/a/tests/x": "deep", "out/ab/main.tf": "no", "s.yaml": "s"}
    )
    commit(tmp_path, {"out/a/main.tf": "two"})
    (tmp_path / "out/a/main.tf").write_text("three")

    assert files_at(tmp_path / "out/a", first) == {"main.tf": "one\n", "tests/x": "deep"}
    assert files_at(tmp_path / "out/a", "HEAD") == {"main.tf": "two", "tests/x": "deep"}
    assert files_at(tmp_path / "out/b", "HEAD") == {}
    assert texts_at([tmp_path / "s.yaml"], "main~1") == {tmp_path / "s.yaml": "s"}
    assert texts_at([tmp_path], "HEAD", (".yaml",)) == {tmp_path / "s.yaml": "s"}


def test_a_folder_that_is_gone_or_renamed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder need not exist now; it may be given as it is seen from a folder within, or by a link."""
    commit(tmp_path, {"out/old/main.tf": "x"})
    git(tmp_path, "mv", "out", "modules")
    commit(tmp_path, {})
    (tmp_path / "link").symlink_to("modules")
    monkeypatch.chdir(tmp_path / "modules")

    assert texts_at([Path("../out/old")], "HEAD~1") == {Path("../out/old/main.tf"): "x"}
    assert texts_at([Path("../out/old")], "HEAD") == {}
    assert texts_at([Path()], "HEAD") == {Path("old/main.tf"): "x"}
    assert files_at(Path("../link/old"), "HEAD") == {"main.tf": "x"}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_no_patterns(name: str, tmp_path: Path) -> None:
    """A name may have what a shell, git or a line would take for something else."""
    commit(tmp_path, {f"{each}/main.tf": each for each in NAMES})

    assert files_at(tmp_path / name, "HEAD") == {"main.tf": name}


def test_hundreds_of_folders_take_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fleet is read as quickly as a module."""
    commit(tmp_path, {f"out/{number}/main.tf": str(number % 7) for number in range(300)})
    started: list[Any] = []
    run = subprocess.run

    def counted(*arguments: Any, **options: Any) -> Any:
        started.append(arguments)
        return run(*arguments, **options)

    monkeypatch.setattr(subprocess, "run", counted)
    found = texts_at([tmp_path / "out" / str(number) for number in range(300)], "HEAD", (".tf",))

    assert len(started) == 2
    assert found == {tmp_path / "out" / str(number) / "main.tf": str(number % 7) for number in range(300)}


@pytest.mark.parametrize(
    "name", ["nosuch", "--help", "-h", "", "HEAD:out", "a..b", "@{upstream}", "x\ny", "\0", "HEAD~9"]
)
def test_a_bad_revision_is_a_finding(name: str, tmp_path: Path) -> None:
    """It says what git says, and how to go on."""
    commit(tmp_path, {"out/a": ""})

    assert "--unshallow" in refusal(tmp_path / "out", name) or "\0" in name


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    """HEAD leads to nothing."""
    git(tmp_path, "init", "-q")

    assert "HEAD" in refusal(tmp_path / "out", "HEAD")
    assert base_revision(tmp_path / "out") is None


def test_a_folder_outside_a_repository(tmp_path: Path) -> None:
    """What is in no repository has no revision."""
    assert "not in a git repository" in refusal(tmp_path / "out", "HEAD")
    assert base_revision(tmp_path) is None


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program there is a finding, or nothing to compare with."""
    commit(tmp_path, {"out/a": ""})
    monkeypatch.setenv("PATH", "")

    assert "install git" in refusal(tmp_path / "out", "HEAD")
    assert base_revision(tmp_path) is None


def test_a_repository_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What git does not trust is not read, and how to trust it is said."""
    commit(tmp_path, {"out/a": ""})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setattr(revision, "_KEPT", ("GIT_",))

    assert f"git config --global --add safe.directory {tmp_path}" in refusal(tmp_path / "out", "HEAD")
    assert base_revision(tmp_path) is None


def test_variables_of_a_hook_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook's variables name another repository than that of the folder."""
    commit(tmp_path / "a", {"out/a": "a"})
    commit(tmp_path / "b", {"out/a": "b"})
    for name, value in {"DIR": ".git", "WORK_TREE": ".", "INDEX_FILE": "no", "OBJECT_DIRECTORY": "no"}.items():
        monkeypatch.setenv(f"GIT_{name}", str(tmp_path / "b" / value))
    monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    monkeypatch.setenv("GIT_TRACE", "1")

    assert files_at(tmp_path / "a/out", "HEAD") == {"a": "a"}


def test_worktrees_and_submodules_have_their_own_revisions(tmp_path: Path) -> None:
    """A folder belongs to the innermost repository around it, whose `.git` may be a file."""
    inner = commit(tmp_path / "inner", {"m/main.tf": "inner"})
    commit(tmp_path / "top", {"out/x": "top"})
    git(tmp_path / "top", "submodule", "add", "-q", str(tmp_path / "inner"), "sub")
    commit(tmp_path / "top", {})
    git(tmp_path / "top", "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    commit(tmp_path / "tree", {"out/x": "tree"})

    assert files_at(tmp_path / "top/sub/m", inner) == {"main.tf": "inner"}
    assert files_at(tmp_path / "tree/out", "HEAD") == {"x": "tree"}
    assert files_at(tmp_path / "top/out", "HEAD") == {"x": "top"}
    both = [tmp_path / "top/out", tmp_path / "top/sub/m"]
    assert [*texts_at(both, "HEAD").values()] == ["top", "inner"]
    assert "sub" not in files_at(tmp_path / "top", "HEAD")


def test_the_base_is_where_the_branch_left(tmp_path: Path) -> None:
    """It is the upstream's before the remote's own branch, and HEAD where there is neither, or no common commit."""
    base = commit(tmp_path / "hub", {"a": "1"})
    git(tmp_path, "clone", "-q", str(tmp_path / "hub"), str(tmp_path / "w"))
    commit(tmp_path / "hub", {"a": "2"})
    git(tmp_path / "w", "checkout", "-q", "-b", "own", "--no-track")
    mine = commit(tmp_path / "w", {"b": "1"})
    git(tmp_path / "w", "fetch", "-q")

    assert base_revision(tmp_path / "w/b") == base
    git(tmp_path / "w", "remote", "set-head", "origin", "-d")
    assert base_revision(tmp_path / "w/b") == base
    git(tmp_path / "w", "push", "-q", "-u", "origin", "own")
    assert base_revision(tmp_path / "w/b") == mine
    git(tmp_path / "w", "checkout", "-q", "--orphan", "new")
    alone = commit(tmp_path / "w", {"c": "1"})
    assert base_revision(tmp_path / "w/b") == alone


def test_a_shallow_clone_has_what_it_has(tmp_path: Path) -> None:
    """Its one commit is read; what is further back is refused, and the way to get it is said."""
    first = commit(tmp_path / "hub", {"a/x": "1"})
    last = commit(tmp_path / "hub", {"a/x": "2"})
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}/hub", str(tmp_path / "w"))

    assert files_at(tmp_path / "w/a", "origin/main") == {"x": "2"}
    assert base_revision(tmp_path / "w/a") == last
    assert "fetch-depth: 0" in refusal(tmp_path / "w/a", first)


def test_a_damaged_repository_is_a_finding(tmp_path: Path) -> None:
    """What git lists and does not have can't be read."""
    commit(tmp_path, {"a/x": "1"})
    blob = git(tmp_path, "rev-parse", "HEAD:a/x").strip()
    (tmp_path / ".git/objects" / blob[:2] / blob[2:]).unlink()

    assert f"{blob} missing" in refusal(tmp_path / "a", "HEAD")


def test_a_clone_without_blobs_runs_no_program(tmp_path: Path) -> None:
    """Its settings say which program fetches what is missing: nothing is fetched, and the revision can't be read."""
    commit(tmp_path / "hub", {"a/x": "1"})
    git(tmp_path / "hub", "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{tmp_path}/hub", str(tmp_path / "w"))
    git(tmp_path / "w", "config", "remote.origin.uploadpack", f"touch {tmp_path}/ran; git-upload-pack")
    for name in ("protocol.allow", "protocol.file.allow"):
        git(tmp_path / "w", "config", name, "always")

    assert "can't be read" in refusal(tmp_path / "w/a", "HEAD")
    assert base_revision(tmp_path / "w/a") is not None
    assert not (tmp_path / "ran").exists()
