"""How the module finds what exists around its endpoints: references of the spec → `data` blocks and module inputs.

A reference by id stays that id in the argument that takes it, so that a `data` block which Terraform must put off
(one behind a `depends_on`, say) never makes the id unknown and the endpoint replaced; the block beside it only guards.
https://github.com/hashicorp/terraform-provider-aws/issues/25568
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import assert_never, cast

from generator.hcl.hcl import Block, Call, Expression, Value, literal, slug
from generator.intent.policies import ACCOUNT
from generator.module import inputs
from generator.source.frozen import frozen
from generator.spec.policy_text import Known
from generator.spec.references import ById, ByInput, ByName, ByTags, Existing, Subnet

MAIN_TABLE = "data.aws_route_table.main"
_NOUN = {
    "aws_vpc": ("vpc", "VPC"),
    "aws_subnet": ("subnet", "subnet"),
    "aws_route_table": ("rtb", "route table"),
    "aws_security_group": ("sg", "security group"),
    "aws_ec2_managed_prefix_list": ("pl", "prefix list"),
    "aws_network_interface": ("eni", "network interface"),
}


@frozen(kw_only=True)
class Found:
    """What a reference comes to: one id, or (`is_list`) an expression that gives a list of ids."""

    value: Value
    mock: tuple[str, ...]
    """The ids that it comes to in the module's own tests."""
    is_list: bool = False
    lookup: str = ""
    """The address of the `data` block (with `for_each` for a list) that knows more than the id, if there is one."""

    @property
    def label(self) -> str:
        """The label of that `data` block."""
        return self.lookup.rpartition(".")[2]


def concat(parts: Iterable[tuple[Value, bool]]) -> Value:
    """Return single values, and (True) lists of values, as one list."""
    parts = tuple(parts)
    single = tuple(value for value, is_list in parts if not is_list)
    lists = tuple(value for value, is_list in parts if is_list)
    if not lists:
        return single
    lists = (single, *lists) if single else lists
    return Call("concat", lists) if len(lists) > 1 else lists[0]


def mocks(found: Iterable[Found]) -> tuple[str, ...]:
    """Return the ids that several references come to in the module's own tests."""
    return tuple(identifier for item in found for identifier in item.mock)


def guard(condition: str, message: Value, kind: str = "postcondition") -> Block:
    """Return the guard of a lookup, or of an endpoint: what must hold of it, and what to do where it does not."""
    arguments: dict[str, Value] = {"condition": Expression(condition), "error_message": message}
    return Block(type="lifecycle", blocks=(Block(type=kind, arguments=arguments),))


def filtered(name: str, value: Value) -> Block:
    """Return the filter of a lookup: that a property has a value."""
    return Block(type="filter", arguments={"name": name, "values": (value,)})


def label_text(reference: Existing) -> str:
    """Return what a label says of a reference."""
    match reference:
        case ById(text) | ByName(text) | ByInput(text):
            return text
        case ByTags(tags):
            return "_".join(tags.values())
        case _:
            assert_never(reference)


