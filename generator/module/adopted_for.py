"""For which spec `adopt` wrote a file of import blocks: its first line, read and written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from generator.output.revision import listed, repository
from generator.source.reading import SPECS, is_file, plain_bytes_of, resolved

ADOPTED = b"# Adopted by gen-endpoints for "
_SAYABLE = re.compile(r"(?!.*\. )[^\x00-\x1f\x7f]+")
_LONGEST = 4096


class Owner(NamedTuple):
    """The spec of which a file of import blocks is."""

    specs: frozenset[Path]
    """Where it may be: several have its name, one, or none."""
    is_told: bool
    """Whether the first line says so by the path of a spec that is there: one of that name alone may be another."""
    is_gone: bool
    """Whether no spec is where the first line says: one of that name may be another, and its own be renamed."""

    @property
    def spec(self) -> Path | None:
        """The only one that it may be."""
        return next(iter(self.specs)) if len(self.specs) == 1 else None


class Specs:
    """The specs that there are: those given, git's, and where specs lie."""

    def __init__(self, given: Iterable[str] = ()) -> None:
        """Take those that a command has."""
        self._given = {*map(resolved, given)}

    @cached_property
    def _known(self) -> dict[str, list[Path]]:
        top, known = repository(Path()), defaultdict[str, list[Path]](list)
        folders = {above for each in self._given for above in each.parents[1:2] if above.is_relative_to(Path.cwd())}
        beside = (each for above in folders for end in SPECS for each in above.glob(f"*/*{end}"))
        for each in (*self._given, *(listed(top, SPECS) if top else beside)):
            known[each.name].append(each)
        return known

    def owner(self, file: Path, name: str) -> Owner:
        """Return of which spec a file is whose first line has a path or a name."""
        named, name = Path(name), Path(name).name
        paths = {base / named for base in (repository(Path()) or Path.cwd(), Path.cwd())}
        around = {Path.cwd(), *(each.parent for each in self._given), *resolved(file).parents[:3]}
        usual = {folder / within / name for folder in around for within in ("", "specs")} if name else set[Path]()
        there = frozenset(resolved(each) for each in {*self._known.get(name, ()), *usual, *paths} if is_file(each))
        exact = there & {*map(resolved, paths)}
        is_told = len(exact) == 1 and (len(there) == 1 or len(named.parts) > 1)
        return Owner(exact if is_told else there, is_told, not exact)


def written(file: Path) -> tuple[str, str]:
    """Return the path or name of the spec, and all text, of a file that `adopt` wrote; both empty for another."""
    is_ours = plain_bytes_of(file, len(ADOPTED)).startswith(ADOPTED)
    content = plain_bytes_of(file) if is_ours else b""
    return (name, content.decode(errors="replace")) if (name := named(content)) else ("", "")


def named(content: bytes) -> str:
    """Return the path or name of the spec in the first line of what `adopt` wrote; empty for another."""
    if not content.startswith(ADOPTED):
        return ""
    name, stop, _ = content.partition(b"\n")[0].decode(errors="replace").removeprefix(ADOPTED.decode()).partition(". ")
    return name if stop else ""


def path_of(spec: str) -> str:
    """Return how a first line says a spec: by its path in the repository, else from here; or its name, if in neither.

    So too where the path can't stand in that line.
    """
    real = resolved(spec)
    at = next((each for each in (repository(Path()), Path.cwd()) if each and real.is_relative_to(each)), real.parent)
    path = real.relative_to(at).as_posix()
    return path if _SAYABLE.fullmatch(path) and len(path) < _LONGEST else real.name
