"""What was read before, kept as text between runs: the shapes that python-hcl2 has parsed, and what it read in them.

The same text always reads the same, so a shape that was read once with the same parser and the same code of ours need
not be read again; a warm run never imports the parser. Pure: `cli` says where the text is kept.
"""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from generator.hcl.hcl import Block, Call, Expression, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def fingerprint() -> str:
    """Return what changes when python-hcl2, lark or our own reading changes."""
    ours = (Path(__file__).with_name(name) for name in ("facts.py", "hcl.py", "layout.py", "memory.py", "shapes.py"))
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
