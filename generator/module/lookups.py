"""How the module finds what stands around its endpoints: references of the spec → `data` blocks and module inputs.

A reference by id stays that id in the argument that takes it, so that a `data` block which Terraform must put off
(one behind a `depends_on`, say) never makes the id unknown and the endpoint replaced; the block beside it only guards.
https://github.com/hashicorp/terraform-provider-aws/issues/25568
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from generator.hcl.hcl import Block, Call, Expression, Value, slug
from generator.module.guards import postcondition
from generator.spec.references import ById, ByInput, ByName, ByTags, is_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.spec.references import Existing, Subnet

DEFAULT_GROUP = "data.aws_security_group.default"
MAIN_TABLE = "data.aws_route_table.main"
_PLURAL = {
    "aws_subnet": "aws_subnets",
    "aws_route_table": "aws_route_tables",
    "aws_security_group": "aws_security_groups",
}
_NOUN = {
    "aws_vpc": ("vpc", "VPC"),
    "aws_subnet": ("subnet", "subnet"),
    "aws_route_table": ("rtb", "route table"),
    "aws_security_group": ("sg", "security group"),
    "aws_ec2_managed_prefix_list": ("pl", "prefix list"),
    "aws_network_interface": ("eni", "network interface"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a reference comes to: one id, or (`is_list`) an expression that gives a list of ids."""

    value: Value
    mock: tuple[str, ...]
    """The ids that it comes to in the module's own tests."""
    is_list: bool = False
    lookup: str = ""
    """The address of the `data` block (with `for_each` for a list) that knows more than the id, if there is one."""


def joined(found: Iterable[Found]) -> Value:
    """Return the ids of several references as one list."""
    found = tuple(found)
    single = tuple(item.value for item in found if not item.is_list)
    lists = tuple(item.value for item in found if item.is_list)
    if not lists:
        return single
    if len(lists) == 1 and not single:
        return lists[0]
    return Call("concat", (*((single,) if single else ()), *lists))


def mocks(found: Iterable[Found]) -> tuple[str, ...]:
    """Return the ids that several references come to in the module's own tests."""
    return tuple(identifier for item in found for identifier in item.mock)


