"""Files that are read, and remembered: what each held, or that there was none, so that it can be compared later."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from generator.source.text import LARGEST

if TYPE_CHECKING:
    from pathlib import Path

_NONE = "none"  # there is no such file
_ODD = "odd"  # it can't be read, or held another thing each time: nothing compares equal to it


def bytes_of(path: Path) -> bytes:
    """Return what a file holds, or one byte more than `source` takes: some files have no end."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


class Reading:
    """Reads files as `bytes_of` does; `states` says of each what it held."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.states: dict[str, str] = {}

    def __call__(self, path: Path) -> bytes:
        """Return what a file holds; raises what the system raises, or ValueError for a name that can be none."""
        state = _ODD
        try:
            content = bytes_of(path)
            state = digest(content)
        except (FileNotFoundError, NotADirectoryError):
            state = _NONE
            raise
        finally:
            self.states[str(path)] = state if self.states.get(str(path), state) == state else _ODD
        return content

    def is_sure(self) -> bool:
        """Tell whether each file held one thing, or was not there."""
        return _ODD not in self.states.values()


def digest(content: bytes) -> str:
    """Return what stands for a content."""
    return sha256(content).hexdigest()


def state(path: Path) -> str:
    """Return what a file holds, as `Reading.states` has it; raises as `Reading` does where it can't be read."""
    try:
        return digest(bytes_of(path))
    except (FileNotFoundError, NotADirectoryError):
        return _NONE
