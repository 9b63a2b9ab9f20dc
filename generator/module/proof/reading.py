"""What the rendered files say, with every label followed to what it stands for: the terms in which a spec speaks.

It begins with the Facts that were read back and knows neither the spec nor what made the module. A reference through
`data` blocks and locals becomes what these look up, `subnet{'tags': {'Name': 'private-a'}}.id`, if they look it up in
the module's own VPC. Nothing is left out: what no spec means stays in the terms, and then nothing equals them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from generator.hcl.facts import Facts
from generator.hcl.hcl import Block, Call, Expression, Value, lines
from generator.hcl.shapes import parts

Meaning = dict[str, dict[str, Any]]
"""What is meant, by subject (`endpoints.s3`, `security_groups.vpce`, `data`) and field."""
_NAMED = re.compile(r"(?<![\w.])(?:data\.aws_\w+|local)\.[\w-]+")
_LOOKED_UP = re.compile(r"vpc\{|subnet\{|region\{|partition\{|each\.value")
_ORDER = ("aws_partition", "aws_region", "aws_vpc", "aws_subnets", "aws_subnet", "aws_route_table", "aws_route_tables")
_ANYWHERE = {"partition", "region", "ec2_managed_prefix_list", "network_interface", "caller_identity"}
_OF_NO_REGION = {"aws_partition", "aws_caller_identity"}
_VPC = "data.aws_vpc.this"  # in every module, for those that compare two
_FILTERED = {"subnets", "security_groups"}  # these have no argument vpc_id


class Term(str):
    """What is evaluated: a reference, a lookup, an expression. It is shown without quotes, and text with them."""

    __slots__ = ()
    __repr__ = str.__str__


def term(kind: str, asks: Mapping[str, Any]) -> Term:
    """Return what a data source is asked for, as `subnet{'tags': {'Name': 'private-a'}}`."""
    return Term(f"{kind}{dict(sorted(asks.items()))}")


def by(name: str, value: object) -> dict[str, Any]:
    """Return the filter of a data source, as `term` takes it."""
    return {f"filter {name}": {"values": [value]}}


def guard(condition: str, kind: str = "postcondition") -> dict[str, Any]:
    """Return a guard as it is read: its condition, whatever it says where that fails."""
    return {kind: [{"condition": Term(condition), "error_message": "prose"}]}


def order(arguments: Mapping[str, Any], *, is_first: bool = False) -> dict[str, Any]:
    """Return how Terraform goes from one object to its next: whether the next comes first, and what does not change.

    Arguments that replace the object do not change where they are looked up; then another value is refused.
    """
    fixed = {name: value for name, value in arguments.items() if _LOOKED_UP.search(repr(value))}
    life: dict[str, Any] = {"create_before_destroy": True} if is_first else {}
    if fixed:
        life["ignore_changes"] = [Term(name) for name in fixed]
    for name, value in fixed.items():
        condition = f"sort(self.{name}) == sort({value!r})" if name[-1] == "s" else f"self.{name} == {value!r}"
        life.setdefault("postcondition", []).append({"condition": Term(condition), "error_message": "prose"})
    return life


def read(facts: Facts) -> Meaning:
    """Return what the files say: each endpoint, each created group and rule, the lookups, the inputs."""
    return _Reading([(path, block) for path, blocks in facts.blocks.items() for block in blocks]).meaning()


class _Reading:
    """One module's blocks, by their labels."""

    def __init__(self, blocks: list[tuple[str, Block]]) -> None:
        self.blocks = blocks
        self.data = {block.address: block for _, block in blocks if block.type == "data"}
        local_values = [block.arguments.items() for _, block in blocks if block.type == "locals"]
        self.locals = {f"local.{name}": value for items in local_values for name, value in items}
        self.unread = set(self.locals)
        self.known: dict[str, Any] = {}
        vpc = self.data.get(_VPC, Block(type="data"))
        self.region = vpc.arguments.get("region", "")
        self.vpc = vpc.arguments.get("id", Expression(f"{_VPC}.id"))

    def meaning(self) -> Meaning:
        """Return what the blocks say; a block that nobody reads is a subject of its own, which no spec has."""
        found: Meaning = {"data": {}, "managed in": {"region": self.value(self.region)}}
        for path, block in self.blocks:
            match path, block.type, block.labels:
                case (
                    ("data.tf", "locals", ())
                    | ("outputs.tf", "output", ("private_ips",))
                    | ("moved.tf", "moved", ())
                    | ("tests/endpoints.tftest.hcl", _, _)
                ):
                    pass  # followed from where it is used; of the interfaces that are looked up; below; not the module
                case "main.tf", "resource", ("aws_vpc_endpoint", key):
                    found[f"endpoints.{key}"] = self.inside(block)
                case "security_groups.tf", "resource", (kind, label):
                    found[f"security_groups.{label}"] = {"resource": kind, **self.inside(block)}
                case "data.tf", "data", _:
                    what, guards = self.named(block.address), self.inside(block).get("lifecycle", [])
                    if found["data"].setdefault(what, guards) != guards:
                        found["data"][f"{what} again"] = guards
                case "variables.tf", "variable", (name,):
                    found[f"variables.{name}"] = self.inside(block) | {"description": "prose"}
                case "outputs.tf", "output", (name,):
                    found[f"outputs.{name}"] = {"value": self.value(block.arguments.get("value"))}
                case "versions.tf", "terraform", ():
                    found["terraform"] = self.inside(block)
                case _:
                    found[f"{path} {block.type} {'.'.join(block.labels)}"] = {"text": [*lines(block)]}
        return found | self.moved() | self.misplaced() | {name: {"used": False} for name in self.unread}

    def moved(self) -> Meaning:
        """Return the address that is each old one's now."""
        blocks = [self.inside(block) for _, block in self.blocks if block.type == "moved"]
        return {"moved": {str(block.get("from")): block.get("to") for block in blocks}} if blocks else {}

    def misplaced(self) -> Meaning:
        """Return the kinds of lookups where they are out of their order, in which an edit moves nothing in a diff."""
        kinds = [block.labels[0] for block in self.data.values()]
        in_order = sorted(kinds, key=lambda kind: _ORDER.index(kind) if kind in _ORDER else len(_ORDER))
        return {"data.tf": {"order": kinds}} if kinds != in_order else {}

    def inside(self, block: Block) -> dict[str, Any]:
        """Return the arguments of a block and the blocks inside it; what a guard says where it fails is prose."""
        prose = {"error_message": "prose"} if block.arguments.get("error_message") else {}
        found: dict[str, Any] = self.value({**self.here(block), **prose})
        for inner in block.blocks:
            found.setdefault(inner.type, []).append(self.inside(inner))
        return {name: found[name] for name in sorted(found)}

    def here(self, block: Block) -> dict[str, Value]:
        """Return the arguments of a block without its Region, which for resources and lookups is the VPC's."""
        arguments = dict(block.arguments)
        if block.type in {"resource", "data"} and block.labels[0] not in _OF_NO_REGION:
            region = arguments.pop("region", "")
            return arguments if region == self.region else {**arguments, "in another region": region}
        return arguments

    def named(self, name: str) -> Any:
        """Return what a `data` block asks for, or what a local value is, by its address."""
        self.unread.discard(name)
        if name not in self.known:
            self.known[name] = Term(name)  # what leads back to itself, or nowhere
            if name in self.data:
                self.known[name] = self._lookup(self.data[name])
            elif name in self.locals:
                self.known[name] = self.value(self.locals[name])
        return self.known[name]

    def _lookup(self, block: Block) -> Term:
        kind = block.labels[0].removeprefix("aws_")
        asks = self.here(block)
        for each in block.blocks:
            given = {name: value for name, value in each.arguments.items() if name != "name"}
            if each.type != "lifecycle":
                asks[f"{each.type} {each.arguments.get('name')}"] = given
        where = ("filter vpc-id", {"values": (self.vpc,)}) if kind in _FILTERED else ("vpc_id", self.vpc)
        is_anywhere = kind in _ANYWHERE or (kind == "subnet" and "id" in asks) or block.address == _VPC
        is_in_vpc = is_anywhere or asks.pop(where[0], None) == where[1]
        return term(kind, self.value(asks) | ({} if is_in_vpc else {"in another VPC": True}))

    def value(self, value: Value) -> Any:
        """Return a value with its references followed."""
        match value:
            case str():
                return value
            case Expression(text) if text in self.locals:
                return self.named(text)
            case Expression(text):
                if text not in self.known:
                    follow = partial(_NAMED.sub, lambda match: str(self.named(match[0])))
                    self.known[text] = Term("".join(follow(piece) if code else piece for piece, code in parts(text)))
                return self.known[text]
            case tuple():
                return [self.value(item) for item in value]
            case Mapping():
                return {name: self.value(value[name]) for name in sorted(value)}
            case Call("jsonencode", (document,)):
                return {"jsonencode": self.value(document)}
            case Call(function, arguments):
                return Term(f"{function}({', '.join(repr(self.value(item)) for item in arguments)})")
        return value
