"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit itself at commits, from a repository on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TOOL = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "generator", "gen_endpoints", "templates")
CONFIG = """\
repos:
  - repo: {tool}
    rev: {revision}
    hooks:
      - id: gen-endpoints-validate
      - id: gen-endpoints-check
"""


class Team:
    """A repository whose commits pass the hooks."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Make it of a project, its spec and its module."""
        self.folder, self._environment = folder, environment
        for each in ("specs/band-up.yaml", "out/band-up"):
            copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
            (folder / each).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / each, folder / each)
        (folder / "gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [specs/*.yaml]\n', encoding="utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command."""
        return subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False
        )

    def commit(self) -> str:
        """Commit all; return what the hooks refuse, and go back to the last commit where they do."""
        self.run("git", "add", "--all")
        done = self.run("git", "commit", "--quiet", "--message", "an edit")
        if done.returncode:
            self.run("git", "reset", "--quiet", "--hard")
        return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """Return a repository in which pre-commit is installed, with the hooks of this one as it is on disk."""
    folder = tmp_path_factory.mktemp("pre-commit")
    tool = folder / "tool"
    tool.mkdir()
    for name in (*TOOL, ".pre-commit-hooks.yaml"):
        is_folder = (ROOT / name).is_dir()
        shutil.copytree(ROOT / name, tool / name) if is_folder else shutil.copy(ROOT / name, tool)
    who = {f"GIT_{role}_{fact}": "t@example.com" for role in ("AUTHOR", "COMMITTER") for fact in ("NAME", "EMAIL")}
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GEN_ENDPOINTS_"))}
    environment = {
        **bare,
        **who,
        "PRE_COMMIT_HOME": str(folder / "home"),
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
    }
    (folder / "team").mkdir()
    team = Team(folder / "team", environment)
    team.run("git", "init", "--quiet")
    team.run("git", "init", "--quiet", str(tool))
    team.run("git", "-C", str(tool), "add", "--all")
    team.run("git", "-C", str(tool), "commit", "--quiet", "--message", "a release")
    revision = team.run("git", "-C", str(tool), "rev-parse", "HEAD").stdout.strip()
    config = CONFIG.format(tool=tool, revision=revision)
    (team.folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    assert team.run(sys.executable, "-m", "pre_commit", "install").returncode == 0
    assert team.commit() == ""
    return team


def test_a_commit_without_its_module_is_refused(team: Team) -> None:
    """The spec was edited, and not rendered; and one that is wrong fails both hooks."""
    spec = team.folder / "specs" / "band-up.yaml"
    text = spec.read_text("utf-8")
    spec.write_text(text.replace("ecr-endpoint", "ecr"), encoding="utf-8")
    stale = team.commit()
    spec.write_text(text.replace("service: logs", "service: lgos"), encoding="utf-8")
    wrong = team.commit()

    assert stale.splitlines()[0] == f"{'gen-endpoints validate':.<73}Passed"
    assert "out of date; run: gen-endpoints render\n" in stale
    assert len(re.findall(r"^specs/band-up\.yaml:\d+:\d+: E2\d\d .*lgos", wrong, re.MULTILINE)) == 2
    assert "\n    did you mean logs" in wrong


def test_an_edit_of_the_module_alone_is_refused(team: Team) -> None:
    """No spec changed."""
    rendered = team.folder / "out" / "band-up" / "main.tf"
    rendered.write_text(rendered.read_text("utf-8").replace("true", "false", 1), encoding="utf-8")

    assert "out/band-up/main.tf: E302 " in team.commit()


def test_a_spec_that_is_deleted_without_its_module_is_refused(team: Team) -> None:
    """Of which pre-commit tells no hook; with its module, and another spec, it may go."""
    spec = team.folder / "specs" / "band-up.yaml"
    shutil.copy(ROOT / "specs" / "ids.yaml", spec.with_name("ids.yaml"))
    shutil.copytree(ROOT / "out" / "ids", team.folder / "out" / "ids")
    assert team.commit() == ""
    spec.unlink()
    assert "out/band-up: E315 " in team.commit()
    spec.unlink()
    shutil.rmtree(team.folder / "out" / "band-up")
    assert team.commit() == ""
