"""What is kept between runs comes back as it was, or not at all."""

from __future__ import annotations

import hashlib
import os
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


def test_what_is_kept_is_data_and_private(tmp_path: Path) -> None:
    """Under any umask: one file of JSON in a folder, neither of which others can write."""
    before = os.umask(0)
    try:
        cache = memory.Cache(tmp_path)
        facts.read_back(generated(SPECS[0]).files, cache.known)
        cache.save()
    finally:
        os.umask(before)
    (folder,) = tmp_path.iterdir()
    (file,) = folder.iterdir()

    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777, file.name) == (0o700, 0o600, "shapes.json")
    assert memory.Cache(tmp_path).known == cache.known


@pytest.mark.parametrize("which", ["shapes-*", "shapes-*/shapes.json"])
def test_what_others_can_write_is_not_believed(which: str, tmp_path: Path) -> None:
    """A folder or a file that others can write is as good as none."""
    cache = memory.Cache(tmp_path)
    facts.read_back(generated(SPECS[0]).files, cache.known)
    cache.save()
    (shared,) = tmp_path.glob(which)
    shared.chmod(0o777)

    assert memory.Cache(tmp_path).known == {}


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


@pytest.mark.parametrize(
    "kept", ["not json", '{"x":{"$":"Nope"}}', "[1]", '{"x":{"$":"Block","zz":1}}', '{"x":1}', "[" * 100_000]
)
def test_what_has_a_right_digest_and_a_wrong_form_is_forgotten(kept: str) -> None:
    """Whoever can write the file can write its digest too: what has another form is as good as none."""
    assert memory.loads(f"{hashlib.sha256(kept.encode()).hexdigest()} {kept}\n") == {}
