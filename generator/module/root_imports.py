"""Import blocks of a root that lead to nothing, each judged by the call of a module that its address names there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.hcl.hcl import Block, literal
from generator.module.adopted_for import Owner, Specs, named
from generator.module.imports import NOWHERE
from generator.module.intrusion import Beside, nowhere, read_beside
from generator.module.root_calls import RootCalls
from generator.module.root_files import Chain, RootFiles, chains, declares
from generator.output.terraform import may_import
from generator.source.diagnostics import Diagnostic
from generator.source.reading import resolved
from generator.source.suggest import some

WITHIN = re.compile(r"module\.([\w-]+)(\[[^\]]*\])?\.((?:module\.[\w-]+(?:\[[^\]]*\])?\.)*)(?=(?:resource\.)?aws_)")
"""How an address within a module begins: the call that the root itself has, its index, and those in that module."""


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
    chains: Mapping[str, list[Chain]]
    """How it calls modules, by the name of the first call."""
    is_whole: bool
    """Whether all is read by which Terraform could call a module."""
    owners: Mapping[str, Owner]
    """Of which specs the files that `adopt` wrote are."""

    def nowhere(
        self, ours: Callable[[], Mapping[str, Iterable[Block]]], module: Path, spec: str
    ) -> Iterator[Diagnostic]:
        """Yield the import and moved blocks that lead to nothing of a module, which a spec makes of these blocks.

        What the root calls at an address decides. Where it surely calls nothing there, and calls the module, the block
        is the module's, unless the first line of the file has another spec; where it does not call the module, that
        line alone decides.
        """
        calls = RootCalls(at=resolved(module), chains=self.chains, is_whole=self.is_whole)
        within, told = dict[str, None](), dict[tuple[str, str], _To]()
        for to in self._imports():
            leads = self._leads(to, calls, resolved(spec))
            if leads:
                within[to.within] = None
            elif leads is False:
                told.setdefault((to.file.path, to.within), to)
        yield from (self._uncalled(to, calls) for to in told.values())
        yield from self._still_there(calls)
        blocks = ours() if within else {}
        for each in within:
            yield from nowhere(blocks, self.files, str(self.folder), spec, each)

    def _leads(self, to: _To, calls: RootCalls, spec: Path) -> bool | None:
        """Tell whether an address leads to an instance of a module; None where it may be of another."""
        found, owner = calls.leads(to.within), self.owners.get(to.file.path)
        is_its, is_told = owner is not None and owner.spec == spec, owner is not None and owner.is_told
        if found or (calls.own and calls.lacks(to.within)):
            return found or (None if is_told and not is_its else False)
        is_one = (
            not calls.at_path(to.within) and len({each.name for each in self._imports() if each.file is to.file}) == 1
        )
        return True if is_its and is_told and is_one else None

    def _imports(self) -> Iterator[_To]:
        for file in self.files:
            for block in file.blocks or () if may_import(file.path) else ():
                if block.type == "import" and (found := WITHIN.match(literal(block.arguments.get("to")))):
                    yield _To(file, block, found[0], found[1], found[2] or "", found[3])

    def _still_there(self, calls: RootCalls) -> Iterator[Diagnostic]:
        """Yield the `moved` blocks that bring to the module what the root has still."""
        both = [(file, block) for file in self.files for block in file.blocks or () if self.is_whole]
        there = [block for _, block in both]
        for file, block in both:
            what, to = (literal(block.arguments.get(each)) for each in ("from", "to"))
            if block.type == "moved" and to.startswith("module.") and declares(there, what, to) and calls.leads(to):
                does = f"moves {what} to {to}, and {self._name} has {what} still: Terraform plans nothing"
                fix = f"take {what} itself away, for the module has it, or the moved block"
                yield NOWHERE.at(file.place(str(self.folder), block), does, fix)

    @property
    def _name(self) -> str:
        return "the root" if self.folder == Path() else str(self.folder)

    def _uncalled(self, to: _To, own: RootCalls) -> Diagnostic:
        calls = [each for chain in own.own for each in chain.instances]
        what = f"imports into {to.within[:-1]}, and {self._name} calls the module {some(calls, 3, ' or ')}"
        fix = f"write {some(calls, 3, ' or ')} in its addresses"
        return NOWHERE.at(to.file.place(str(self.folder), to.block), f"{what}: Terraform plans nothing", fix)


def importing(root: RootFiles, specs: Specs) -> Importing:
    """Return a root that may import into modules."""
    texts = {each.name: text for each, text in root.contents.items() if text is not None}
    return Importing(
        root.folder,
        tuple(read_beside(each, text, ()) for each, text in texts.items()),
        chains(root),
        root.is_whole,
        {each: specs.owner(root.folder / each, name) for each, text in texts.items() if (name := named(text))},
    )
