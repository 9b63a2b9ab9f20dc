"""The shell steps of an action or a job, run as GitHub runs them: its bash, its files, and `${{ … }}` filled in."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_BASH = ("/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
_VALUE = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


def read(path: str) -> Any:
    """Return what a YAML file of this repository holds."""
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


@dataclass
class Job:
    """A job in a folder: the values of its expressions, its environment, and what its steps leave behind."""

    folder: Path
    temporary: Path
    environment: Mapping[str, str]
    values: dict[str, str]
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    def run(self, steps: Sequence[Mapping[str, Any]]) -> int:
        """Run steps up to the first that fails, and return its exit code."""
        self.temporary.mkdir(exist_ok=True)
        files = {name: self.temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for step in steps:
            for path in files.values():
                path.touch()
            files["GITHUB_OUTPUT"].write_text("", "utf-8")
            own = {name: self.filled(text) for name, text in step.get("env", {}).items()}
            done = subprocess.run(
                (*_BASH, step["run"]),
                cwd=self.folder,
                env={
                    **self.environment,
                    **{n: str(p) for n, p in files.items()},
                    "RUNNER_TEMP": str(self.temporary),
                    **own,
                },
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            self.log += done.stdout
            pairs = (line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text("utf-8").splitlines())
            self.outputs |= {f"steps.{step.get('id')}.outputs.{name}": value for name, value in pairs}
            if done.returncode:
                return done.returncode
        return 0

    def filled(self, text: str) -> str:
        """Return text with its expressions filled in; an event has nothing that is not said."""
        return _VALUE.sub(lambda found: {**self.values, **self.outputs}.get(found[1], ""), text)

    @property
    def summary(self) -> str:
        """What the page of the run shows."""
        return (self.temporary / "GITHUB_STEP_SUMMARY").read_text("utf-8")
