"""A module with what a team's templates add to it: read back, so that nothing of it touches what the spec decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from generator.hcl import layout, parser
from generator.hcl.facts import Facts, read_back, read_file
from generator.hcl.hcl import Block
from generator.hcl.names import declared, references
from generator.intent.intent import Intent
from generator.module.check import check
from generator.module.intrusion import UNREAD, UNREADABLE, intrusions
from generator.module.module import HCL, Module
from generator.module.render import render
from generator.output.terraform import OF_TERRAFORM
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.team_templates.child import HCL_FILES
from generator.team_templates.folder import SLOTS, Templates
from generator.team_templates.model import INTERFACE, model
from generator.team_templates.sandbox import TOO_MUCH, Output, rendered
from generator.team_templates.slots import SIMPLER, SLOT, filled, read

NO_HCL = Code("E606")
_MOST_READ = 2**18  # characters: so many are read in seconds


class Stamped(NamedTuple):
    """A module with its slots filled, its files and all that are added, what was read back, and what templates knew."""

    module: Module
    files: Mapping[str, str]
    facts: Facts
    added: tuple[str, ...] = ()
    values: Mapping[str, Any] = {}


def stamped(intent: Intent, plain: Stamped, templates: Templates, known: MutableMapping[str, Block]) -> Stamped:
    """Return a module, `plain` and proven, with what templates make of it.

    Raises Refused for what they would do to what the spec decides, at their lines.
    """
    module, files, facts, *_ = plain
    outputs = rendered(templates, templates.targets, values := model(intent, module))
    hcl = {path: each for path, each in outputs.items() if path.endswith((*OF_TERRAFORM, SLOTS[1])) and "/" not in path}
    if (size := sum(len(each.text) for each in hcl.values())) > _MOST_READ:
        place = templates.place(max(hcl.values(), key=lambda each: len(each.text)).template)
        message = f"{intent.source.path}: {size:,} characters of Terraform to read back, and {_MOST_READ:,} are read"
        raise Refused([TOO_MUCH.at(place, message, "say it in fewer blocks, as with for_each")])
    header, lifecycle = (outputs.pop(name, None) for name in SLOTS)
    outputs = {path: each for path, each in outputs.items() if each.text.strip()}
    added = {path: hcl[path] for path in outputs.keys() & hcl.keys()}
    findings = [*_intrusions(intent, facts, templates, added)]
    slots = read(lifecycle, module, _names(facts, added), templates, findings) if lifecycle else ()
    if findings:
        raise Refused(findings)
    if slots:
        module = filled(module, slots)
        try:
            facts = read_back(files := render(module), known)
            wrong = check(module, facts, {name for each in slots for name in references(each)})
        except Refused as refused:
            wrong = refused.diagnostics
        if wrong:
            place = templates.place(templates.targets[SLOTS[1]])
            raise Refused([SLOT.at(place, f"can't be read back as it is: {wrong[0].message}", SIMPLER)])
    comments = _comments(header.text if header else "")
    files = {path: _commented(text, comments) if path in HCL else text for path, text in files.items()}
    texts = {path: _text(path, each, comments) for path, each in outputs.items()}
    return Stamped(module, {**files, **texts}, facts, tuple(texts), values)


def once(templates: Templates, modules: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the files that are there once for all modules, given what the templates of each were and its path."""
    outputs = rendered(templates, templates.once, {"interface": INTERFACE, "modules": modules})
    return {path: _text(path, each, "") for path, each in outputs.items() if each.text.strip()}


def _intrusions(intent: Intent, facts: Facts, templates: Templates, read: Mapping[str, Output]) -> Iterator[Diagnostic]:
    """Yield what the files that are added do to the module's own."""
    others = {path: each.text.encode() for path, each in read.items()}
    for each in intrusions(facts.blocks, others, folder="", spec=intent.source.file, own=()):
        output = read[each.place.file[1:]]
        is_unread = each.code in {UNREAD.code, UNREADABLE.code}
        number = parser.faulty_line(output.text) if is_unread else each.place.line
        line = output.lines[number - 1] if 0 < number <= len(output.lines) else 0
        if is_unread:
            yield NO_HCL.at(templates.place(output.template, line), "what it renders to can't be read back")
        else:
            yield replace(each, place=templates.place(output.template, line))


def _names(facts: Facts, added: Mapping[str, Output]) -> set[str]:
    """Return what a module and the files that are added to it declare; nothing of what can't be read."""
    found = (read_file(path, each.text) for path, each in added.items())
    return declared(block for of_it in (*facts.blocks.values(), *found) for block in of_it or ())


def _comments(text: str) -> str:
    """Return text as lines of comments, which say nothing to who reads them back."""
    lines = ("".join(each if each.isprintable() else " " for each in line) for line in text.strip().splitlines())
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _commented(text: str, comments: str) -> str:
    first, end, rest = text.partition("\n")
    return f"{first}{end}{comments}{rest}"


def _text(path: str, output: Output, comments: str) -> str:
    """Return the text of a file that is added; in HCL its first line says where it is from."""
    text = output.text if output.text.endswith("\n") else f"{output.text}\n"
    if not path.endswith(HCL_FILES):
        return text
    text = f"# Generated by gen-endpoints from {output.template}. DO NOT EDIT.\n{comments}\n{text}"
    return text if "<<" in text else layout.format(text)
