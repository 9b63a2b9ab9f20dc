"""The commands, as their users run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BAND_UP = str(ROOT / "specs" / "band-up.yaml")


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Run the command line in an empty folder, with a cache of its own."""
    return Runner(tmp_path)


class Runner:
    """`gen-endpoints` in one folder."""

    def __init__(self, folder: Path) -> None:
        """Start in an empty folder."""
        self.folder = folder

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, "-m", "generator", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def test_render_writes_once(run: Runner) -> None:
    """The first run writes the module, the second has nothing to do."""
    first, second = run("render", BAND_UP), run("render", BAND_UP)

    assert (first.returncode, "created out/band-up/main.tf" in first.stdout) == (0, True)
    assert (second.returncode, second.stdout) == (0, "out/band-up: up to date\n")
    assert run("check", BAND_UP).returncode == 0


def test_dry_run_writes_nothing(run: Runner) -> None:
    """`--dry-run` shows the files and leaves the folder as it was."""
    shown = run("render", BAND_UP, "--dry-run")

    assert (shown.returncode, "+resource" in shown.stdout) == (0, True)
    assert not (run.folder / "out").exists()


def test_a_hand_edit_is_kept_and_shown(run: Runner) -> None:
    """A file that was edited by hand is not overwritten without --force; check says so with 4."""
    run("render", BAND_UP)
    main = run.folder / "out" / "band-up" / "main.tf"
    main.write_text(main.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    refused, stale = run("render", BAND_UP), run("check", BAND_UP)

    assert (refused.returncode, "-# mine" in refused.stderr) == (1, True)
    assert (stale.returncode, "-# mine" in stale.stdout) == (4, True)
    assert main.read_text(encoding="utf-8").endswith("# mine\n")
    assert run("render", BAND_UP, "--force").returncode == 0
    assert run("check", BAND_UP).returncode == 0


def test_a_wrong_spec_is_told_and_loses_nothing(run: Runner) -> None:
    """A mistake gets its line, and what was rendered stays."""
    (run.folder / "x.yaml").write_text("name: x\nregoin: eu-west-1\n", encoding="utf-8")
    wrong = run("render", "x.yaml")

    assert wrong.returncode == 1
    assert "x.yaml:2:1: E101 the spec has no key regoin\n    did you mean region?" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_show_reads_the_hcl(run: Runner) -> None:
    """The table and the JSON come from the rendered files."""
    run("render", BAND_UP)
    rows = json.loads(run("show", "out/band-up", "--format", "json").stdout)

    assert [row["name"] for row in rows] == ["ecr-endpoint", "ecr-api-endpoint", "cloudwatch-endpoint", "s3-endpoint"]
    assert "com.amazonaws.ap-southeast-1.ecr.dkr" in run("show", BAND_UP).stdout


def test_policies_are_listed_and_shown(run: Runner) -> None:
    """The list names each preset; one preset is a document for the Region and the accounts that were given."""
    listed = json.loads(run("policies", "--format", "json").stdout)
    accounts = ("--account-id", "111122223333", "--account-id", "444455556666")
    shown = json.loads(run("policies", "account-perimeter", *accounts, "--format", "json").stdout)

    assert "ecr-layers" in [row["name"] for row in listed]
    assert shown["document"]["Statement"][0]["Condition"]["StringEquals"]["aws:PrincipalAccount"] == [
        "111122223333",
        "444455556666",
    ]
    assert "prod-eu-west-1-starport-layer-bucket" in run("policies", "ecr-layers", "--region", "eu-west-1").stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--version",), 0),
        (("--help",), 0),
        (("explain", "E101"), 0),
        (("explain",), 0),
        (("explain", "E000"), 2),
        (("schema",), 0),
        (("policies",), 0),
        (("policies", "--region", "cn-north-1"), 0),
        (("policies", "ecr-layers", "--region", "eu-west-1"), 0),
        (("policies", "ecr-layers"), 2),
        (("policies", "ecr-layer"), 2),
        (("policies", "ecr-layers", "--region", "eu-west-1", "--org-id", "o-a1b2c3d4e5"), 2),
        (("policies", "--org-id", "o-a1b2c3d4e5"), 2),
        (("policies", "ssm-agent", "--region", "cn-north-1"), 1),
        (("validate", BAND_UP), 0),
        (("validate", "nowhere.yaml"), 1),
        (("show", "."), 1),
        (("rendr",), 2),
        (("render", "--bad"), 2),
    ],
)
def test_exit_codes_tell_whose_turn_it_is(run: Runner, arguments: tuple[str, ...], code: int) -> None:
    """0 fine, 1 the user's turn, 2 wrong usage."""
    done = run(*arguments)

    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
