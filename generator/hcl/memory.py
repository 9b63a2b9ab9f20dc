"""What is kept from run to run: the shapes that python-hcl2 has parsed, and what it read in them.

The same text always reads the same, so a shape that was read once with the same parser and the same code of ours need
not be read again; a warm run never imports the parser. What is kept is data and no code, in a folder that is its
owner's alone; all of it can be lost. `cli` says where the folder is.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generator.hcl.hcl import Block, Call, Expression

_LONGEST = 20_000  # characters: a longer shape is peculiar to one module
_MOST = 500  # shapes: enough for hundreds of specs, and read in a few milliseconds
_OTHERS_WRITE = 0o022
_READERS = {
    "generator.hcl": ("facts.py", "hcl.py", "layout.py", "memory.py", "parser.py", "shapes.py"),
    "hcl2": ("hcl2.lark", "parser.py", "version.py"),
    "lark": ("__init__.py",),
}
_KIND = "$"  # in a shape each key that is no identifier reads `s n`
_KINDS = {"Block": Block, "Call": Call, "Expression": Expression}


class Cache:
    """The shapes that were read, in one folder; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        """Read what an earlier run kept; a folder that can't be made, or that others can write, is as good as none."""
        self.known: dict[str, Block] = {}
        self._file: Path | None = None
        with suppress(OSError, UnicodeDecodeError):
            if folder is not None:
                kept = folder / f"shapes-{fingerprint()}"
                kept.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file = kept / "shapes.json" if _is_private(kept) else None
                if self._file is not None and _is_private(self._file):
                    self.known = loads(self._file.read_text(encoding="utf-8"))
        self._before = len(self.known)

    def save(self) -> None:
        """Keep what this run has read; a disk that is full costs the next run time and nothing else."""
        if self._file is None or len(self.known) == self._before:
            return
        kept = {text: block for text, block in self.known.items() if len(text) < _LONGEST}
        temporary = self._file.with_name(f"shapes.{os.getpid()}")
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
            temporary.touch(0o600, exist_ok=False)
            temporary.write_text(dumps(dict(list(kept.items())[-_MOST:])), encoding="utf-8")
            temporary.replace(self._file)


def _is_private(path: Path) -> bool:
    """Tell whether a file or folder is ours, and nobody else can write it: what it holds is believed."""
    found = path.lstat()
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE)


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
    """Return shapes and what was read in them as one line of JSON behind its digest."""
    kept = json.dumps(known, default=_dumped, separators=(",", ":"))
    return f"{_digest(kept)} {kept}\n"


def loads(text: str) -> dict[str, Block]:
    """Return the shapes that `dumps` wrote; none where the text is damaged."""
    digest, _, kept = text.removesuffix("\n").partition(" ")
    if digest != _digest(kept):
        return {}
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):  # a digest is no proof of form
        known = json.loads(kept, object_hook=_loaded)
        if isinstance(known, dict) and all(isinstance(each, Block) for each in known.values()):
            return known
    return {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
