"""What was read before: the shapes that python-hcl2 has parsed, and what it read in them.

The same text always reads the same, so a shape that was read once with the same parser and the same code of ours need
not be read again; a warm run never imports the parser. The tool comes with the shapes of its examples
(`data/shapes.txt`, which `scripts/write_docs.py` has python-hcl2 read); those of other runs are kept in a folder that
is its owner's alone. It is data and no code, and a claim at most: `certain` sees that it says what the text says,
whoever wrote the file. All of it can be lost. `cli` says where the folder is.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generator.hcl.certain import is_certain
from generator.hcl.hcl import Block, Call, Expression

_LONGEST = 20_000  # characters: a longer shape is peculiar to one module
_MOST = 500  # shapes: enough for hundreds of specs, and read in a few milliseconds
_LARGEST = 16 * 2**20  # bytes, more than the most of the longest take
_OTHERS_WRITE, _OTHERS = 0o022, 0o077
_READERS = {
    "generator.hcl": ("certain.py", "facts.py", "hcl.py", "layout.py", "memory.py", "parser.py", "shapes.py"),
    "hcl2": ("hcl2.lark", "parser.py", "version.py"),
    "lark": ("__init__.py",),
}
_KIND = "$"  # in a shape each key that is no identifier reads `s n`
_KINDS = {"Block": Block, "Call": Call, "Expression": Expression}


class Known(dict[str, Block]):
    """The shapes that this run has read; what is only claimed of a shape becomes known once it is looked up."""

    def __init__(self, claimed: dict[str, str]) -> None:
        """Know nothing yet; `claimed` has lines of `dumps` by their digests."""
        super().__init__()
        self.claimed = claimed

    def __missing__(self, text: str) -> Block:
        """Return what was kept of a shape, if it says just that; raises KeyError where nothing was that does."""
        digest = _digest(text)
        for claimed in (self.claimed, _shipped()):
            block = _block(claimed.get(digest, ""))
            if block is not None and is_certain(block, text):
                self[text] = block
                return block
        raise KeyError(text)


class Cache:
    """The shapes that were read, in one folder; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        """Read what an earlier run kept; a folder that can't be made, or is not ours alone, is as good as none."""
        self._file: Path | None = None
        self.known = Known({})
        with suppress(OSError, UnicodeDecodeError):
            if folder is not None:
                kept = folder / f"shapes-{fingerprint()}"
                _own_folder(folder, _OTHERS_WRITE)
                _own_folder(kept, _OTHERS)
                self._file = kept / "shapes.txt"
                self.known = Known(loads(_own_text(self._file)))

    def save(self) -> None:
        """Keep what this run has read; a disk that is full costs the next run time and nothing else."""
        read = {text: block for text, block in self.known.items() if len(text) < _LONGEST}
        found = self.known.claimed | loads(dumps(read))
        if self._file is None or found == self.known.claimed:
            return
        lines = [*map(" ".join, found.items())][-_MOST:]
        temporary = self._file.with_name(f"shapes.{os.getpid()}")
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
            temporary.touch(0o600, exist_ok=False)
            temporary.chmod(0o600)
            temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            temporary.replace(self._file)


def _own_folder(folder: Path, closed: int) -> None:
    """Make a folder that is ours alone, whatever the umask; raises OSError where another stands for it."""
    if not os.path.lexists(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        folder.chmod(0o700)
    found = folder.lstat()
    if not (stat.S_ISDIR(found.st_mode) and _is_ours(found, closed)):
        raise PermissionError


def _own_text(file: Path) -> str:
    """Return what a file of ours alone holds; raises OSError for any other, whatever came in its place meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(file, flags), encoding="utf-8") as opened:
        found = os.fstat(opened.fileno())
        if not (stat.S_ISREG(found.st_mode) and _is_ours(found, _OTHERS) and found.st_size <= _LARGEST):
            raise PermissionError
        return opened.read()


def _is_ours(found: os.stat_result, closed: int) -> bool:
    """Tell whether a file or folder is ours, and closed to others."""
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & closed)


def fingerprint() -> str:
    """Return what changes when python-hcl2, lark or our own reading changes."""
    digest = hashlib.sha256()
    for package, names in _READERS.items():
        found = find_spec(package)
        folder = Path(found.origin).parent if found is not None and found.origin else Path()
        for name in names:
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def dumps(known: Mapping[str, Block]) -> str:
    """Return what was read in shapes, a line for each: the digest of the shape's text, and the block as JSON."""
    encode = json.JSONEncoder(default=_dumped, separators=(",", ":")).encode
    return "".join(f"{_digest(text)} {encode(block)}\n" for text, block in known.items())


def loads(text: str) -> dict[str, str]:
    """Return the blocks that `dumps` wrote, each as JSON, by the digests of their shapes."""
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)


@cache
def _shipped() -> dict[str, str]:
    return loads(resources.files("generator").joinpath("data", "shapes.txt").read_text(encoding="utf-8"))


def _block(kept: str) -> Block | None:
    """Return the block of a line that `dumps` wrote; None where it has another form, whoever wrote it."""
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        block = json.loads(kept, object_hook=_loaded)
        return block if isinstance(block, Block) else None
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _dumped(value: Block | Call | Expression) -> dict[str, Any]:
    """Return what JSON does not have as its fields, and what it is under a key that no object of a shape can have."""
    stated = {each.name: getattr(value, each.name) for each in fields(value)}
    return {_KIND: type(value).__name__} | {name: item for name, item in stated.items() if item}


def _loaded(dumped: dict[str, Any]) -> Any:
    """Return what was dumped; an object is itself."""
    for name, value in dumped.items():
        if isinstance(value, list):
            dumped[name] = _tuple(value)
    return _KINDS[dumped.pop(_KIND)](**dumped) if _KIND in dumped else dumped


def _tuple(items: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(item) if isinstance(item, list) else item for item in items)
