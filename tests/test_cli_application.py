"""A run builds the command that it was given; who asks for anything else gets the application whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from generator import cli
from generator.cli import commands
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMANDS = sorted(module.name for module in iter_modules(commands.__path__))


def _modules(command: object) -> Iterator[str]:
    """Yield the modules that a command's functions stand in, those of its own commands too."""
    if isinstance(command, TyperGroup):
        for inner in command.commands.values():
            yield from _modules(inner)
    else:
        yield getattr(command, "callback", None).__module__


def test_each_command_stands_where_it_is_looked_for() -> None:
    """A module of `commands` bears the name of the command that it has, a command of a command after it."""
    group = get_command(cli.application())

    assert isinstance(group, TyperGroup)
    assert {name: {*_modules(command)} for name, command in group.commands.items()} == {
        name: {f"{commands.__name__}.{each}" for each in COMMANDS if each == name or each.startswith(f"{name}_")}
        for name in {each.partition("_")[0] for each in COMMANDS}
    }


def test_help_and_docs_have_one_order() -> None:
    """Commands are listed as a user comes to need them, and every command has its place there."""
    shown = CliRunner().invoke(cli.application(), ["--help"]).output
    listed = re.findall(r"^  ([a-z]+)  ", shown, re.MULTILINE)
    sections = re.findall(r"^## gen-endpoints ([a-z]+)$", (ROOT / "docs" / "commands.md").read_text(), re.MULTILINE)

    assert (listed[0], sorted(listed)) == ("init", sorted(each for each in COMMANDS if "_" not in each))
    assert sections == listed
    assert "\nCommands:\n" not in shown, "a command has no place in GROUPS of app.py"


def test_a_summary_is_whole_in_80_columns() -> None:
    """What a command does is said in its first sentence, which no terminal cuts."""
    output = CliRunner().invoke(cli.application(), ["--help"], terminal_width=80).output

    assert "..." not in output.partition("COMMAND [ARGS]...")[2]
    assert max(map(len, output.splitlines())) <= 80


def test_a_log_ends_with_the_conclusion(tmp_path: Path) -> None:
    """What goes to standard error comes after what was printed before it, where both go to one file."""
    spec = str(ROOT / "specs" / "band-up.yaml")
    shutil.copytree(ROOT / "out" / "band-up", tmp_path / "band-up")
    (tmp_path / "band-up" / "main.tf").write_text("# of another day\n", encoding="utf-8")
    command = [sys.executable, "-m", "generator", "check", spec, "--out", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

    assert run.returncode == 4
    assert run.stdout.splitlines()[-1].startswith("out of date; ")


@pytest.mark.parametrize(
    ("given", "built"),
    [
        (["validate"], ["validate"]),
        (["services"], ["services", "services_refresh"]),
        (["preflight"], ["preflight"]),
        *((given, COMMANDS) for given in ([], ["--help"], ["validat"], ["--version"], ["--"])),
    ],
)
def test_a_run_builds_one_command(given: list[str], built: list[str]) -> None:
    """No module of another command is imported; options, and slips of the pen, see every command."""
    code = f"""
import sys
from generator import cli
cli.application(*{given})
print(*sorted(name.rpartition('.')[2] for name in sys.modules if name.startswith('{commands.__name__}.')))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout == f"{' '.join(built)}\n"
