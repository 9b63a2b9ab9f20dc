"""Security groups for the endpoints: those that exist, and those that the module makes, with a rule for each source."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from generator.hcl.hcl import Block, Expression, Value, slug, words
from generator.intent.groups import described
from generator.module.lookups import DEFAULT_GROUP, Found, Lookups
from generator.spec.references import (
    BlocksOf,
    ById,
    ByInput,
    ByName,
    ByTags,
    Create,
    Default,
    Ipv4Block,
    Ipv6Block,
    MembersOf,
    VpcBlocks,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.intent.groups import CreatedGroup, PortRange
    from generator.intent.intent import Intent
    from generator.spec.references import Existing, Ingress, SecurityGroup, Source

_KIND = "aws_security_group"
_VPC_IPV4 = "data.aws_vpc.this.cidr_block_associations[*].cidr_block"
_VPC_IPV6 = "compact([data.aws_vpc.this.ipv6_cidr_block])"


class SecurityGroups:
    """Collects the groups of one module."""

    def __init__(self, intent: Intent, lookups: Lookups, *, single_rules: bool) -> None:
        """Begin with none. `single_rules`: the provider floor has the resources of one CIDR block a rule (4.56.0)."""
        self._spec = intent.spec
        self._lookups = lookups
        self._single_rules = single_rules
        self._created = {each.group.name: each for each in intent.groups}
        self._mocks: dict[str, str] = {}
        self._rules_made: dict[str, tuple[str, Source, PortRange]] = {}

    @property
    def mocks(self) -> Mapping[str, str]:
        """The ids of the created groups in the module's own tests, by address."""
        return {f"{_KIND}.{label}": mock for label, mock in self._mocks.items()}

    def found(self, references: Iterable[SecurityGroup]) -> tuple[Found, ...]:
        """Return the groups that a list of `security_groups:` names."""
        return tuple(map(self._one, references))

    def blocks(self) -> tuple[Block, ...]:
        """Return the created groups, each followed by its rules."""
        return tuple(block for created in self._created.values() for block in self._group(created))

    def _one(self, reference: SecurityGroup) -> Found:
        match reference:
            case Create():
                return self._make(reference)
            case Default():
                return self._default()
            case ById() | ByName() | ByTags() | ByInput():
                return self._lookups.several(_KIND, reference)
            case _:
                assert_never(reference)

    def _default(self) -> Found:
        address = DEFAULT_GROUP
        if address not in self._lookups.blocks:
            arguments: dict[str, Value] = {"vpc_id": self._lookups.vpc_id, "name": "default"}
            override = {"id": self._lookups.mock_id(_KIND)}
            self._lookups.add(Block(type="data", labels=(_KIND, "default"), arguments=arguments), override)
        return Found(
            value=Expression(f"{address}.id"), mock=(str(self._lookups.overrides[address]["id"]),), lookup=address
        )

    def _make(self, group: Create) -> Found:
        label = _label(group)
        if label not in self._mocks:
            self._mocks[label] = self._lookups.mock_id(_KIND)
        return Found(value=Expression(f"{_KIND}.{label}.id"), mock=(self._mocks[label],))

    def _group(self, created: CreatedGroup) -> Iterator[Block]:
        group = created.group
        tags = group.tags if group.tags is not None else self._spec.tags or {}
        arguments: dict[str, Value] = {
            "name": group.name,
            "description": group.description,
            "vpc_id": self._lookups.vpc_id,
            "tags": {"Name": group.name, **tags},
        }
        yield Block(type="resource", labels=(_KIND, _label(created.group)), arguments=arguments)
        for ingress in group.ingress:
            for port in created.ports(ingress):
                yield from self._rules(created, ingress, port)

    def _rules(self, created: CreatedGroup, ingress: Ingress, port: PortRange) -> Iterator[Block]:
        """Return the rules for one source and one range of ports, in the form that the provider floor has."""
        base = self._rule_label(created, ingress, port)
        description = described(ingress, port)
        if not self._single_rules or (ingress.source == VpcBlocks() and isinstance(self._spec.vpc, ByInput)):
            # The VPC may be made in the same apply: its CIDR blocks are then unknown at plan, where for_each needs
            # keys that are known. One rule of the older resource takes the whole list, known or not.
            yield self._list_rule(created, base, port, description, self._list(ingress.source))
            return
        group = Expression(f"{_KIND}.{_label(created.group)}.id")
        for suffix, arguments in self._sources(ingress.source):
            each = {"for_each": arguments["for_each"]} if "for_each" in arguments else {}
            rest = {name: value for name, value in arguments.items() if name != "for_each"}
            yield Block(
                type="resource",
                labels=("aws_vpc_security_group_ingress_rule", base + suffix),
                arguments={
                    **each,
                    "security_group_id": group,
                    **({"description": description} if description else {}),
                    "ip_protocol": port[2],
                    "from_port": port[0],
                    "to_port": port[1],
                    **rest,
                },
            )

    def _rule_label(self, created: CreatedGroup, ingress: Ingress, port: PortRange) -> str:
        """Return the rule's own label, made of what it says and not of where it stands."""
        ports = f"{port[0]}_{port[2]}" if port[2] != "tcp" else f"{port[0]}"
        base = label = f"{_label(created.group)}_{_source_label(ingress.source)}_{ports}"
        rule = (_label(created.group), ingress.source, port)
        number = 1
        while self._rules_made.setdefault(label, rule) != rule:
            number += 1
            label = f"{base}_{number}"
        return label

    def _list_rule(
        self, created: CreatedGroup, label: str, port: PortRange, description: str, sources: Mapping[str, Value]
    ) -> Block:
        arguments: dict[str, Value] = {
            "type": "ingress",
            "security_group_id": Expression(f"{_KIND}.{_label(created.group)}.id"),
            **({"description": description} if description else {}),
            "protocol": port[2],
            "from_port": port[0],
            "to_port": port[1],
            **sources,
        }
        return Block(type="resource", labels=("aws_security_group_rule", label), arguments=arguments)

    def _sources(self, source: Source) -> Iterator[tuple[str, dict[str, Value]]]:
        """Yield a source as `aws_vpc_security_group_ingress_rule` takes it, with a suffix for the label."""
        match source:
            case VpcBlocks():
                each = Expression("each.value")
                yield "_ipv4", {"for_each": Expression(f"toset({_VPC_IPV4})"), "cidr_ipv4": each}
                yield "_ipv6", {"for_each": Expression(f"toset({_VPC_IPV6})"), "cidr_ipv6": each}
            case Ipv4Block(cidr):
                yield "", {"cidr_ipv4": cidr}
            case Ipv6Block(cidr):
                yield "", {"cidr_ipv6": cidr}
            case MembersOf(group):
                yield "", {"referenced_security_group_id": self._group_id(group)}
            case BlocksOf(prefix_list):
                yield "", {"prefix_list_id": self._prefix_list_id(prefix_list)}
            case _:
                assert_never(source)

    def _list(self, source: Source) -> Mapping[str, Value]:
        """Return a source as `aws_security_group_rule` takes it."""
        match source:
            case VpcBlocks():
                return {"cidr_blocks": Expression(_VPC_IPV4), "ipv6_cidr_blocks": Expression(_VPC_IPV6)}
            case Ipv4Block(cidr):
                return {"cidr_blocks": (cidr,)}
            case Ipv6Block(cidr):
                return {"ipv6_cidr_blocks": (cidr,)}
            case MembersOf(group):
                return {"source_security_group_id": self._group_id(group)}
            case BlocksOf(prefix_list):
                return {"prefix_list_ids": (self._prefix_list_id(prefix_list),)}
            case _:
                assert_never(source)

    def _group_id(self, group: Existing) -> Value:
        return self._lookups.one(_KIND, group).value

    def _prefix_list_id(self, prefix_list: Existing) -> Value:
        return self._lookups.one("aws_ec2_managed_prefix_list", prefix_list).value


def _source_label(source: Source) -> str:
    """Return what a rule's label says of its source; never its position, or a new rule would rename the old ones."""
    match source:
        case VpcBlocks():
            return "from_vpc"
        case Ipv4Block(cidr) | Ipv6Block(cidr):
            return f"from_{words(cidr)}"
        case MembersOf(reference) | BlocksOf(reference):
            return f"from_{words(_text(reference))}"
        case _:
            assert_never(source)


def _text(reference: Existing) -> str:
    match reference:
        case ById(text) | ByName(text) | ByInput(text):
            return text
        case ByTags(tags):
            return "_".join(tags.values())
        case _:
            assert_never(reference)


def _label(group: Create) -> str:
    """Return the Terraform label of a created group; no other group's: the rules see to that (E244)."""
    return slug(group.name, "group")
