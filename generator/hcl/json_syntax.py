"""JSON as Terraform reads it: the same blocks as `parser` gives, in whose text the strings are templates.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from generator.hcl.hcl import Block, Expression, Value
from generator.source.hcl_bounds import is_too_long

LABELS = {"resource": 2, "data": 2, **dict.fromkeys(("variable", "output", "module", "provider", "check"), 1)}
_NAMES = {"import", "moved", "removed", "depends_on"}
"""What is given addresses, which stand in strings as they are."""
_BY_A_DOT = r"\*/\s*[.\[]|[.\[]\s*(?:/[/*]|#)|[#/][^#/\n]*\n\s*[.\[]"
"""A comment in the middle of a name."""


class _Object(tuple[tuple[str, Any], ...]):
    """The pairs of an object: a key may be there more than once, and then there are as many blocks."""

    __slots__ = ()


def read(text: str) -> tuple[Block, ...] | None:
    """Return the top-level blocks of a file `*.tf.json`; None where it is not JSON, not of that form, or too long."""
    if is_too_long(text):
        return None
    try:
        top = json.loads(text, object_pairs_hook=_Object)
        return tuple(block for kind, inside in _pairs(top) for block in _blocks(inside, kind))
    except (TypeError, ValueError, RecursionError):
        return None


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield the pairs of an object, or of each in a list; `//` is a comment."""
    for each in node if isinstance(node, list) else [node]:
        if not isinstance(each, _Object):
            raise TypeError("not an object")
        yield from (pair for pair in each if pair[0] != "//")


def _blocks(node: Any, kind: str, *labels: str) -> Iterator[Block]:
    if len(labels) < LABELS.get(kind, 0):
        for label, inside in _pairs(node):
            yield from _blocks(inside, kind, *labels, label)
    else:
        for body in node if isinstance(node, list) else [node]:
            yield Block(type=kind, labels=labels, arguments=_arguments(body, is_name=kind in _NAMES))


def _arguments(body: Any, *, is_name: bool) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, node in _pairs(body):
        value = _value(node, is_name=is_name or key in _NAMES)
        found[key] = (found[key], value) if key in found else value
    return found


def _value(node: Any, *, is_name: bool) -> Value:
    if isinstance(node, _Object):
        return _arguments(node, is_name=is_name)
    if isinstance(node, list):
        return tuple(_value(each, is_name=is_name) for each in node)
    is_code = isinstance(node, str) and (is_name or "${" in node or "%{" in node)
    if is_code and re.search(_BY_A_DOT, str(node)):
        raise ValueError("a comment hides a name")
    return Expression(str(node)) if is_code or isinstance(node, float) else node


def paths(data: Any, words: tuple[str, ...], path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where a file has the blocks of a type and labels: each level is an object or a list of them."""
    if isinstance(data, list):
        for index, each in enumerate(data):
            yield from paths(each, words, (*path, index))
    elif not words:
        yield path
    elif isinstance(data, dict) and words[0] in data:
        yield from paths(data[words[0]], words[1:], (*path, words[0]))
