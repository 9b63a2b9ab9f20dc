"""The slot `_lifecycle.hcl`: what a team adds to the `lifecycle` of the endpoints and groups that a module makes.

    aws_vpc_endpoint {
      prevent_destroy = true
    }

A block is called by the type of the resources that it is for, or by type and label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.hcl import parser
from generator.hcl.hcl import Block
from generator.module import guards
from generator.module.module import Module
from generator.source.diagnostics import Code, Diagnostic
from generator.team_templates.folder import Templates
from generator.team_templates.sandbox import Output

SLOT = Code("E605")
_TYPES = ("aws_vpc_endpoint", "aws_security_group")
_ARGUMENTS = ("prevent_destroy", "replace_triggered_by")
_CONDITIONS = ("precondition", "postcondition")


def read(slot: Output, module: Module, templates: Templates, findings: list[Diagnostic]) -> tuple[Block, ...]:
    """Return what a slot says for a module, and add to the findings what it may not say."""
    blocks = parser.read(slot.text)
    if blocks is None:
        findings.append(SLOT.at(templates.place(slot.template), "can't be read as HCL"))
        return ()
    wrong = _faults(blocks, module)
    findings += (SLOT.at(templates.place(slot.template, _line(word, slot)), what) for word, what in wrong)
    return blocks


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
            yield block.labels[0], f"{name}: the module has none"
        for argument in block.arguments.keys() - {*_ARGUMENTS}:
            yield argument, f"{argument} of {name} is the spec's; a slot takes {', '.join((*_ARGUMENTS, *_CONDITIONS))}"
        for inner in block.blocks:
            if inner.type not in _CONDITIONS or inner.blocks or {*inner.arguments} != {"condition", "error_message"}:
                what = f"{inner.type} of {name}: a slot takes conditions, of condition and error_message alone"
                yield inner.type, what


def _filled(block: Block, slots: tuple[Block, ...]) -> Block:
    mine = [each for each in slots if each.type == block.labels[0] and block.label in (*each.labels, block.label)[:1]]
    others = (each for each in block.blocks if each.type != "lifecycle" or not mine)
    return replace(block, blocks=(*others, *(guards.lifecycle(*block.nested("lifecycle"), *mine) if mine else ())))


def _line(word: str, slot: Output) -> int:
    """Return the template's line that has a word first."""
    found = re.search(rf"\b{re.escape(word)}\b", slot.text)
    return slot.lines[slot.text.count("\n", 0, found.start())] if found else 0
