"""The files of Terraform of roots, each read once: how they call modules, and what they bring where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from generator.hcl import facts
from generator.hcl.hcl import Block
from generator.hcl.hcl import Call as HclCall
from generator.hcl.hcl import text as quoted
from generator.module.imports import brought_in
from generator.module.kept import after
from generator.module.module import HCL
from generator.output import manifest
from generator.output.disk import explained
from generator.output.terraform import OVERRIDE, is_read, may_import
from generator.source.hcl_bounds import READ, read_together
from generator.source.reading import is_there, plain_bytes_of, resolved

Brought: TypeAlias = "Mapping[str, Collection[tuple[str, str, str]]]"
"""By file what its import and moved blocks bring where, as `brought_in` has it."""
_WHOLE = re.compile(r"(?:resource\.)?(\w+\.[\w-]+)(\[[^\]]*\])?")
"""The address of a resource or of a call of a root, and its index."""
_KEY = re.compile(r"[^\"\\$%()]*")
"""A key that is written as text."""
_INDEX = re.compile(r'|\["[^"\\$%]*"\]|\[\d+\]')
"""An index whose instance its own words tell, or none."""
ANY_KEY = "[KEY]"
"""The index of an instance whose key is not told."""
DEEPEST, _MOST = 4, 50
"""Through how many modules calls are followed, and in how many folders."""


class Call(NamedTuple):
    """A call of a module."""

    name: str
    at: Path | None
    """Where the module is, if that is a folder."""
    indexes: tuple[str, ...] | None
    """Those of its instances, as `["prod"]` or `[0]`, and an empty one where it has none; None where not told."""
    after: frozenset[str] = frozenset()
    """The names of the calls that it depends on as wholes."""

    @property
    def instance(self) -> str | None:
        """The index of its one instance; None where there is no one, or that is not told."""
        return self.indexes[0] if self.indexes and len(self.indexes) == 1 else None

    def has(self, index: str) -> bool:
        """Tell whether it may have an instance; seen with Terraform 1.11.4: by a key, or a number, or by none."""
        return not _INDEX.fullmatch(index) or (bool(index) if self.indexes is None else index in self.indexes)


class Chain(NamedTuple):
    """A call of a module, by way of others."""

    calls: tuple[Call, ...]
    is_read: bool = False
    """Whether all calls that its own folder has are read."""

    @property
    def at(self) -> Path | None:
        """Where the module is, if that is a folder."""
        return self.calls[-1].at

    @property
    def path(self) -> str:
        """Its path in commands, with its dot."""
        several = ((each.name, ANY_KEY if each.instance is None else each.instance) for each in self.calls)
        return "".join(f"module.{name}{index}." for name, index in several)

    @property
    def instances(self) -> tuple[str, ...]:
        """The addresses of its instances, as far as they are told."""
        above, last = Chain(self.calls[:-1]).path, self.calls[-1]
        return tuple(f"{above}module.{last.name}{each}" for each in last.indexes or (ANY_KEY,))


class RootFiles:
    """The files of Terraform in a folder, also those that git is told to ignore."""

    def __init__(self, folder: Path, own: Collection[str] = ()) -> None:
        """Read nothing yet; `own` are the names of a module's own files."""
        self.folder, self._own = folder, own

    @cached_property
    def contents(self) -> dict[Path, bytes | None]:
        """What each file holds; None where the system does not let it be read, or is too much with the others.

        Raises Refused (E306) where it does not let the folder be read.
        """
        with explained(self.folder):
            there = sorted(each for each in self.folder.glob("*") if is_read(each.name) and each.is_file())
        return read_together(there, content_of)

    @cached_property
    def by_file(self) -> dict[Path, tuple[Block, ...] | None]:
        """The blocks of each file; None where it can't be read."""
        return {each: blocks_of(each, content) for each, content in self.contents.items()}

    @property
    def blocks(self) -> list[Block]:
        """The blocks, as far as the files read."""
        return [each for blocks in self.by_file.values() for each in blocks or ()]

    @cached_property
    def calls(self) -> list[Call]:
        """The calls of modules, as far as the files read."""
        return [call for file, blocks in self.by_file.items() for call in calls_of(file, blocks)]

    @cached_property
    def declared(self) -> frozenset[str]:
        """The addresses of the resources, as far as the files read."""
        return frozenset(each.address for each in self.blocks if each.type == "resource")

    @cached_property
    def is_whole(self) -> bool:
        """Whether all is read by which Terraform could call a module."""
        is_plain = not any(OVERRIDE.fullmatch(each.name) for each in self.contents) and not self.is_of_terragrunt
        return is_plain and None not in self.by_file.values()

    @property
    def is_of_terragrunt(self) -> bool:
        """Whether Terragrunt makes other files there."""
        return any(not each.name.startswith(".") for each in self.folder.glob("*.hcl"))

    @property
    def may_bring(self) -> bool:
        """Whether a file may import or move something into a module."""
        return any(text and brings_into_modules(text) for text in self.contents.values())

    @cached_property
    def brought(self) -> Brought:
        """What the files bring where, but for what `moved` blocks of a module's own files do.

        Nor does a `moved` block of a root count whose `from` that root has still, for Terraform plans nothing of it.
        Raises Refused (E306) where the system does not let one be read.
        """
        found = dict[str, list[tuple[str, str, str]]]()
        for file, content in self.contents.items():
            if not may_import(file.name):
                continue
            with explained(self.folder):
                text = (plain_bytes_of(file, 0) if content is None else content).decode("utf-8-sig", "replace")
            if "import" in text or ("moved" in text and file.name not in self._own):
                found[str(file)] = [each for each in brought_in(file.name, text) if not self._is_refused(*each)]
        return found

    def _is_refused(self, kind: str, what: str, to: str) -> bool:
        return kind == "moved" and not self._own and self.is_whole and declares(self.blocks, what, to)


