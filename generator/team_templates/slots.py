"""The slot `_lifecycle.hcl`: what a team adds to the `lifecycle` of the endpoints and groups that a module makes.

    aws_vpc_endpoint {
      prevent_destroy = true
    }

A block is called by the type of the resources that it is for, or by type and label.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from generator.hcl import facts, hcl, layout, parser
from generator.hcl.hcl import Block, Expression, Value, literal
from generator.hcl.names import all_references
from generator.module import guards
from generator.module.module import Module
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.suggest import did_you_mean, nearest
from generator.team_templates.folder import Templates
from generator.team_templates.sandbox import Output

SLOT = Code("E605")
_TYPES = ("aws_vpc_endpoint", "aws_security_group")
_ARGUMENTS = ("prevent_destroy", "replace_triggered_by")
_CONDITIONS = ("precondition", "postcondition")
_OF_CONDITIONS = ("condition", "error_message")
SIMPLER = "write it in one line, of plain ASCII strings; have what is more in a local of a template, and refer to that"


def read(
    slot: Output, module: Module, known: Collection[str], templates: Templates, findings: list[Diagnostic]
) -> tuple[Block, ...]:
    """Return what a slot says for a module, and add to the findings what it may not say.

    `known` are the names that the module and the files of templates declare.
    """
    blocks = parser.read(slot.text)
    if blocks is None:
        findings.append(SLOT.at(templates.place(slot.template), "can't be read as HCL"))
        return ()
    wrong = _faults(blocks, module)
    findings += (SLOT.at(templates.place(slot.template, _line(word, slot)), what) for word, what in wrong)
    blocks = tuple(_in_one_line(each) for each in blocks)
    made, unknown = {each.labels[0] for each in (*module.endpoints, *module.security_groups)}, dict[str, None]()
    for outer in blocks:
        inside = ((block, *each) for block in (outer, *outer.blocks) for each in block.arguments.items())
        for block, name, value in inside:
            if not _survives(value):
                place = templates.place(slot.template, _line(_set(name, value), slot) or _line(name, slot))
                findings.append(SLOT.at(place, f"{name} of {block.type} can't be read back as it is", SIMPLER))
            elif outer.type in made and name in {*_ARGUMENTS, *_OF_CONDITIONS}:
                unknown |= dict.fromkeys(each for each in all_references(value) if each not in known)
    findings += (
        _undeclared(name, known, templates.place(slot.template, _line(_spaced(name), slot))) for name in unknown
    )
    return blocks


def _undeclared(name: str, known: Collection[str], place: Place) -> Diagnostic:
    message = f"{name}: neither the module nor a file of the templates declares it"
    return SLOT.at(place, message, did_you_mean(nearest(name, known), "declare it in a file of the templates"))


def filled(module: Module, slots: tuple[Block, ...]) -> Module:
    """Return a module with the settings of slots in the blocks that they are for."""
    endpoints, groups = ([_filled(each, slots) for each in of] for of in (module.endpoints, module.security_groups))
    return replace(module, endpoints=(*endpoints,), security_groups=(*groups,))


def _faults(blocks: tuple[Block, ...], module: Module) -> Iterator[tuple[str, str]]:
    """Yield what no slot may say, each with the word that says it."""
    known = {each.label for each in (*module.endpoints, *module.security_groups)}
    for block in blocks:
        name = ".".join((block.type, *block.labels))
        if block.type not in _TYPES or len(block.labels) > 1:
            yield block.type, f"{name}: a slot is for {' or '.join(_TYPES)}"
        elif not known.issuperset(block.labels):
            yield re.escape(block.labels[0]), f"{name}: the module has none"
        for argument in block.arguments.keys() - {*_ARGUMENTS}:
            yield argument, f"{argument} of {name} is the spec's; a slot takes {', '.join((*_ARGUMENTS, *_CONDITIONS))}"
        if (value := block.arguments.get("prevent_destroy", True)) is not True:
            yield _set("prevent_destroy", value), f"prevent_destroy of {name}: a slot may only say true"
        for inner in block.blocks:
            if inner.type not in _CONDITIONS or inner.blocks or inner.labels or {*inner.arguments} != {*_OF_CONDITIONS}:
                what = f"{inner.type} of {name}: a slot takes conditions, of condition and error_message alone"
                yield inner.type, what


def _in_one_line(block: Block) -> Block:
    """Return a block whose expressions are in one line, where a line's end says nothing to HCL."""
    arguments = dict(block.arguments)
    for name, value in arguments.items():
        if isinstance(value, Expression) and not re.search(r"[{#]|//|/\*|<<", value.text):
            text = re.sub(r"(?<=[(\[])\s*\n\s*|\s*\n\s*(?=[)\]])", "", value.text)
            arguments[name] = Expression(re.sub(r"\s*\n\s*", " ", text))
    return replace(block, arguments=arguments, blocks=tuple(map(_in_one_line, block.blocks)))


def _survives(value: Value) -> bool:
    """Tell whether what is written of a value reads as that value."""
    block = Block(type="lifecycle", arguments={"a": value})
    found = facts.readable({"a.tf": layout.format("\n".join([*hcl.lines(block), ""]))}).blocks
    return [literal(each.arguments["a"]) for of in found.values() for each in of] == [literal(value)]


def _filled(block: Block, slots: tuple[Block, ...]) -> Block:
    mine = [each for each in slots if each.type == block.labels[0] and block.label in (*each.labels, block.label)[:1]]
    others = (each for each in block.blocks if each.type != "lifecycle" or not mine)
    return replace(block, blocks=(*others, *(guards.lifecycle(*block.nested("lifecycle"), *mine) if mine else ())))


def _set(name: str, value: Value) -> str:
    """Return a pattern of where an argument has a value, as far as its first line says."""
    return rf'{name}\b(?=\s*=\s*"?{re.escape(literal(value).splitlines()[0].strip(chr(34)))})'


def _spaced(name: str) -> str:
    """Return a pattern of where an expression has a name, in one of the forms that HCL takes."""
    return re.escape(name).replace(r"\.", r"""[\s."\[\]]+""") + r"(?![\w-])"


def _line(word: str, slot: Output) -> int:
    """Return the template's line that has a word first, which may be a pattern."""
    found = re.search(rf"\b{word}", slot.text)
    return slot.lines[slot.text.count("\n", 0, found.start())] if found else 0
