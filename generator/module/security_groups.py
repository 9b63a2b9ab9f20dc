"""Security groups for the endpoints: those that exist, and those that the module makes, with a rule for each source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from generator.hcl.hcl import Block, Expression, Value, slug, words
from generator.intent.groups import PortRange, rule_description
from generator.intent.intent import Intent
from generator.module.lookups import Found, Lookups
from generator.spec import references
from generator.spec.references import Existing, Ingress, SecurityGroup, Source

_KIND = "aws_security_group"
_VPC_IPV4 = "data.aws_vpc.this.cidr_block_associations[*].cidr_block"
_VPC_IPV6 = "compact([data.aws_vpc.this.ipv6_cidr_block])"


class SecurityGroups:
    """Finds the groups of one module, and makes those that it creates."""

    def __init__(self, intent: Intent, lookups: Lookups, *, single_rules: bool) -> None:
        """`single_rules`: the provider floor has the resources of one CIDR block a rule (4.56.0)."""
        self._spec = intent.spec
        self._created = intent.groups
        self._lookups = lookups
        self._single_rules = single_rules

    @property
    def mocks(self) -> Mapping[str, str]:
        """The ids of the created groups in the module's own tests, by address."""
        return {f"{_KIND}.{_label(each.group)}": self.found(each.group).mock[0] for each in self._created}

    def found(self, reference: SecurityGroup) -> Found:
        """Return what a reference of `security_groups:` names."""
        match reference:
            case references.Create():
                value = Expression(f"{_KIND}.{_label(reference)}.id")
                return self._lookups.once(value, lambda: Found(value=value, mock=(self._lookups.mock_id(_KIND),)))
            case references.Default():
                search: dict[str, Value] = {"vpc_id": self._lookups.vpc_id, "name": "default"}
                return self._lookups.once(reference, lambda: self._lookups.look_up(_KIND, "default", search))
            case references.ById() | references.ByName() | references.ByTags() | references.ByInput():
                return self._lookups.several(_KIND, reference)
            case _:
                assert_never(reference)

    def blocks(self) -> Iterator[Block]:
        """Yield the created groups, each followed by its rules."""
        labels: dict[str, tuple[str, Source, PortRange]] = {}
        for created in self._created:
            group = created.group
            tags = group.tags if group.tags is not None else self._spec.tags or {}
            arguments: dict[str, Value] = {
                "name": group.name,
                "description": group.description,
                "vpc_id": self._lookups.vpc_id,
                "tags": {"Name": group.name, **tags},
            }
            yield Block(type="resource", labels=(_KIND, _label(group)), arguments=arguments)
            for ingress in group.ingress:
                for port in created.ports(ingress):
                    yield from self._rules(group, ingress, port, _rule_label(group, ingress.source, port, labels))

    def _rules(self, group: references.Create, ingress: Ingress, port: PortRange, label: str) -> Iterator[Block]:
        """Yield the rules for one source and one range of ports, in the form that the provider floor has."""

        def rule(kind: str, label: str, protocol: str, first: Mapping[str, Value], last: Mapping[str, Value]) -> Block:
            description = rule_description(ingress, port)
            arguments: dict[str, Value] = {
                **first,
                "security_group_id": Expression(f"{_KIND}.{_label(group)}.id"),
                **({"description": description} if description else {}),
                protocol: port[2],
                "from_port": port[0],
                "to_port": port[1],
                **last,
            }
            return Block(type="resource", labels=(kind, label), arguments=arguments)

        if not self._single_rules or (
            ingress.source == references.VpcBlocks() and isinstance(self._spec.vpc, references.ByInput)
        ):
            # The VPC may be made in the same apply: its CIDR blocks are then unknown at plan, where for_each needs
            # keys that are known. One rule of the older resource takes the whole list, known or not.
            kind = "aws_security_group_rule"
            yield rule(kind, label, "protocol", {"type": "ingress"}, self._list(ingress.source))
            return
        kind = "aws_vpc_security_group_ingress_rule"
        for suffix, each, source in self._sources(ingress.source):
            yield rule(kind, label + suffix, "ip_protocol", each, source)

    def _sources(self, source: Source) -> Iterator[tuple[str, dict[str, Value], dict[str, Value]]]:
        """Yield a source as `aws_vpc_security_group_ingress_rule` takes it: label's suffix, `for_each`, arguments."""
        match source:
            case references.VpcBlocks():
                each = Expression("each.value")
                yield "_ipv4", {"for_each": Expression(f"toset({_VPC_IPV4})")}, {"cidr_ipv4": each}
                yield "_ipv6", {"for_each": Expression(f"toset({_VPC_IPV6})")}, {"cidr_ipv6": each}
            case references.Ipv4Block(cidr):
                yield "", {}, {"cidr_ipv4": cidr}
            case references.Ipv6Block(cidr):
                yield "", {}, {"cidr_ipv6": cidr}
            case references.MembersOf(group):
                yield "", {}, {"referenced_security_group_id": self._group_id(group)}
            case references.BlocksOf(prefix_list):
                yield "", {}, {"prefix_list_id": self._prefix_list_id(prefix_list)}
            case _:
                assert_never(source)

    def _list(self, source: Source) -> Mapping[str, Value]:
        """Return a source as `aws_security_group_rule` takes it."""
        match source:
            case references.VpcBlocks():
                return {"cidr_blocks": Expression(_VPC_IPV4), "ipv6_cidr_blocks": Expression(_VPC_IPV6)}
            case references.Ipv4Block(cidr):
                return {"cidr_blocks": (cidr,)}
            case references.Ipv6Block(cidr):
                return {"ipv6_cidr_blocks": (cidr,)}
            case references.MembersOf(group):
                return {"source_security_group_id": self._group_id(group)}
            case references.BlocksOf(prefix_list):
                return {"prefix_list_ids": (self._prefix_list_id(prefix_list),)}
            case _:
                assert_never(source)

    def _group_id(self, group: Existing) -> Value:
        return self._lookups.one(_KIND, group).value

    def _prefix_list_id(self, prefix_list: Existing) -> Value:
        return self._lookups.one("aws_ec2_managed_prefix_list", prefix_list).value


def _rule_label(
    group: references.Create, source: Source, port: PortRange, labels: dict[str, tuple[str, Source, PortRange]]
) -> str:
    """Return the rule's own label, made of what it says and not of its position; `labels` keeps those given."""
    ports = f"{port[0]}_{port[2]}" if port[2] != "tcp" else f"{port[0]}"
    base = label = f"{_label(group)}_{_source_label(source)}_{ports}"
    rule, number = (_label(group), source, port), 1
    while labels.setdefault(label, rule) != rule:
        number += 1
        label = f"{base}_{number}"
    return label


def _source_label(source: Source) -> str:
    """Return what a rule's label says of its source; never its position, or a new rule would rename the old ones."""
    match source:
        case references.VpcBlocks():
            return "from_vpc"
        case references.Ipv4Block(cidr) | references.Ipv6Block(cidr):
            return f"from_{words(cidr)}"
        case references.MembersOf(reference) | references.BlocksOf(reference):
            return f"from_{words(_text(reference))}"
        case _:
            assert_never(source)


def _text(reference: Existing) -> str:
    match reference:
        case references.ById(text) | references.ByName(text) | references.ByInput(text):
            return text
        case references.ByTags(tags):
            return "_".join(tags.values())
        case _:
            assert_never(reference)


def _label(group: references.Create) -> str:
    """Return the Terraform label of a created group; no other group's: the rules see to that (E244)."""
    return slug(group.name, "group")
