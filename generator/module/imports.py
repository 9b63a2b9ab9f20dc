"""Import blocks beside a module whose `to` is no address of it, with the one to write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from generator.hcl.hcl import Block, literal, text
from generator.output.beside import may_import
from generator.source.suggest import some

_TO = re.compile(r'(?:resource\.)?(aws_\w+\.[A-Za-z_][\w-]*)(\[(?:"([^"\\$%]*)"|.*)\])?')
"""An address of the root module, with its index, and the key that this is."""


def leading_nowhere(
    rendered: Collection[Block], files: Mapping[str, Collection[Block]]
) -> Iterator[tuple[str, Block, str]]:
    """Yield the import blocks of files, by path, that lead to nothing, of the module or of these: file, block, and fix.

    Terraform 1.11.4 refuses the plan of one, also where its state has what the block imports.
    """
    ours = {block.address: block for block in rendered if block.type == "resource"}
    moves = [block.arguments for of in (rendered, *files.values()) for block in of if block.type == "moved"]
    moved = {literal(each.get("from")): literal(each.get("to")) for each in moves}
    there = {block.address: block for blocks in files.values() for block in blocks if block.type == "resource"} | ours
    imports = [(path, each) for path, of in files.items() if may_import(path) for each in of if each.type == "import"]
    taken = {literal(each.arguments.get("to")).removeprefix("resource.") for _, each in imports}
    for path, block in imports:
        found = _TO.fullmatch(literal(block.arguments.get("to")))
        if found and not _has(there.get(found[1]), found[2], found[3]):
            yield path, block, _fix(found[1], found[2] or "", moved, _free(found[1], ours, taken))


def _has(block: Block | None, index: str | None, key: str | None) -> bool:
    """Tell whether a resource has an instance, as far as its own words say."""
    if block is None or "for_each" not in block.arguments:
        return block is not None and (index is None or "count" in block.arguments)
    each = block.arguments["for_each"]
    return index is not None and (key is None or not isinstance(each, Mapping) or key in each)


def _free(address: str, ours: Mapping[str, Block], taken: Collection[str]) -> list[str]:
    """Return the addresses of one kind, or of one resource's instances, into which nothing is imported."""
    found = list[str]()
    for block in [ours[address]] if address in ours else ours.values():
        if block.labels[0] == address.partition(".")[0]:
            each = block.arguments.get("for_each")
            keys = [*each] if isinstance(each, Mapping) else []
            found += [block.address] if each is None else [f"{block.address}[{text(key)}]" for key in keys]
    return [each for each in found if each not in taken]


def _fix(address: str, index: str, moved: Mapping[str, str], free: Collection[str]) -> str:
    """Return what to write: where the module moves the address, or else what may be it now."""
    to, passed = address + index, set[str]()
    while to not in passed and (to in moved or address in moved):
        passed.add(to)
        to = moved.get(to) or moved[address] + index
        address, bracket, rest = to.partition("[")
        index = bracket + rest
    if passed:
        return f"write to = {to}"
    if free:
        return f"if it is {some(free, 3)} now, write to = and that; else take the block away"
    return "put it back into the spec, or take the block away"
