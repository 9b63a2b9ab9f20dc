"""Files that are read; the one place that says why a file can't be."""

from __future__ import annotations

import sys
from pathlib import Path

from generator.source.diagnostics import Code, Place, Refused
from generator.source.text import LARGEST_FILE, TOO_LARGE

NO_FILE = Code("E030")
LARGEST_ANSWER = 64 * 2**20
"""The most bytes that a file with answers of AWS may have."""


def bytes_of(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return what a file holds, or one byte more than may be taken: some files have no end.

    Raises OSError as the system does, and ValueError for a name that no file can have.
    """
    with path.open("rb") as file:
        return file.read(largest + 1)


def plain_bytes_of(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return what a file holds, as `bytes_of` does; of a pipe or a device nothing, for neither need end."""
    is_special = path.exists() and not (path.is_file() or path.is_dir())
    return b"" if is_special else bytes_of(path, largest)


def contents(path: str, largest: int = LARGEST_FILE) -> bytes:
    """Return what a file holds, as `bytes_of` does; raises Refused (E030) where it can't be read."""
    try:
        return bytes_of(Path(path), largest)
    except (OSError, ValueError) as error:
        place = Place(path if isinstance(error, OSError) else repr(path))  # a NUL in the name
        raise Refused([NO_FILE.at(place, f"can't be read: {reason(error)}")]) from error


def answer(file: str) -> bytes:
    """Return what a file with answers of AWS holds, or standard input for `-`; raises Refused (E030, E013)."""
    if file != "-" and Path(file).exists() and not Path(file).is_file():
        message = "can't be read: it is not a plain file"
        raise Refused([NO_FILE.at(Place(file), message, "have a pipe at standard input: COMMAND | … --from -")])
    read = sys.stdin.buffer.read(LARGEST_ANSWER + 1) if file == "-" else contents(file, LARGEST_ANSWER)
    if len(read) > LARGEST_ANSWER:
        message, fix = "the file is larger than 64 MiB", "ask for one VPC: --filters Name=vpc-id,Values=VPC"
        raise Refused([TOO_LARGE.at(Place(file), message, fix)])
    return read


def reason(error: Exception) -> str:
    """Return why the system did not do what it was asked, in its own words."""
    return getattr(error, "strerror", None) or str(error)
