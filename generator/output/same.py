"""Whether a folder holds just what was rendered, and git's base revision of it too: each file is read, and hashed.

Then an edit of it there is none, and nothing is to be written or told. Any doubt (a link, a file beside ours that
Terraform reads, a repository inside of another) is none here: `survey`, `beside` and `baseline` say what it is.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePosixPath

from generator.output import manifest
from generator.output.revision import base_revision, blobs_at, repository
from generator.source.diagnostics import Refused

_READ = (".tf", manifest.NAME, manifest.PENDING)
_COUNT = (".tf", ".tofu", ".json")


class Folders:
    """The modules' folders below one."""

    def __init__(self, out: Path, *, is_strict: bool) -> None:
        """Take `out`; where `is_strict`, as in a project, any file beside ours needs to be looked at."""
        self.out, self.is_strict = out, is_strict

    @cached_property
    def top(self) -> Path | None:
        """The folder of the repository that they are in."""
        return repository(self.out)

    @cached_property
    def _base(self) -> Mapping[str, Mapping[str, str]] | None:
        """What git's base revision has of them: by folder the blobs by name; None where there is no such revision."""
        if self.top is None or (revision := base_revision(self.top)) is None:
            return None
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        with suppress(Refused):
            for path, blob in blobs_at(self.top, self.out, revision, _READ):
                found[str(path.parent)][path.name] = blob
        return found

    def hold(self, key: str, digests: Mapping[str, str]) -> bool:
        """Tell whether a folder holds just the files of these digests, and their manifest, and has at the base."""
        with suppress(OSError):
            listed = manifest.dump({path: (digest,) for path, digest in digests.items()})
            wanted = {**digests, manifest.NAME: manifest.digest(listed)}
            if not self._is_plain(key) or {*self._others(f"{self.out}/{key}", "", wanted)} != {*wanted}:
                return False
            blobs = dict[str, str]()
            for path, digest in wanted.items():
                content = _bytes_of(f"{self.out}/{key}/{path}")
                if manifest.digest(content) != digest:
                    return False
                if path.endswith(_READ) and self.top:
                    blobs[path] = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
            return self._base is None or self._base.get(key, {}) == blobs
        return False

    def _is_plain(self, key: str) -> bool:
        """Tell whether a folder is one of the same repository, and no link leads there."""
        here = str(self.out)
        for part in PurePosixPath(key).parts:
            here += f"/{part}"
            if not stat.S_ISDIR(os.lstat(here).st_mode) or os.path.lexists(f"{here}/.git"):
                return False
        return True

    def _others(self, folder: str, within: str, wanted: Mapping[str, str]) -> Iterator[str]:
        """Yield the paths in a folder that may count, wanted or not."""
        for each in [*os.scandir(folder)]:  # all of it, which closes it
            path = within + each.name
            if each.is_dir(follow_symlinks=False):
                if any(name.startswith(f"{path}/") for name in wanted):
                    yield from self._others(each.path, f"{path}/", wanted)
                elif self.is_strict and each.name[0] != ".":
                    yield path
            elif path in wanted:
                yield path if each.is_file(follow_symlinks=False) else f"{path}/"
            elif (self.is_strict or each.name.endswith(_COUNT) or each.name[:5] == ".gen-") and ".tfstate" not in path:
                yield path


def _bytes_of(path: str) -> bytes:
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:  # with half of the calls that a file object makes: an unchanged fleet is little else
        return os.read(opened, os.fstat(opened).st_size + 1)
    finally:
        os.close(opened)
