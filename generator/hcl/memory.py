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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generator.hcl.certain import is_certain
from generator.hcl.hcl import Block, Call, Expression
from generator.hcl.patterns import Shapes
from generator.source.private import keep, own_bytes, own_folder

_LONGEST = 20_000  # characters: a longer shape is peculiar to one module
_MOST = 500  # shapes: enough for hundreds of specs, and read in a few milliseconds
_LARGEST = 16 * 2**20  # bytes, more than the most of the longest take
_READERS = {
    "generator.hcl": (
        "certain.py",
        "facts.py",
        "hcl.py",
        "layout.py",
        "memory.py",
        "parser.py",
        "patterns.py",
        "shapes.py",
    ),
    "hcl2": ("hcl2.lark", "parser.py", "version.py"),
    "lark": ("__init__.py",),
}
_KIND = "$"  # in a shape each key that is no identifier reads `s n`
_KINDS = {"Block": Block, "Call": Call, "Expression": Expression}


class Known(Shapes):
    """The shapes that this run has read; what is only claimed of a shape becomes known once it is looked up."""

    def __init__(self, claimed: dict[str, str]) -> None:
        """Know nothing yet; `claimed` has lines of `dumps` by their digests."""
        super().__init__()
        self.claimed = claimed
        self.believed: dict[str, str] = {}
        """The digests, by their texts, of those that were found to say just that."""

    def __missing__(self, text: str) -> Block:
        """Return what was kept of a shape, if it says just that; raises KeyError where nothing was that does."""
        digest = _digest(text)
        for claimed in (self.claimed, _shipped()):
            block = _block(claimed.get(digest, ""))
            if block is not None and is_certain(block, text):
                self[text] = block
                if claimed is self.claimed:
                    self.believed[text] = digest
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
                self._file = own_folder(folder, f"shapes-{fingerprint()}") / "shapes.txt"
                self.known = Known(loads(own_bytes(self._file, _LARGEST).decode()))

    def save(self) -> None:
        """Keep what this run has read; a disk that is full costs the next run time and nothing else."""
        claimed, believed = self.known.claimed, self.known.believed
        read = {text: block for text, block in self.known.items() if text not in believed and len(text) < _LONGEST}
        if self._file is None or not read:
            return
        found = loads(dumps(read))
        used = {digest: claimed[digest] for digest in believed.values()}
        found = {digest: line for digest, line in claimed.items() if digest not in used | found} | used | found
        lines = [*map(" ".join, found.items())][-_MOST:]
        with suppress(OSError):
            keep(self._file, "".join(f"{line}\n" for line in lines).encode())


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
    return loads((Path(__file__).parents[1] / "data" / "shapes.txt").read_text(encoding="utf-8"))


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
