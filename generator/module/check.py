"""What a module means against what its files say: equality in both directions, knowing nothing of templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from generator.hcl.facts import Facts
from generator.hcl.hcl import Block, Expression, Value, literal
from generator.hcl.names import references
from generator.module.module import Module
from generator.module.readme import readme
from generator.source.diagnostics import Code, Diagnostic, Place

LACKS = Code("E902")
UNEXPECTED = Code("E903")
DIFFERS = Code("E904")
UNDECLARED = Code("E905")
TWICE = Code("E906")

_ADDRESSED = frozenset({"resource", "data", "variable", "output", "run"})
_Key: TypeAlias = tuple[str | tuple[str, ...], ...]


def check(module: Module, facts: Facts, elsewhere: Iterable[str] = ()) -> tuple[Diagnostic, ...]:
    """Return where the files say anything else than the module means; nothing means that they are the module.

    What they refer to may be declared `elsewhere`.
    """
    findings: list[Diagnostic] = []
    for path in sorted(module.files.keys() | facts.blocks.keys()):
        findings += _blocks(module.files.get(path, ()), facts.blocks.get(path, ()), Place(path))
    findings += _readme(module, facts)
    findings += _twice(facts)
    findings += _references([block for blocks in facts.blocks.values() for block in blocks], elsewhere)
    return tuple(findings)


def _blocks(wanted: Sequence[Block], found_blocks: Sequence[Block], place: Place) -> Iterator[Diagnostic]:
    if _are(_is_same_block, wanted, found_blocks):
        return  # as ever; what follows tells where they differ, if they do
    expected, found = dict(_statements(wanted)), dict(_statements(found_blocks))
    on_one_side = expected.keys() ^ found.keys()
    for key in expected | found:
        if key[:-1] in on_one_side or expected.get(key) == found.get(key):
            continue  # the block that it is in is told of, or there is nothing to tell
        name = ": ".join(".".join(part[:-1]) + part[-1] for part in key if isinstance(part, tuple))
        name += f".{key[-1]}" if isinstance(key[-1], str) else ""
        ours, theirs = (" ".join(side.get(key, "").split()) for side in (expected, found))
        if key not in found:
            yield LACKS.at(place, f"{name}: wanted {ours}, found nothing" if ours else f"{name} is missing")
        elif key not in expected:
            message = f"{name}: found {theirs}, wanted nothing" if theirs else f"{name} is not expected"
            yield UNEXPECTED.at(place, message)
        else:
            yield DIFFERS.at(place, f"{name}: wanted {ours}, found {theirs}")


def _are(same: Callable[[Any, Any], bool], left: Collection[Any], right: Collection[Any]) -> bool:
    return len(left) == len(right) and all(map(same, left, right))


def _is_same_block(left: Block, right: Block) -> bool:
    return (
        (left.type, left.labels, [*left.arguments]) == (right.type, right.labels, [*right.arguments])
        and all(map(_is_same, left.arguments.values(), right.arguments.values()))
        and _are(_is_same_block, left.blocks, right.blocks)
    )


def _is_same(left: Value, right: Value) -> bool:
    """Tell whether two values are written the same: not so `True` and `1`, which are equal."""
    if isinstance(left, str | Expression) and left.__class__ is right.__class__:
        return left == right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _are(_is_same, left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return [*left] == [*right] and all(map(_is_same, left.values(), right.values()))
    return literal(left) == literal(right)


def _statements(blocks: Iterable[Block], around: _Key = ()) -> Iterator[tuple[_Key, str]]:
    """Yield each block and each argument by the blocks around it; an argument with its value as it is written.

    A block is called by its type and labels, and blocks that have the same by their position among each other.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for block in blocks:
        labels = (block.type, *block.labels)
        key = (*around, (*labels, f"[{seen[labels]}]" if seen[labels] else ""))
        seen[labels] += 1
        yield key, ""
        yield from (((*key, name), literal(value)) for name, value in block.arguments.items())
        yield from _statements(block.blocks, key)


def _twice(facts: Facts) -> Iterator[Diagnostic]:
    """Yield the addresses that several blocks have, in whatever files they are."""
    seen: set[tuple[str, ...]] = set()
    for path, blocks in facts.blocks.items():
        for block in blocks:
            name = (block.type, *block.labels)
            if block.type in _ADDRESSED and name in seen:
                yield TWICE.at(Place(path), f"{'.'.join(name)} is declared twice")
            seen.add(name)


def _readme(module: Module, facts: Facts) -> Iterator[Diagnostic]:
    place, page, there = Place("README.md"), readme(module), facts.readme
    if page.headings != there.headings:
        yield DIFFERS.at(place, f"the headings are {', '.join(there.headings)}; wanted {', '.join(page.headings)}")
    for heading in sorted(page.tables.keys() | there.tables.keys()):
        expected, found = page.tables.get(heading, ()), there.tables.get(heading, ())
        if expected != found:
            rows = set(expected) ^ set(found)
            yield DIFFERS.at(place, f"the table {heading} is not what the module has: {sorted(rows)}")
    for heading in sorted(page.code.keys() | there.code.keys()):
        if page.code.get(heading) != there.code.get(heading):
            yield DIFFERS.at(place, f"the code under {heading} is not what the module has")


def _references(blocks: list[Block], elsewhere: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield what is named and not declared, and the variables that are declared and not used."""
    variables = {f"var.{block.label}" for block in blocks if block.type == "variable"}
    declared = variables | {block.address for block in blocks if block.type in {"resource", "data"}}
    declared |= {name for block in blocks if block.type == "moved" for name in references(block.arguments.get("from"))}
    declared |= {f"local.{name}" for block in blocks if block.type == "locals" for name in block.arguments}
    outside = {name for block in blocks if block.type != "variable" for name in references(block)}
    inside = {name for block in blocks if block.type == "variable" for name in references(block)}
    for name in sorted((inside | outside) - declared - {*elsewhere}):
        yield UNDECLARED.at(Place("main.tf"), f"{name} is not declared")
    makes_something = any(block.type == "resource" for block in blocks)
    for name in sorted(variables - outside) if makes_something else ():
        yield UNDECLARED.at(Place("variables.tf"), f"{name} is never used")
