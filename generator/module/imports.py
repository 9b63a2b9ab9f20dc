"""Import blocks beside a module whose `to` is no address of it, with the one to write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from generator.hcl import facts
from generator.hcl.hcl import Block, Call, Expression, Value, literal, text
from generator.output.terraform import may_import
from generator.source.diagnostics import Code
from generator.source.suggest import some

NOWHERE = Code("E326")
_TO = re.compile(r'(?:resource\.)?(aws_\w+\.[A-Za-z_][\w-]*)(\[(?:"([^"\\$%]*)"|.*)\])?')
"""An address of the root module, with its index, and the key that this is."""
_TAKES = {"import": "id", "moved": "from"}
"""By what the blocks that bring something to an address name it."""
_Each: TypeAlias = Mapping[str, Value]
"""The `key` and `value` of an instance; empty where they are not told."""
_INDEX = re.compile(r"\[each\.(?:key|value)(?:\.\w+)?\]")
_OF_EACH = re.compile(r'(?:"?\$\{)?each\.(key|value)(?:\.(\w+)|\["(\w+)"\])?(?:\}"?)?')


def leading_nowhere(
    rendered: Collection[Block], files: Mapping[str, Collection[Block]], within: str = ""
) -> Iterator[tuple[str, Block, str]]:
    """Yield the import blocks of files, by path, that lead to nothing, of the module or of these: file, block, and fix.

    `within` is how the addresses begin where these are files of a root that calls the module, as `module.network.`.
    Terraform 1.11.4 refuses the plan of one, also where its state has what the block imports.
    """
    ours = {block.address: block for block in rendered if block.type == "resource"}
    moved = {
        at + literal(block.arguments.get("from")): at + literal(block.arguments.get("to"))
        for at, blocks in ((within, rendered), *(("", of) for of in files.values()))
        for block in blocks
        if block.type == "moved"
    }
    known = (rendered,) if within else (*files.values(), rendered)
    there = {block.address: block for blocks in known for block in blocks if block.type == "resource"}
    imports = [
        (path, each, to.removeprefix(within))
        for path, of in files.items()
        for each in of
        if may_import(path) and each.type == "import" and (to := literal(each.arguments.get("to"))).startswith(within)
    ]
    taken = {to.removeprefix("resource.") for *_, to in imports}
    for path, block, to in imports:
        found = _TO.fullmatch(to)
        if found and not _has(there.get(found[1]), found[2], found[3]):
            free = [within + each for each in _free(found[1], ours, taken)]
            yield path, block, _fix(within + found[1] + (found[2] or ""), within + found[1], moved, free)


def imports_of(path: str, text: str) -> list[tuple[str, str]]:
    """Return the addresses of the import blocks of a file, as far as it reads, each with its id if that is written."""
    return [(to, what) for kind, what, to in brought_in(path, text) if kind == "import"]


def brought_in(path: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield of the import and moved blocks of a file, as far as it reads, the type, the id or address, and the new one.

    An id that is not written as such is empty. A `for_each` that is written out brings one for each of its keys.
    https://developer.hashicorp.com/terraform/language/block/import (read 2026-11-28)
    """
    is_json = path.endswith(".json")
    for block in facts.read_file(path, text) or ():
        if block.type not in _TAKES or not (to := literal(block.arguments.get("to"))):
            continue
        what = block.arguments.get(_TAKES[block.type])
        if block.type == "moved":
            yield block.type, what.text if isinstance(what, Expression) else "", to
            continue
        for each in _instances(block.arguments.get("for_each"), is_json=is_json):
            found = _value(what, each, is_json=is_json)
            yield block.type, found if found and "${" not in found else "", _INDEX.sub(partial(_index, each), to)


def _instances(each: Value, *, is_json: bool) -> list[_Each]:
    """Return the keys and values of a `for_each`, without any what there is of a block; one of which none is told."""
    if isinstance(each, Mapping):
        return [{"key": key, "value": value} for key, value in each.items()]
    items = each.arguments[0] if isinstance(each, Call) and each.function == "toset" else None
    values = [_value(item, {}, is_json=is_json) for item in items] if isinstance(items, tuple) else []
    return [{"key": value, "value": value} for value in values] if values and all(values) else [{}]


def _value(what: Value, each: _Each, *, is_json: bool) -> str:
    """Return the text of an argument, as an instance has it; empty where it is not written out."""
    if isinstance(what, Expression) and (found := _OF_EACH.fullmatch(what.text)):
        value, attribute = each.get(found[1]), found[2] or found[3]
        value = value.get(attribute or "") if isinstance(value, Mapping) else None if attribute else value
        return _value(value, {}, is_json=is_json)
    if isinstance(what, Expression) and is_json:
        return what.text
    return what if isinstance(what, str) else ""


def _index(each: _Each, found: re.Match[str]) -> str:
    """Return the index of an address, as an instance has it; as it is where that is not written out."""
    value = _value(Expression(found[0][1:-1]), each, is_json=False)
    return f"[{text(value)}]" if value else found[0]


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


def _fix(to: str, address: str, moved: Mapping[str, str], free: Collection[str]) -> str:
    """Return what to write: where the module moves the address, or else what may be it now."""
    passed = set[str]()
    while to not in passed and (to in moved or address in moved):
        passed.add(to)
        to = moved.get(to) or moved[address] + to.removeprefix(address)
        address = re.sub(r"\[[^\]]*\]$", "", to)
    if passed:
        return f"write to = {to}"
    if free:
        return f"if it is {some(free, 3)} now, write to = and that; else take the block away"
    return "put it back into the spec, or take the block away"
