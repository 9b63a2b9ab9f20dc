"""What is kept from run to run: the shapes that python-hcl2 has parsed, and what it read in them.

The same text always reads the same, so a shape that was read once with the same parser and the same code of ours need
not be read again; a warm run never imports the parser. What is kept is data and no code, in a folder that is its
owner's alone; all of it can be lost. `cli` says where the folder is.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from generator.hcl.hcl import Block, Call, Expression, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_LONGEST = 20_000  # characters: a longer shape is peculiar to one module
_MOST = 500  # shapes: enough for hundreds of specs, and read in a few milliseconds
_OTHERS_WRITE = 0o022


class Cache:
    """The shapes that were read, in one folder; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        """Read what an earlier run kept; a folder that can't be made, or that others can write, is as good as none."""
        self.known: dict[str, Block] = {}
        self._file: Path | None = None
        with suppress(OSError):
            if folder is not None:
                kept = folder / f"shapes-{fingerprint()}"
                kept.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file = kept / "shapes.json" if _is_private(kept) else None
        if self._file is not None:
            with suppress(OSError, UnicodeDecodeError):
                if _is_private(self._file):
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
            with os.fdopen(
                os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as to:
                to.write(dumps(dict(list(kept.items())[-_MOST:])))
            temporary.replace(self._file)


def _is_private(path: Path) -> bool:
    """Tell whether a file or folder is ours, and nobody else can write it: what it holds is believed."""
    found = path.lstat()
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE)


def fingerprint() -> str:
    """Return what changes when python-hcl2, lark or our own reading changes."""
    ours = (
        Path(__file__).with_name(name)
        for name in ("facts.py", "hcl.py", "layout.py", "memory.py", "parser.py", "shapes.py")
    )
    digest = hashlib.sha256()
    for path in (*ours, *_theirs("hcl2", ("hcl2.lark", "parser.py", "version.py")), *_theirs("lark", ("__init__.py",))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _theirs(package: str, names: Iterable[str]) -> Iterable[Path]:
    found = find_spec(package)
    folder = Path(found.origin).parent if found is not None and found.origin else Path()
    return (folder / name for name in names)


def dumps(known: Mapping[str, Block]) -> str:
    """Return shapes and what was read in them as one line of JSON behind its digest."""
    kept = json.dumps({text: _dumped(block) for text, block in known.items()}, separators=(",", ":"))
    return f"{_digest(kept)} {kept}\n"


def loads(text: str) -> dict[str, Block]:
    """Return the shapes that `dumps` wrote; none where the text is damaged."""
    digest, _, kept = text.removesuffix("\n").partition(" ")
    if digest != _digest(kept):
        return {}
    return {shape: _loaded(block) for shape, block in json.loads(kept).items()}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _dumped(block: Block) -> Any:
    arguments = {name: _dumped_value(value) for name, value in block.arguments.items()}
    return [block.type, block.labels, arguments, [_dumped(inner) for inner in block.blocks]]


def _loaded(dumped: Any) -> Block:
    kind, labels, arguments, blocks = dumped
    return Block(
        type=kind,
        labels=tuple(labels),
        arguments={name: _loaded_value(value) for name, value in arguments.items()},
        blocks=tuple(_loaded(inner) for inner in blocks),
    )


def _dumped_value(value: Value) -> Any:
    """Return a value as JSON: itself where JSON has it, else a list that begins with what it is."""
    if isinstance(value, Expression):
        return ["expression", value.text]
    if isinstance(value, Call):
        return ["call", value.function, *map(_dumped_value, value.arguments)]
    if isinstance(value, tuple):
        return ["list", *map(_dumped_value, value)]
    if isinstance(value, dict):
        return ["object", {key: _dumped_value(item) for key, item in value.items()}]
    return value


def _loaded_value(value: Any) -> Value:
    if not isinstance(value, list):
        return cast("Value", value)
    kind: str = value[0]
    rest: list[Any] = value[1:]
    if kind == "expression":
        return Expression(rest[0])
    if kind == "call":
        return Call(rest[0], tuple(map(_loaded_value, rest[1:])))
    if kind == "object":
        return {key: _loaded_value(item) for key, item in rest[0].items()}
    if kind == "list":
        return tuple(map(_loaded_value, rest))
    raise ValueError(kind)
