"""What a module's folder has beside the files that are ours, and which folders have modules that nobody renders."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from generator.output import manifest
from generator.output.disk import explained
from generator.output.former import former_keys
from generator.output.revision import base_revision, ignored, is_cut_off, repository, texts_at
from generator.output.terraform import is_read
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.hcl_bounds import READ, read_together
from generator.source.reading import is_there, plain_bytes_of
from generator.source.source import parse, read
from generator.source.suggest import some

ORPHAN = Code("E315")
NO_BASE = Code("W315")
UNOWNED = Code("E320")
_STAND = "its endpoints may still stand"
_LISTS = (manifest.NAME, manifest.PENDING)


def beside(folder: Path, files: Iterable[str]) -> dict[str, bytes | None]:
    """Return by its path what a folder has beside these files and those that its manifest lists.

    It is the content of what Terraform reads, None where that is too much to be read, else nothing. A folder is one
    entry, whose path ends in `/`. What Terraform and this tool keep for themselves is left out.
    """
    with explained(folder):
        lists = {name: plain_bytes_of(folder / name) for name in _LISTS if (folder / name).is_file()}
        ours = {*files, *manifest.ours(lists)}
        around = {str(parent) for path in ours for parent in PurePosixPath(path).parents}
        found = [*_entries(folder, "", around)] if folder.is_dir() else []
        others = [path for path in found if path not in ours]
        read = [path for path in others if is_read(path) and (folder / path).exists()]  # no link that leads nowhere
        contents = read_together(map(folder.joinpath, read), lambda each: plain_bytes_of(each, READ))
        return {path: contents.get(folder / path, b"") for path in others}


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


def removal(folder: Path) -> str:
    """Return what to do with a module's folder for which another is taken; empty where it is not there.

    What gen-endpoints did not write, as a state or where it is kept, is not to go with it.
    """
    if others := _others(folder):
        files = f"{some(others, 3)}, which {'is' if len(others) == 1 else 'are'} not of gen-endpoints,"
        return f"if {folder} was not applied, move {files} out of it and delete it"
    return f"if {folder} was not applied, delete it" if is_there(folder) else ""


def _others(folder: Path) -> list[str]:
    """Return what a folder has that is not ours, a state too, but for what begins with a dot."""
    states = [each.name for each in folder.glob("*.tfstate*")] if folder.is_dir() else []
    return sorted({*states, *(path for path in beside(folder, ()) if not path.startswith("."))})


class Orphan(NamedTuple):
    """A module that is of no spec any more: what is said of its folder, and the file that a program may open."""

    finding: Diagnostic
    place: Place
    """The targets of the spec that had it; of one that was no target its manifest."""


def orphans(out: Path, modules: Collection[Path], specs: Iterable[str], revision: str = "") -> list[Orphan]:
    """Return the modules below `out` that are of no spec any more, and those that only git's base has, as of targets.

    A module that makes nothing, there and at git's base, was retired: its folder may go. `revision` is in place of
    git's base.
    """
    there, found = dict[Path, list[str]](), list[Orphan]()
    base, spec_of, keys = gone_targets(out, specs, modules, revision)
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
        message = "no spec renders this module any more" if makes(texts) else "it is not retired at git's base yet"
        message = message if folder in there else "it is gone without having been retired"
        fix = "put the target back with retired: true, merge and apply that, then take both out"
        if key := keys.get(folder):
            old = folder.relative_to(out).as_posix()
            first = f"; {removal(out / key)}; then render" if folder in there and is_there(out / key) else " and render"
            first = f", keep {out / key}, and render" if folder not in there and is_there(out / key) else first
            fix = f"if {key} is it under a new key, write was: {old} in that row{first}; else {fix}"
        message, fix = f"{message}, and {_STAND}", fix if base.get(folder) else ""
        if not (base.get(folder) or makes(texts)):
            message, fix = "it was retired, and no spec renders it any more", "delete the folder"
            if others := _others(folder):
                fix = f"once its plan has been applied, delete the folder; look at {some(others, 3)} first"
        place = spec_of[folder] if folder in spec_of else Place(str(folder / manifest.NAME))
        found.append(Orphan(ORPHAN.at(Place(str(folder)), message, fix), place))
    return found


def unseen(out: Path) -> list[Diagnostic]:
    """Return that git can't say which targets are gone with their folders, where a clone lacks the history for it."""
    if not is_cut_off(out):
        return []
    message = "the clone is shallow, so nobody can tell whether targets are gone without having been retired"
    return [
        NO_BASE.at(
            Place(str(out)), message, "git fetch --unshallow, and the branch that this one is for; in CI fetch-depth: 0"
        )
    ]


def gone_targets(
    out: Path, specs: Iterable[str], modules: Collection[Path], revision: str = ""
) -> tuple[dict[Path, bool], dict[Path, Place], dict[Path, str]]:
    """Return the folders of targets at git's base that are none of `modules`: whether they make anything, and of what.

    The latter is where their spec has its targets now. Last, the keys that some seem to have now. `revision` is in
    place of git's base.
    """
    texts, revision = defaultdict[Path, list[str]](list), revision or base_revision(out) or ""
    spec_of, keys = dict[Path, Place](), dict[Path, str]()
    with suppress(Refused):  # there is no git, or no base
        for spec, text in texts_at(map(Path, specs), revision).items():
            with suppress(Refused, AttributeError):
                data: Any = parse(text, str(spec)).data if "targets" in text else {}
                rows = data.get("targets") or {}
                gone = [folder for key in rows if (folder := out / key) not in modules]
                texts |= {folder: [] for folder in gone}
                now: Any = read(str(spec)) if gone else None
                place = now.key_place(("targets",)) if gone else Place(str(spec))
                spec_of |= dict.fromkeys(gone, place)
                keys |= {
                    out / old: key for key, old in (former_keys(rows, now.data.get("targets")) if gone else {}).items()
                }
        for path, text in texts_at(texts, revision, (".tf",)).items() if texts else ():
            texts[path.parent].append(text)
    return {folder: makes(texts[folder]) for folder in texts}, spec_of, keys


def makes(texts: Iterable[str]) -> bool:
    """Tell whether files of Terraform have resources, as those of a retired target have not."""
    return any(line.startswith("resource ") for text in texts for line in text.splitlines())
