"""A bench: Terraform, the providers of this machine and the emulated AWS, at which a test works on one module."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import pytest

from . import runner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .emulated_aws import EmulatedAws
    from .network import Made, Network
    from .providers import Provider
    from .runner import Terraform


Tools = TypeVar("Tools", bound="tuple[object, ...]")


def present(tools: Tools, missing: str) -> Tools:
    """Return tools of which there are some; without any, fail the test that asks for them with what is missing."""
    if not tools:
        pytest.fail(missing, pytrace=False)
    return tools


@dataclass(frozen=True, slots=True)
class Bench:
    """What a test needs to run Terraform on modules in a folder of its own."""

    command: tuple[str, ...]
    providers: tuple[Provider, ...]
    aws: EmulatedAws
    folder: Path
    attached: Callable[[Provider], str]
    """Starts a provider once for all tests, and returns what attaches Terraform to it."""

    def provider(self, version: str) -> Provider:
        """Return this machine's provider of a version; without a version, the newest."""
        return next((each for each in self.providers if each.version == version), self.providers[-1])

    def terraform(self, folder: Path, version: str = "") -> Terraform:
        """Return Terraform in a folder, as it is, with the provider of a version."""
        provider = self.provider(version)
        terraform = runner.terraform(self.command, folder, provider.mirror(), self.folder / "terraform.rc")
        return replace(terraform, attached=self.attached(provider), installs=False)

    def alone(self, module: Path, version: str = "") -> Terraform:
        """Return Terraform in a copy of a module, without any AWS; its `init` installs the provider."""
        shutil.copytree(module, self.folder / "module")
        return replace(self.terraform(self.folder / "module", version), installs=True)

    def within(self, network: Network, module: Path, version: str = "", *, region: str = "") -> tuple[Terraform, Made]:
        """Return Terraform in a copy of a module, in a network made for it, with a provider for `region` or its own."""
        made = network.make(self.aws)
        made.put(module, self.folder / "module", region=region)
        return self.terraform(self.folder / "module", version), made
