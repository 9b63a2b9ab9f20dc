"""An edit: the module on disk and the module rendered now, and which object of the one is which of the other.

It knows only text that was read back. An object is the same where it keeps its address, or `moved` blocks lead from the
one address to the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from generator.change.baseline import Baseline
from generator.fleet.merge import at
from generator.hcl.facts import Facts
from generator.hcl.hcl import Block, Call, Expression, Value, literal
from generator.hcl.names import named
from generator.intent.targets import TARGETS
from generator.source.diagnostics import Diagnostic, Place
from generator.source.draft import ROW, Source

ENDPOINT, GROUP = "aws_vpc_endpoint", "aws_security_group"
VPC, REGION = "data.aws_vpc.this", "data.aws_region.current"
_FIELDS = {"service_name": ("service",), "vpc_endpoint_type": ("type",), "vpc_id": ("vpc",)}
"""The fields of a spec that give an argument for which an endpoint is made anew, where they have another name."""
_LIKE = ("vpc_endpoint_type", "service_region", *TARGETS)
_OWN_NAME = ("name",)
"""Of an endpoint or a group; that of the spec is the module's."""
_REFERENCE = re.compile(r"(?<![\w.-])(?:data\.\w+|local|aws_\w+)\.[\w-]+")
_REGION = re.compile(
    r'element\(split\("\.", data\.aws_region\.current\.endpoint\), 1\)|data\.aws_region\.current\.(id|name)'
)
_OR_INPUT = re.compile(r"^distinct\(coalesce\(var\.\w+, (.*)\)\)$")
"""What earlier versions wrote in another way: the provider's Region, and what a module input may give instead."""
_MOST, _LONGEST = 99, 5000
"""The most names in a value, or in a chain of them, and the longest text that stand in for names."""


@dataclass(frozen=True)
class Edit:
    """What one render would do to one folder: blocks by address, before and after, and where `moved` blocks lead."""

    spec: Source
    before: Mapping[str, Block]
    after: Mapping[str, Block]
    moves: Mapping[str, str]
    module: str = ""
    """The folder's name."""
    unread: Mapping[str, Diagnostic] = field(default_factory=dict)
    """Why files on disk can't be read back beyond doubt, and where: what is in them is not compared."""
    baseline: Baseline = field(default=Baseline({}))
    """What `before` was read from, as text."""
    departures: Mapping[str, str] = field(default_factory=dict)
    """Of what is on disk and no more of the module, to which whole address the `moved` blocks of its roots bring it."""
    arrivals: Collection[str] = ()
    """What such blocks bring here from another module."""
    ways: Mapping[str, str] = field(default_factory=dict)
    """By which such blocks, if they were written, what goes would come to the module that makes its like now."""

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

    @cached_property
    def pairs(self) -> Mapping[str, list[tuple[Block, Block | None]]]:
        """The resources on disk by their types, each with the block that it has from now on; None: it goes.

        What becomes one of several instances of a resource has that resource's block. What departs is in none.
        """
        pairs: defaultdict[str, list[tuple[Block, Block | None]]] = defaultdict(list)
        for address, block in self.before.items():
            if block.type == "resource" and address not in self.departures:
                new = self.after.get(self.now(address).partition("[")[0])
                pairs[block.labels[0]].append((block, new))
        return pairs

    @cached_property
    def origins(self) -> Mapping[str, Block]:
        """What is on disk, by the address that it has from now on."""
        return {self.now(address).partition("[")[0]: block for address, block in self.before.items()}

    @cached_property
    def provider(self) -> str:
        """The releases of the provider with which the module works now."""
        needs = [*self.after.get("terraform", Block(type="terraform")).nested("required_providers")]
        provider = needs[0].arguments.get("aws") if needs else None
        stated = provider.get("version") if isinstance(provider, Mapping) else provider  # as older Terraform has it
        return stated if isinstance(stated, str) else ">= 0"

    @cached_property
    def _definitions(self) -> dict[tuple[str, bool], str]:
        """What names were found to refer to, in either state."""
        return {}

    def says(self, value: Value, *, is_old: bool, depth: int = 0) -> str:
        """Return what a value of either state says: what is looked up in place of the lookup's name, lists as sets.

        The VPC stays a name, since all else is looked up in it.
        """
        if isinstance(value, Mapping):
            items = sorted(f"{key} = {self.says(each, is_old=is_old, depth=depth)}" for key, each in value.items())
            return f"{{{', '.join(items)}}}"
        if isinstance(value, tuple):
            return f"[{', '.join(sorted(self.says(each, is_old=is_old, depth=depth) for each in value))}]"
        if isinstance(value, Call):
            given = ", ".join(self.says(each, is_old=is_old, depth=depth) for each in value.arguments)
            return f"{value.function}({given})"
        if not isinstance(value, Expression):
            return literal(value)
        text = _REFERENCE.sub(
            lambda found: self._definition(found[0], is_old=is_old, depth=depth + 1), value.text, _MOST
        )
        return _REGION.sub("the Region", _OR_INPUT.sub(r"\1", text))

    def like(self, endpoint: Block, *, is_old: bool) -> tuple[str, ...]:
        """Return what an endpoint of either state has in common with its like: its type, and what it leads to."""
        return tuple(self.says(endpoint.arguments.get(name), is_old=is_old) for name in _LIKE)

    def _definition(self, name: str, *, is_old: bool, depth: int) -> str:
        """Return what a name refers to, or the name itself if that has no end, or none that is worth it."""
        known = self._definitions
        if (name, is_old) not in known and depth < _MOST:
            known[name, is_old] = name  # for what refers to itself
            text = self._defined(name, is_old=is_old, depth=depth)
            known[name, is_old] = text if len(text) < _LONGEST else name
        return known.get((name, is_old), name)

    def _defined(self, name: str, *, is_old: bool, depth: int) -> str:
        """Return what a name refers to: a resource by its address from now on, a lookup by what it looks up."""
        block = (self.before if is_old else self.after).get(name)
        if block is None or name in {VPC, REGION}:
            return name
        if block.type == "resource":
            return self.now(name) if is_old else name
        parts: list[Value] = [block.arguments.get(name.partition(".")[2])]
        if block.type == "data":
            parts = [{key: each for key, each in block.arguments.items() if key not in {"vpc_id", "region"}}]
            parts += [each.arguments for each in block.nested("filter")]
        return "".join(self.says(each, is_old=is_old, depth=depth) for each in parts)

    def group_of(self, rule: Block) -> Block | None:
        """Return the group of the module that a rule is of, as it is from now on or was."""
        group: Any = rule.arguments.get("security_group_id")
        address = getattr(group, "text", "").removesuffix(".id")
        return self.after.get(self.now(address)) or self.before.get(address)

    def place(self, block: Block, arguments: Iterable[str] = ()) -> Place:
        """Return where the spec has an endpoint or the name of a created group, else where it has all of them.

        Of arguments, the place is that of the first that is stated, or was taken away by `null`, in it or for all. What
        a retired target had, its row takes away.
        """
        if self.spec.is_retired and not arguments:
            return self.spec.key_place((ROW, "retired"))
        path = ("endpoints", block.label) if block.labels[0] == ENDPOINT else self._group(block)
        fields = [each for name in arguments for each in _fields(name)]
        paths = [(*above, *each) for each in fields for above in (path, ()) if above or each != _OWN_NAME]
        return next(filter(None, map(self.said_place, paths)), None) or self.spec.key_place(path)

    def said_place(self, path: tuple[str | int, ...]) -> Place | None:
        """Return where the spec says what is at a path; of the VPC in one form, where that is, which a row may say.

        Of what is one value, though a map, it is the last line that says a part of it.
        """
        stated = at(self.spec.data, path)
        form = stated if path == ("vpc",) and isinstance(stated, dict) and len(stated) == 1 else ()
        return self.spec.said_place((*path, *form), inside=path[-1] in {"policy", "vpc"})

    def _group(self, block: Block) -> tuple[str | int, ...]:
        """Return the path of a created group, or of all of them."""
        data: Any = self.spec.data
        for path in ((), *(("endpoints", key) for key in data.get("endpoints") or ())):
            owner = data[path[0]][path[1]] if path else data
            for index, reference in enumerate(owner.get("security_groups") or ()):
                if (reference.get("create") or {}).get("name") == block.arguments.get("name"):
                    return (*path, "security_groups", index, "create")
        return ("security_groups",)


