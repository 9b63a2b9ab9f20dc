"""Which specs of a project have the name of a module, found without parsing those that surely have not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from generator.fleet.keys import module_name
from generator.source.diagnostics import Refused
from generator.source.draft import Source
from generator.source.reading import contents

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
