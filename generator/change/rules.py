"""The rules of created security groups: which would come to another address while AWS still has them at the old one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.catalog.ports import Port
from generator.change.change import Action
from generator.change.edit import Edit
from generator.hcl.hcl import Block, Call, Expression, Value, literal, text
from generator.module.ingress_rules import ARGUMENTS

_OF_VPC = re.compile(r"local\.vpc_|data\.aws_vpc\.")
_DESCRIBED = re.compile(r' => "(.*)" }$')


class Rule(NamedTuple):
    """One rule; or all that come of a list which only Terraform knows, at `resource[*]`."""

    address: str
    opens: tuple[str, Port]
    """The kind of its source, and the ports."""
    source: Value
    description: str


def rivals(edit: Edit, group: Block) -> Iterator[tuple[str, str]]:
    """Yield the addresses of rules of a group that may be equal: one that leaves its address, and one that is made."""
    new = [*rules(edit.after, edit.now(group.address))]
    old = [(rule, edit.now(rule.address)) for rule in rules(edit.before, group.address)]
    kept, stay = {now for _, now in old}, {rule.address for rule in new}
    made = [rule for rule in new if rule.address not in kept]
    for rule, now in old:
        for other in made if now not in stay else ():
            by_content = rule.opens[0] in {"ipv4", "ipv6"} and now.split("[")[0] == other.address.split("[")[0]
            if rule.opens == other.opens and not by_content and _may_be_equal(edit, rule.source, other.source):
                yield rule.address, other.address


def compare(edit: Edit, group: Block) -> Iterator[tuple[Action, str, str]]:
    """Yield what becomes of the rules of a group that stays, each by itself: at which address, and what it lets in."""
    old = {(edit.now(each.address), words(edit, each, is_old=True)): each for each in rules(edit.before, group.address)}
    new = {(each.address, words(edit, each)): each for each in rules(edit.after, edit.now(group.address))}
    gone, come = ([key for key in one if key not in other] for one, other in ((old, new), (new, old)))
    for key in (*(each for each in old if each in new), *come):
        before, (address, lets_in) = old.get(key), key
        if before is None:
            whole = address.partition("[")[0] + "[*]"  # which of these it is, only the plan knows
            as_before = [each for each in gone if each[0] in {address, whole} or each[1] == lets_in]
            is_in_place = as_before and as_before[0][0] in {address, whole}
            action: Action = "create" if not as_before else "update" if is_in_place else "replace"
            gone = [each for each in gone if each not in as_before[:1]]
            yield action, address, lets_in
        elif before.description != new[key].description:
            yield "update", address, f"{lets_in} (description)"
        elif lets_in.endswith(" subnets") and edit.says(before.source, is_old=True) != edit.says(
            new[key].source, is_old=False
        ):
            yield "update", address, f"{lets_in}, which change"
        elif before.address != address:
            yield "move", address, lets_in
    yield from (("destroy", old[key].address, key[1]) for key in gone)


def words(edit: Edit, rule: Rule, *, is_old: bool = False) -> str:
    """Return what a rule lets in: `tcp 443 from 10.0.0.0/8`."""
    family, port = rule.opens
    source, where = literal(rule.source), edit.before if is_old else edit.after
    if isinstance(rule.source, str):
        source = rule.source
    elif "cidr_block" in source:
        version = "IPv6" if family == "ipv6" else "IPv4"
        source = f"the {version} blocks of the {'VPC' if re.search(_OF_VPC, source) else 'subnets'}"
    else:
        source = str(_name(where, rule.source) or source.removesuffix(".id"))
    return f"{port.traffic} from {source}"


def rules(blocks: Mapping[str, Block], group: str) -> Iterator[Rule]:
    """Yield the rules of one group, each instance of a resource by itself."""
    for block in blocks.values():
        stated = block.arguments
        if stated.get("security_group_id") != Expression(f"{group}.id"):
            continue
        port = Port.stated(stated)
        for kind, value in ((kind, stated.get(name)) for kind, names in ARGUMENTS.items() for name in names):
            for source in value if isinstance(value, tuple) else () if value is None else (value,):
                own = [("", source, None)]
                of_each = instances(stated.get("for_each")) if "each." in literal(source) else own
                for key, item, described in of_each:
                    description = described if isinstance(described, str) else stated.get("description")
                    yield Rule(block.address + key, (kind, port), item, literal(description))


def instances(value: Value) -> Iterator[tuple[str, Value, Value]]:
    """Yield the key, the source and the description of each instance of a `for_each`."""
    if isinstance(value, Call):
        for each in value.arguments:
            yield from instances(each)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            of_group = (item.get("id"), item.get("description")) if isinstance(item, Mapping) else (key, item)
            yield f"[{text(key)}]", *of_group
    else:
        described = _DESCRIBED.search(literal(value))
        yield "[*]", value, described[1] if described else None


def _may_be_equal(edit: Edit, old: Value, new: Value) -> bool:
    """Tell whether two sources may be one in AWS: they are not two ids or blocks, nor looked up by two names."""
    names = [_name(edit.before, old), _name(edit.after, new)]
    return None in names or names[0] == names[1] if not isinstance(old, str) or not isinstance(new, str) else old == new


def _name(blocks: Mapping[str, Block], source: Value) -> Value:
    lookup = blocks.get(literal(source).removesuffix(".id"), Block(type="data")).arguments
    tags = lookup.get("tags")
    return tags["Name"] if isinstance(tags, Mapping) and [*tags] == ["Name"] else lookup.get("name")
