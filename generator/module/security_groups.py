"""Security groups for the endpoints: those that exist, and those that the module makes, with a rule for each source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from generator.hcl.hcl import Block, Expression, Value, slug, words
from generator.intent.groups import PortRange, rule_description
from generator.intent.intent import Intent
from generator.module.lookups import Found, Lookups, label_text
from generator.rules.provider import version
from generator.spec import references as refs
from generator.spec.references import Ingress, SecurityGroup, Source

_KIND = "aws_security_group"
_SINGLE_RULES = (4, 56, 0)  # aws_vpc_security_group_ingress_rule: provider pull request 29484
_VPC_IPV4 = "data.aws_vpc.this.cidr_block_associations[*].cidr_block"
_VPC_IPV6 = "compact([data.aws_vpc.this.ipv6_cidr_block])"


class SecurityGroups:
    """Finds the groups of one module, and makes those that it creates."""

    def __init__(self, intent: Intent, lookups: Lookups) -> None:
        """Find the groups of `intent` with `lookups`."""
        self._spec = intent.spec
        self._created = intent.groups
        self._lookups = lookups
        self._single_rules = version(intent.spec.aws_provider) >= _SINGLE_RULES

    @property
    def mocks(self) -> Mapping[str, str]:
        """The ids of the created groups in the module's own tests, by address."""
        return {f"{_KIND}.{_label(each.group)}": self.found(each.group).mock[0] for each in self._created}

    def found(self, reference: SecurityGroup) -> Found:
        """Return what a reference of `security_groups:` names."""
        match reference:
            case refs.Create():
                value = Expression(f"{_KIND}.{_label(reference)}.id")
                return self._lookups.once(value, lambda: Found(value=value, mock=(self._lookups.mock_id(_KIND),)))
            case refs.Default():
                search: dict[str, Value] = {"vpc_id": self._lookups.vpc.value, "name": "default"}
                return self._lookups.once(reference, lambda: self._lookups.look_up(_KIND, "default", search))
            case refs.ById() | refs.ByName() | refs.ByTags() | refs.ByInput():
                return self._lookups.several(_KIND, reference)
            case _:
                assert_never(reference)

    def blocks(self) -> Iterator[Block]:
        """Yield the created groups, each followed by its rules."""
        for created in self._created:
            group = created.group
            tags = group.tags if group.tags is not None else self._spec.tags or {}
            arguments: dict[str, Value] = {
                "name": group.name,
                "description": group.description,
                "vpc_id": self._lookups.vpc.value,
                "tags": {"Name": group.name, **tags},
            }
            yield Block(type="resource", labels=(_KIND, _label(group)), arguments=arguments)
            for ingress in group.ingress:
                for port in created.ports(ingress):
                    yield from self._rules(group, ingress, port)

    def _rules(self, group: refs.Create, ingress: Ingress, port: PortRange) -> Iterator[Block]:
        """Yield the rules for one source and one range of ports, in the form that the provider floor has."""
        older, newer = self._forms(ingress.source)
        kind, protocol, forms = "aws_vpc_security_group_ingress_rule", "ip_protocol", newer
        if not self._single_rules or (ingress.source == refs.VpcBlocks() and isinstance(self._spec.vpc, refs.ByInput)):
            # The VPC may be made in the same apply: its CIDR blocks are then unknown at plan, where for_each needs
            # keys that are known. One rule of the older resource takes the whole list, known or not.
            kind, protocol, forms = "aws_security_group_rule", "protocol", {"": {"type": "ingress", **older}}
        ports = f"{port[0]}" if port[2] == "tcp" else f"{port[0]}_{port[2]}"
        label = self._lookups.free("rule", f"{_label(group)}_{_source_label(ingress.source)}_{ports}")
        description = rule_description(ingress, port)
        for suffix, source in forms.items():
            arguments: dict[str, Value] = {
                **{name: source[name] for name in ("type", "for_each") if name in source},
                "security_group_id": Expression(f"{_KIND}.{_label(group)}.id"),
                **({"description": description} if description else {}),
                protocol: port[2],
                "from_port": port[0],
                "to_port": port[1],
                **source,
            }
            yield Block(type="resource", labels=(kind, label + suffix), arguments=arguments)

    def _forms(self, source: Source) -> tuple[Mapping[str, Value], Mapping[str, Mapping[str, Value]]]:
        """Return a source as `aws_security_group_rule` takes it, and as `aws_vpc_security_group_ingress_rule` does.

        Of these there may be several, by the suffix of the label.
        """
        match source:
            case refs.VpcBlocks():
                each = Expression("each.value")
                return {"cidr_blocks": Expression(_VPC_IPV4), "ipv6_cidr_blocks": Expression(_VPC_IPV6)}, {
                    "_ipv4": {"for_each": Expression(f"toset({_VPC_IPV4})"), "cidr_ipv4": each},
                    "_ipv6": {"for_each": Expression(f"toset({_VPC_IPV6})"), "cidr_ipv6": each},
                }
            case refs.Ipv4Block(cidr):
                return {"cidr_blocks": (cidr,)}, {"": {"cidr_ipv4": cidr}}
            case refs.Ipv6Block(cidr):
                return {"ipv6_cidr_blocks": (cidr,)}, {"": {"cidr_ipv6": cidr}}
            case refs.MembersOf(group):
                given = self._lookups.one(_KIND, group).value
                return {"source_security_group_id": given}, {"": {"referenced_security_group_id": given}}
            case refs.BlocksOf(prefix_list):
                given = self._lookups.one("aws_ec2_managed_prefix_list", prefix_list).value
                return {"prefix_list_ids": (given,)}, {"": {"prefix_list_id": given}}
            case _:
                assert_never(source)


def _source_label(source: Source) -> str:
    """Return what a rule's label says of its source; never its position, or a new rule would rename the old ones."""
    match source:
        case refs.VpcBlocks():
            return "from_vpc"
        case refs.Ipv4Block(_, written) | refs.Ipv6Block(_, written):
            return f"from_{words(written)}"
        case refs.MembersOf(reference) | refs.BlocksOf(reference):
            return f"from_{words(label_text(reference))}"
        case _:
            assert_never(source)


def _label(group: refs.Create) -> str:
    """Return the Terraform label of a created group; no other group's: the rules see to that (E244)."""
    return slug(group.name, "group")
