"""Console blocks of README and of docs/, run as they are written: each `$` line, and what it prints below it.

A block of README is a story by itself. A page of docs/ is one story in one shell, from an empty folder: a block of YAML
or HCL that begins with a comment of a file's name is that file, which the reader writes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BLOCK = re.compile(r"^( *)```(console|yaml|hcl)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ([\w./-]+\.(?:yaml|tf|j2))\n")
_END = "@@ended with "
_MOST = 2000
_NOT_A_USERS = ("AWS_", "COLUMNS", "GEN_ENDPOINTS_", "GIT_")
"""How variables of the tests' environment begin that a user's does not have."""
_FINE = {"0", "4"}
"""Exit codes of commands that did what they are for: 4 tells of a difference."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what the page says that it prints: `…` for any lines, nothing where it does not say."""

    command: str
    printed: str
    is_file: bool = False

    def objection(self, code: str, printed: str) -> str:
        """Return what differs from the page, or nothing."""
        escaped = (re.escape(line).replace("…", r"[^\n]*") for line in self.printed.splitlines())
        lines = [".*" if line.strip() == r"[^\n]*" else f"{line}\n" for line in escaped]
        is_printed = not lines or re.fullmatch("".join(lines), _stripped(printed), re.DOTALL)
        return (
            "" if code in _FINE and is_printed else f"$ {self.command}\n{_stripped(printed)[-_MOST:]}(exit code {code})"
        )


def stories() -> dict[str, list[Step]]:
    """Return the steps of each console block of README, by its number, and of each page that has any, by its path."""
    blocks = (each for each in _blocks("README.md") if not each[0].is_file)
    pages = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    joined = {page: list(chain.from_iterable(_blocks(page))) for page in pages if ".vi." not in page}
    told = {page: steps for page, steps in joined.items() if not all(step.is_file for step in steps)}
    return {f"README-{number}": block for number, block in enumerate(blocks)} | told


def _blocks(page: str) -> Iterator[list[Step]]:
    """Yield the steps of each block of a page, in their order."""
    for indent, kind, text in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        block = re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)
        if kind == "console":
            yield _steps(block)
        elif found := _FILE.match(block):
            yield [Step(f"mkdir -p $(dirname {found[1]}) && cat > {found[1]} <<'@@'\n{block}@@", "", is_file=True)]


def _steps(block: str) -> list[Step]:
    pieces = re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    return [Step(command, printed) for command, printed in pieces]


def _stripped(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def needs_aws(block: list[Step]) -> bool:
    """Return whether a story has to run beside Terraform or the AWS CLI, and an emulated AWS."""
    return not {"terraform", "aws"}.isdisjoint(commands(block).split())


def commands(block: list[Step]) -> str:
    """Return the commands of a block, but for those that write a file."""
    return "\n".join(step.command for step in block if not step.is_file)


def environment(folder: Path, shims: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which `gen-endpoints` is this one, beside other commands, each a shell script."""
    programs = folder / "programs"
    programs.mkdir()
    own = {"gen-endpoints": f'exec {sys.executable} -m generator "$@"'}
    for name, script in {**own, **shims}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_A_USERS)}
    return kept | {
        "PATH": f"{programs}:{kept['PATH']}",
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "AWS_CONFIG_FILE": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
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
    """Run a block in a folder, and return what came otherwise than it says; what follows that is not run.

    A page shows findings as a terminal does.
    """
    script = "".join(f"{step.command}\nprintf '\\n{_END}%s\\n' $?\n" for step in block)
    process = subprocess.run(
        ["/bin/bash"],
        input=script,
        cwd=folder,
        env={**environment, "GEN_ENDPOINTS_OUTPUT": "full"},
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=900,
    )
    found = re.findall(rf"(.*?)\n?\n{_END}(\d+)\n", process.stdout, re.DOTALL)
    told = [step.objection(code, printed) for step, (printed, code) in zip(block, found, strict=True)]
    return [each for each in told if each]