class Lookups:
    """Collects what one module looks up; asked twice for one reference, it finds the same."""

    def __init__(self, vpc: Existing) -> None:
        """Begin with the VPC, which every other lookup is in."""
        self.blocks: dict[str, Block] = {}
        self.overrides: dict[str, Mapping[str, Value]] = {}
        self.variables: dict[str, tuple[str, str]] = {}
        self.variable_mocks: dict[str, Value] = {}
        self._labels: dict[str, str] = {}
        self._taken = {DEFAULT_GROUP, MAIN_TABLE}
        self._found: dict[tuple[str, bool, Subnet], Found] = {}
        self._count = 0
        self.vpc = self.one("aws_vpc", vpc)

    @property
    def vpc_id(self) -> Value:
        """The VPC's id, as an argument takes it."""
        return self.vpc.value

    def add(self, block: Block, override: Mapping[str, Value] | None = None) -> str:
        """Add a `data` block, with what it gives in the module's own tests; return its address."""
        self.blocks[block.address] = block
        if override is not None:
            self.overrides[block.address] = override
        return block.address

    def local(self, name: str, value: Value, comment: str) -> Expression:
        """Add a local value made of lookups, with the reason for it; return the reference to it."""
        self.blocks[f"local.{name}"] = Block(type="locals", arguments={name: value}, comment=comment)
        return Expression(f"local.{name}")

    def one(self, kind: str, reference: Subnet) -> Found:
        """Return the one thing that a reference names; `kind` is the type of its data source."""
        return self._remembered(kind, reference, is_list=False)

    def several(self, kind: str, reference: Subnet) -> Found:
        """Return what a reference in a list names: its tags and its input may stand for several."""
        return self._remembered(kind, reference, is_list=not is_one(reference))

    def mock_id(self, kind: str) -> str:
        """Return a new id of one kind for the module's own tests."""
        self._count += 1
        return f"{_NOUN[kind][0]}-{self._count:017x}"

    def label(self, kind: str, text: str, purpose: str = "") -> str:
        """Return a label that no other block of this kind has; for one `purpose`, the same each time."""
        key = f"{kind} {purpose}"
        if purpose and key in self._labels:
            return self._labels[key]
        base = label = slug(text, _NOUN[kind][0])
        number = 1
        while not {f"data.{kind}.{label}", f"data.{_PLURAL.get(kind, kind)}.{label}"}.isdisjoint(self._taken):
            number += 1
            label = f"{base}_{number}"
        self._taken |= {f"data.{kind}.{label}", f"data.{_PLURAL.get(kind, kind)}.{label}"}
        self._labels[key] = label
        return label

    def _remembered(self, kind: str, reference: Subnet, *, is_list: bool) -> Found:
        key = (kind, is_list, reference)
        if key not in self._found:
            self._found[key] = self._find(kind, reference, is_list=is_list)
        return self._found[key]

    def _find(self, kind: str, reference: Subnet, *, is_list: bool) -> Found:
        match reference:
            case ByInput(name):
                return self._input(kind, name, is_list=is_list)
            case ByTags(tags) if is_list:
                return self._tagged(kind, tags)
            case ByTags(tags):
                return self._searched(kind, "_".join(tags.values()), {"tags": tags})
            case ByName(name) if kind == "aws_ec2_managed_prefix_list":  # AWS's own lists have a name and no tags
                return self._searched(kind, name, {"name": name})
            case ByName(name):
                return self._searched(kind, name, {"tags": {"Name": name}})
            case ById(given):
                return self._given(kind, given)
            case _:
                assert_never(reference)

    def _given(self, kind: str, given: str) -> Found:
        """Look up what has an id, where more than the id must be known of it."""
        label = "this" if kind == "aws_vpc" else self.label(kind, given)
        lookup = ""
        if kind in {"aws_vpc", "aws_subnet"}:
            lookup = self.add(self._block(kind, label, {"id": given}), {"id": given})
        return Found(value=given, mock=(given,), lookup=lookup)

    def _searched(self, kind: str, text: str, search: Mapping[str, Value]) -> Found:
        """Look up the one thing that the arguments of a search find."""
        label, mock = "this" if kind == "aws_vpc" else self.label(kind, text), self.mock_id(kind)
        in_vpc = {} if kind in {"aws_vpc", "aws_ec2_managed_prefix_list"} else {"vpc_id": self.vpc_id}
        address = self.add(self._block(kind, label, {**in_vpc, **search}), {"id": mock})
        return Found(value=Expression(f"{address}.id"), mock=(mock,), lookup=address)

    def _block(self, kind: str, label: str, arguments: Mapping[str, Value]) -> Block:
        guard: tuple[Block, ...] = ()
        if kind == "aws_subnet" and "id" in arguments:
            message = f"Subnet {arguments['id']} is in another VPC than the endpoints."
            guard = (postcondition(f"self.vpc_id == {self._vpc_expression()}", message),)
        return Block(type="data", labels=(kind, label), arguments=arguments, blocks=guard)

    def _vpc_expression(self) -> str:
        return self.vpc.value.text if isinstance(self.vpc.value, Expression) else f'"{self.vpc.value}"'

    def _input(self, kind: str, name: str, *, is_list: bool) -> Found:
        self.variables.setdefault(name, ("list(string)" if is_list else "string", kind))
        mock = (self.mock_id(kind), self.mock_id(kind)) if is_list else (self.mock_id(kind),)
        self.variable_mocks.setdefault(name, mock if is_list else mock[0])
        value = Expression(f"var.{name}")
        lookup = ""
        if kind == "aws_vpc":
            lookup = self.add(self._block(kind, "this", {"id": value}), {"id": mock[0]})
        return Found(value=value, mock=mock, is_list=is_list, lookup=lookup)

    def _tagged(self, kind: str, tags: Mapping[str, str]) -> Found:
        """Look up everything of one kind that carries the tags."""
        plural, noun = _PLURAL[kind], _NOUN[kind][1]
        label = self.label(kind, "_".join(tags.values()))
        mock = (self.mock_id(kind), self.mock_id(kind))
        in_vpc: tuple[Block, ...] = ()
        arguments: dict[str, Value] = {"tags": tags}
        if kind == "aws_route_table":
            arguments = {"vpc_id": self.vpc_id, "tags": tags}
        else:
            in_vpc = (Block(type="filter", arguments={"name": "vpc-id", "values": (self.vpc_id,)}),)
        expected = ", ".join(f"{name} = {value}" for name, value in tags.items())
        guard = postcondition("length(self.ids) > 0", f"No {noun} of the VPC has the tags {expected}.")
        address = self.add(
            Block(type="data", labels=(plural, label), arguments=arguments, blocks=(*in_vpc, guard)), {"ids": mock}
        )
        lookup = ""
        if kind == "aws_subnet":
            each = {"for_each": Expression(f"toset({address}.ids)"), "id": Expression("each.value")}
            lookup = self.add(Block(type="data", labels=(kind, label), arguments=each))
            self.overrides |= {f'{lookup}["{identifier}"]': {"id": identifier} for identifier in mock}
        return Found(value=Expression(f"{address}.ids"), mock=mock, is_list=True, lookup=lookup)


def inputs(lookups: Lookups) -> tuple[Block, ...]:
    """Return the `variable` blocks of the module inputs that the references name."""
    return tuple(_variable(name, *use) for name, use in lookups.variables.items())


def _variable(name: str, type_: str, kind: str) -> Block:
    prefix, noun = _NOUN[kind]
    is_list = type_.startswith("list")
    described = f"{noun.capitalize() if noun.islower() else noun} ids" if is_list else f"Id of the {noun}"
    condition = (
        f'length(var.{name}) > 0 && alltrue([for id in var.{name} : startswith(id, "{prefix}-")])'
        if is_list
        else f'startswith(var.{name}, "{prefix}-")'
    )
    expected = f"one or more ids of {noun}s, as {prefix}-…" if is_list else f"the id of a {noun}, as {prefix}-…"
    validation = Block(
        type="validation",
        arguments={"condition": Expression(condition), "error_message": f"{name} must be {expected}."},
    )
    arguments: dict[str, Value] = {"description": described, "type": Expression(type_), "nullable": False}
    return Block(type="variable", labels=(name,), arguments=arguments, blocks=(validation,))
