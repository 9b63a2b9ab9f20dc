"""The options of the tests: writing golden files anew, and how much of the edits is tried."""

from __future__ import annotations

import os
import sys
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import pytest
import typer

from generator.hcl import parser as hcl_parser
from tests.golden import Golden

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ["COLUMNS"] = "1000"  # whatever terminal the tests run in; test_table has what fits narrower ones
os.environ["GEN_ENDPOINTS_OUTPUT"] = "full"  # of findings tests see all, though they run in pipes
os.environ.pop("CI", None)  # whose machine it is, too: where it is set nothing is kept, and tests of that set it
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the tool is started a thousand times: as on a user's machine, it
sys.dont_write_bytecode = False  # is compiled once and not each time, which would take longer than what it does


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    parser.addoption("--write", action="store_true", help="write the golden files; other tests do not run")
    parser.addoption("--edits", default="", help="the edits of tests/terraform/edits to try, NAME,NAME; all by default")
    parser.addoption("--repetitions", type=int, default=2, help="how often each edit is tried; `make edits` takes 20")
    parser.addoption("--mutations", type=int, default=1000, help="how many damaged answers are tried")
    parser.addoption(
        "--estates", type=int, default=0, help="how many estates by chance are adopted, if not the usual number"
    )
    parser.addoption("--seed", type=int, default=20261126, help="the seed of what is tried by chance")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--write`, keep the tests that write something."""
    if config.getoption("--write"):
        items[:] = [item for item in items if "golden" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Leave the user's own key alone, and what the user's runs kept."""
    for name in ("STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(tmp_path_factory.mktemp(name.lower()))


@pytest.fixture(scope="session", autouse=True)
def _commands_built_once() -> Iterator[None]:
    """Build the options of all commands once, and not each time that a test runs one: that is a third of most runs."""
    build = typer.main.get_command

    @cache
    def built(of: typer.Typer, _commands: int) -> object:
        return build(of)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("typer.main.get_command", "typer.testing._get_command"):
            patch.setattr(name, lambda of: built(of, len(of.registered_commands) + len(of.registered_groups)))
        yield


@pytest.fixture(scope="session", autouse=True)
def _texts_parsed_once() -> Iterator[None]:
    """Have python-hcl2 read a text once, and not once for each test whose cache is empty: it reads the same again."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("parse", "read"):
            patch.setattr(hcl_parser, name, lru_cache(maxsize=5000)(getattr(hcl_parser, name)))
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return what compares a file with what the test has, or writes it."""
    return Golden(test=request.node.nodeid, write=request.config.getoption("--write"))