def chains(root: RootFiles) -> dict[str, list[Chain]]:
    """Return by the name of the first call how a root calls modules, also by way of modules in folders."""
    by_name = defaultdict[str, list[Chain]](list)
    found, left = [(tuple[Call, ...](), root)], _MOST
    for above, files in found:
        for call in files.calls:
            calls, inner = (*above, call), None
            calls_none = call.at is not None and _calls_none(call.at)
            if call.at and left and len(calls) < DEEPEST and not calls_none:
                inner, left = RootFiles(call.at), left - 1
                found.append((calls, inner))
            by_name[calls[0].name].append(Chain(calls, calls_none or (inner is not None and inner.is_whole)))
    return {**by_name}


def _calls_none(folder: Path) -> bool:
    """Tell whether a folder calls no module: it is not there, or has just what a module of ours has."""
    its = [each.name for each in folder.glob("*") if is_read(each.name)]
    return not its or (is_there(folder / manifest.NAME) and {*HCL}.issuperset(its))


def brings_into_modules(content: bytes) -> bool:
    """Tell whether a file may import or move something into a module."""
    return b"module." in content and (b"import" in content or b"moved" in content)


def content_of(file: Path) -> bytes | None:
    """Return what a file holds; None where the system does not let it be read."""
    with suppress(OSError):
        return plain_bytes_of(file, READ)
    return None


def blocks_of(file: Path, content: bytes | None) -> tuple[Block, ...] | None:
    """Return the blocks of a file with this content; None where it can't be read."""
    return None if content is None else facts.read_file(file.name, content.decode("utf-8-sig", errors="replace"))


def calls_of(file: Path, blocks: Iterable[Block] | None) -> Iterator[Call]:
    """Yield the calls of modules that a file has with its blocks."""
    for block in blocks or ():
        if block.type == "module" and block.labels:
            source = block.arguments.get("source")
            is_folder = isinstance(source, str) and source.startswith(".")
            at = resolved(file.parent / str(source)) if is_folder else None
            yield Call(block.labels[0], at, _indexes(block), frozenset(after(block)))


def declares(blocks: Iterable[Block], what: str, to: str) -> bool:
    """Tell whether a root surely has what a `moved` block brings elsewhere: "Moved object still exists", and no plan.

    An address without an index is of all instances, but for one of which the other address is an instance. Seen with
    Terraform 1.11.4.
    """
    found = _WHOLE.fullmatch(what)
    labels = tuple(found[1].removeprefix("module.").split(".")) if found else ()
    kind = "module" if what.startswith("module.") else "resource"
    for block in blocks:
        if labels and block.type == kind and block.labels == labels:
            its = _indexes(block)
            return (its is not None and (found[2] or "") in its) if found and (found[2] or to.endswith("]")) else True
    return False


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
