"""Which specs of a project have the name of a module, found without parsing those that surely have not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from generator.fleet.keys import module_name
from generator.source.diagnostics import Refused
from generator.source.draft import Source
from generator.source.reading import SPECS, contents, is_file, resolved

if TYPE_CHECKING:
    from generator.fleet.overlays import Target

_WORD = re.compile(rb"[\w/-]+")
_NAMED = re.compile(rb"""(?m)^["']?(targets["']?[ \t]*:|name["']?[ \t]*:[ \t]*["']?\w)""")
"""What tells a spec that has the names of its modules in its text from one that has them by a format or a parent."""


def namesakes(names: Collection[str], specs: Iterable[str], project: Source | None) -> Iterator[Target]:
    """Yield the targets of specs whose modules have one of these names; what surely has none is not parsed."""
    from generator.generate import targets_of

    for path in specs:
        with suppress(Refused):  # it renders nothing
            text = contents(path)
            words = {module_name(each.decode()).casefold() for each in _WORD.findall(text)}
            if not words.isdisjoint(names) or not _NAMED.search(text):
                yield from (each for each in targets_of(path, project) if each.module in names)


def is_made(folder: Path, *, ours: Iterable[str], specs: Iterable[str], project: Source | None) -> bool:
    """Tell whether a spec that is none of ours renders to a folder, by its name: here, in specs or beside those."""
    from generator.project import FILE

    folders, known = {Path(), Path("specs"), *(Path(each).parent for each in specs)}, {*map(resolved, ours)}
    there = {resolved(each) for within in folders for each in within.glob("*") if each.suffix in SPECS}
    others = sorted(str(each) for each in there - known if each.name != FILE and is_file(each))
    return any(namesakes({folder.name.casefold()}, others, project))
