"""What the rendered files say: the text of a module read back into blocks.

This module alone imports hcl2. It trusts nothing that wrote the text, and python-hcl2 only half: that parser takes a
tenth of the damaged texts that HashiCorp's refuses (several arguments on a line, raw newlines, duplicates). So

- the text must stand in the one layout there is: `layout.format(text) == text`;
- its strings must be strings beyond doubt (`shapes`);
- what python-hcl2 made of a block, written again, must be the very text that it read.

python-hcl2 parses each distinct shape once; what it read is filled in for every block of that shape. `known` lets the
caller keep shapes from run to run, since the same text always reads the same.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.hcl import hcl, layout, markdown, shapes
from generator.hcl.hcl import Block, Call, Expression, Value
from generator.source.diagnostics import Code, Diagnostic, ExitCode, Place, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from pathlib import Path

    from generator.hcl.shapes import Shape

UNREADABLE = Code(
    "E901",
    "rendered text that does not read as HCL",
    "The text of a rendered file is not what HCL's scanner, python-hcl2 and this tool all take for the same. "
    "Nothing was written. This is a mistake of gen-endpoints or of a template.",
)

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_BLOCK = re.compile(r"(?m)^(?=[^\s#}])")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the files say: the blocks of each HCL file in their order, and the README's tables and code."""

    blocks: Mapping[str, tuple[Block, ...]]
    readme: markdown.Page


def read_back(
    files: Mapping[str, str], *, known: MutableMapping[str, Block] | None = None, grammar: Path | None = None
) -> Facts:
    """Return what rendered files say. Raises Refused (our bug) for text that does not read beyond doubt.

    `known` maps the shapes that were read before to what they say; it gains those that are read now. `grammar` is where
    python-hcl2 may keep its compiled grammar: beside its own code it can't in a read-only installation.
    """
    reader = _Shapes({} if known is None else known, grammar)
    findings: list[Diagnostic] = []
    blocks: dict[str, tuple[Block, ...]] = {}
    with _collector_paused():
        for path, text in files.items():
            if path.endswith((".tf", ".hcl")):
                blocks[path] = tuple(_blocks(text, path, reader, findings))
    page = markdown.read(files.get("README.md", ""))
    if findings:
        raise Refused(findings, ExitCode.BUG)
    return Facts(blocks, page)


@contextmanager
def _collector_paused() -> Iterator[None]:
    # A parse makes millions of nodes and no cycles; looking for cycles among them takes two thirds of the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read(text: str) -> tuple[Block, ...] | None:
    """Return the top-level blocks of any HCL, as python-hcl2 alone reads it; None where it does not."""
    from hcl2.api import parses_to_tree
    from lark.exceptions import LarkError

    with _collector_paused():
        try:
            return _Reader(text, lambda string: shapes.unescaped(f'"{string}"')).body(parses_to_tree(text).children[0])[
                1
            ]
        except (LarkError, RecursionError, ValueError):
            return None


def _blocks(text: str, path: str, known: _Shapes, findings: list[Diagnostic]) -> Iterator[Block]:
    wanted = layout.format(text)
    if wanted != text or _CONTROL.search(text):
        line = _first_difference(wanted, text)
        findings.append(UNREADABLE.at(Place(path, line, 1), "the text is not in the layout that the tool gives"))
        return
    line = 1
    for piece in _BLOCK.split(text):
        shape = shapes.shape(piece)
        if shape is None:
            findings.append(UNREADABLE.at(Place(path, line, 1), "a string that is not one beyond doubt"))
        elif shape.text:
            block = known.block(shape.text)
            if block is None:
                findings.append(UNREADABLE.at(Place(path, line, 1), "a block that python-hcl2 reads as something else"))
            else:
                yield _filled(block, shape)
        line += piece.count("\n")


def _first_difference(wanted: str, text: str) -> int:
    for number, (left, right) in enumerate(zip(wanted.split("\n"), text.split("\n"), strict=False), start=1):
        if left != right:
            return number
    return 1


class _Shapes:
    """Reads shapes, each once."""

    def __init__(self, known: MutableMapping[str, Block], grammar: Path | None) -> None:
        self._known = known
        self._grammar = grammar

    def block(self, text: str) -> Block | None:
        """Return the block of a shape, or None where python-hcl2 does not read it, or not as what it is."""
        if text not in self._known:
            block = self._parsed(text)
            if block is None:
                return None
            self._known[text] = block
        return self._known[text]

    def _parsed(self, text: str) -> Block | None:
        import hcl2.parser
        from hcl2.api import parses_to_tree
        from lark.exceptions import LarkError

        if self._grammar is not None:
            hcl2.parser.PARSER_FILE = self._grammar
        try:
            (block,) = _Reader(text).body(parses_to_tree(text).children[0])[1]
        except (LarkError, RecursionError, ValueError):
            return None
        return block if shapes.plain(layout.format("\n".join(hcl.lines(block)))) == text else None


