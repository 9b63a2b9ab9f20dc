"""By what names blocks are known, and which names a value refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.shapes import parts

_REFERENCE = re.compile(
    r"(?:(?<![\w.])|(?<=\bresource\.))(?:var|local|(?:data\.)?aws_\w+|terraform_data)\.[A-Za-z_][\w-]*"
)

_INDEX = re.compile(r'(?<!\s)\s*\[\s*"([A-Za-z_][\w-]*)"\s*\]')
_DOT = re.compile(r"(?<!\s)\s*\.\s*")


def named(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Yield blocks by what they are known: an address, or as in `output.ids`, `local.zone_ids`, `terraform`."""
    for block in blocks:
        if block.type == "locals":
            yield from ((f"local.{name}", block) for name in block.arguments)
        else:
            yield block.address if block.type in {"resource", "data"} else ".".join((block.type, *block.labels)), block


def references(part: Block | Value) -> Iterator[str]:
    """Yield what the expressions in a block or a value refer to; not what looks so in the text of their strings."""
    inner: Iterable[Block | Value] = ()
    match part:
        case Expression(text):
            yield from _in_code(text)
        case Block(type="moved"):
            inner = (part.arguments.get("to"),)
        case Block():
            inner = (*part.arguments.values(), *part.blocks)
        case Call():
            inner = part.arguments
        case tuple():
            inner = part
        case Mapping():
            inner = part.values()
    for each in inner:
        yield from references(each)


@lru_cache(maxsize=1024)  # endpoints refer to the same
def _in_code(text: str) -> tuple[str, ...]:
    text = _DOT.sub(".", _INDEX.sub(r".\1", text))  # HCL takes blanks there
    return tuple(name for piece, is_code in parts(text) if is_code for name in _REFERENCE.findall(piece))
