"""Roots that call modules: which file of import blocks that `adopt` wrote for one is of which spec, and lies right."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.module.adopted import EMPTIED, bring, is_in_module
from generator.module.adopted_for import Owner, Specs, written
from generator.module.elsewhere import Elsewhere, callers
from generator.module.imports import imports_of
from generator.module.root_files import RootFiles, content_of
from generator.output.terraform import is_read
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.ids import ID
from generator.source.reading import resolved
from generator.source.suggest import some

TWICE = Code("E327")
_CALLED = re.compile(r"module\.([\w-]+)")
_ID = re.compile(f"[a-z]+-{ID}")
"""An id that AWS gives once; a name, as of a log group, each account has for itself."""


class Root(NamedTuple):
    """A file that `adopt` wrote, mostly with import blocks for a root that calls a module."""

    file: Path
    spec: str
    """What its first line says of the spec that was written with it."""
    calls: frozenset[str]
    """The names of the modules in its addresses."""
    text: str
    owner: Owner
    is_told: bool = False
    """Whether the path in its first line, or the call of the module beside it, tells whose it is."""


class Roots:
    """The files with import blocks that `adopt` wrote, of all files of roots."""

    def __init__(self, modules: Collection[Path], specs: Specs) -> None:
        """Find the files with import blocks; `modules` are folders in which there are no roots."""
        self.elsewhere = Elsewhere(modules)
        self.files = self.elsewhere.files
        self.read = [*self._read(specs)]
        self.found = [each for each in self.read if each.calls]
        self._folders = {each: RootFiles(each) for each in (Path(), *self.elsewhere.importing)}

    @property
    def importing(self) -> list[RootFiles]:
        """The folder here and those of roots, where any file may import or move something into a module."""
        return [each for each in self._folders.values() if each.may_bring]

    @property
    def rendered_twice(self) -> set[Path]:
        """The specs of which modules that are not given have import blocks, as those files say."""
        those = (each.owner for each in self.read if not each.calls and is_in_module(each.file))
        return {each.spec for each in those if each.is_told and each.spec}

    def _read(self, specs: Specs) -> Iterator[Root]:
        for file in self.files:
            name = text = ""
            with suppress(OSError):  # a file elsewhere in the repository need not be ours to read
                name, text = written(file)
            if name:
                to = [_CALLED.match(to) for to, _ in imports_of(file.name, text)]
                yield Root(file, name, frozenset(each[1] for each in to if each), text, specs.owner(file, name))

    def others(self, specs: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the import blocks that are told to be of specs which are not these, by spec and file.

        Those of a folder beside the working one may be of a copy of it.
        """
        ours, here, found = {*map(resolved, specs)}, resolved(Path()), defaultdict[str, dict[str, str]](dict)
        for each in self.read:
            spec = each.owner.spec if each.owner.is_told else None
            if spec and spec not in ours and spec.is_relative_to(here):
                found[os.path.relpath(spec)][str(each.file)] = each.text
        return found

    def of(self, spec: str, module: Path) -> Root | None:
        """Return the file that `adopt` wrote for a root that calls the module of a spec.

        It is that whose root calls the module, or whose first line has the spec and whose root calls no other so.
        """
        path, of_it = resolved(spec), list[Root]()
        for each in self.found:
            called = {call.at for call in self._folders[each.file.parent].calls if call.name in each.calls}
            if resolved(module) in called:
                return each._replace(is_told=True)
            if each.owner.spec == path and not any(called):
                of_it.append(each._replace(is_told=each.owner.is_told))
        return next(iter(sorted(of_it, key=lambda each: not each.is_told)), None)

    def misplaced(self, root: Root, module: Path) -> Diagnostic | None:
        """Return that import blocks lie where surely no root calls a module, and another does, which makes all anew."""
        folder = root.file.parent
        is_called = any(call.at == resolved(module) for call in self._folders[folder].calls)
        if is_called or not root.is_told or _may_call(root, self._folders[folder]):
            return None
        those = [*callers(module, (each for each in self.files if each.parent != folder))]
        those = [each for each in those if each[1].name in root.calls] or those
        if not those:
            return None
        (first, call), folders = those[0], [*dict.fromkeys(str(each) for each, _ in those)]
        what = " and ".join(f"module.{each}" for each in sorted(root.calls))
        message = f"has the import blocks of {what}, which {folder} does not call: {first} does, and an apply"
        move = f"move it to the root that is to import: {some(folders, 3)}"
        move = bring(root.file, first / root.file.name) if len(folders) == 1 else move
        move += "" if call.name in root.calls else f", write module.{call.name} in its addresses"
        fix = f"{move}, or take the file away, if it was applied"
        return EMPTIED.at(Place(str(root.file)), f"{message} there makes anew what exists", fix)


def _may_call(root: Root, files: RootFiles) -> bool:
    """Tell whether any file of Terraform may call the modules of import blocks, also one that can't be read.

    It has a name of one, or an escape, which may stand for any; or it is Terragrunt's, which makes other files.
    """
    names = "|".join(map(re.escape, root.calls)).encode()
    word = re.compile(rb"(?<![\w.-])(?:%b)(?![\w-])|\\[uU]" % names)
    if files.is_of_terragrunt:
        return True
    for each in (each for each in root.file.parent.iterdir() if is_read(each.name) and each.is_file()):
        text = content_of(each)
        if text is None or word.search(text.partition(b"\n")[2] if each.name == root.file.name else text):
            return True
    return False


def shared(imports: Mapping[str, Mapping[str, str]]) -> dict[str, Diagnostic]:
    """Return by spec that it imports what another does; given are texts with import blocks by spec and file."""
    taken, found = dict[str, tuple[str, str]](), dict[str, Diagnostic]()
    for spec, texts in imports.items() if sum(map(bool, imports.values())) > 1 else ():
        for file, text in texts.items():
            ids = dict.fromkeys(identifier for _, identifier in imports_of(file, text) if _ID.fullmatch(identifier))
            by = {each: taken.setdefault(each, (spec, file)) for each in ids}
            twice = [each for each, (of, where) in by.items() if spec != of and file != where]
            if twice and spec not in found:
                other, its = by[twice[0]]
                found[spec] = _twice(Place(file), spec, twice, other, its)
    return found


def _twice(place: Place, spec: str, ids: Iterable[str], other: str, its: str) -> Diagnostic:
    message = f"imports {some(ids, 3)}, as {its} does for {other}: two states would have one thing"
    return TWICE.at(place, message, f"take the endpoints out of {spec} or {other}, and their blocks out of its imports")
