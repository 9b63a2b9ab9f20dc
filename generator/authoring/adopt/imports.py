"""The `import {}` blocks of what Terraform shall own: each address as the module has it, each id as AWS has it.

Terraform takes these blocks in a root module alone, from 1.5 on.
https://developer.hashicorp.com/terraform/language/block/import
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.authoring.adopt.description import Description
from generator.authoring.adopt.groups import GroupDescription
from generator.catalog.ports import Port
from generator.hcl import layout
from generator.hcl.hcl import Block, Expression, lines, literal, text
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


def earlier(module: Module, *, within: str = "") -> dict[str, str]:
    """Return by each address to which the module itself moves something the one that it had before."""
    prefix = f"{within}." if within else ""
    return dict([prefix + literal(each.arguments[key]) for key in ("to", "from")] for each in module.moved)


def as_text(blocks: tuple[Block, ...], source: str) -> str:
    """Return the blocks as the text of a file, with what to do with it; `source` is the file of the spec."""
    then = "After the first apply take it away: `terraform test` takes no imports."
    head = f"# Adopted by gen-endpoints for {source}. {then}"
    return layout.format("\n".join([head, *(line for block in blocks for line in lines(block))]))


def _of_groups(module: Module, groups: Mapping[str, GroupDescription]) -> Iterator[tuple[str, str]]:
    """Yield the addresses of the module's groups and rules, in the order of the spec's own, with their ids."""
    for block in module.security_groups:
        if block.labels[0] == "aws_security_group":
            group = groups[str(block.arguments["name"])]
            yield block.address, group.id
        else:
            yield from ((f"{block.address}[{text(key)}]", identifier) for key, identifier in _rules(block, group))


def _rules(block: Block, group: GroupDescription) -> Iterator[tuple[str, str]]:
    """Yield the keys of a resource of rules, which has one range of ports and one kind of source, with the ids."""
    port = Port.stated(block.arguments)
    argument, source = next(each for each in _SOURCES.items() if each[0] in block.arguments)
    each = block.arguments["for_each"]
    names = iter(each) if isinstance(each, Mapping) else iter(())
    for entry, ids in group.ingress:
        if Port.read(str(entry["ports"][0])) != port:
            continue
        if "vpc" in entry and source.startswith("cidr"):
            yield from ((cidr, ids[cidr]) for cidr in ids if (":" in cidr) == (argument == "cidr_ipv6"))
        elif source in entry:
            yield entry[source] if source.startswith("cidr") else next(names), ids[""]


_SOURCES = {
    "cidr_ipv4": "cidr_ipv4",
    "cidr_ipv6": "cidr_ipv6",
    "referenced_security_group_id": "security_group",
    "prefix_list_id": "prefix_list",
}
"""The arguments of a rule, and what the spec says there."""
