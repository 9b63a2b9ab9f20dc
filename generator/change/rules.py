"""The rules of created security groups: which would come to another address while AWS still has them at the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.change.edit import Edit
from generator.hcl.hcl import Block, Call, Expression, Value, literal, text
from generator.module.ingress_rules import ARGUMENTS


class Rule(NamedTuple):
    """One rule; or all that come of a list which only Terraform knows, at `resource[*]`."""

    address: str
    opens: tuple[Value, ...]
    """The kind of its source, the protocol and the ports."""
    source: Value


def rivals(edit: Edit, group: Block) -> Iterator[tuple[str, str]]:
    """Yield the addresses of rules of a group that may be equal: one that leaves its address, and one that is made."""
    new = [*_rules(edit.after, edit.now(group.address))]
    old = [(rule, edit.now(rule.address)) for rule in _rules(edit.before, group.address)]
    kept, stay = {now for _, now in old}, {rule.address for rule in new}
    made = [rule for rule in new if rule.address not in kept]
    for rule, now in old:
        for other in made if now not in stay else ():
            by_content = rule.opens[0] in {"ipv4", "ipv6"} and now.split("[")[0] == other.address.split("[")[0]
            if rule.opens == other.opens and not by_content and _may_be_equal(edit, rule.source, other.source):
                yield rule.address, other.address


def _rules(blocks: Mapping[str, Block], group: str) -> Iterator[Rule]:
    """Yield the rules of one group, each instance of a resource by itself."""
    for block in blocks.values():
        stated = block.arguments
        if stated.get("security_group_id") != Expression(f"{group}.id"):
            continue
        ports = (stated.get("ip_protocol", stated.get("protocol")), stated.get("from_port"), stated.get("to_port"))
        for kind, value in ((kind, stated.get(name)) for kind, names in ARGUMENTS.items() for name in names):
            for source in value if isinstance(value, tuple) else () if value is None else (value,):
                of_each = instances(stated.get("for_each")) if "each." in literal(source) else [("", source)]
                yield from (Rule(block.address + key, (kind, *ports), item) for key, item in of_each)


def instances(value: Value) -> Iterator[tuple[str, Value]]:
    """Yield the key and the source of each instance of a `for_each`."""
    if isinstance(value, Call):
        for each in value.arguments:
            yield from instances(each)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f"[{text(key)}]", item.get("id") if isinstance(item, Mapping) else key
    else:
        yield "[*]", value


def _may_be_equal(edit: Edit, old: Value, new: Value) -> bool:
    """Tell whether two sources may be one in AWS: they are not two ids or blocks, nor looked up by two names."""
    names = [_name(edit.before, old), _name(edit.after, new)]
    return None in names or names[0] == names[1] if not isinstance(old, str) or not isinstance(new, str) else old == new


def _name(blocks: Mapping[str, Block], source: Value) -> Value:
    lookup = blocks.get(literal(source).removesuffix(".id"), Block(type="data")).arguments
    tags = lookup.get("tags")
    return tags["Name"] if isinstance(tags, Mapping) and [*tags] == ["Name"] else lookup.get("name")
