"""What python-hcl2 reads in a text: blocks, and nothing of where they were. This module alone imports hcl2.

It imports it when there is a text that was never read: a warm run needs neither the parser nor its grammar.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.shapes import unescaped
from generator.source.hcl_bounds import is_too_long


def parse(text: str, meaning: Callable[[str], str] = str) -> tuple[Block, ...] | None:
    """Return the top-level blocks of a text; None where python-hcl2 does not read it, or an argument is set twice.

    None too where HashiCorp's scanner may end a string or a heredoc elsewhere, and then see other blocks.

    `meaning` gives the text that a string between its quotes means; without it a string is kept as it is written.
    """
    from hcl2.api import parses_to_tree
    from lark.exceptions import LarkError

    was_enabled = gc.isenabled()
    gc.disable()  # a parse makes millions of nodes and no cycles; to look for those takes two thirds of its time
    try:
        tree = parses_to_tree(text)
        return _Reader(text, meaning).body(tree.children[0])[1] if _is_certain(tree, text) else None
    except (LarkError, RecursionError, ValueError):
        return None
    finally:
        if was_enabled:
            gc.enable()


def read(text: str) -> tuple[Block, ...] | None:
    """Return the top-level blocks of any HCL, its strings as the text that they mean; None where it does not read.

    None too for a text that is too long.
    """
    return None if is_too_long(text) else _read_once(text)


@lru_cache(2**6)  # a root is read for its calls, for what it brings in, and for what its import blocks lead to
def _read_once(text: str) -> tuple[Block, ...] | None:
    return parse(text, lambda string: unescaped(f'"{string}"'))


def faulty_line(text: str) -> int:
    """Return the line at which python-hcl2 reads no further; 0 where it reads all, or does not say."""
    if is_too_long(text):
        return 0
    from hcl2.api import parses_to_tree
    from lark.exceptions import LarkError

    try:
        parses_to_tree(text)
    except (LarkError, RecursionError) as error:
        return max(0, int(getattr(error, "line", 0)))  # below 0 at the end of the text
    return 0


def _is_certain(tree: Any, text: str) -> bool:
    """Tell whether strings and heredocs end where HashiCorp's scanner ends them.

    It trims every blank around an end marker, looks for none inside `${…}`, and ends a string at its line's end.
    """
    markers = {*re.findall(_MARKER, text)}
    lines = [line for line in text.split("\n") if line.strip() in markers] if markers else []
    tokens = [(each, getattr(each, "type", "")) for each in tree.scan_values(lambda _: True)]
    return (
        all(line.strip() == line.lstrip(" \t").removesuffix("\r") for line in lines)
        and not any("\n" in each for each, kind in tokens if kind in _IN_STRING)
        and not any(_is_open(each) for each, kind in tokens if kind.startswith("HEREDOC"))
    )


def _is_open(heredoc: str) -> bool:
    """Tell whether a heredoc may end inside `${…}`, as far as can be told without reading what is in there."""
    rest = re.sub(_EMPTIED, "", heredoc)
    for _ in range(_DEEPEST):
        rest = re.sub(_CLOSED, "", rest)
    return re.search(r"[$%]\{", rest) is not None


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


_MARKER = r"<<-?([^\s<-][^\s<]*)"
_IN_STRING = ("STRING_CHARS", "ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE", "TEMPLATE_STRING")
_DEEPEST = 9
_EMPTIED = r'"[^"{}\\\n]*"'
_CLOSED = r'[$%]?\{[^{}"$%#/<]*\}'
_LITERALS: Mapping[str, Value] = {"true": True, "false": False, "null": None}


def _nodes(tree: Any, *rules: str) -> list[Any]:
    return [node for node in tree.children if getattr(node, "data", "") in rules]


def _add(items: dict[str, Value], name: str, value: Value) -> None:
    if name in items:
        raise ValueError(f"{name} is set twice")
    items[name] = value
