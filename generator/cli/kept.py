"""What earlier runs learned, in the user's folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.boundary import today

if TYPE_CHECKING:
    from gen_endpoints import Cache
    from generator.output.recall import Memory


class Kept:
    """What earlier runs learned, in the user's folders; read once it is asked for."""

    def __init__(self, folder: Path | None = None, state: Path | None = None) -> None:
        """Know the folders; none where nothing is kept."""
        self.folder, self.state = folder, state

    @cached_property
    def cache(self) -> Cache:
        """The shapes of blocks."""
        from generator.hcl.memory import Cache

        return Cache(self.folder)

    @cached_property
    def memory(self) -> Memory | None:
        """The specs; None where nothing can be kept."""
        from generator.output.recall import Memory

        with suppress(OSError):
            return Memory(self.folder, self.state, today()) if self.folder and self.state else None
        return None


@contextmanager
def kept(*, no_cache: bool) -> Iterator[Kept]:
    """Yield what earlier runs learned, and keep what this one adds.

    With `no_cache`, nothing of both; and where `CI` is set, since others may have filled the folder.
    """
    found = Kept()
    with suppress(RuntimeError):  # there is no home folder
        if not (no_cache or os.environ.get("CI")):
            from platformdirs import user_cache_path, user_state_path

            folders = [each("gen-endpoints", appauthor=False) for each in (user_cache_path, user_state_path)]
            found = Kept(folder=folders[0], state=folders[1])
    try:
        yield found
    finally:
        made = vars(found)
        if "cache" in made:
            found.cache.save()
        if made.get("memory"):
            made["memory"].tidy()
