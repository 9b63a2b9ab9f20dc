"""A run builds the command that it was given; who asks for anything else gets the application whole."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from generator import cli
from generator.cli.app import MODULES
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = "adopt bundles cost drift init modules policies preflight reference services services_refresh verify"


def _modules(command: object) -> Iterator[str]:
    """Yield the modules that a command's functions stand in, those of its own commands too."""
    if isinstance(command, TyperGroup):
        for inner in command.commands.values():
            yield from _modules(inner)
    else:
        yield getattr(command, "callback", None).__module__


def test_each_command_stands_where_it_is_looked_for() -> None:
    """The table of modules names, for each command, the modules that have it, and no other."""
    group = get_command(cli.application())

    assert isinstance(group, TyperGroup)
    assert {name: {*_modules(command)} for name, command in group.commands.items()} == {
        name: {f"generator.cli.{module}" for module in modules} for name, modules in MODULES.items()
    }


@pytest.mark.parametrize(
    ("given", "built"),
    [
        (["validate"], "modules"),
        (["services"], "services services_refresh"),
        (["preflight"], "preflight"),
        *((given, ALL) for given in ([], ["--help"], ["validat"], ["--version"], ["--"])),
    ],
)
def test_a_run_builds_one_command(given: list[str], built: str) -> None:
    """No module of another command is imported; options, and slips of the pen, see every command."""
    code = f"""
import sys
from generator import cli
cli.application(*{given})
everything = sorted({{name for modules in cli.MODULES.values() for name in modules}})
print(*(name for name in everything if f'generator.cli.{{name}}' in sys.modules))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout == f"{built}\n"
