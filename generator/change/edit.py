"""An edit: the module on disk and the module rendered now, and which object of the one is which of the other.

It knows only text that was read back. An object is the same where it keeps its address, or `moved` blocks lead from the
one address to the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.hcl.facts import Facts
from generator.hcl.hcl import Block, literal
from generator.source.diagnostics import Place
from generator.source.source import Source

Path = tuple[str | int, ...]
ENDPOINT, GROUP = "aws_vpc_endpoint", "aws_security_group"
_NEW_OBJECT: Mapping[str, tuple[str, ...]] = {
    ENDPOINT: (
        *("region", "vpc_id", "service_name", "vpc_endpoint_type", "service_region"),
        *("resource_configuration_arn", "service_network_arn"),
    ),
    GROUP: ("region", "name", "description", "vpc_id"),
}
"""The arguments for which the provider makes a new object: ForceNew in vpc_endpoint.go and vpc_security_group.go of its
internal/service/ec2 (5.100), and `region` from 6.0."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What one render would do to one folder."""

    spec: Source
    before: Mapping[str, Block]
    """The resources and data sources on disk by address, of the files that can be read."""
    after: Mapping[str, Block]
    moves: Mapping[str, str]
    """Where `moved` blocks lead, by address."""

    def now(self, address: str) -> str:
        """Return the address that an object on disk has from now on; of one instance of a resource too."""
        for _ in self.moves:  # no chain has more links
            resource, bracket, key = address.partition("[")
            if address in self.moves:
                address = self.moves[address]
            elif not self.moves.get(resource, "]").endswith("]"):
                address = self.moves[resource] + bracket + key
            else:
                break
        return address

    def pairs(self, kind: str) -> Iterator[tuple[Block, Block | None]]:
        """Yield the resources of one type on disk, each with the block that it has from now on; None: it goes."""
        for address, block in self.before.items():
            if block.labels[0] == kind:
                yield block, self.after.get(self.now(address))

    def place(self, *paths: Path) -> Place:
        """Return where the spec has the last key of the first of these paths that it has, else its file."""
        return next((self.spec.key_place(path) for path in paths if _has(self.spec.data, path)), Place(self.spec.file))

    def created(self, name: object) -> Iterator[Path]:
        """Yield where the spec has a `create` of a security group of this name."""
        data: Any = self.spec.data
        for path in ((), *(("endpoints", key) for key in data.get("endpoints") or ())):
            owner = data[path[0]][path[1]] if path else data
            for index, reference in enumerate(owner.get("security_groups") or ()):
                if (reference.get("create") or {}).get("name") == name:
                    yield (*path, "security_groups", index, "create")


def edit(spec: Source, before: Facts, after: Facts) -> Edit:
    """Return the edit from what is on disk to what the spec renders to now."""
    moved = (block.arguments for block in after.blocks.get("moved.tf", ()))
    moves = {literal(arguments["from"]): literal(arguments["to"]) for arguments in moved}
    return Edit(spec, _objects(before), _objects(after), moves)


def replacing(old: Block, new: Block) -> tuple[str, ...]:
    """Return the arguments for which Terraform surely makes a new object: both values are known, and they differ."""
    values = {name: (old.arguments.get(name), new.arguments.get(name)) for name in _NEW_OBJECT[old.labels[0]]}
    return tuple(name for name, (a, b) in values.items() if isinstance(a, str) and isinstance(b, str) and a != b)


def is_same(old: Block, new: Block | None) -> bool:
    """Tell whether an object on disk is the same in AWS afterwards."""
    return new is not None and not replacing(old, new)


def has_lifecycle(block: Block, setting: str) -> bool:
    """Tell whether a setting of a block's `lifecycle` is on."""
    return any(each.arguments.get(setting) is True for each in block.nested("lifecycle"))


def refers(endpoint: Block, to: Block) -> bool:
    """Tell whether an endpoint has an object as its security group, or is made after it."""
    text = "\n".join(literal(endpoint.arguments.get(name)) for name in ("security_group_ids", "depends_on"))
    return re.search(rf"(?<![\w.-]){re.escape(to.address)}(?![\w-])", text) is not None


def _objects(facts: Facts) -> dict[str, Block]:
    kinds = {"resource", "data"}
    return {block.address: block for blocks in facts.blocks.values() for block in blocks if block.type in kinds}


def _has(data: Any, path: Path) -> bool:
    for step in path:
        if isinstance(data, dict) and step not in data:
            return False
        data = data[step]
    return True
