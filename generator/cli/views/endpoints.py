"""A module's endpoints at a glance, read from its HCL alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.cli.printing import print_diagnostics
from generator.cli.views import table
from generator.cli.views.words import in_words
from generator.hcl import facts
from generator.hcl.hcl import Block
from generator.hcl.known_as import by_address, is_retired, names, plain
from generator.hcl.memory import Cache
from generator.intent.targets import TARGETS
from generator.module.intrusion import unread
from generator.source.diagnostics import Code, Place, Refused

Row = dict[str, object]

NO_HCL = Code("E033")
NO_ENDPOINTS = Code("E032")
_ENDPOINT = "aws_vpc_endpoint"

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


def read_all(files: Mapping[str, str], target: str, cache: Cache) -> dict[str, tuple[Block, ...]]:
    """Return the blocks of the HCL files of a folder; raises Refused where none has an endpoint, or one is no HCL.

    One that is no HCL and names nothing of the others, nor an endpoint, is warned of and left out, as `check` does.
    """
    read = {path: facts.read(text, cache.known) for path, text in files.items()}
    found = {path: blocks for path, blocks in read.items() if blocks is not None}
    blocks = [block for of_it in found.values() for block in of_it]
    has_any = any(block.labels[:1] == (_ENDPOINT,) for block in blocks) or is_retired(blocks)
    for told in (unread(target, path, text, blocks, _ENDPOINT) for path, text in files.items() if path not in found):
        if not (has_any and told.is_warning):
            fix = (
                "mend it here or above; terraform fmt says what is wrong"
                if told.place.line
                else "terraform fmt shows the line"
            )
            raise Refused([NO_HCL.at(told.place, "python-hcl2 does not read this file", fix)])
        print_diagnostics([told])
    if not has_any:
        raise Refused([NO_ENDPOINTS.at(Place(target), "no aws_vpc_endpoint in these files")])
    return found


def rows(found: Mapping[str, Iterable[Block]]) -> list[Row]:
    """Return a row for each endpoint among the blocks of a module's files."""
    blocks = by_address(block for path, of_it in found.items() if path.endswith(".tf") for block in of_it)
    return [_row(block, blocks) for name, block in blocks.items() if name.startswith(f"{_ENDPOINT}.")]


def as_table(rows: Iterable[Row]) -> str:
    """Return the rows as columns, as wide as they need to be."""
    cells = (tuple(in_words(row[name], "-", "-") for name in _COLUMNS) for row in rows)
    return table.table([tuple(_COLUMNS.values()), *cells])


def _row(endpoint: Block, blocks: Mapping[str, Block]) -> Row:
    tags = endpoint.arguments.get("tags")
    target = next((endpoint.arguments[name] for name in TARGETS if name in endpoint.arguments), None)
    return {
        "endpoint": endpoint.label,
        "name": plain(tags.get("Name")) if isinstance(tags, dict) else None,
        "service_name": plain(target),
        "vpc_endpoint_type": plain(endpoint.arguments.get("vpc_endpoint_type")),
        "private_dns_enabled": endpoint.arguments.get("private_dns_enabled"),
        **{name: names(endpoint.arguments.get(name), blocks) for name in _COLUMNS if name.endswith("_ids")},
        "vpc_id": next(iter(names(endpoint.arguments.get("vpc_id"), blocks)), None),
    }
