"""What the tests with Terraform share. A machine that lacks Terraform or the AWS provider fails them, and says so."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

import pytest

from . import providers as provider_releases
from . import runner
from .bench import Bench, present
from .emulated_aws import EmulatedAws, emulated_aws
from .relay import relayed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .providers import Provider


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the test that takes as long as a hundred others, which else the last process ends alone with."""
    items.sort(key=lambda item: item.name != "test_no_edit_hurts")


@pytest.fixture(scope="session")
def terraform_command() -> tuple[str, ...]:
    """Return the command that runs Terraform."""
    return present(runner.found(), runner.MISSING)


@pytest.fixture(scope="session")
def providers() -> tuple[Provider, ...]:
    """Return the releases of the AWS provider on this machine, the oldest first."""
    return present(provider_releases.found(), provider_releases.MISSING)


@pytest.fixture(scope="session")
def emulator() -> Iterator[EmulatedAws]:
    """Run one emulated AWS for this process of the test run."""
    with emulated_aws() as emulated:
        yield emulated


@pytest.fixture
def aws(emulator: EmulatedAws) -> EmulatedAws:
    """Return the emulated AWS with nothing in it."""
    emulator.forget()
    return emulator


@pytest.fixture(scope="session")
def attached() -> Iterator[Callable[[Provider], str]]:
    """Return what starts a provider once for this process of the test run."""
    with ExitStack() as running:

        @cache
        def attach(provider: Provider) -> str:
            served = running.enter_context(runner.served(provider.program()))
            return running.enter_context(relayed(served))

        yield attach


@pytest.fixture
def bench(
    terraform_command: tuple[str, ...],
    providers: tuple[Provider, ...],
    aws: EmulatedAws,
    attached: Callable[[Provider], str],
    tmp_path: Path,
) -> Bench:
    """Return a bench at which to work on a module."""
    return Bench(terraform_command, providers, aws, tmp_path, attached)
