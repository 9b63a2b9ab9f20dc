"""The `import {}` blocks of what Terraform shall own: each address as the module has it, each id as AWS has it.

Terraform takes these blocks in a root module alone, from 1.5 on.
https://developer.hashicorp.com/terraform/language/block/import
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.authoring.adopt.description import Description
from generator.authoring.adopt.groups import GroupDescription
from generator.hcl import layout
from generator.hcl.hcl import Block, Expression, lines, text
from generator.module.module import Module


def import_blocks(
    module: Module, endpoints: Mapping[str, Description], groups: Mapping[str, GroupDescription], *, within: str = ""
) -> tuple[Block, ...]:
    """Return a block for each endpoint, and for each group that is the module's own and its rules.

    `within` is the address under which a root calls the module, as `module.endpoints`; without it the module is the
    root. Raises ValueError where the module has other resources than those that were adopted: that would be our bug.
    """
    found = {block.address: endpoints[block.label].id for block in module.endpoints}
    found |= dict(_of_groups(module, {each.name: each for each in groups.values()}))
    rules = sum(len(ids) for each in groups.values() for _, ids in each.ingress)
    if len(found) != len(module.endpoints) + len(groups) + rules:
        raise ValueError("the module has other resources than those that were adopted")
    prefix = f"{within}." if within else ""
    return tuple(
        Block(type="import", arguments={"to": Expression(prefix + address), "id": identifier})
        for address, identifier in found.items()
    )


def as_text(blocks: tuple[Block, ...], source: str) -> str:
    """Return the blocks as the text of a file, with what to do with it; `source` is the file of the spec."""
    then = "After the first apply take it away: `terraform test` takes no imports."
    head = f"# Adopted by gen-endpoints for {source}. {then}"
    return layout.format("\n".join([head, *(line for block in blocks for line in lines(block))]))


def _of_groups(module: Module, groups: Mapping[str, GroupDescription]) -> Iterator[tuple[str, str]]:
    """Yield the addresses of the module's groups and rules, in the order of the spec's own, with their ids."""
    mine: Iterator[Mapping[str, str]] = iter(())
    for block in module.security_groups:
        if block.labels[0] == "aws_security_group":
            group = groups[str(block.arguments["name"])]
            mine = _rules(group)
            yield block.address, group.id
            continue
        ids = next(mine)
        if "for_each" not in block.arguments:
            yield block.address, ids[""]
        else:
            is_v6 = "cidr_ipv6" in block.arguments
            for cidr, identifier in ids.items():
                if (":" in cidr) == is_v6:
                    yield f"{block.address}[{text(cidr)}]", identifier


def _rules(group: GroupDescription) -> Iterator[Mapping[str, str]]:
    """Yield the ids of each block of rules that the module makes of a group: of the VPC's CIDR blocks there are two."""
    for entry, ids in group.ingress:
        yield from [ids] * (2 if "vpc" in entry else 1)