class _Reader:
    """Walks the tree that python-hcl2's parser makes of one text."""

    def __init__(self, text: str, meaning: Callable[[str], str] = str) -> None:
        self.text = text
        self.meaning = meaning

    def body(self, tree: Any) -> tuple[dict[str, Value], tuple[Block, ...]]:
        """Return the arguments and the blocks of a body; raises ValueError for an argument that is set twice."""
        arguments: dict[str, Value] = {}
        blocks = []
        for node in tree.children:
            if node.data == "attribute":
                name, _, value = node.children
                _add(arguments, self.slice(name), self.value(value))
            elif node.data == "block":
                blocks.append(self.block(node))
        return arguments, tuple(blocks)

    def block(self, tree: Any) -> Block:
        head, *labels = (
            node for node in tree.children if getattr(node, "data", "") in {"identifier", "keyword", "string"}
        )
        arguments, blocks = self.body(next(node for node in tree.children if getattr(node, "data", "") == "body"))
        names = tuple(self.string(label) or "" for label in labels)
        return Block(type=self.slice(head), labels=names, arguments=arguments, blocks=blocks)

    def value(self, node: Any) -> Value:
        if node.data == "expr_term" and len(node.children) == 1:
            node = node.children[0]
            read = {"string": self.string, "tuple": self.tuple, "object": self.object, "function_call": self.call}.get(
                node.data
            )
            if read is not None and (value := read(node)) is not None:
                return value
        text = self.slice(node)
        if text in _LITERALS:
            return _LITERALS[text]
        return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else Expression(text)

    def string(self, node: Any) -> str | None:
        """Return a plain string; None for a template, which is an expression."""
        parts = node.children[1:-1]
        if any(
            not isinstance(part.children[0], str) or getattr(part.children[0], "type", "") != "STRING_CHARS"
            for part in parts
        ):
            return None
        return self.meaning("".join(part.children[0] for part in parts))

    def tuple(self, node: Any) -> tuple[Value, ...]:
        return tuple(
            self.value(item) for item in node.children if hasattr(item, "data") and item.data != "new_line_or_comment"
        )

    def object(self, node: Any) -> dict[str, Value]:
        items: dict[str, Value] = {}
        for item in node.children:
            if getattr(item, "data", "") == "object_elem":
                key, _, value = item.children
                name = self.value(key.children[0])
                _add(items, name.text if isinstance(name, Expression) else str(name), self.value(value))
        return items

    def call(self, node: Any) -> Call | None:
        """Return a call that is given lists or objects; None for any other, which is an expression."""
        groups = [group for group in node.children if getattr(group, "data", "") == "arguments"]
        values = tuple(
            self.value(item)
            for group in groups
            for item in group.children
            if getattr(item, "data", "new_line_or_comment") != "new_line_or_comment"
        )
        if any(isinstance(value, tuple | dict | Call) for value in values):
            return Call(self.slice(node.children[0]), values)
        return None

    def slice(self, node: Any) -> str:
        return self.text[node.meta.start_pos : node.meta.end_pos].strip()


_LITERALS: Mapping[str, Value] = {"true": True, "false": False, "null": None}


def _add(items: dict[str, Value], name: str, value: Value) -> None:
    if name in items:
        message = f"{name} is set twice"
        raise ValueError(message)
    items[name] = value


def _filled(block: Block, shape: Shape) -> Block:
    return Block(
        type=block.type,
        labels=tuple(shape.string(label) for label in block.labels),
        arguments={name: _filled_value(value, shape) for name, value in block.arguments.items()},
        blocks=tuple(_filled(inner, shape) for inner in block.blocks),
    )


def _filled_value(value: Value, shape: Shape) -> Value:
    if isinstance(value, str):
        return shape.string(value)
    if isinstance(value, Expression):
        return Expression(shape.fill(value.text))
    if isinstance(value, tuple):
        return tuple(_filled_value(item, shape) for item in value)
    if isinstance(value, Call):
        return Call(value.function, tuple(_filled_value(item, shape) for item in value.arguments))
    if isinstance(value, Mapping):
        return {
            (shape.string(key) if key.startswith("s ") else key): _filled_value(item, shape)
            for key, item in value.items()
        }
    return value
