"""The Region and the partition that a module is for: looked up to insist on them, or taken from the caller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from generator.hcl.hcl import Block, Call, Expression
from generator.intent.intent import Intent
from generator.module import inputs
from generator.module.lookups import Lookups, guard
from generator.spec.references import ByInput

_NAME = 'element(split(".", {}.endpoint), 1)'
"""The name of the Region that `data.aws_region` has: of its other attributes each release deprecates one, or lacks it.

A release from 6.0 on warns of `name` and from 6.47 on of `id`, one before 6.0 has no `region`.
https://github.com/hashicorp/terraform-provider-aws/pull/48036
"""
_EVERYWHERE = frozenset({"aws_partition", "aws_caller_identity"})
"""The data sources that are of no Region, and so take none."""


def look_up(intent: Intent, lookups: Lookups) -> None:
    """Look up the partition and the provider's Region, to insist on the spec's or to build service names from it.

    Where the spec has all managed in one Region, whichever is the provider's, there is nothing to insist on.
    """
    names = [each.service_name for each in intent.endpoints if each.service_name]
    for variable in (name.variable for name in names if name.variable):
        lookups.text_input(variable, inputs.SERVICE)
    _partition(intent.partition, lookups)
    match intent.spec.managed_region or intent.spec.region:
        case ByInput(name):
            lookups.text_input(name, inputs.REGION)
        case str(region) if intent.spec.managed_region is None:
            message = (
                f"This module is for {region}, and the provider is configured for %s. "
                f"Configure the provider with region {region}, or render a spec for that region."
            )
            name = _NAME.format("self")
            guarded = guard(f'{name} == "{region}"', Call("format", (message, Expression(name))))
            _provider_region(region, lookups, guarded)
        case None if any(name.parts[1:] for name in names):
            lookups.local("region", Expression(_NAME.format("data.aws_region.current")), "The provider's Region.")
            _provider_region(inputs.ANY_REGION, lookups)


def _provider_region(name: str, lookups: Lookups, *guards: Block) -> None:
    lookups.overrides[lookups.add("aws_region", "current", {}, guards)] = {"endpoint": f"ec2.{name}.amazonaws.com"}


def _partition(name: str | None, lookups: Lookups) -> None:
    """Look up the provider's partition, to insist on the one whose service names the module has."""
    if name is not None:
        message = (
            f'"The service names of this module are those of partition {name}, and the provider is in '
            '${self.partition}. Render the spec with partition: ${self.partition}, or configure another provider."'
        )
        blocks = (guard(f'self.partition == "{name}"', Expression(message)),)
        lookups.overrides[lookups.add("aws_partition", "current", {}, blocks)] = {"partition": name}


def managed(blocks: Iterable[Block], region: str | ByInput | None) -> tuple[Block, ...]:
    """Return the blocks of resources and lookups, each managed in a Region where the spec says one."""
    if region is None:
        return tuple(blocks)
    value = Expression(f"var.{region.variable}") if isinstance(region, ByInput) else region
    return tuple(
        block
        if block.type not in {"resource", "data"} or block.labels[0] in _EVERYWHERE
        else replace(
            block, arguments=dict.fromkeys({"for_each"} & {*block.arguments}) | {"region": value} | {**block.arguments}
        )
        for block in blocks
    )
