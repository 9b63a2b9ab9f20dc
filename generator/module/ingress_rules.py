"""The rules of a created security group: who may reach the endpoints, each under one address as long as AWS has it.

The rules of one group, range of ports and family are one resource, keyed by what they let in: whichever form of
`ingress` a rule comes from, in whichever order, it keeps its address, so that no edit takes away what both specs let
in. Of two addresses neither order would do: AWS refuses a rule that is equal to one that it has.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import assert_never

from generator.catalog.ports import ALL_TRAFFIC, Port
from generator.hcl.hcl import Block, Call, Expression, Value, literal, text, words
from generator.intent.groups import CreatedGroup, group_key, rule_description
from generator.module import guards
from generator.module.lookups import Lookups, concat, label_text
from generator.rules.provider import version
from generator.source.frozen import slotted
from generator.source.terraform_shapes import OLDER_RULE, RULE
from generator.spec import Spec
from generator.spec import references as refs
from generator.spec.references import Existing, Source

_SINGLE_RULES = (4, 56, 0)  # aws_vpc_security_group_ingress_rule: provider pull request 29484
ARGUMENTS = {
    "ipv4": ("cidr_ipv4", "cidr_blocks"),
    "ipv6": ("cidr_ipv6", "ipv6_cidr_blocks"),
    "security_groups": ("referenced_security_group_id", "source_security_group_id"),
    "prefix_lists": ("prefix_list_id", "prefix_list_ids"),
}
"""The argument of each family, in the newer and in the older resource."""


@slotted()
class _Entries:
    """What one resource lets in."""

    address: str
    given: dict[str, Value] = field(default_factory=dict)
    """By CIDR block the description; by how the spec names a group or a prefix list its id and the description."""
    looked_up: list[Value] = field(default_factory=list)
    """The blocks of the VPC, and of the subnets, with a description."""

    @property
    def value(self) -> Value:
        """The value of `for_each`."""
        parts = (*self.looked_up, *([self.given] if self.given else ()))
        return Call("merge", parts) if len(parts) > 1 else parts[0]


class IngressRules:
    """Makes the rules of one created group."""

    def __init__(self, created: CreatedGroup, spec: Spec, lookups: Lookups) -> None:
        """Make the rules of the group: `blocks`, and `moved` from where modules had them before."""
        self._group, self._label, self._lookups = created.group, group_key(created.group), lookups
        self._subnets = spec.subnets or []
        self._is_single = version(spec.aws_provider) >= _SINGLE_RULES
        # The VPC may be made in the same apply: its CIDR blocks are then unknown at plan, where for_each needs keys
        # that are known. One rule of the older resource takes the whole list, known or not.
        self._is_listed = not self._is_single or isinstance(spec.vpc, refs.ByInput)
        self._entries: dict[tuple[Port, str], _Entries] = {}
        self._lists: list[tuple[str, Port, str | None, tuple[Expression, ...]]] = []
        self.moved: dict[str, str] = {}
        for ingress in self._group.ingress:
            for port in created.ports(ingress):
                self._add(ingress.source, port, rule_description(ingress, port) or None)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The rules."""
        lists = (self._list(*each) for each in self._lists)
        return (*lists, *(self._block(*key, entries) for key, entries in self._entries.items()))

    def _add(self, source: Source, port: Port, description: str | None) -> None:
        """Add what one source opens on one range of ports."""
        first = words(str(port._replace(to_port=port.from_port)))
        before = self._lookups.free("rule", f"{self._label}_{_source_label(source)}_{first}")
        match source:
            case refs.VpcBlocks(of_subnets) if self._is_listed:
                self._lists.append((before, port, description, self._looked_up(of_subnets=of_subnets)))
            case refs.VpcBlocks(of_subnets):
                for family, blocks in zip(("ipv4", "ipv6"), self._looked_up(of_subnets=of_subnets), strict=True):
                    each = f"{{ for block in {blocks.text} : block => {literal(description)} }}"
                    entries = self._of(port, family)
                    entries.looked_up.insert(0, Expression(each))  # the first in the spec describes
                    if not of_subnets:
                        self.moved[f"{RULE}.{before}_{family}"] = entries.address
            case refs.CidrBlock(family, cidr):
                self._put(before, self._of(port, family), cidr, description)
            case refs.MembersOf(group):
                given = {"id": self._lookups.one("aws_security_group", group).value, "description": description}
                self._put(before, self._of(port, "security_groups"), key_of(group), given)
            case refs.BlocksOf(prefix_list):
                found = self._lookups.one("aws_ec2_managed_prefix_list", prefix_list).value
                given = {"id": found, "description": description}
                self._put(before, self._of(port, "prefix_lists"), key_of(prefix_list), given)
            case _:
                assert_never(source)

    def _looked_up(self, *, of_subnets: bool) -> tuple[Expression, ...]:
        """Return the CIDR blocks of the VPC, or of the spec's subnets, IPv4 and IPv6."""
        if not of_subnets:
            return self._blocks_of_vpc()
        found = [self._lookups.several("aws_subnet", each) for each in self._subnets]
        parts = ((Expression(f"values({e.lookup})" if e.is_list else e.lookup), e.is_list) for e in found)
        subnets = self._lookups.local("subnets", concat(parts), "The subnets, for their CIDR blocks.").text
        return tuple(
            self._lookups.or_input(
                f"subnet_{name}s",
                f"compact([for subnet in {subnets} : subnet.{name}])",
                f"{what} CIDR blocks of the subnets",
            )
            for what, name in (("IPv4", "cidr_block"), ("IPv6", "ipv6_cidr_block"))
        )

    def _blocks_of_vpc(self) -> tuple[Expression, Expression]:
        """Return the VPC's CIDR blocks, those that are in use: AWS lists others for a while.

        The provider has all IPv6 blocks from 6.57 on (its pull request 46918), and the first alone before.
        """
        why = "A provider before 6.57 lacks what is tried below, which Terraform allows by another name alone."
        vpc = self._lookups.local("vpc", Expression(self._lookups.vpc.lookup), why).text
        in_use = '[for block in {}.{}s : block.{} if block.state == "associated"]'
        ipv4 = in_use.format(self._lookups.vpc.lookup, "cidr_block_association", "cidr_block")
        ipv6 = in_use.format(vpc, "ipv6_cidr_block_association", "ipv6_cidr_block")
        either = f"try({ipv6}, compact([{vpc}.ipv6_cidr_block]))"
        return (
            self._lookups.or_input("vpc_cidr_blocks", ipv4, "IPv4 CIDR blocks of the VPC"),
            self._lookups.or_input("vpc_ipv6_cidr_blocks", either, "IPv6 CIDR blocks of the VPC"),
        )

    def _of(self, port: Port, family: str) -> _Entries:
        """Return what the resource of a range of ports and family lets in so far."""
        if (port, family) not in self._entries:
            label = self._lookups.free("rules", f"{self._label}_{words(str(port))}_{family}")
            self._entries[port, family] = _Entries(f"{RULE if self._is_single else OLDER_RULE}.{label}")
        return self._entries[port, family]

    def _put(self, before: str, entries: _Entries, key: str, value: Value) -> None:
        """Let something in, which a module had in a rule of its own before."""
        if entries.given.setdefault(key, value) is value:
            self.moved[f"{entries.address.partition('.')[0]}.{before}"] = f"{entries.address}[{text(key)}]"

    def _block(self, port: Port, family: str, entries: _Entries) -> Block:
        """Return the rules of one range of ports and family."""
        is_blocks = family in {"ipv4", "ipv6"}
        each: Value = Expression("each.key" if is_blocks else "each.value.id")
        newer, older = ARGUMENTS[family]
        source: dict[str, Value] = {newer: each} if self._is_single else {older: (each,) if older[-1] == "s" else each}
        said: dict[str, Value] = {
            "for_each": entries.value,
            "description": Expression("each.value" if is_blocks else "each.value.description"),
        }
        # a change of content is a change of keys; of an id that is looked up the older resource takes none
        return self._rule(entries.address, port, said | source, () if is_blocks else (older,))

    def _list(self, label: str, port: Port, description: str | None, blocks: tuple[Expression, ...]) -> Block:
        """Return the one rule of the older resource for all blocks of the VPC or of the subnets, but those given."""
        source: dict[str, Value] = {}
        for family, looked_up in zip(("ipv4", "ipv6"), blocks, strict=True):
            stated = self._entries.get((port, family))
            given = ", ".join(map(text, stated.given)) if stated else ""
            others = f"[for block in {looked_up.text} : block if !contains([{given}], block)]"
            source[ARGUMENTS[family][1]] = Expression(others) if given else looked_up
        said: dict[str, Value] = {} if description is None else {"description": description}
        return self._rule(f"{OLDER_RULE}.{label}", port, said | source, tuple(source))

    def _rule(self, address: str, port: Port, said: Mapping[str, Value], kept: tuple[str, ...]) -> Block:
        """Return a resource of rules; the older one would replace a rule for other `kept` arguments."""
        kind, _, label = address.partition(".")
        is_older = kind == OLDER_RULE
        ports = _ports(port, is_older=is_older)
        arguments: dict[str, Value] = {
            **{name: said[name] for name in said if name == "for_each"},
            **({"type": "ingress"} if is_older else {}),
            "security_group_id": Expression(f"aws_security_group.{self._label}.id"),
            **{name: said[name] for name in said if name == "description"},
            "protocol" if is_older else "ip_protocol": port.protocol,
            **({"from_port": ports[0], "to_port": ports[1]} if ports else {}),
            **said,
        }
        message = (
            f"What this rule of security group {self._group.name} lets in is not what it let in when it was made, and "
            "it can't be changed in place. Give the group a new name: the new one is made before the old one goes."
        )
        guarded = guards.kept(arguments, dict.fromkeys(kept, message)) if is_older else ()
        unread = [] if is_older else [name for name in ("from_port", "to_port") if arguments.get(name) == -1]
        blocks = guards.lifecycle(guards.MADE_FIRST, *guarded, *guards.ignoring(unread))
        return Block(type="resource", labels=(kind, label), arguments=arguments, blocks=blocks)


