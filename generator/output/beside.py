"""What a module's folder has beside the files that are ours, and which folders have modules that nobody renders."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from generator.output import manifest
from generator.output.disk import explained
from generator.output.revision import base_revision, ignored, repository, texts_at
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.reading import is_there, plain_bytes_of
from generator.source.source import parse

ORPHAN = Code("E315")
UNOWNED = Code("E320")
OF_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
_STAND = "its endpoints may still stand"
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


def orphans(out: Path, modules: Collection[Path], specs: Iterable[str]) -> list[Diagnostic]:
    """Return the modules below `out` that are of no spec any more, and those that only git's base has, as of targets.

    A module that makes nothing, there and at git's base, was retired: its folder may go.
    """
    there, base, found = dict[Path, list[str]](), _base(out, specs, modules), []
    for at, folders, names in os.walk(out):
        folders[:] = [each for each in folders if not each.startswith(".")]
        there |= (
            {Path(at): [each for each in names if each.endswith(".tf") and is_there(Path(at, each))]}
            if manifest.NAME in names
            else {}
        )
    for folder in sorted({*there, *(each for each in base if base[each])} - {*modules}):
        with explained(folder):
            texts = [plain_bytes_of(folder / name).decode(errors="replace") for name in there.get(folder, ())]
        message = "no spec renders this module any more" if _makes(texts) else "it is not retired at git's base yet"
        message = message if folder in there else "it is gone without having been retired"
        fix = "put the target back with retired: true, merge and apply that, then take both out"
        if base.get(folder) or _makes(texts):
            found.append(ORPHAN.at(Place(str(folder)), f"{message}, and {_STAND}", fix if base.get(folder) else ""))
        else:
            fix = "delete the folder"
            found.append(ORPHAN.at(Place(str(folder)), "it was retired, and no spec renders it any more", fix))
    return found


def _base(out: Path, specs: Iterable[str], modules: Collection[Path]) -> dict[Path, bool]:
    """Return the folders of targets at git's base that are none of `modules`, each with whether it makes anything."""
    texts, revision = defaultdict[Path, list[str]](list), base_revision(out) or ""
    with suppress(Refused):  # there is no git, or no base
        for spec, text in texts_at(map(Path, specs), revision).items():
            with suppress(Refused, AttributeError):
                data: Any = parse(text, str(spec)).data if "targets" in text else {}
                texts |= {folder: [] for key in data.get("targets") or () if (folder := out / key) not in modules}
        for path, text in texts_at(texts, revision, (".tf",)).items() if texts else ():
            texts[path.parent].append(text)
    return {folder: _makes(texts[folder]) for folder in texts}


def _makes(texts: Iterable[str]) -> bool:
    return any(line.startswith("resource ") for text in texts for line in text.splitlines())
