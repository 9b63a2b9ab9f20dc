"""Roots that call modules: which file of import blocks that `adopt` wrote for one is of which spec, and lies right."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.hcl import facts
from generator.hcl.hcl import Block
from generator.hcl.hcl import Call as HclCall
from generator.hcl.hcl import text as quoted
from generator.module.adopted import EMPTIED, bring
from generator.module.adopted_for import Owner, Specs, written
from generator.module.imports import imports_of
from generator.output.revision import listed, repository
from generator.output.terraform import OF_TERRAFORM, OVERRIDE, is_read, may_import
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.ids import ID
from generator.source.reading import plain_bytes_of, resolved
from generator.source.suggest import some

TWICE = Code("E327")
_CALLED = re.compile(r"module\.([\w-]+)")
_KEY = re.compile(r"[^\"\\$%()]*")
"""A key that is written as text."""
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


class Call(NamedTuple):
    """A call of a module."""

    name: str
    at: Path | None
    """Where the module is, if that is a folder."""
    indexes: tuple[str, ...] | None
    """Those of its instances, as `["prod"]` or `[0]`, and an empty one where it has none; None where not told."""

    @property
    def instance(self) -> str | None:
        """The index of its one instance; None where there is no one, or that is not told."""
        return self.indexes[0] if self.indexes and len(self.indexes) == 1 else None

    def has(self, index: str) -> bool:
        """Tell whether it may have an instance; seen with Terraform 1.11.4: by a key, or a number, or by none."""
        return bool(index) if self.indexes is None else index in self.indexes


class Roots:
    """The files of Terraform of this repository, but for those of modules; outside of one, here and in folders here."""

    def __init__(self, modules: Collection[Path], specs: Specs) -> None:
        """Find the files with import blocks; `modules` are folders in which there are no roots."""
        top, folders = repository(Path()), {*map(resolved, modules)}
        here = (each for pattern in ("*", "*/*") for each in Path().glob(pattern) if each.name.endswith(OF_TERRAFORM))
        files = listed(top, OF_TERRAFORM) if top else map(resolved, here)
        there = (each for each in files if each.parent not in folders and may_import(each.name) and each.is_file())
        self.files = sorted(Path(os.path.relpath(each)) for each in there)
        self.read = [*self._read(specs)]
        self.found = [each for each in self.read if each.calls]
        self._calls = {root.file.parent: [*calls_of(files_of(root.file.parent))] for root in self.found}

    @property
    def importing(self) -> list[Path]:
        """The folder here, and those with files that `adopt` wrote, if any file there may import into a module."""
        folders = dict.fromkeys((Path(), *(each.file.parent for each in self.found)))
        texts = {folder: [content_of(each) or b"" for each in files_of(folder)] for folder in folders}
        return [each for each, of in texts.items() if any(b"import" in text and b"module." in text for text in of)]

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
            called = {call.at for call in self._calls[each.file.parent] if call.name in each.calls}
            if resolved(module) in called:
                return each._replace(is_told=True)
            if each.owner.spec == path and not any(called):
                of_it.append(each._replace(is_told=each.owner.is_told))
        return next(iter(sorted(of_it, key=lambda each: not each.is_told)), None)

    def misplaced(self, root: Root, module: Path) -> Diagnostic | None:
        """Return that import blocks lie where surely no root calls a module, and another does, which makes all anew."""
        folder = root.file.parent
        is_called = any(call.at == resolved(module) for call in self._calls[folder])
        if is_called or not root.is_told or _may_call(root):
            return None
        others = [each for each in self.files if each.parent != folder]
        calls = ((each.parent, call) for each in others for call in calls_of([each], resolved(module).name))
        those = [(each, call.name) for each, call in calls if call.at == resolved(module)]
        callers = [each for each in those if each[1] in root.calls] or those
        if not callers:
            return None
        (first, name), folders = callers[0], [*dict.fromkeys(str(each) for each, _ in callers)]
        what = " and ".join(f"module.{each}" for each in sorted(root.calls))
        message = f"has the import blocks of {what}, which {folder} does not call: {first} does, and an apply"
        move = f"move it to the root that is to import: {some(folders, 3)}"
        move = bring(root.file, first / root.file.name) if len(folders) == 1 else move
        move += "" if name in root.calls else f", write module.{name} in its addresses"
        fix = f"{move}, or take the file away, if it was applied"
        return EMPTIED.at(Place(str(root.file)), f"{message} there makes anew what exists", fix)


def files_of(folder: Path) -> list[Path]:
    """Return the files of Terraform in a folder, also those that git is told to ignore."""
    return sorted(each for each in folder.glob("*") if is_read(each.name) and each.is_file())


def read_calls(folder: Path) -> tuple[list[Call], bool]:
    """Return the calls of modules of a root, and whether all is read by which Terraform could call one.

    Terragrunt makes other files.
    """
    blocks = {each: _blocks(each) for each in files_of(folder)}
    is_plain = not any(OVERRIDE.fullmatch(each.name) for each in blocks) and not _is_of_terragrunt(folder)
    calls = [call for file, its in blocks.items() for call in _calls(file, its or ())]
    return calls, is_plain and all(its is not None for its in blocks.values())


def calls_of(files: Iterable[Path], word: str = "module") -> Iterator[Call]:
    """Yield the calls of modules, as far as the files read.

    What has not a word, as the name of the module's folder, is not parsed: a repository may have thousands of roots.
    """
    return (call for file in files for call in _calls(file, _blocks(file, word) or ()))


def _calls(file: Path, blocks: Iterable[Block]) -> Iterator[Call]:
    for block in blocks:
        if block.type == "module" and block.labels:
            source = block.arguments.get("source")
            is_folder = isinstance(source, str) and source.startswith(".")
            at = resolved(file.parent / str(source)) if is_folder else None
            yield Call(block.labels[0], at, _indexes(block))


def _indexes(block: Block) -> tuple[str, ...] | None:
    several, count = block.arguments.get("for_each"), block.arguments.get("count")
    if several is None and count is None:
        return ("",)
    if isinstance(several, HclCall) and several.function == "toset" and len(several.arguments) == 1:
        several = several.arguments[0]
    keys = [*several] if isinstance(several, Mapping | tuple) else []
    if keys and all(isinstance(each, str) and _KEY.fullmatch(each) for each in keys):
        return tuple(f"[{quoted(str(each))}]" for each in keys)
    return tuple(f"[{each}]" for each in range(count)) if isinstance(count, int) and count in range(1, 100) else None


def _blocks(file: Path, word: str = "") -> Iterable[Block] | None:
    """Return the blocks of a file, none where it has not a word; None where it can't be read."""
    if (content := content_of(file)) is None:
        return None
    text = content.decode("utf-8-sig", errors="replace")
    return facts.read_file(file.name, text) if word in text else ()


def content_of(file: Path) -> bytes | None:
    """Return what a file holds; None where the system does not let it be read."""
    with suppress(OSError):
        return plain_bytes_of(file)
    return None


def _is_of_terragrunt(folder: Path) -> bool:
    return any(not each.name.startswith(".") for each in folder.glob("*.hcl"))


def _may_call(root: Root) -> bool:
    """Tell whether anything beside import blocks may call their modules, also what can't be read.

    It has a name of one, or an escape, which may stand for any; or it is Terragrunt's, which makes other files.
    """
    names = "|".join(map(re.escape, root.calls)).encode()
    word = re.compile(rb"(?<![\w.-])(?:%b)(?![\w-])|\\[uU]" % names)
    if _is_of_terragrunt(root.file.parent):
        return True
    for each in root.file.parent.iterdir():
        text = content_of(each) if each.is_file() else b""
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
