"""What commands write beside modules: whatever ends a run, wherever, the same command again ends well.

`machine` of `test_tree_crash` stops a run at its first, second, … call that changes the disk, until none is left: once
by a disk that is full, once by the end of everything, as `kill -9` leaves it.
"""

from __future__ import annotations

import errno
import itertools
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.output import manifest
from tests.cases import ROOT
from tests.test_tree_crash import Killed, machine

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = ROOT / "tests" / "adopt"
SERVICES = ROOT / "tests" / "data" / "describe_vpc_endpoint_services.json"
COMMANDS = {
    "adopt": f"adopt --region eu-west-1 --vpc app --from {ANSWERS / 'workshop.json'} -o s/x.yaml",
    "init": "init app --region eu-west-1 --vpc v --subnet a,b --bundle ecs-fargate@1 -o new/app.yaml",
    "project": "init --project --from specs",
    "refresh": f"services refresh --region ap-southeast-1 --from {SERVICES}",
}


def _set_out(folder: Path) -> None:
    """Make a folder, and in it what the commands begin with: two specs that are alike."""
    (folder / "specs").mkdir(parents=True)
    for name in ("orders-dev", "orders-prod"):
        text = f"name: {name}\nregion: eu-west-1\nvpc: {{name: {name}}}\nsubnets: [{{name: {name}-a}}]\n"
        text += "security_groups: [{default: true}]\nendpoints: {logs: {service: logs}}\n"
        (folder / "specs" / f"{name}.yaml").write_text(text, encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, but for those of runs that did not end."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not manifest.is_temporary(path.name)}


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, None], ids=["full", "failing", "killed"])
@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_command_again_ends_well(
    command: str, error: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is ever half written, none is left but the command's own, and imports are there before their spec."""
    words, runner = COMMANDS[command].split(), CliRunner()
    _set_out(tmp_path / "whole")
    monkeypatch.chdir(tmp_path / "whole")
    assert runner.invoke(cli.application(), words).exit_code == 0
    whole = files(tmp_path / "whole")
    for breaks_at in itertools.count(1):
        here = tmp_path / "here"
        _set_out(here)
        monkeypatch.chdir(here)
        with machine(breaks_at, error) as broken, suppress(Killed):
            run = runner.invoke(cli.application(), words)
            assert error is None or run.exit_code in {0, 1}, run.output
        found = files(here)
        assert found.items() <= whole.items()
        assert "s/x.yaml" not in found or "out/x/imports.tf" in found
        again = runner.invoke(cli.application(), words)
        assert (again.exit_code, files(here)) == (0, whole), again.output
        assert not [path for path in here.rglob("*") if manifest.is_temporary(path.name)]
        shutil.rmtree(here)
        if broken.count < breaks_at:
            break

    assert breaks_at > (20 if command == "adopt" else 10)


def test_imports_are_on_the_disk_before_their_spec_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loss of power too leaves no spec without imports: it would have Terraform create what is there."""
    monkeypatch.chdir(tmp_path)
    with machine() as sound:
        assert CliRunner().invoke(cli.application(), COMMANDS["adopt"].split()).exit_code == 0
    names = [number for number, (name, _) in enumerate(sound.log) if name == "link"]
    between = {path for name, path in sound.log[names[0] : names[1]] if name == "fsync"}

    assert len(names) == 2
    assert between == {".", "out", "out/x"}
