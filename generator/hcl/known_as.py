"""What people call the things that a module's blocks refer to: a Name tag, an id, an input."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from generator.hcl.hcl import Block, Call, Expression, Value, lines
from generator.hcl.json_syntax import LABELS
from generator.hcl.shapes import unescaped

_REFERENCE = r"(?:data\.)?aws_\w+\.[\w-]+|(?:local|var)\.[\w-]+"

_PARTITION = re.compile(r'self\.partition == "([a-z0-9-]+)"')
_OTHERWISE = re.compile(r"coalescelist\(tolist\([^()]*\), \[[^\]]*\]\)")


def by_address(blocks: Iterable[Block]) -> dict[str, Block]:
    """Return blocks by how expressions refer to them, without those that Terraform would not take for such."""
    return {
        _address(block): block for block in blocks if len(block.labels) == LABELS.get(block.type, len(block.labels))
    }


def _address(block: Block) -> str:
    if block.type == "locals":
        return "".join(f"local.{name}" for name in block.arguments)
    return f"var.{block.label}" if block.type == "variable" else block.address


def is_retired(blocks: Collection[Block]) -> bool:
    """Tell whether the blocks of a module are those of a retired target: our outputs, and no resource."""
    ids = next((each for each in blocks if (each.type, each.labels) == ("output", ("endpoint_ids",))), None)
    return ids is not None and ids.arguments.get("value") == {} and all(each.type != "resource" for each in blocks)


def partition(blocks: Mapping[str, Block]) -> str | None:
    """Return the partition on which a module insists; None where it does not, as its Region says it, or any does."""
    guard = _PARTITION.search(str(blocks.get("data.aws_partition.current")))
    return guard[1] if guard else None


def plain(value: Value) -> str | None:
    """Return what an argument says as text: what a string means, or how an expression is written; None for no text."""
    if isinstance(value, Expression):
        return unescaped(value.text) if value.text.startswith('"') else value.text
    return value if isinstance(value, str) else None


def names(value: Value, blocks: Mapping[str, Block]) -> list[str]:
    """Return what an argument names, as people know it: a Name tag, an id, or the address where there is neither."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Expression):
        found = re.findall(_REFERENCE, value.text)
        if "coalescelist(" in value.text:  # the tables of subnets that were found by their tags
            return [f"table of {name} (else main)" for name in known_as(found[0], blocks)]
        return list(dict.fromkeys(name for each in found for name in known_as(each, blocks)))
    if isinstance(value, Call) and value.function == "coalescelist":
        return [f"{name} (else main)" for name in names(value.arguments[0], blocks)]
    items = value.arguments if isinstance(value, Call) else value if isinstance(value, tuple) else ()
    return list(dict.fromkeys(name for item in items for name in names(item, blocks)))


def is_otherwise(table: str, blocks: Mapping[str, Block]) -> bool:
    """Tell whether a route table is used only where a subnet has none of its own."""
    values = [value for block in blocks.values() for value in block.arguments.values() if table in str(value)]
    text = "\n".join(line for value in values for line in lines(Block(type="x", arguments={"x": value})))
    return (rest := _OTHERWISE.sub("", text)) != text and table not in rest


def known_as(address: str, blocks: Mapping[str, Block]) -> list[str]:
    """Return what people call that to which an address leads."""
    block = blocks.get(address)
    if block is None or block.type == "variable":
        return [address]
    if block.type == "locals":
        others = {name: each for name, each in blocks.items() if name != address}  # it may name itself
        return names(tuple(block.arguments.values()), others)
    if block.labels[0] == "aws_route_tables" and block.nested("filter"):
        return [f"table of {subnet}" for subnet in names(block.nested("filter")[0].arguments["values"], blocks)]
    if address == "data.aws_route_table.main":
        return ["main table"]
    stated = block.arguments.get("tags")
    tags = stated if isinstance(stated, dict) else {}
    named = plain(tags.get("Name")) or " ".join(f"{key}={plain(item)}" for key, item in tags.items())
    return [plain(block.arguments.get("id") or block.arguments.get("name")) or named or address]
