"""README's console blocks, run as they are written: each `$` line in one shell a block, and what it prints below it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BLOCK = re.compile(r"^( *)```console\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_END = "@@ended with "
_MOST = 2000
_FINE = {"0", "4"}
"""Exit codes of commands that did what they are for: 4 tells of a difference."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what README says that it prints: `…` for any lines, nothing where README does not say."""

    command: str
    printed: str

    def objection(self, code: str, printed: str) -> str:
        """Return what differs from README, or nothing."""
        escaped = (re.escape(line).replace("…", r"[^\n]*") for line in self.printed.splitlines())
        lines = [".*" if line.strip() == r"[^\n]*" else f"{line}\n" for line in escaped]
        is_printed = not lines or re.fullmatch("".join(lines), _stripped(printed), re.DOTALL)
        return (
            "" if code in _FINE and is_printed else f"$ {self.command}\n{_stripped(printed)[-_MOST:]}(exit code {code})"
        )


def blocks() -> list[list[Step]]:
    """Return the steps of each console block of README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [_steps(re.sub(rf"^{found[1]}", "", found[2], flags=re.MULTILINE)) for found in _BLOCK.finditer(text)]


def _steps(block: str) -> list[Step]:
    pieces = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    return [Step(command, printed) for command, printed in pieces]


def _stripped(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def commands(block: list[Step]) -> str:
    """Return the commands of a block."""
    return "\n".join(step.command for step in block)


def environment(folder: Path, shims: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which `gen-endpoints` is this one, beside other commands, each a shell script."""
    programs = folder / "programs"
    programs.mkdir()
    own = {"gen-endpoints": f'exec {sys.executable} -m generator "$@"'}
    for name, script in {**own, **shims}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COLUMNS", "GIT_"))}
    return kept | {
        "PATH": f"{programs}:{kept['PATH']}",
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "AWS_CONFIG_FILE": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


def clone(folder: Path) -> Path:
    """Return a repository with what README's commands read of this one, as it would be after a clone."""
    there = folder / "clone"
    there.mkdir()
    for name in ("specs", "out"):
        shutil.copytree(ROOT / name, there / name, ignore=shutil.ignore_patterns(".terraform*"))
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    for command in (
        ("init", "-q"),
        ("add", "."),
        ("commit", "-qm", "x"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
    ):
        subprocess.run([*git, *command], cwd=there, check=True)
    return there


def objections(block: list[Step], folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Run a block in a folder, and return what came otherwise than README says; what follows that is not run."""
    script = "".join(f"{step.command}\nprintf '\\n{_END}%s\\n' $?\n" for step in block)
    process = subprocess.run(
        ["/bin/bash"],
        input=script,
        cwd=folder,
        env=environment,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=900,
    )
    found = re.findall(rf"(.*?)\n?\n{_END}(\d+)\n", process.stdout, re.DOTALL)
    told = [step.objection(code, printed) for step, (printed, code) in zip(block, found, strict=True)]
    return [each for each in told if each]
