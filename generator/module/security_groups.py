"""Security groups for the endpoints: those that exist, and those that the module makes, with a rule for each source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import assert_never

from generator.hcl.hcl import Block, Expression, Value
from generator.intent.groups import group_key
from generator.intent.intent import Intent
from generator.module import guards
from generator.module.ingress_rules import IngressRules
from generator.module.lookups import Found, Lookups
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.spec import references as refs
from generator.spec.references import SecurityGroup

NAME_TAKEN = Code("E502")
AS_IT_IS = "write the description that it has, or take another name"
"""What helps where AWS has the group, whose description it never changes."""
_KIND = "aws_security_group"


def name_taken(name: str, place: Place, fix: str = "") -> Diagnostic:
    """Return that a created group is made anew under a name that AWS gives no second while the old one exists."""
    message = f"security group {name} would be made anew, and AWS refuses the name while the old one exists"
    return NAME_TAKEN.at(place, message, fix or "write a new name together with the new description")


class SecurityGroups:
    """Finds the groups of one module, and makes those that it creates."""

    def __init__(self, intent: Intent, lookups: Lookups) -> None:
        """Find the groups of `intent` with `lookups`."""
        self._spec = intent.spec
        self._created = intent.groups
        self._lookups = lookups

    @cached_property
    def _rules(self) -> Mapping[str, IngressRules]:
        """The rules of the created groups, by the group's name."""
        return {each.group.name: IngressRules(each, self._spec, self._lookups) for each in self._created}

    @property
    def mocks(self) -> Mapping[str, str]:
        """The ids of the created groups in the module's own tests, by address."""
        return {f"{_KIND}.{group_key(each.group)}": self.found(each.group).mock[0] for each in self._created}

    def found(self, reference: SecurityGroup) -> Found:
        """Return what a reference of `security_groups:` names."""
        match reference:
            case refs.Create():
                value = Expression(f"{_KIND}.{group_key(reference)}.id")
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
            arguments: dict[str, Value] = {
                "name": group.name,
                "description": group.description,
                "vpc_id": self._lookups.vpc.value,
                **({"tags": {**tags}} if (tags := group.tagged(self._spec.tags)) else {}),
            }
            message = (
                f"Security group {group.name} is in another VPC than this module is for, and AWS can't move it. "
                "Give the group a new name."
            )
            blocks = guards.lifecycle(guards.MADE_FIRST, *guards.kept(arguments, {"vpc_id": message}))
            yield Block(type="resource", labels=(_KIND, group_key(group)), arguments=arguments, blocks=blocks)
            yield from self._rules[group.name].blocks

    def rules_of(self, references: Iterable[SecurityGroup]) -> tuple[Value, ...]:
        """Return the rules of those groups that the module makes."""
        made = [each.name for each in references if isinstance(each, refs.Create)]
        return tuple(Expression(block.address) for name in made for block in self._rules[name].blocks)

    def moved(self) -> Mapping[str, str]:
        """Return by each address that a group or rule had the next: by a label before, or for a source of its own."""
        taken = {block.address for rules in self._rules.values() for block in rules.blocks}
        moves: dict[str, str] = {}
        for group, rules in ((each.group, self._rules[each.group.name]) for each in self._created):
            addresses = (f"{_KIND}.{group_key(group)}", *(block.address for block in rules.blocks))
            keys = (*group.was, group_key(group))
            for before, now in rules.moved.items():  # to each address one thing moves: the oldest key's comes first
                moves[_under(keys[0], before, group)] = _under(keys[0], now, group)
            for old, new in pairwise(keys):
                moves |= {_under(old, each, group): _under(new, each, group) for each in addresses}
        return {before: now for before, now in moves.items() if before not in taken}


def _under(key: str, address: str, group: refs.Create) -> str:
    """Return the address of a created group or of its rule under another key: the rule's label begins with it."""
    kind, _, label = address.partition(".")
    return f"{kind}.{key}{label.removeprefix(group_key(group))}"
