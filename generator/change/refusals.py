"""Why `render` refuses an edit, but for what `--allow` lets pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from generator.change.edit import Edit
from generator.change.faults import faults
from generator.source.diagnostics import Code, Diagnostic, Place

UNUSED = Code("E506")
ALLOWANCE = re.compile(r"keep:(\*|[A-Za-z_][\w-]*)\.(\*|[a-z_]+(\.[a-z_]+)?)")
"""What `--allow` takes: `keep:KEY.field`, with `*` in place of either."""


def refusals(edits: Iterable[Edit], allow: Iterable[str] = ()) -> tuple[Diagnostic, ...]:
    """Return what forbids these edits, but for what is allowed; to allow what no edit does is a finding too."""
    found: list[Diagnostic] = []
    used = dict.fromkeys(allow, 0)
    for finding, _, name in (each for edit in edits for each in faults(edit)):
        matching = [pattern for pattern in used if name and fnmatchcase(name, pattern)]
        used |= dict.fromkeys(matching, 1)
        found += [] if matching else [finding]
    unused = (pattern for pattern, times in used.items() if not times)
    return (*found, *(UNUSED.at(Place(f"--allow {each}"), "nothing that changes needs it") for each in unused))
