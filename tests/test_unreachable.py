"""A path that the system does not even look at is a mistake in what was typed: no command ends as if it were our bug.

Each path stands in place of each word that a command is given, and at each of its options that takes a path.
"""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from generator import cli
from tests.test_harmless import GIVEN, NAMES, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ("run",)  # the fixture
LONG = "a" * 300
PATHS = ("locked/in.yaml", f"{LONG}.yaml", f"{LONG}/*.yaml", "circle")
_PAST_RIGHTS = 0b110
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


@pytest.fixture(autouse=True)
def _bound_by_rights() -> Iterator[None]:
    """Let go of what root may read in spite of a file's mode, for this thread."""
    if os.geteuid():
        yield
        return
    libc, head, had = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(head, had) == 0
    assert libc.capset(head, (ctypes.c_uint32 * 6)(had[0] & ~_PAST_RIGHTS, *had[1:])) == 0
    yield
    assert libc.capset(head, had) == 0


@pytest.fixture
def paths(run: Callable[[list[str]], int], tmp_path: Path) -> Iterator[Callable[[list[str]], int]]:
    """Have such paths where the commands run."""
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / "in.yaml").write_text("name: demo\n", encoding="utf-8")
    (tmp_path / "locked").chmod(0)
    (tmp_path / "circle").symlink_to("circle")
    yield run
    (tmp_path / "locked").chmod(0o700)


def options(name: str, command: Any = None) -> set[str]:
    """Return the options of a command, and of those below it, that take a path."""
    group: Any = None if command else get_command(cli.application())
    command = command or group.commands[name.partition("_")[0]]
    found = {each.opts[0] for each in command.params if {"FILE", "DIR"} & {*str(each.metavar).split("|")}}
    below = getattr(command, "commands", {}).values()
    return {each for each in found if each.startswith("--")}.union(*(options(name, each) for each in below))


def test_options_are_found() -> None:
    """As those that every spec's command has."""
    assert {"--project", "--templates", "--out"} <= options("render")


@pytest.mark.parametrize("name", NAMES)
def test_no_path_is_a_bug(name: str, paths: Callable[[list[str]], int]) -> None:
    """Each at each place; the fixture looks at the exit code."""
    words = GIVEN[name][0]
    first = 2 if name == "services_refresh" else 1
    for path in PATHS:
        lines = [[*words[:at], path, *words[at + 1 :]] for at in range(first, len(words)) if words[at][0] != "-"]
        for line in [*lines, [*words[:first], path], *([*words, option, path] for option in sorted(options(name)))]:
            paths(line)
