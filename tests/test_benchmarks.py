"""The benchmarks run; what they measure is no matter of tests."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from benchmarks.run import Bench, at_most

if TYPE_CHECKING:
    from pathlib import Path


def test_a_goal_can_fail() -> None:
    """A figure over its limit fails, one at it holds."""
    assert not at_most("x", 1.0, 1.01).holds
    assert at_most("x", 1.0, 1.0).holds


def test_scale_is_measured(tmp_path: Path) -> None:
    """On tiny sizes, every figure of the scale rows comes out."""
    assert len(Bench(tmp_path, quick=True).at_scale()) == 4


def test_what_people_run_is_measured(tmp_path: Path) -> None:
    """A first run, an edited spec, a fleet."""
    assert len(Bench(tmp_path, quick=True).starts()) == 8
    assert len(Bench(tmp_path, quick=True).of_fleets()) == 8


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium: make browser installs it")
def test_a_page_is_measured(tmp_path: Path) -> None:
    """It opens and is searched in."""
    assert len(Bench(tmp_path, quick=True).of_a_page()) == 3


@pytest.mark.skipif(find_spec("cookiecutter") is None or find_spec("copier") is None, reason="needs the extra `bench`")
def test_peers_are_measured(tmp_path: Path) -> None:
    """The peers render the same files, and are measured in turn with us."""
    assert len(Bench(tmp_path, quick=True).against_peers()) == 4
