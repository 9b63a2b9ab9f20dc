"""Roots that call modules: which file of import blocks that `adopt` wrote for one is of which spec, and lies right."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from generator.output.adopted import EMPTIED, bring, nearest, written
from generator.output.revision import listed, repository
from generator.output.terraform import may_import
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.reading import plain_bytes_of, resolved
from generator.source.suggest import some

TWICE = Code("E327")
_CALLED = re.compile(r"^\s*to\s*=\s*module\.([\w-]+)", re.MULTILINE)
_CALL = re.compile(r'^\s*module\s+"([\w-]+)"\s*\{(?:[^{}]*?\bsource\s*=\s*"(\.[^"\n]*)")?', re.MULTILINE)
_ID = re.compile(r'^\s*id\s*=\s*"([\w-]+)"', re.MULTILINE)


class Root(NamedTuple):
    """A file with import blocks for a root that calls a module."""

    file: Path
    spec: str
    """The name of the file of the spec that was written with it."""
    calls: frozenset[str]
    """The names of the modules in its addresses."""
    text: str


class Roots:
    """The files of Terraform of this repository, but for those of modules; outside of one, here and in folders here."""

    def __init__(self, modules: Collection[Path], specs: Iterable[str]) -> None:
        """Find the files with import blocks; `modules` are folders in which there are no roots."""
        top, folders = repository(Path()), {*map(resolved, modules)}
        self.specs = {*map(resolved, specs)}
        files = listed(top, (".tf",)) if top else map(resolved, (*Path().glob("*.tf"), *Path().glob("*/*.tf")))
        there = (each for each in files if each.parent not in folders and may_import(each.name) and each.is_file())
        self.files = sorted(Path(os.path.relpath(each)) for each in there)
        read = ((each, *written(each)) for each in self.files)
        self.found = [
            Root(file, name, calls, text) for file, name, text in read if (calls := frozenset(_CALLED.findall(text)))
        ]

    def of(self, spec: str) -> Root | None:
        """Return the file that `adopt` wrote for a root that calls the module of a spec."""
        path = resolved(spec)
        near = (each for each in self.found if each.spec == path.name)
        return next((each for each in near if nearest(each.file, each.spec, self.specs) in {path, None}), None)

    def misplaced(self, root: Root, module: Path) -> Diagnostic | None:
        """Return that import blocks lie where no root calls a module, and another root does, which makes all anew."""
        calls = [*self._calls()]
        if any(folder == root.file.parent and name in root.calls for folder, name, _ in calls):
            return None
        those = [(folder, name) for folder, name, at in calls if at == resolved(module) and folder != root.file.parent]
        callers = [each for each in those if each[1] in root.calls] or those
        if not callers:
            return None
        (first, name), folders = callers[0], [*dict.fromkeys(str(folder) for folder, _ in callers)]
        what = " and ".join(f"module.{each}" for each in sorted(root.calls))
        message = f"has the import blocks of {what}, which {root.file.parent} does not call: {first} does, and an apply"
        move = f"move it to the root that is to import: {some(folders, 3)}"
        move = bring(root.file, first / root.file.name) if len(folders) == 1 else move
        move += "" if name in root.calls else f", write module.{name} in its addresses"
        fix = f"{move}, or take the file away, if it was applied"
        return EMPTIED.at(Place(str(root.file)), f"{message} there makes anew what exists", fix)

    def _calls(self) -> Iterator[tuple[Path, str, Path | None]]:
        """Yield the calls of modules: folder, name, and where the module is, if that is a folder."""
        for file in self.files:
            for name, source in _CALL.findall(plain_bytes_of(file).decode(errors="replace")):
                yield file.parent, name, resolved(file.parent / source) if source else None


def shared(imports: Mapping[str, Mapping[str, str]]) -> dict[str, Diagnostic]:
    """Return by spec that it imports what another does; given are texts of import blocks by spec and file."""
    taken, found = dict[str, tuple[str, str]](), dict[str, Diagnostic]()
    for spec, texts in imports.items():
        for file, text in texts.items():
            ids = dict.fromkeys(_ID.findall(text))
            by = {each: taken.setdefault(each, (spec, file)) for each in ids}
            twice = [each for each, (of, where) in by.items() if spec != of and file != where]
            if twice and spec not in found:
                other, its = by[twice[0]]
                found[spec] = _twice(Place(file), spec, twice, other, its)
    return found


def _twice(place: Place, spec: str, ids: Iterable[str], other: str, its: str) -> Diagnostic:
    message = f"imports {some(ids, 3)}, as {its} does for {other}: two states would have one thing"
    return TWICE.at(place, message, f"take the endpoints out of {spec} or {other}, and their blocks out of its imports")
