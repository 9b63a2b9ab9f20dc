"""The files of Terraform of roots, and how these call modules."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.hcl import facts
from generator.hcl.hcl import Block
from generator.hcl.hcl import Call as HclCall
from generator.hcl.hcl import text as quoted
from generator.output.revision import listed, repository
from generator.output.terraform import OF_TERRAFORM, OVERRIDE, is_read, may_import
from generator.source.reading import plain_bytes_of, resolved

_KEY = re.compile(r"[^\"\\$%()]*")
"""A key that is written as text."""


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


def files_of_roots(modules: Iterable[Path]) -> list[Path]:
    """Return the files of Terraform of this repository, but for those of modules; outside of one, here and below."""
    top, folders = repository(Path()), {*map(resolved, modules)}
    here = (each for pattern in ("*", "*/*") for each in Path().glob(pattern) if each.name.endswith(OF_TERRAFORM))
    files = listed(top, OF_TERRAFORM) if top else map(resolved, here)
    there = (each for each in files if each.parent not in folders and may_import(each.name) and each.is_file())
    return sorted(Path(os.path.relpath(each)) for each in there)


def callers(module: Path, files: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the folders of files that call a module, with the name of each call."""
    at = resolved(module)
    calls = ((each.parent, call) for each in files for call in calls_of([each], at.name))
    return ((each, call.name) for each, call in calls if call.at == at)


def files_of(folder: Path) -> list[Path]:
    """Return the files of Terraform in a folder, also those that git is told to ignore."""
    return sorted(each for each in folder.glob("*") if is_read(each.name) and each.is_file())


def read_calls(folder: Path) -> tuple[list[Call], bool]:
    """Return the calls of modules of a root, and whether all is read by which Terraform could call one.

    Terragrunt makes other files.
    """
    blocks = {each: blocks_of(each) for each in files_of(folder)}
    is_plain = not any(OVERRIDE.fullmatch(each.name) for each in blocks) and not is_of_terragrunt(folder)
    calls = [call for file, its in blocks.items() for call in _calls(file, its or ())]
    return calls, is_plain and all(its is not None for its in blocks.values())


def calls_of(files: Iterable[Path], word: str = "module") -> Iterator[Call]:
    """Yield the calls of modules, as far as the files read.

    What has not a word, as the name of the module's folder, is not parsed: a repository may have thousands of roots.
    """
    return (call for file in files for call in _calls(file, blocks_of(file, word) or ()))


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


def blocks_of(file: Path, word: str = "") -> Iterable[Block] | None:
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


def is_of_terragrunt(folder: Path) -> bool:
    """Tell whether Terragrunt may make files there."""
    return any(not each.name.startswith(".") for each in folder.glob("*.hcl"))
