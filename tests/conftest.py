"""The option that writes golden files anew."""

from __future__ import annotations

import pytest

from tests.golden import Golden


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--write`."""
    parser.addoption("--write", action="store_true", help="write the golden files; other tests do not run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--write`, keep the tests that write something."""
    if config.getoption("--write"):
        items[:] = [item for item in items if "golden" in getattr(item, "fixturenames", ())]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return what compares a file with what the test has, or writes it."""
    return Golden(test=request.node.nodeid, write=request.config.getoption("--write"))