def _fields(argument: str) -> Iterator[tuple[str, ...]]:
    """Yield the paths in a spec at which what an argument says may be stated, the likeliest first."""
    head, _, item = argument.partition(".")
    yield from ((each,) for each in _FIELDS.get(head, ()))
    yield from (_OWN_NAME, (head, item)) if argument == "tags.Name" else ((head, item), (head,))


def edit(spec: Source, before: Facts, after: Facts, module: str = "") -> Edit:
    """Return the edit from what is on disk to what the spec renders to now, but for the files that can't be read."""
    moved = [block.arguments for block in after.blocks.get("moved.tf", ())]
    moves = {literal(each["from"]): literal(each["to"]) for each in moved}
    comparable = {path: blocks for path, blocks in after.blocks.items() if path not in before.unread}
    return Edit(spec, _named(before), _named(replace(after, blocks=comparable)), moves, module, before.unread)


def _named(facts: Facts) -> dict[str, Block]:
    return dict(named(each for file in facts.blocks.values() for each in file))


def has_lifecycle(block: Block, setting: str) -> bool:
    """Tell whether a setting of a block's `lifecycle` is on."""
    return any(each.arguments.get(setting) is True for each in block.nested("lifecycle"))


def used_by(endpoint: Block) -> set[str]:
    """Return the addresses of what an endpoint has as its security groups, or is made after."""
    text = "\n".join(literal(endpoint.arguments.get(name)) for name in ("security_group_ids", "depends_on"))
    return {*_REFERENCE.findall(text)}


def names_in(block: Block) -> set[str]:
    """Return the names of what a block states: arguments, blocks inside, and their arguments as `BLOCK.ARGUMENT`."""
    inside = {f"{each.type}.{name}" for each in block.blocks for name in each.arguments}
    return {*block.arguments, *(each.type for each in block.blocks), *inside}
