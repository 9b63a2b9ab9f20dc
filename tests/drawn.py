"""Modules to draw, the examples and others as large and as awkward as they come; and what their pictures must have."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from generator.catalog.catalog import Catalog
from generator.hcl.hcl import Block, lines
from generator.hcl.known_as import by_address
from tests.cases import SPECS, generated, module

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Blocks = Mapping[str, tuple[Block, ...]]

LONG = "a-name-of-sixty-three-characters-as-a-label-of-dns-may-be-long-"
VIETNAMESE = "Mạng con riêng tư của trung tâm dữ liệu Đà Nẵng, vùng khả dụng Ưu"
_THING = re.compile(
    r"(?:data\.)?aws_(?:subnet|route_table|security_group)s?\.\w+|\b(?:var|local)\.\w+|\b(?:subnet|sg|rtb)-[0-9a-f]{17}\b"
)
_USED = ("subnet_ids", "security_group_ids", "route_table_ids", "subnet_configuration")
_RULES = {"aws_vpc_security_group_ingress_rule", "aws_security_group_rule"}
_NO_SOURCE = re.compile(r"(?m)^(?:security_group_id|description|type) .*$")


def sized(endpoints: int, zones: int, named: str) -> str:
    """Return a spec of so many endpoints in so many zones, whose names are long."""
    known = (each.id for each in Catalog.load().services.values() if "Interface" in each.types and not each.missing)
    services = [*islice(known, endpoints)]
    keys = [f"{re.sub('[^a-z0-9]', '_', each)[:20]}_{'x' * 40}"[:63] for each in services]
    own = "{{service: {}, private_dns_enabled: false, name: n}}"
    return "\n".join(
        (
            f'name: sized\nregion: us-east-1\nvpc: {{name: "{named}"}}\nroute_tables: of_subnets\nsubnets:',
            *(f'  - {{name: "{named[:60]}{zone}"}}' for zone in range(zones)),
            f'security_groups: [create: {{name: "{LONG}", ingress: [vpc: true, security_group: {{name: "{named}"}}]}}]',
            "endpoints:\n  s3: {service: s3, type: Gateway, name: s3}",
            *(f"  {key}: {own.format(each)}" for key, each in zip(keys, services, strict=True)),
        )
    )


def modules() -> Iterator[tuple[str, Blocks]]:
    """Yield the blocks of each module, by what it is called."""
    for spec in SPECS:
        yield spec.stem, generated(spec).facts.blocks
    for endpoints in (4, 12, 40):
        for zones, named in ((1, LONG), (3, LONG), (3, VIETNAMESE)):
            yield f"{endpoints}-{zones}-{named[:4]}", module(sized(endpoints, zones, named)).files


class _There:
    """The blocks of a module by their addresses, as text."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = by_address(each for path, of_it in blocks.items() if path.endswith(".tf") for each in of_it)
        self.ids = {
            block.arguments["id"]: at
            for at, block in self.blocks.items()
            if block.type == "data" and "id" in block.arguments
        }

    def led_to(self, text: str) -> Iterator[str]:
        for each in _THING.findall(text):
            block = self.blocks.get(each, Block(type=""))
            if block.type == "locals":
                yield from self.led_to(_text(block))
            elif "for_each" in block.arguments and each.startswith("data.aws_subnet."):
                yield from self.led_to(_argument(block, "for_each"))
            elif block.type != "variable" or re.search(r'"(?:subnet|sg|rtb)-"', _text(block)):
                yield self.ids.get(each, each)


def things(blocks: Blocks) -> set[str]:
    """Return by their addresses what a picture must have: read from the text of blocks, by no code of the picture's."""
    there, found = _There(blocks), set[str]()
    for address, block in there.blocks.items():
        if block.type == "resource":
            found.add(address)
            found |= {each for name in _USED for each in there.led_to(_argument(block, name))}
            if block.labels[0] in _RULES:
                text = _NO_SOURCE.sub("", _text(replace(block, blocks=())))
                found |= {each for each in there.led_to(text) if "subnet" not in each}
    tables = [each for each in found if each.startswith("data.aws_route_tables.")]
    return found.union(*(there.led_to(_text(there.blocks[each])) for each in tables))


def _text(block: Block) -> str:
    return "\n".join(lines(block)).partition("{")[2]


def _argument(block: Block, name: str) -> str:
    kept = {key: value for key, value in block.arguments.items() if key == name}
    return _text(Block(type="x", arguments=kept, blocks=block.nested(name)))
