"""What a module was before: the folder that a row's `was` names, and the key or the name that its spec had."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from generator.output import manifest
from generator.output.disk import explained
from generator.output.former import former_keys
from generator.source import source
from generator.source.diagnostics import Refused
from generator.source.reading import is_folder, is_there
from generator.source.source import Source
from generator.source.suggest import nearest
from generator.spec.model import NAME


class Before(NamedTuple):
    """The targets of a spec as it was and as it is, rows by their keys."""

    rows: Mapping[str, Any]
    renamed: Mapping[str, str]
    """The keys before by those of now, of rows that do not say so themselves."""


def folder_before(folder: Path, spec: Source) -> Path | None:
    """Return the folder that `render` makes this one of, by `was`; None where there is none, or this one is there."""
    old = former_folder(folder, spec)
    return old if old and not is_there(folder) and is_folder(old) else None


def former_folder(folder: Path, spec: Source) -> Path | None:
    """Return the folder of the key in `was`, there or not."""
    return folder_of(folder, spec, spec.row.was) if spec.row and spec.row.was else None


def folder_of(folder: Path, spec: Source, key: str) -> Path:
    """Return the folder of another key of the target, or of another name of the spec, in this one."""
    return folder.parents[spec.label.count("/")] / key if spec.row else folder.with_name(key)


def targets_before(text: str, path: Path) -> Before:
    """Return what targets a spec had in its text before."""
    with suppress(Refused, AttributeError):
        before: Any = source.parse(text, "").data
        now: Any = source.read(str(path)).data
        rows = before.get("targets")
        return Before(rows if isinstance(rows, Mapping) else {}, former_keys(rows, now.get("targets")))
    return Before({}, {})


def account_of(before: Before, key: str) -> str:
    """Return the account that a target had; empty where its row stated none."""
    row = before.rows.get(key)
    return str(row.get("account", "")) if isinstance(row, Mapping) else ""


def name_in(text: str) -> str:
    """Return the name that a spec has, empty where it has none that a folder can have."""
    with suppress(Refused):
        data: Any = source.parse(text, "").data
        name = data.get("name")
        if isinstance(name, str) and re.fullmatch(NAME, name):
            return str(name)
    return ""


def near_keys(folder: Path, spec: Source, before: Before, modules: Collection[Path]) -> tuple[str, ...]:
    """Return which keys the `was` of a row may mean: of rows that are gone, and of modules that none has."""
    out, was = folder_of(folder, spec, "."), spec.row.was if spec.row else ""
    with explained(out):
        known = {*before.rows, *(modules_in(out) if is_folder(out) else ())}
    return nearest(was, sorted(each for each in known if folder_of(folder, spec, each) not in modules), n=1)


def modules_in(base: Path) -> Iterator[str]:
    """Yield the folders in a folder, and those inside that have a manifest, relative to it."""
    for folder, inside, files in os.walk(base):
        inside[:] = [each for each in inside if not each.startswith(".")]
        path = Path(folder).relative_to(base)
        if path.parts and (manifest.NAME in files or len(path.parts) == 1):
            yield path.as_posix()
