"""Where the spaces go."""

from pathlib import Path

import pytest

from generator.hcl import layout
from tests.golden import Golden

CASES = sorted((Path(__file__).parent / "layout").glob("*.in"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_text_gets_the_one_layout(case: Path, golden: Golden) -> None:
    """Text without layout becomes the text beside it."""
    golden(case.with_suffix(".out"), layout.format(case.read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_layout_is_a_fixed_point(case: Path) -> None:
    """Text that has the layout keeps it."""
    text = case.with_suffix(".out").read_text(encoding="utf-8")

    assert layout.format(text) == text