def _ports(port: Port, *, is_older: bool) -> tuple[int, int] | None:
    """Return what a resource says as its ports; None where the newer one takes none: of all traffic.

    "If `ip_protocol` is set to `-1`, … `from_port` and `to_port` values should not be defined". The older resource
    requires both always, "ICMP type number" and "ICMP code" else; of all traffic its state has 0.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_ingress_rule
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group_rule (read 2026-11-28)
    """
    if port == ALL_TRAFFIC:
        return (0, 0) if is_older else None
    return port.from_port, port.to_port


def key_of(reference: Existing) -> str:
    """Return the key of a group or a prefix list: how the spec names it, since its id may be unknown at plan.

    No two references have one key: what could be taken for another form is written as JSON.
    """
    match reference:
        case refs.ById(given):
            return given
        case refs.ByName(name):
            return name if _PLAIN.fullmatch(name) else json.dumps(name)
        case refs.ByTags(tags):
            plain = ",".join(f"{name}={value}" for name, value in sorted(tags.items()))
            return plain if all(map(_PLAIN.fullmatch, (*tags, *tags.values()))) else json.dumps(tags, sort_keys=True)
        case refs.ByInput(variable):
            return f"var.{variable}"
        case _:
            assert_never(reference)


_PLAIN = re.compile(r"(?!sg-|pl-|var\.)[^=,\"{\n\r\t]+")
"""What can be taken for no id, input or tags."""


def _source_label(source: Source) -> str:
    """Return what a rule's label said of its source."""
    match source:
        case refs.VpcBlocks(of_subnets):
            return "from_subnets" if of_subnets else "from_vpc"
        case refs.CidrBlock(_, _, written):
            return f"from_{words(written)}"
        case refs.MembersOf(reference) | refs.BlocksOf(reference):
            return f"from_{words(label_text(reference))}"
        case _:
            assert_never(source)
