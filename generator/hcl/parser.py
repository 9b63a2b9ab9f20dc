"""What python-hcl2 reads in a text: blocks, and nothing of where they were. This module alone imports hcl2.

It imports it when there is a text that was never read: a warm run needs neither the parser nor its grammar.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping
from typing import Any

from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.shapes import unescaped


def parse(text: str, meaning: Callable[[str], str] = str) -> tuple[Block, ...] | None:
    """Return the top-level blocks of a text; None where python-hcl2 does not read it, or an argument is set twice.

    `meaning` gives the text that a string between its quotes means; without it a string is kept as it is written.
    """
    from hcl2.api import parses_to_tree
    from lark.exceptions import LarkError

    was_enabled = gc.isenabled()
    gc.disable()  # a parse makes millions of nodes and no cycles; to look for those takes two thirds of its time
    try:
        return _Reader(text, meaning).body(parses_to_tree(text).children[0])[1]
    except (LarkError, RecursionError, ValueError):
        return None
    finally:
        if was_enabled:
            gc.enable()


def read(text: str) -> tuple[Block, ...] | None:
    """Return the top-level blocks of any HCL, its strings as the text that they mean; None where it does not read."""
    return parse(text, lambda string: unescaped(f'"{string}"'))


class _Reader:
    """Walks the tree that python-hcl2's parser makes of one text.

    lark's nodes are untyped: `data` is the name of the grammar's rule in hcl2.lark, `children` its parts with tokens
    among them, `meta` where it begins and ends. What is no plain value is an expression: the text of its node.
    """

    def __init__(self, text: str, meaning: Callable[[str], str]) -> None:
        self.text = text
        self.meaning = meaning

    def body(self, tree: Any) -> tuple[dict[str, Value], tuple[Block, ...]]:
        """Return the arguments and the blocks of a body; raises ValueError for an argument that is set twice."""
        arguments: dict[str, Value] = {}
        blocks = []
        for node in tree.children:
            if node.data == "attribute":
                name, _, value = node.children
                _add(arguments, self.written(name), self.value(value))
            elif node.data == "block":
                blocks.append(self.block(node))
        return arguments, tuple(blocks)

    def block(self, tree: Any) -> Block:
        head, *labels = _nodes(tree, "identifier", "keyword", "string")
        arguments, blocks = self.body(*_nodes(tree, "body"))
        names = tuple((self.string(each) or "") if each.data == "string" else self.written(each) for each in labels)
        return Block(type=self.written(head), labels=names, arguments=arguments, blocks=blocks)

    def value(self, node: Any) -> Value:
        """Return what a node says, as the simplest value that says it."""
        if node.data == "expr_term" and len(node.children) == 1:
            node = node.children[0]
            readers = {"string": self.string, "tuple": self.items, "object": self.mapping, "function_call": self.call}
            if (read := readers.get(node.data)) is not None and (value := read(node)) is not None:
                return value
        if (text := self.written(node)) in _LITERALS:
            return _LITERALS[text]
        return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else Expression(text)

    def string(self, node: Any) -> str | None:
        """Return a plain string; None for a template, which is an expression."""
        parts = node.children[1:-1]
        if any(getattr(part.children[0], "type", "") != "STRING_CHARS" for part in parts):
            return None
        return self.meaning("".join(part.children[0] for part in parts))

    def items(self, node: Any) -> tuple[Value, ...]:
        return tuple(
            self.value(item) for item in node.children if hasattr(item, "data") and item.data != "new_line_or_comment"
        )

    def mapping(self, node: Any) -> dict[str, Value]:
        """Return an object; raises ValueError for a key that is set twice."""
        items: dict[str, Value] = {}
        for item in _nodes(node, "object_elem"):
            key, _, value = item.children
            name = self.value(key.children[0])
            _add(items, name.text if isinstance(name, Expression) else str(name), self.value(value))
        return items

    def call(self, node: Any) -> Call | None:
        """Return a call that is given lists or objects; None for any other, which is an expression."""
        values = tuple(value for group in _nodes(node, "arguments") for value in self.items(group))
        if any(isinstance(value, tuple | dict | Call) for value in values):
            return Call(self.written(node.children[0]), values)
        return None

    def written(self, node: Any) -> str:
        return self.text[node.meta.start_pos : node.meta.end_pos].strip()


_LITERALS: Mapping[str, Value] = {"true": True, "false": False, "null": None}


def _nodes(tree: Any, *rules: str) -> list[Any]:
    return [node for node in tree.children if getattr(node, "data", "") in rules]


def _add(items: dict[str, Value], name: str, value: Value) -> None:
    if name in items:
        raise ValueError(f"{name} is set twice")
    items[name] = value
