"""What is kept between runs comes back as it was, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.hcl import facts, memory
from tests.cases import SPECS, generated

if TYPE_CHECKING:
    from pathlib import Path

    from generator.hcl.hcl import Block


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_was_read_comes_back(spec: Path) -> None:
    """Every shape of every example survives, and means the same the next time."""
    files = generated(spec).files
    known: dict[str, Block] = {}
    first = facts.read_back(files, known=known)
    again = memory.loads(memory.dumps(known))

    assert again == known
    assert facts.read_back(files, known=again) == first


@pytest.mark.parametrize("spec", SPECS[:1], ids=lambda spec: spec.stem)
def test_damage_is_forgotten(spec: Path) -> None:
    """A damaged memory is no memory, and no error: whatever character is another, or gone, from some point on."""
    known: dict[str, Block] = {}
    facts.read_back(generated(spec).files, known=known)
    text = memory.dumps(known)
    for position in range(0, len(text) - 1, 97):
        other = "[" if text[position] != "[" else "{"

        assert memory.loads(text[:position]) == {}
        assert memory.loads(text[:position] + other + text[position + 1 :]) == {}
