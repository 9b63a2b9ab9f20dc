"""To which resources of a module the names lead that other files of its folder have for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from generator.hcl.hcl import Block, literal
from generator.hcl.names import references

_FILTERS = {"service-name": "service_name", "vpc-id": "vpc_id", "group-name": "name"}


def _finds(lookup: Block, ours: Block) -> bool:
    """Tell whether a lookup finds an object of ours by what the spec says of it: nothing that both state differs."""
    if (lookup.type, ours.type) != ("data", "resource") or lookup.labels[0] != ours.labels[0]:
        return False
    stated, ours_are = _facts(lookup), _facts(ours)
    is_known = bool(stated.keys() & ours_are.keys() - {"vpc_id"})
    return is_known and all(ours_are.get(key, each) == each for key, each in stated.items())


def _facts(block: Block) -> dict[str, str]:
    """Return by what an endpoint or a group is found, as arguments or as filters of a lookup."""
    found = dict(block.arguments)
    for each in block.nested("filter"):
        name, values = each.arguments.get("name"), each.arguments.get("values")
        if isinstance(values, tuple) and len(values) == 1:
            found[_FILTERS.get(str(name), str(name))] = values[0]
    tags = found.get("tags")
    found |= {f"tag:{key}": each for key, each in (tags.items() if isinstance(tags, Mapping) else ())}
    return {key: literal(each) for key, each in found.items() if key in _FILTERS.values() or key == "tag:Name"}


def leads_to(mine: Mapping[str, Block], others: Collection[tuple[str, Block]]) -> Mapping[str, Collection[str]]:
    """Return to which resources of ours a name leads: its own, and through locals and lookups."""
    leads = {name: {name} for name, block in mine.items() if block.type == "resource"}
    steps = {
        name: {*references(block.arguments[name.partition(".")[2]] if block.type == "locals" else block)}
        for name, block in (*mine.items(), *others)
        if block.type in {"locals", "data"} or block.labels[:1] == ("terraform_data",)
    }
    for name, block in others:
        steps[name] = steps.get(name, set()) | {each for each in mine if _finds(block, mine[each])}
    is_whole = False
    while not is_whole:
        found = {name: {to for each in through for to in leads.get(each, ())} for name, through in steps.items()}
        found = {name: reached for name, reached in found.items() if reached}
        is_whole = all(leads.get(name) == reached for name, reached in found.items())
        leads |= found
    return leads
