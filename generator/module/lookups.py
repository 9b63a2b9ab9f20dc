"""How the module finds what exists around its endpoints: references of the spec → `data` blocks and module inputs.

A reference by id stays that id in the argument that takes it, so that a `data` block which Terraform must put off
(one behind a `depends_on`, say) never makes the id unknown and the endpoint replaced; the block beside it only guards.
https://github.com/hashicorp/terraform-provider-aws/issues/25568
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from generator.hcl.hcl import Block, Call, Expression, Value, slug
from generator.spec.references import ById, ByInput, ByName, ByTags, Existing, Subnet

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


def id_list(found: Iterable[Found]) -> Value:
    """Return the ids of several references as one list."""
    found = tuple(found)
    return concat(
        tuple(item.value for item in found if not item.is_list), tuple(item.value for item in found if item.is_list)
    )


def concat(single: tuple[Value, ...], lists: tuple[Value, ...]) -> Value:
    """Return single values and lists as one list."""
    if not lists:
        return single
    parts = (single, *lists) if single else lists
    return Call("concat", parts) if len(parts) > 1 else parts[0]


def mocks(found: Iterable[Found]) -> tuple[str, ...]:
    """Return the ids that several references come to in the module's own tests."""
    return tuple(identifier for item in found for identifier in item.mock)


def postcondition(condition: str, message: Value) -> Block:
    """Return the guard of a lookup: what must hold of it, and what to do where it does not."""
    guard = Block(type="postcondition", arguments={"condition": Expression(condition), "error_message": message})
    return Block(type="lifecycle", blocks=(guard,))


