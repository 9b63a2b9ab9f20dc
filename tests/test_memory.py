"""What is kept between runs comes back as it was, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator import facts, memory
from tests.cases import SPECS, generated

if TYPE_CHECKING:
    from pathlib import Path

    from generator.hcl import Block


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_was_read_comes_back(spec: Path) -> None:
    """Every shape of every example survives, and means the same the next time."""
    files = generated(spec).files
    known: dict[str, Block] = {}
    first = facts.read_back(files, known=known)
    again = memory.loads(memory.dumps(known))

    assert again == known
    assert facts.read_back(files, known=again) == first


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", '{"a": 1}', '{"a": [1, 2, 3]}', '{"a": ["x", [], {"y": ["z"]}, []]}']
)
def test_damage_is_forgotten(text: str) -> None:
    """A damaged memory is no memory, and no error."""
    assert memory.loads(text) == {}
