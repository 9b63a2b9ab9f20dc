"""The git repository that a path is in, and the links that lead out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from generator.source.diagnostics import Place, Refused
from generator.source.reading import NO_FILE, resolved

ANSWERS: ContextVar[dict[object, Any] | None] = ContextVar("what git answers in this run", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Ask git nothing twice meanwhile: a run changes neither commits nor which there are."""
    token = ANSWERS.set({})
    try:
        yield
    finally:
        ANSWERS.reset(token)


def top_above(path: Path) -> Path | None:
    """Return the nearest folder above a path, as it is written, that is the top of a repository."""
    return next((each for each in path.parents if os.path.lexists(each / ".git")), None)


def leads_out(path: Path | str) -> str:
    """Return where a link leads a path that is in a repository as it is written, if that is out of it; else nothing."""
    with suppress(OSError, ValueError):  # which reading or writing it tells
        real, here = resolved(path), Path(os.path.normpath(Path.cwd() / path))
        # Each repository above: behind a link to the top of another one, that would be the nearest.
        for top in [each for each in here.parents if os.path.lexists(each / ".git")] if real != here else ():
            if not real.is_relative_to(resolved(top)):
                return f"{real}, outside of {top}"
            if ".git" in {*map(str.casefold, real.parts)} - {*map(str.casefold, here.parts)}:
                return f"{real}, which is git's own"
    return ""


def refuse_outside(path: str) -> None:
    """Raise Refused (E030) for a link that leads out of its repository: a file is printed where it is no spec."""
    if elsewhere := leads_out(path):
        raise Refused(
            [NO_FILE.at(Place(path), f"can't be read: it is a link to {elsewhere}", "copy that file to its place")]
        )
