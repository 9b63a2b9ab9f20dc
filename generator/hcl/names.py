"""By what names blocks are known, and which names a value refers to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.shapes import parts

_REFERENCE = re.compile(
    r"(?:(?<![\w.])|(?<=\bresource\.))(?:var|local|(?:data\.)?aws_\w+|terraform_data)\.[A-Za-z_][\w-]*"
)

_ANY = r"(?<![\w.])(?:(?:data|ephemeral)\.)?[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*"
_BOUND = r"\bfor\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b"
_GIVEN = {"count", "each", "path", "self", "terraform"}
"""What names have that Terraform gives, and that no block declares."""
_DECLARING = {"data", "ephemeral", "locals", "module", "resource", "variable"}
_INDEX = re.compile(r'(?<!\s)\s*\[\s*"([A-Za-z_][\w-]*)"\s*\]')
_DOT = re.compile(r"(?<!\s)\s*\.\s*")


def named(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Yield blocks by what they are known: an address, or as in `output.ids`, `local.zone_ids`, `terraform`."""
    for block in blocks:
        if block.type == "locals":
            yield from ((f"local.{name}", block) for name in block.arguments)
        else:
            yield block.address if block.type in {"resource", "data"} else ".".join((block.type, *block.labels)), block


def declared(blocks: Iterable[Block]) -> set[str]:
    """Return what expressions may refer to, by the names that they have for it."""
    found = named(each for each in blocks if each.type in _DECLARING)
    return {re.sub(r"^variable\.", "var.", name) for name, _ in found}


def references(part: Block | Value) -> list[str]:
    """Return what the expressions in a block or a value refer to; not what looks so in the text of their strings.

    Of resources and lookups those alone that are of AWS or Terraform itself.
    """
    return _references(part, _in_code, [])


def all_references(part: Block | Value) -> list[str]:
    """Return what they refer to of any provider, and of modules; not what a `for` names itself."""
    return _references(part, _all_in_code, [])


def _references(part: Block | Value, in_code: Callable[[str], Iterable[str]], found: list[str]) -> list[str]:
    if isinstance(part, Expression):
        found += in_code(part.text)
    elif isinstance(part, Block):
        stated = part.arguments if part.type != "moved" else {"to": part.arguments.get("to")}
        for value in stated.values():
            if not isinstance(value, str):
                _references(value, in_code, found)
        for block in part.blocks if part.type != "moved" else ():
            _references(block, in_code, found)
    elif isinstance(part, tuple | Call | Mapping):
        inner = part.arguments if isinstance(part, Call) else part.values() if isinstance(part, Mapping) else part
        for each in inner:
            _references(each, in_code, found)
    return found


@lru_cache(maxsize=1024)  # endpoints refer to the same
def _in_code(text: str) -> tuple[str, ...]:
    return tuple(name for piece in _code(text) for name in _REFERENCE.findall(piece))


def _all_in_code(text: str) -> tuple[str, ...]:
    code = [re.sub(r"(?<![\w.])resource\.", "", piece) for piece in _code(text)]
    own = _GIVEN.union(*(found for piece in code for found in re.findall(_BOUND, piece)))
    names = (name for piece in code for name in re.findall(_ANY, piece))
    return tuple(name for name in names if name.partition(".")[0] not in own)


def _code(text: str) -> Iterator[str]:
    text = _DOT.sub(".", _INDEX.sub(r".\1", text))  # HCL takes blanks there
    return (piece for piece, is_code in parts(text) if is_code)
