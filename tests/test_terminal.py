"""What each command prints at 60, 80 and 120 columns, its help first: a file of tests/terminal for each.

Look at them as a terminal shows them, in light and dark, when they change: `git diff` shows which.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner
from wcwidth import wcswidth

from generator import cli
from generator.cli import commands
from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.golden import Golden

FOLDER = ROOT / "tests" / "terminal"
WIDTHS = (60, 80, 120)
MOST = 70
"""Lines of a command's output that stand here: those after them look the same."""
SHOWN = {
    "adopt": ["adopt --region eu-west-1 --vpc app -o new.yaml --from aws.json"],
    "bundles": ["bundles", "bundles ecs-fargate"],
    "check": ["check specs/demo.yaml"],
    "cost": ["cost specs/demo.yaml"],
    "diff": ["diff specs/demo.yaml"],
    "draw": ["draw specs/demo.yaml -o demo.svg"],
    "drift": ["drift specs/demo.yaml --from aws.json"],
    "explain": ["explain W216"],
    "init": ["init app --region eu-west-1 --vpc app --subnet private-a,private-b --bundle ecs-fargate -o app.yaml"],
    "page": ["page specs -o site"],
    "policies": ["policies", "policies ecr-layers --region eu-west-1"],
    "preflight": ["preflight specs/demo.yaml --from aws.json"],
    "render": ["render specs/demo.yaml --dry-run", "render specs/demo.yaml", "render specs --out new"],
    "schema": ["schema"],
    "services": ["services ecr", "services ecr --region eu-west-1", "services ecr.dkr"],
    "services_refresh": ["services refresh --region ap-southeast-1 --from services.json"],
    "show": ["show out/demo", "show specs/network.yaml", "show --resolved specs/network.yaml:orders-dev"],
    "targets": ["targets specs/network.yaml"],
    "templates": ["templates", "templates README.md.j2"],
    "validate": ["validate specs wrong.yaml --output full"],
    "verify": ["verify specs/demo.yaml --from aws.json", "verify specs --from aws.json --quiet"],
}
"""What is printed of each command beside its help."""
NAMES = sorted(module.name for module in iter_modules(commands.__path__))
COPIED = re.compile(
    r"[+@ -]|\S+: [EW]\d{3} |.*  # |[ {}\]]*\"|\s*(fix|next|there|spec)[:,] |.*--|\$ |\||(wrong|specs)\S* would"
)
"""What is not folded, since it is copied or read by programs: diffs, findings and fixes, commands, YAML, JSON."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a module whose spec was edited since, with other specs, and with what AWS says."""
    folder = tmp_path_factory.mktemp("terminal")
    spec = (ROOT / "tests" / "drift" / "spec.yaml").read_text(encoding="utf-8")
    aws = json.loads((ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8"))
    sqs, s3, kms, *_ = aws["VpcEndpoints"]
    sqs["Tags"][0]["Value"] = "other"
    kms |= {"PrivateDnsEnabled": False, "State": "pending"}
    aws["VpcEndpoints"].remove(s3)
    page = (ROOT / "docs" / "fleets.md").read_text(encoding="utf-8")
    (folder / "specs").mkdir()
    (folder / "specs" / "demo.yaml").write_text(spec, encoding="utf-8")
    (folder / "specs" / "network.yaml").write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    (folder / "aws.json").write_text(json.dumps(aws), encoding="utf-8")
    shutil.copy(ROOT / "tests" / "data" / "describe_vpc_endpoint_services.json", folder / "services.json")
    os.utime(folder / "services.json", (1_790_000_000, 1_790_000_000))
    shutil.copy(ROOT / "tests" / "findings" / "wrong.yaml", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        _printed("render specs/demo.yaml")
    for old, new in (("name: queue", "name: jobs"), ("  s3:", "  logs: {service: logs}\n  s3:"), ("1.10}", "1.11}")):
        spec = spec.replace(old, new)
    (folder / "specs" / "demo.yaml").write_text(spec, encoding="utf-8")
    return folder


def _printed(command: str) -> str:
    width = min(int(os.environ["COLUMNS"]), 80) - 2  # as a command does by itself
    application, words = cli.application(), shlex.split(command)
    output = CliRunner().invoke(application, words, prog_name="gen-endpoints", terminal_width=width).output
    shown = output.splitlines()
    more = [f"# {len(shown) - MOST} lines more"] if len(shown) > MOST else []
    return "\n".join([f"$ gen-endpoints {command}", *shown[:MOST], *more, ""])


def test_every_command_is_here() -> None:
    """And there is no file of a command that there is not."""
    assert [name for name in NAMES if name not in SHOWN] == []
    names = {f"{name}.{width}.txt" for name in (*NAMES, "gen-endpoints") for width in WIDTHS}
    assert {each.name for each in FOLDER.iterdir()} == names


@pytest.fixture
def _here(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a copy of the folder."""
    shutil.copytree(folder, tmp_path / "x")
    monkeypatch.chdir(tmp_path / "x")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*NAMES, "gen-endpoints"])
def test_what_is_printed(name: str, width: int, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    """No line is wider than the terminal, but for one word and for what is copied."""
    monkeypatch.setenv("COLUMNS", str(width))
    words = name.removeprefix("gen-endpoints").replace("_", " ")
    text = "\n".join(map(_printed, [f"{words} --help".lstrip(), *SHOWN.get(name, ())]))
    wide = [line for line in text.splitlines() if wcswidth(line) > width and len(line.split()) > 2]

    golden(FOLDER / f"{name}.{width}.txt", text)
    assert [line for line in wide if not COPIED.match(line)] == []
