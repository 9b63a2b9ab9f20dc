"""Security groups for the endpoints: those that exist, and those that the module makes, with a rule for each source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import assert_never

from generator.hcl.hcl import Block, Expression, Value, slug
from generator.intent.intent import Intent
from generator.module import guards
from generator.module.ingress_rules import IngressRules
from generator.module.lookups import Found, Lookups
from generator.spec import references as refs
from generator.spec.references import SecurityGroup

_KIND = "aws_security_group"


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
        return {
            each.group.name: IngressRules(each, _label(each.group), self._spec, self._lookups) for each in self._created
        }

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
            message = (
                f"Security group {group.name} is in another VPC than this module is for, and AWS can't move it. "
                "Give the group a new name."
            )
            blocks = guards.lifecycle(guards.MADE_FIRST, *guards.kept(arguments, {"vpc_id": message}))
            yield Block(type="resource", labels=(_KIND, _label(group)), arguments=arguments, blocks=blocks)
            yield from self._rules[group.name].blocks

    def rules_of(self, references: Iterable[SecurityGroup]) -> tuple[Value, ...]:
        """Return the rules of those groups that the module makes."""
        made = [each.name for each in references if isinstance(each, refs.Create)]
        return tuple(Expression(block.address) for name in made for block in self._rules[name].blocks)

    def moved(self) -> tuple[Block, ...]:
        """Return where each rule was, in modules that had a resource for each source."""
        taken = {block.address for rules in self._rules.values() for block in rules.blocks}
        moves = [each for rules in self._rules.values() for each in rules.moved.items() if each[0] not in taken]
        return tuple(
            Block(type="moved", arguments={"from": Expression(before), "to": Expression(now)}) for before, now in moves
        )


def _label(group: refs.Create) -> str:
    """Return the Terraform label of a created group; no other group's: the rules see to that (E244)."""
    return slug(group.name, "group")
