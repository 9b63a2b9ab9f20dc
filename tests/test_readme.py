"""README's console blocks that need neither AWS nor Terraform, in the clone; those that do are in tests/terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import stories

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS = [each for each in stories.blocks() if "terraform" not in stories.commands(each)]
SET_UP = BLOCKS[0]


@pytest.mark.parametrize("number", range(1, len(BLOCKS)))
def test_a_block_runs_as_written(tmp_path: Path, number: int) -> None:
    """Each command does what README says, and prints what it shows."""
    told = stories.objections(BLOCKS[number], stories.clone(tmp_path), stories.environment(tmp_path, {}))

    assert told == [], "\n".join(told)


def test_two_commands_set_up() -> None:
    """They make an environment and install into it what is here, with what asks AWS; test_wheel installs it."""
    assert len(SET_UP) == 2
    assert "pip install '.[aws]'" in stories.commands(SET_UP)
