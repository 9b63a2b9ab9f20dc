"""Security groups for the endpoints: those that exist, and those that the module makes, with a rule for each source."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from generator.hcl.hcl import Block, Expression, Value, slug, words
from generator.intent.groups import described
from generator.module.lookups import DEFAULT_GROUP, Found, Lookups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.intent.groups import CreatedGroup, PortRange
    from generator.intent.intent import Intent
    from generator.spec.references import (
        CreatedSecurityGroup,
        ExistingSecurityGroup,
        Ingress,
        PrefixListReference,
        SecurityGroupReference,
    )

_KIND = "aws_security_group"


class SecurityGroups:
    """Collects the groups of one module."""

    def __init__(self, intent: Intent, lookups: Lookups, *, single_rules: bool) -> None:
        """Begin with none. `single_rules`: the provider floor has the resources of one CIDR block a rule (4.56.0)."""
        self._spec = intent.spec
        self._lookups = lookups
        self._single_rules = single_rules
        self._created = {each.group.name: each for each in intent.groups}
        self._mocks: dict[str, str] = {}
        self._rules_made: dict[str, tuple[str, str, PortRange]] = {}

    @property
    def mocks(self) -> Mapping[str, str]:
        """The ids of the created groups in the module's own tests, by address."""
        return {f"{_KIND}.{label}": mock for label, mock in self._mocks.items()}

    def found(self, references: Iterable[SecurityGroupReference]) -> tuple[Found, ...]:
        """Return the groups that a list of `security_groups:` names."""
        return tuple(map(self._one, references))

    def blocks(self) -> tuple[Block, ...]:
        """Return the created groups, each followed by its rules."""
        return tuple(block for created in self._created.values() for block in self._group(created))

    def _one(self, reference: SecurityGroupReference) -> Found:
        if reference.create is not None:
            return self._make(reference.create)
        if reference.form == "default":
            return self._default()
        return self._lookups.several(_KIND, reference)

    def _default(self) -> Found:
        address = DEFAULT_GROUP
        if address not in self._lookups.blocks:
            arguments: dict[str, Value] = {"vpc_id": self._lookups.vpc_id, "name": "default"}
            override = {"id": self._lookups.mock_id(_KIND)}
            self._lookups.add(Block(type="data", labels=(_KIND, "default"), arguments=arguments), override)
        return Found(
            value=Expression(f"{address}.id"), mock=(str(self._lookups.overrides[address]["id"]),), lookup=address
        )

    def _make(self, group: CreatedSecurityGroup) -> Found:
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
        if not self._single_rules or (ingress.vpc and self._spec.vpc.form == "variable"):
            # The VPC may be made in the same apply: its CIDR blocks are then unknown at plan, where for_each needs
            # keys that are known. One rule of the older resource takes the whole list, known or not.
            yield self._list_rule(created, base, port, description, self._cidrs(ingress))
            return
        group = Expression(f"{_KIND}.{_label(created.group)}.id")
        for suffix, arguments in self._sources(ingress):
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
        base = label = f"{_label(created.group)}_{_source_label(ingress)}_{ports}"
        rule = (_label(created.group), repr(getattr(ingress, ingress.form)), port)
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

    def _sources(self, ingress: Ingress) -> Iterator[tuple[str, dict[str, Value]]]:
        """Yield the sources as `aws_vpc_security_group_ingress_rule` takes them, with a suffix for the label."""
        if ingress.vpc:
            each = Expression("each.value")
            blocks = "toset(data.aws_vpc.this.cidr_block_associations[*].cidr_block)"
            yield "_ipv4", {"for_each": Expression(blocks), "cidr_ipv4": each}
            blocks = "toset(compact([data.aws_vpc.this.ipv6_cidr_block]))"
            yield "_ipv6", {"for_each": Expression(blocks), "cidr_ipv6": each}
        elif ingress.security_group is not None:
            yield "", {"referenced_security_group_id": self._group_id(ingress)}
        elif ingress.prefix_list is not None:
            yield "", {"prefix_list_id": self._prefix_list_id(ingress)}
        else:
            yield "", {ingress.form: getattr(ingress, ingress.form)}

    def _cidrs(self, ingress: Ingress) -> Mapping[str, Value]:
        """Return the sources as `aws_security_group_rule` takes them."""
        if ingress.vpc:
            return {
                "cidr_blocks": Expression("data.aws_vpc.this.cidr_block_associations[*].cidr_block"),
                "ipv6_cidr_blocks": Expression("compact([data.aws_vpc.this.ipv6_cidr_block])"),
            }
        if ingress.security_group is not None:
            return {"source_security_group_id": self._group_id(ingress)}
        if ingress.prefix_list is not None:
            return {"prefix_list_ids": (self._prefix_list_id(ingress),)}
        return (
            {"cidr_blocks": (ingress.cidr_ipv4,)} if ingress.cidr_ipv4 else {"ipv6_cidr_blocks": (ingress.cidr_ipv6,)}
        )

    def _group_id(self, ingress: Ingress) -> Value:
        reference = cast("ExistingSecurityGroup", ingress.security_group)
        return self._lookups.one(_KIND, reference).value

    def _prefix_list_id(self, ingress: Ingress) -> Value:
        reference = cast("PrefixListReference", ingress.prefix_list)
        return self._lookups.one("aws_ec2_managed_prefix_list", reference).value


def _source_label(ingress: Ingress) -> str:
    """Return what a rule's label says of its source; never its position, or a new rule would rename the old ones."""
    source = getattr(ingress, ingress.form)
    if ingress.vpc:
        return "from_vpc"
    if not isinstance(source, str):
        given = getattr(source, source.form)
        source = given if isinstance(given, str) else "_".join(given.values())
    return f"from_{words(source)}"


def _label(group: CreatedSecurityGroup) -> str:
    """Return the Terraform label of a created group; no other group's: the rules see to that (E244)."""
    return slug(group.name, "group")