class Lookups:
    """Collects what one module looks up; asked twice for one reference, it finds the same."""

    def __init__(self, vpc: Existing, guards: tuple[Block, ...] = ()) -> None:
        """Begin with the VPC, which every other lookup is in, and what must hold of it."""
        self.blocks: dict[str, Block] = {}
        self.overrides: dict[str, Mapping[str, Value]] = {}
        self.variables: dict[str, Block] = {}
        self.variable_mocks: dict[str, Value] = {}
        self._taken = {"data.aws_security_group.default", MAIN_TABLE}
        self._found: dict[Hashable, Found] = {}
        self._count = 0
        self.vpc = self.one("aws_vpc", vpc)
        self.blocks[self.vpc.lookup] = replace(self.blocks[self.vpc.lookup], blocks=guards)

    def add(self, kind: str, label: str, arguments: Mapping[str, Value], blocks: tuple[Block, ...] = ()) -> str:
        """Add a `data` block; return its address."""
        block = Block(type="data", labels=(kind, label), arguments=arguments, blocks=blocks)
        self.blocks[block.address] = block
        return block.address

    def local(self, name: str, value: Value, comment: str) -> Expression:
        """Add a local value made of lookups, with the reason for it; return the reference to it."""
        self.blocks[f"local.{name}"] = Block(type="locals", arguments={name: value}, comment=" ".join(comment.split()))
        return Expression(f"local.{name}")

    def or_input(self, name: str, found: str, what: str) -> Expression:
        """Add a local value of what is looked up, or else given: a `for_each` needs it in each plan."""
        description = f"{what}. Default: looked up. Give it where the module has depends_on, which puts lookups off"
        arguments: dict[str, Value] = {"description": description, "type": Expression("list(string)"), "default": None}
        self.variables.setdefault(name, Block(type="variable", labels=(name,), arguments=arguments))
        return self.local(name, Expression(f"distinct(coalesce(var.{name}, {found}))"), f"{what}, each once.")

    def once(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what `find` finds, and the same again for the same key."""
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]

    def one(self, kind: str, reference: Subnet) -> Found:
        """Return the one thing that a reference names; `kind` is the type of its data source."""
        return self.once((kind, reference), lambda: self._find(kind, reference))

    def several(self, kind: str, reference: Subnet) -> Found:
        """Return what a reference in a list names: its tags and its input may be several."""
        match reference:
            case ById() | ByName():
                return self.one(kind, reference)
            case ByTags(tags):
                return self.once((kind, "several", reference), lambda: self._tagged(kind, tags))
            case ByInput(name):
                return self.once((kind, "several", reference), lambda: self._input(kind, name, is_list=True))
            case _:
                assert_never(reference)

    def text_input(self, name: str, given: str) -> Expression:
        """Add the module input of a name that gives text, as `the name of a Region`; return the reference to it."""
        self.variables.setdefault(name, inputs.of_text(name, given))
        self.variable_mocks.setdefault(name, inputs.TEXTS[given][1])
        return Expression(f"var.{name}")

    def of_policy(self, part: Known, given: Mapping[str, str]) -> str | Expression:
        """Return how a policy refers to what Terraform knows; `given` says what each input of the module gives."""
        if part.kind == "vpc":
            return cast("str | Expression", self.vpc.value)
        if part.kind == "variable":
            return self.text_input(part.name, given[part.name])
        address = self.add("aws_caller_identity", "current", {})
        self.overrides[address] = {"account_id": inputs.TEXTS[ACCOUNT][1]}
        return Expression(f"{address}.account_id")

    def look_up(
        self, kind: str, label: str, arguments: Mapping[str, Value], blocks: tuple[Block, ...] = (), mock: str = ""
    ) -> Found:
        """Add the lookup of one thing by these arguments; `mock` is its id in the module's own tests, if known."""
        mock = mock or self.mock_id(kind)
        address = self.add(kind, label, arguments, blocks)
        self.overrides[address] = {"id": mock}
        return Found(value=Expression(f"{address}.id"), mock=(mock,), lookup=address)

    def mock_id(self, kind: str) -> str:
        """Return a new id of one kind for the module's own tests."""
        self._count += 1
        return f"{_NOUN[kind][0]}-{self._count:017x}"

    def label(self, kind: str, text: str) -> str:
        """Return a label that no other block of this kind has; there is one VPC, `this`."""
        if kind == "aws_vpc":
            return "this"
        return self.free(kind, slug(text, _NOUN[kind][0]))

    def free(self, kind: str, base: str) -> str:
        """Return a label as a base says, with a number where that has been given to another of its kind."""
        label, number = base, 1  # both data sources of a kind share labels, so that one name is one thing to a reader
        while f"data.{kind}.{label}" in self._taken:
            number += 1
            label = f"{base}_{number}"
        self._taken.add(f"data.{kind}.{label}")
        return label

    def _find(self, kind: str, reference: Subnet) -> Found:
        search: dict[str, Value]
        match reference:
            case ByInput(name):
                return self._input(kind, name, is_list=False)
            case ById(given):
                return self._by_id(kind, given)
            case ByTags(tags):
                search = {"tags": tags}
            case ByName(name) if kind == "aws_ec2_managed_prefix_list":  # AWS's own lists have a name and no tags
                search = {"name": name}
            case ByName(name):
                search = {"tags": {"Name": name}}
            case _:
                assert_never(reference)
        if kind not in {"aws_vpc", "aws_ec2_managed_prefix_list"}:
            search = {"vpc_id": self.vpc.value, **search}
        return self.look_up(kind, self.label(kind, label_text(reference)), search)

    def _by_id(self, kind: str, given: str) -> Found:
        """Return an id unchanged, beside a lookup where more than the id must be known."""
        label = self.label(kind, given)
        if kind not in {"aws_vpc", "aws_subnet"}:
            return Found(value=given, mock=(given,))
        guards: tuple[Block, ...] = ()
        if kind == "aws_subnet":
            condition = f"self.vpc_id == {literal(self.vpc.value)}"
            guards = (guard(condition, f"Subnet {given} is in another VPC than the endpoints."),)
        return replace(self.look_up(kind, label, {"id": given}, guards, given), value=given)

    def _input(self, kind: str, name: str, *, is_list: bool) -> Found:
        self.variables.setdefault(name, inputs.of_ids(name, *_NOUN[kind], is_list=is_list))
        value, mock = Expression(f"var.{name}"), tuple(self.mock_id(kind) for _ in range(1 + is_list))
        self.variable_mocks.setdefault(name, mock if is_list else mock[0])
        if kind == "aws_vpc":
            return replace(self.look_up(kind, "this", {"id": value}, mock=mock[0]), value=value)
        return Found(value=value, mock=mock, is_list=is_list)

    def _tagged(self, kind: str, tags: Mapping[str, str]) -> Found:
        """Look up everything of one kind that carries the tags."""
        label = self.label(kind, label_text(ByTags(tags)))
        mock = (self.mock_id(kind), self.mock_id(kind))
        expected = ", ".join(f"{name} = {value}" for name, value in tags.items())
        message = f"No {_NOUN[kind][1]} of the VPC has the tags {expected}."
        blocks: tuple[Block, ...] = (guard("length(self.ids) > 0", message),)
        arguments: dict[str, Value] = {"tags": tags}
        if kind == "aws_route_table":
            arguments = {"vpc_id": self.vpc.value, **arguments}
        else:  # the others of the plural data sources are filtered
            blocks = (filtered("vpc-id", self.vpc.value), *blocks)
        address, lookup = self.add(f"{kind}s", label, arguments, blocks), ""
        self.overrides[address] = {"ids": mock}
        ids = Expression(f"{address}.ids")
        if kind == "aws_subnet":
            name = self.free("variable", f"subnet_ids_of_{slug(label_text(ByTags(tags)), 'subnet')}")
            ids = self.or_input(name, ids.text, f"Ids of the subnets with the tags {expected}")
            each = {"for_each": Expression(f"toset({ids.text})"), "id": Expression("each.value")}
            lookup = self.add(kind, label, each)
            self.overrides |= {f'{lookup}["{identifier}"]': {"id": identifier} for identifier in mock}
        return Found(value=ids, mock=mock, is_list=True, lookup=lookup)
