"""What a module means against what its files say: equality in both directions, knowing nothing of templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.hcl.hcl import Block, Call, Expression, Value, lines, literal
from generator.module.readme import readme
from generator.source.diagnostics import Code, Diagnostic, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.hcl.facts import Facts
    from generator.module.module import Module

LACKS = Code("E902")
UNEXPECTED = Code("E903")
DIFFERS = Code("E904")
UNDECLARED = Code("E905")

TWICE = Code("E906")

_ADDRESSED = frozenset({"resource", "data", "variable", "output", "run"})
_REFERENCE = re.compile(r"(?<![\w.\"])(?:(var|local)\.(\w[\w-]*)|(data\.)?(aws_\w+)\.([A-Za-z_][\w-]*))")


def check(module: Module, facts: Facts) -> tuple[Diagnostic, ...]:
    """Return where the files say anything else than the module means; nothing means that they are the module."""
    findings: list[Diagnostic] = []
    for path in sorted(module.files.keys() | facts.blocks.keys()):
        place = Place(path)
        findings += _blocks(module.files.get(path, ()), facts.blocks.get(path, ()), place)
    findings += _readme(module, facts)
    findings += _twice(facts)
    findings += _references([block for blocks in facts.blocks.values() for block in blocks])
    return tuple(findings)


def _blocks(wanted: Iterable[Block], found_blocks: Iterable[Block], place: Place) -> Iterator[Diagnostic]:
    expected, found = _by_name(wanted), _by_name(found_blocks)
    for name in expected.keys() | found.keys():
        if name not in found:
            yield LACKS.at(place, f"{_as_address(name)} is missing")
        elif name not in expected:
            yield UNEXPECTED.at(place, f"{_as_address(name)} is not expected")
        elif tuple(lines(expected[name])) != tuple(lines(found[name])):
            yield from _block(expected[name], found[name], place, _as_address(name))


def _by_name(blocks: Iterable[Block]) -> dict[tuple[str | int, ...], Block]:
    """Return blocks by type and labels; equal ones by their position among each other."""
    named: dict[tuple[str | int, ...], Block] = {}
    for block in blocks:
        position = 0
        name: tuple[str | int, ...] = (block.type, *block.labels, position)
        while name in named:
            position += 1
            name = (block.type, *block.labels, position)
        named[name] = block
    return named


def _as_address(name: tuple[str | int, ...]) -> str:
    *words, position = name
    return ".".join(map(str, words)) + (f"[{position}]" if position else "")


def _block(expected: Block, found: Block, place: Place, name: str) -> Iterator[Diagnostic]:
    yield from _arguments(expected.arguments, found.arguments, place, name)
    for diagnostic in _blocks(expected.blocks, found.blocks, place):
        yield Diagnostic(place, diagnostic.code, f"{name}: {diagnostic.message}")


def _arguments(
    expected: Mapping[str, Value], found: Mapping[str, Value], place: Place, name: str
) -> Iterator[Diagnostic]:
    for argument in sorted(expected.keys() | found.keys()):
        if argument not in found:
            yield LACKS.at(place, f"{name}.{argument}: wanted {_text(expected[argument])}, found nothing")
        elif argument not in expected:
            yield UNEXPECTED.at(place, f"{name}.{argument}: found {_text(found[argument])}, wanted nothing")
        elif not _same(expected[argument], found[argument]):
            yield DIFFERS.at(
                place, f"{name}.{argument}: wanted {_text(expected[argument])}, found {_text(found[argument])}"
            )


def _same(expected: Value, found: Value) -> bool:
    """Compare two values as they are written: to Python `True` and `1` are equal."""
    return literal(expected) == literal(found)


def _text(value: Value) -> str:
    return " ".join(literal(value).split())


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
    place = Place("README.md")
    page = readme(module)
    if page.headings != facts.readme.headings:
        yield DIFFERS.at(
            place, f"the headings are {', '.join(facts.readme.headings)}; wanted {', '.join(page.headings)}"
        )
    for heading in sorted(page.tables.keys() | facts.readme.tables.keys()):
        expected, found = page.tables.get(heading, ()), facts.readme.tables.get(heading, ())
        if expected != found:
            rows = set(expected) ^ set(found)
            yield DIFFERS.at(place, f"the table {heading} is not what the module has: {sorted(rows)}")
    if facts.readme.code != {"Usage": page.code}:
        yield DIFFERS.at(place, "the usage is not that of the module")


def _references(blocks: list[Block]) -> Iterator[Diagnostic]:
    """Yield what is named and not declared, and the variables that are declared and not used."""
    variables = {block.label for block in blocks if block.type == "variable"}
    declared = {f"var.{name}" for name in variables}
    declared |= {block.address for block in blocks if block.type in {"resource", "data"}}
    declared |= {f"local.{name}" for block in blocks if block.type == "locals" for name in block.arguments}
    used = {name for block in blocks for name in _named(block)}
    for name in sorted(used - declared):
        yield UNDECLARED.at(Place("main.tf"), f"{name} is not declared")
    own = {f"var.{block.label}" for block in blocks if block.type == "variable"}
    outside = {name for block in blocks if block.type != "variable" for name in _named(block)}
    for name in sorted(own - outside):
        yield UNDECLARED.at(Place("variables.tf"), f"{name} is never used")


def _named(block: Block) -> Iterator[str]:
    for value in block.arguments.values():
        yield from _names(value)
    for inner in block.blocks:
        yield from _named(inner)


def _names(value: Value) -> Iterator[str]:
    if isinstance(value, Expression):
        for kind, name, data, resource, label in _REFERENCE.findall(value.text):
            yield f"{kind}.{name}" if kind else f"{data}{resource}.{label}"
    elif isinstance(value, Call):
        for item in value.arguments:
            yield from _names(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _names(item)