class Lookups:
    """Collects what one module looks up; asked twice for one reference, it finds the same."""

    def __init__(self, vpc: Existing, guards: tuple[Block, ...] = ()) -> None:
        """Begin with the VPC, which every other lookup is in, and what must hold of it."""
        self.blocks: dict[str, Block] = {}
        self.overrides: dict[str, Mapping[str, Value]] = {}
        self.variables: dict[str, tuple[str, str]] = {}
        self.variable_mocks: dict[str, Value] = {}
        self._taken = {DEFAULT_GROUP, MAIN_TABLE}
        self._found: dict[Hashable, Found] = {}
        self._count = 0
        self._vpc_guards = guards
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

    def look_up(
        self, kind: str, label: str, arguments: Mapping[str, Value], blocks: tuple[Block, ...] = (), mock: str = ""
    ) -> Found:
        """Add the lookup of one thing by these arguments; `mock` is its id in the module's own tests, if known."""
        mock = mock or self.mock_id(kind)
        address = self.add(Block(type="data", labels=(kind, label), arguments=arguments, blocks=blocks), {"id": mock})
        return Found(value=Expression(f"{address}.id"), mock=(mock,), lookup=address)

    def mock_id(self, kind: str) -> str:
        """Return a new id of one kind for the module's own tests."""
        self._count += 1
        return f"{_NOUN[kind][0]}-{self._count:017x}"

    def label(self, kind: str, text: str) -> str:
        """Return a label that no other block of this kind has."""
        base = label = slug(text, _NOUN[kind][0])
        number = 1  # the singular and the plural data source share labels, so that one name is one thing to a reader
        while not {f"data.{kind}.{label}", f"data.{_PLURAL.get(kind, kind)}.{label}"}.isdisjoint(self._taken):
            number += 1
            label = f"{base}_{number}"
        self._taken |= {f"data.{kind}.{label}", f"data.{_PLURAL.get(kind, kind)}.{label}"}
        return label

    def _find(self, kind: str, reference: Subnet) -> Found:
        match reference:
            case ByInput(name):
                return self._input(kind, name, is_list=False)
            case ByTags(tags):
                return self._searched(kind, "_".join(tags.values()), {"tags": tags})
            case ByName(name) if kind == "aws_ec2_managed_prefix_list":  # AWS's own lists have a name and no tags
                return self._searched(kind, name, {"name": name})
            case ByName(name):
                return self._searched(kind, name, {"tags": {"Name": name}})
            case ById(given):
                return self._by_id(kind, given)
            case _:
                assert_never(reference)

    def _by_id(self, kind: str, given: str) -> Found:
        """Return an id unchanged, beside a lookup where more than the id must be known."""
        if kind == "aws_vpc":
            return replace(self.look_up(kind, "this", {"id": given}, self._vpc_guards, given), value=given)
        label = self.label(kind, given)
        if kind != "aws_subnet":
            return Found(value=given, mock=(given,))
        vpc = self.vpc_id.text if isinstance(self.vpc_id, Expression) else f'"{self.vpc_id}"'
        guard = postcondition(f"self.vpc_id == {vpc}", f"Subnet {given} is in another VPC than the endpoints.")
        return replace(self.look_up(kind, label, {"id": given}, (guard,), given), value=given)

    def _searched(self, kind: str, text: str, search: Mapping[str, Value]) -> Found:
        """Look up the one thing that the arguments of a search find."""
        if kind == "aws_vpc":
            return self.look_up(kind, "this", search, self._vpc_guards)
        in_vpc = {} if kind == "aws_ec2_managed_prefix_list" else {"vpc_id": self.vpc_id}
        return self.look_up(kind, self.label(kind, text), {**in_vpc, **search})

    def _input(self, kind: str, name: str, *, is_list: bool) -> Found:
        self.variables.setdefault(name, ("list(string)" if is_list else "string", kind))
        mock = (self.mock_id(kind), self.mock_id(kind)) if is_list else (self.mock_id(kind),)
        self.variable_mocks.setdefault(name, mock if is_list else mock[0])
        value = Expression(f"var.{name}")
        if kind == "aws_vpc":
            return replace(self.look_up(kind, "this", {"id": value}, self._vpc_guards, mock[0]), value=value)
        return Found(value=value, mock=mock, is_list=is_list)

    def _tagged(self, kind: str, tags: Mapping[str, str]) -> Found:
        """Look up everything of one kind that carries the tags."""
        plural, noun = _PLURAL[kind], _NOUN[kind][1]
        label = self.label(kind, "_".join(tags.values()))
        mock = (self.mock_id(kind), self.mock_id(kind))
        in_vpc = Block(type="filter", arguments={"name": "vpc-id", "values": (self.vpc_id,)})
        expected = ", ".join(f"{name} = {value}" for name, value in tags.items())
        guard = postcondition("length(self.ids) > 0", f"No {noun} of the VPC has the tags {expected}.")
        has_vpc_id = kind == "aws_route_table"  # the others of the plural data sources are filtered
        block = Block(
            type="data",
            labels=(plural, label),
            arguments={**({"vpc_id": self.vpc_id} if has_vpc_id else {}), "tags": tags},
            blocks=(guard,) if has_vpc_id else (in_vpc, guard),
        )
        address, lookup = self.add(block, {"ids": mock}), ""
        if kind == "aws_subnet":
            each = {"for_each": Expression(f"toset({address}.ids)"), "id": Expression("each.value")}
            lookup = self.add(Block(type="data", labels=(kind, label), arguments=each))
            self.overrides |= {f'{lookup}["{identifier}"]': {"id": identifier} for identifier in mock}
        return Found(value=Expression(f"{address}.ids"), mock=mock, is_list=True, lookup=lookup)


def variables(lookups: Lookups) -> tuple[Block, ...]:
    """Return the `variable` blocks of the module inputs that the references name."""
    return tuple(_variable(name, *use) for name, use in lookups.variables.items())


def _variable(name: str, type_: str, kind: str) -> Block:
    prefix, noun = _NOUN[kind]
    is_list = type_.startswith("list")
    description = f"{noun.capitalize() if noun.islower() else noun} ids" if is_list else f"Id of the {noun}"
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
    arguments: dict[str, Value] = {"description": description, "type": Expression(type_), "nullable": False}
    return Block(type="variable", labels=(name,), arguments=arguments, blocks=(validation,))
