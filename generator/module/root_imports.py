"""Import blocks of a root that lead to nothing, each judged by the call of a module that its address names there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.hcl.hcl import Block, literal
from generator.module.adopted_for import Owner, Specs, named
from generator.module.imports import NOWHERE
from generator.module.intrusion import Beside, nowhere, read_beside
from generator.module.root_files import Call, RootFiles
from generator.output.terraform import may_import
from generator.source.diagnostics import Diagnostic
from generator.source.reading import resolved
from generator.source.suggest import some

WITHIN = re.compile(r"module\.([\w-]+)(\[[^\]]*\])?\.((?:module\.[\w-]+(?:\[[^\]]*\])?\.)*)(?=(?:resource\.)?aws_)")
"""How an address within a module begins: the call that the root itself has, its index, and those in that module."""
_INDEX = re.compile(r'|\["[^"\\$%]*"\]|\[\d+\]')
"""An index whose instance its own words tell, or none."""


class _To(NamedTuple):
    """An import block of a root for something in a module."""

    file: Beside
    block: Block
    within: str
    """How its address begins, up to the resource."""
    name: str
    key: str
    inner: str


class Importing(NamedTuple):
    """A root that has import blocks for modules."""

    folder: Path
    files: tuple[Beside, ...]
    calls: tuple[Call, ...]
    is_whole: bool
    """Whether all is read by which Terraform could call a module."""
    owners: Mapping[str, Owner]
    """Of which specs the files that `adopt` wrote are."""

    def nowhere(self, ours: Mapping[str, Iterable[Block]], module: Path, spec: str) -> Iterator[Diagnostic]:
        """Yield the import blocks that lead to nothing of the module in a folder, which a spec makes of these blocks.

        What the root calls by the name in an address decides. Where it has no such call, and calls the module by
        another name, so does the first line of the file; where it does not call the module, that line alone.
        """
        own, within = [call for call in self.calls if call.at == resolved(module)], dict[str, None]()
        told = dict[tuple[str, str], _To]()
        for to in self._imports():
            leads = self._leads(to, resolved(module), resolved(spec))
            if leads:
                within[to.within] = None
            elif leads is False:
                told.setdefault((to.file.path, to.within), to)
        yield from (self._uncalled(to, own) for to in told.values())
        for each in within:
            yield from nowhere(ours, self.files, str(self.folder), spec, each)

    def _leads(self, to: _To, module: Path, spec: Path) -> bool | None:
        """Tell whether an address leads to an instance of a module; None where it may be of another."""
        named = [call for call in self.calls if call.name == to.name]
        if named:
            is_its = {call.at for call in named} == {module} and not to.inner
            return any(call.has(to.key) for call in named) or not _INDEX.fullmatch(to.key) if is_its else None
        owner = self.owners.get(to.file.path)
        is_its = owner is not None and owner.is_told and owner.spec == spec
        if self.is_whole and any(call.at == module for call in self.calls):
            return False if is_its or (owner and owner.is_gone) else None
        return True if is_its and len({each.name for each in self._imports() if each.file is to.file}) == 1 else None

    def _imports(self) -> Iterator[_To]:
        for file in self.files:
            for block in file.blocks or () if may_import(file.path) else ():
                if block.type == "import" and (found := WITHIN.match(literal(block.arguments.get("to")))):
                    yield _To(file, block, found[0], found[1], found[2] or "", found[3])

    def _uncalled(self, to: _To, own: Collection[Call]) -> Diagnostic:
        calls = [f"module.{call.name}{each}" for call in own for each in call.indexes or ("[KEY]",)]
        where = "the root" if self.folder == Path() else self.folder
        what = f"imports into module.{to.name}{to.key}, and {where} calls the module {some(calls, 3, ' or ')}"
        fix = f"write {some(calls, 3, ' or ')} in its addresses"
        return NOWHERE.at(to.file.place(str(self.folder), to.block), f"{what}: Terraform plans nothing", fix)


def importing(root: RootFiles, specs: Specs) -> Importing:
    """Return a root that may import into modules."""
    texts = {each.name: text for each, text in root.contents.items() if text is not None}
    return Importing(
        root.folder,
        tuple(read_beside(each, text, ()) for each, text in texts.items()),
        tuple(root.calls),
        root.is_whole,
        {each: specs.owner(root.folder / each, name) for each, text in texts.items() if (name := named(text))},
    )
