"""Files that are read; the one place that says why a file can't be."""

from __future__ import annotations

from pathlib import Path

from generator.source.diagnostics import Code, Place, Refused
from generator.source.text import LARGEST

NO_FILE = Code("E030")


def bytes_of(path: Path, largest: int = LARGEST) -> bytes:
    """Return what a file holds, or one byte more than may be taken: some files have no end.

    Raises OSError as the system does, and ValueError for a name that no file can have.
    """
    with path.open("rb") as file:
        return file.read(largest + 1)


def plain_bytes_of(path: Path, largest: int = LARGEST) -> bytes:
    """Return what a file holds, as `bytes_of` does; of a pipe or a device nothing, for neither need end."""
    is_special = path.exists() and not (path.is_file() or path.is_dir())
    return b"" if is_special else bytes_of(path, largest)


def contents(path: str, largest: int = LARGEST) -> bytes:
    """Return what a file holds, as `bytes_of` does; raises Refused (E030) where it can't be read."""
    try:
        return bytes_of(Path(path), largest)
    except (OSError, ValueError) as error:
        place = Place(path if isinstance(error, OSError) else repr(path))  # a NUL in the name
        raise Refused([NO_FILE.at(place, f"can't be read: {reason(error)}")]) from error


def reason(error: Exception) -> str:
    """Return why the system did not do what it was asked, in its own words."""
    return getattr(error, "strerror", None) or str(error)
