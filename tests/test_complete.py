"""What shells complete, by the protocol in which they ask."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from generator import cli
from generator.catalog.names import KINDS
from generator.source.codes import codes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLEET = """\
values: {tier: [prod, dev]}
region: eu-west-1
vpc: {name: {format: "{tier}"}}
subnets: [{name: a}]
security_groups: [{default: true}]
endpoints: {logs: {service: logs}}
targets:
  shop-prod: {tier: prod}
  shop/dev: {tier: dev}
"""
NAMES = [
    ("services ", "ServiceId"),
    ("policies s3-account --service ", "ServiceId"),
    ("bundles ", "BundleVersion"),
    ("policies ", "PresetName"),
    ("preflight shop.yaml --region ", "RegionName"),
]


def complete(folder: Path, typed: str, shell: str = "bash") -> list[str]:
    """Return what a shell is offered for the last word of a command."""
    asked = {"COMP_WORDS": f"gen-endpoints {typed}", "COMP_CWORD": str(typed.count(" ") + 1)}
    asked |= {"_TYPER_COMPLETE_ARGS": f"gen-endpoints {typed}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    asked["_GEN_ENDPOINTS_COMPLETE"] = f"complete_{shell}"
    program = "import sys; sys.argv[0] = 'gen-endpoints'; from generator.__main__ import main; main()"
    done = subprocess.run(
        (sys.executable, "-c", program),
        cwd=folder,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    return [*filter(None, done.stdout.splitlines())]


@pytest.mark.parametrize(("typed", "kind"), NAMES)
def test_every_name_is_completed(tmp_path: Path, typed: str, kind: str) -> None:
    """All of a kind."""
    assert complete(tmp_path, typed) == [*KINDS[kind]()]


def test_codes_and_classes_are_completed(tmp_path: Path) -> None:
    """Those that `explain` explains; and of two kinds both."""
    offered = complete(tmp_path, "explain ")

    assert [each for each in offered if each in codes()] == [*codes()]
    assert {"not-in-spec", "not-in-state"} <= {*offered}
    assert {"ecs-fargate@1", "ecs"} <= {*complete(tmp_path, "init --bundle ec")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with a spec of two targets, one that can't be read, and no project file yet."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "network.yaml").write_text(FLEET, encoding="utf-8")
    (tmp_path / "specs" / "torn.yaml").write_text("name: [", encoding="utf-8")
    return tmp_path


def test_specs_and_targets_are_completed(project: Path) -> None:
    """The project's, whatever is wrong with one of them; without a project those of `specs`, and no keys."""
    specs = ["specs/network.yaml", "specs/torn.yaml"]
    alone = complete(project, "check ")
    (project / "gen-endpoints.yaml").write_text('gen_endpoints: "9.9"\nspecs: [specs/*.yaml]\n', encoding="utf-8")

    assert alone == specs
    assert complete(project, "drift ") == [specs[0], "shop-prod", "shop/dev", specs[1]]
    assert complete(project, "verify specs/network.yaml:shop-") == ["specs/network.yaml:shop-prod"]
    assert complete(project, "show shop-", "fish") == ["shop-prod\ttarget of specs/network.yaml"]


def test_where_nothing_is_known_the_shell_offers_files(tmp_path: Path) -> None:
    """Without a project and a folder of specs, or where the project can't be read, there is nothing, and no trace."""
    without = complete(tmp_path, "render ")
    (tmp_path / "gen-endpoints.yaml").write_text("specs: [", encoding="utf-8")

    assert without == complete(tmp_path, "render ") == []


def _parameters(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, each in getattr(command, "commands", {}).items():
        yield from _parameters(each, f"{path} {name}")
    yield from ((f"{path} {each.metavar}", each) for each in command.params)


def test_every_command_completes_its_specs_and_regions() -> None:
    """But for `targets add`, whose spec comes after its values."""
    asks = {
        where: bool(vars(each)["_custom_shell_complete"])
        for where, each in _parameters(get_command(cli.application()))
        if "SPEC" in str(each.metavar) or each.metavar == "REGION"
    }

    assert len(asks) >= 20
    assert [where for where, is_completed in asks.items() if not is_completed] == [" targets add NAME=VALUE... [SPEC]"]
