"""What a module's folder has beside the files that are ours, and which folders have modules that nobody renders."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from generator.output import manifest
from generator.output.disk import explained
from generator.output.revision import ignored, repository
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.reading import plain_bytes_of

ORPHAN = Code("E315")
UNOWNED = Code("E320")
OF_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
_LISTS = (manifest.NAME, manifest.PENDING)


def beside(folder: Path, files: Iterable[str]) -> dict[str, bytes]:
    """Return by its path what a folder has beside these files and those that its manifest lists.

    It is the content of what Terraform reads, else nothing. A folder is one entry, whose path ends in `/`. What
    Terraform and this tool keep for themselves is left out.
    """
    with explained(folder):
        lists = {name: plain_bytes_of(folder / name) for name in _LISTS if (folder / name).is_file()}
        ours = {*files, *manifest.ours(lists)}
        around = {str(parent) for path in ours for parent in PurePosixPath(path).parents}
        found = [*_entries(folder, "", around)] if folder.is_dir() else []
        read = {path for path in found if path.endswith(OF_TERRAFORM) and "/" not in path and path[0] not in ".#"}
        read = {path for path in read if (folder / path).exists()}  # no link that leads nowhere
        return {path: plain_bytes_of(folder / path) if path in read else b"" for path in found if path not in ours}


def _entries(folder: Path, within: str, around: Collection[str]) -> Iterator[str]:
    """Yield what is in a folder and in those inside that have files of ours."""
    for each in sorted(folder.iterdir()):
        path = within + each.name
        if not each.is_dir():
            yield from () if path.startswith(manifest.PREFIX) or ".tfstate" in path else [path]
        elif path in around and not each.is_symlink():
            yield from _entries(each, f"{path}/", around)
        elif not each.name.startswith("."):
            yield f"{path}/"


def unowned(folder: Path, paths: Iterable[str], is_own: Callable[[str], bool]) -> list[Diagnostic]:
    """Return that files are neither ours nor the team's own, but for what git is told to ignore."""
    others = [folder / path for path in paths if not is_own(path)]
    top = repository(folder)
    hidden = ignored(top, others) if top and others else set()
    return [
        UNOWNED.at(Place(str(path)), "is neither rendered nor the team's own") for path in others if path not in hidden
    ]


def orphans(out: Path, modules: Collection[Path]) -> list[Diagnostic]:
    """Return the modules below `out` that are of no spec any more."""
    found = []
    for folder, folders, names in os.walk(out):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        if manifest.NAME in names and Path(folder) not in modules:
            found.append(
                ORPHAN.at(Place(folder), "no spec renders this module any more, and its endpoints may still stand")
            )
    return found
