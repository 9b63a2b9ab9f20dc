"""What was read is remembered, and what can't be compared is known as such."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator.source.reading import Reading, state
from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_has_the_state_that_was_read(tmp_path: Path) -> None:
    """A file's state is what it holds; that there is none is a state too."""
    file, reading = tmp_path / "a", Reading()
    file.write_bytes(b"one")

    assert reading(file) == b"one"
    with pytest.raises(FileNotFoundError):
        reading(tmp_path / "b")
    with pytest.raises(NotADirectoryError):
        reading(file / "c")
    assert reading.is_sure()
    assert {name: state(tmp_path / name) for name in reading.states} == reading.states
    file.write_bytes(b"two")
    assert state(file) != reading.states[str(file)]


def test_what_cannot_be_read_is_not_sure(tmp_path: Path) -> None:
    """A folder, or a name that no file can have, compares with nothing."""
    folder, nameless = Reading(), Reading()
    with pytest.raises(IsADirectoryError):
        folder(tmp_path)
    with pytest.raises(ValueError, match="null byte"):
        nameless(tmp_path / "\0")

    assert not folder.is_sure()
    assert not nameless.is_sure()


def test_what_changes_between_two_readings_is_not_sure(tmp_path: Path) -> None:
    """A file that is read twice and held two things was read in no state that there ever was as a whole."""
    reading = Reading()
    for content in (b"one", b"two", b"two"):
        (tmp_path / "a").write_bytes(content)
        reading(tmp_path / "a")

    assert not reading.is_sure()


def test_nothing_is_read_past_it() -> None:
    """Whatever `understand` opens outside the package, for any example, it opens through what it is given."""
    code = """
import sys
from pathlib import Path
from generator.reading import Reading
from generator.understand import understand
root = Path.cwd()
specs = sorted((*root.glob("specs/*.yaml"), *root.glob("tests/valid/*.yaml")))
opened = set()
sys.addaudithook(lambda event, given: opened.add(str(given[0])) if event == "open" else None)
reading = Reading()
for spec in specs:
    understand(str(spec), read_bytes=reading)
own = {path for path in opened if path.startswith((str(root / "specs"), str(root / "tests")))}
print(own == set(reading.states), len(own) > len(specs))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout == "True True\n"
