"""A module's endpoints at a glance, read from its HCL alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from generator.cli.views import table
from generator.cli.views.words import in_words
from generator.hcl import parser
from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.shapes import unescaped
from generator.source.diagnostics import Code, Place, Refused

Row = dict[str, object]

NO_HCL = Code("E033")
NO_ENDPOINTS = Code("E032")

_COLUMNS = {
    "endpoint": "Endpoint",
    "name": "Name",
    "service_name": "Service",
    "vpc_endpoint_type": "Type",
    "private_dns_enabled": "Private DNS",
    "subnet_ids": "Subnets",
    "security_group_ids": "Security groups",
    "route_table_ids": "Route tables",
}
_TARGETS = ("service_name", "resource_configuration_arn", "service_network_arn")
_REFERENCE = re.compile(r"(?:data\.)?aws_\w+\.[\w-]+|(?:local|var)\.[\w-]+")


def overview(files: Mapping[str, str], target: str) -> list[Row]:
    """Return a row for each endpoint that the HCL files of `target`, a folder or a spec, hold.

    Raises Refused where there is none, or no HCL.
    """
    blocks: dict[str, Block] = {}
    for path, text in files.items():
        if (read := parser.read(text)) is None:
            place = Place(f"{target}/{path}")
            raise Refused([NO_HCL.at(place, "python-hcl2 does not read this file", "terraform fmt shows the line")])
        blocks |= {_name(block): block for block in read}
    endpoints = [block for name, block in blocks.items() if name.startswith("aws_vpc_endpoint.")]
    if not endpoints:
        raise Refused([NO_ENDPOINTS.at(Place(target), "no aws_vpc_endpoint in these files")])
    return [_row(block, blocks) for block in endpoints]


def as_table(rows: Iterable[Row]) -> str:
    """Return the rows as columns, as wide as they need to be."""
    cells = (tuple(in_words(row[name], "-", "-") for name in _COLUMNS) for row in rows)
    return table.table([tuple(_COLUMNS.values()), *cells])


def _name(block: Block) -> str:
    if block.type == "locals":
        return "".join(f"local.{name}" for name in block.arguments)
    return f"var.{block.label}" if block.type == "variable" else block.address


def _row(endpoint: Block, blocks: Mapping[str, Block]) -> Row:
    tags = endpoint.arguments.get("tags")
    target = next((endpoint.arguments[name] for name in _TARGETS if name in endpoint.arguments), None)
    return {
        "endpoint": endpoint.label,
        "name": _plain(tags.get("Name")) if isinstance(tags, dict) else None,
        "service_name": _plain(target),
        "vpc_endpoint_type": _plain(endpoint.arguments.get("vpc_endpoint_type")),
        "private_dns_enabled": endpoint.arguments.get("private_dns_enabled"),
        **{name: _names(endpoint.arguments.get(name), blocks) for name in _COLUMNS if name.endswith("_ids")},
    }


def _plain(value: Value) -> str | None:
    """Return what an argument says as text: what a string means, or how an expression is written; None for no text."""
    if isinstance(value, Expression):
        return unescaped(value.text) if value.text.startswith('"') else value.text
    return value if isinstance(value, str) else None


def _names(value: Value, blocks: Mapping[str, Block]) -> list[str]:
    """Return what an argument names, as people know it: a Name tag, an id, or the address where there is neither."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Expression):
        found = _REFERENCE.findall(value.text)
        if "coalescelist(" in value.text:  # the tables of subnets that were found by their tags
            return [f"table of {name} (else main)" for name in _known_as(found[0], blocks)]
        return list(dict.fromkeys(name for each in found for name in _known_as(each, blocks)))
    if isinstance(value, Call) and value.function == "coalescelist":
        return [f"{name} (else main)" for name in _names(value.arguments[0], blocks)]
    items = value.arguments if isinstance(value, Call) else value if isinstance(value, tuple) else ()
    return list(dict.fromkeys(name for item in items for name in _names(item, blocks)))


def _known_as(address: str, blocks: Mapping[str, Block]) -> list[str]:
    block = blocks.get(address)
    if block is None or block.type == "variable":
        return [address]
    if block.type == "locals":
        return _names(tuple(block.arguments.values()), blocks)
    if block.labels[0] == "aws_route_tables" and block.nested("filter"):
        return [f"table of {subnet}" for subnet in _names(block.nested("filter")[0].arguments["values"], blocks)]
    if address == "data.aws_route_table.main":
        return ["main table"]
    stated = block.arguments.get("tags")
    tags = stated if isinstance(stated, dict) else {}
    named = _plain(tags.get("Name")) or " ".join(f"{key}={_plain(item)}" for key, item in tags.items())
    return [_plain(block.arguments.get("id") or block.arguments.get("name")) or named or address]
