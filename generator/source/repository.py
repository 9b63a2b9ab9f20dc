"""The git repository that a path is in, and the links that lead out of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from generator.source.diagnostics import Place, Refused
from generator.source.reading import NO_FILE, resolved


def top_above(path: Path) -> Path | None:
    """Return the nearest folder above a path, as it is written, that is the top of a repository."""
    return next((each for each in path.parents if os.path.lexists(each / ".git")), None)


def refuse_outside(path: str) -> None:
    """Raise Refused (E030) for a link that leads out of its repository: a file is printed where it is no spec."""
    with suppress(OSError, ValueError):  # which reading it tells
        real, here = resolved(path), Path(os.path.normpath(Path.cwd() / path))
        top = top_above(here) if real != here else None
        if top and not real.is_relative_to(resolved(top)):
            message = f"can't be read: it is a link to {real}, outside of {top}"
            raise Refused([NO_FILE.at(Place(path), message, "copy that file to its place")])
