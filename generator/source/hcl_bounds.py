"""How much HCL that is not ours is read: python-hcl2 takes 18 µs and 0.6 KiB for each token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import TypeVar

from generator.source.text import LARGEST_FILE

_Key = TypeVar("_Key", str, Path)
LARGEST = 2**20
READ = 4 * LARGEST
"""Bytes of a file of Terraform: it is parsed up to so many characters as they surely have."""
_MOST = 150_000
_MOST_TOGETHER = 75_000
_TOKEN = re.compile(r"\w+|[^\w ]")


def is_too_long(text: str) -> bool:
    """Tell whether to read a text would take more than 5 s or 300 MiB."""
    return len(text) > LARGEST or (len(text) > _MOST and _tokens(text) > _MOST)


def _tokens(text: str) -> int:
    return sum(1 for _ in islice(_TOKEN.finditer(text), _MOST + 1))


def held_together(sizes: Mapping[_Key, int]) -> set[_Key]:
    """Return which of texts of these sizes are held: each that is as long as most, and the smallest of the others."""
    room = 2 * LARGEST_FILE
    large = sorted(sorted(key for key, size in sizes.items() if size > LARGEST), key=sizes.__getitem__)
    left = {key for key in large if sizes[key] > LARGEST_FILE or (room := room - sizes[key]) < 0}
    return {key for key in sizes if key not in left}


def read_together(files: Iterable[Path], read: Callable[[Path], bytes | None]) -> dict[Path, bytes | None]:
    """Return what the files of a folder hold, in their order; None for what `read` has none of, and is not read.

    So many are read as are parsed together in seconds, the smallest first: what alone is too long is not parsed.
    """
    files, found, room, parsed = [*files], dict[Path, bytes | None](), 2 * LARGEST, 0
    for file in sorted(files, key=lambda each: each.stat().st_size):
        content = read(file) if room > 0 else None
        room -= len(content or b"")
        its = _tokens(content.decode(errors="replace")) if content and len(content) <= LARGEST else 0
        its *= its <= _MOST
        is_much = parsed > 0 and parsed + its > _MOST_TOGETHER
        found[file], parsed = None if is_much else content, parsed if is_much else parsed + its
    return {file: found[file] for file in files}
