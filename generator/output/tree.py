"""Files into a folder, safely, or how the folder differs from them. Nothing else in the package writes a module.

    Files ──survey──▶ differences ──▶ refuse, all at once and before anything is touched
                                 └──▶ stage ─▶ pending manifest ─▶ replace each ─▶ remove orphans ─▶ manifest ─▶ done

A run that is killed at any point leaves each file whole, the old one or the new, and the pending manifest tells the
next run that both are ours: it goes on from there. A lock on the folder keeps two writers apart, and a reader from a
half-way state. Windows has no such lock, nor have some network file systems: do not start two runs on one folder there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from generator.output import difference, manifest
from generator.output.difference import BLOCKED, DAMAGED, EDITED, FOREIGN, LINKED, UNLISTED, Difference
from generator.output.disk import clear, explained, locked, refuse_outside, settle, staging
from generator.output.survey import Survey, survey
from generator.source.diagnostics import Diagnostic, Place, Refused
from generator.source.frozen import frozen
from generator.source.reading import is_link

_NEVER_TOUCHED = frozenset({LINKED, BLOCKED})
_NOT_WITHOUT_FORCE = frozenset({FOREIGN, EDITED, DAMAGED})


@frozen(kw_only=True)
class Written:
    """What `write` did, by path; `unchanged` files were not touched at all."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


class WouldOverwrite(Refused):
    """The folder holds what must not be overwritten; `differences` says what, and has the diffs."""

    def __init__(self, differences: Iterable[Difference], others: Iterable[Diagnostic] = ()) -> None:
        """Keep the differences, each of which is a finding, and what else forbids to write."""
        self.differences = tuple(differences)
        super().__init__((*others, *(each.diagnostic for each in self.differences)))


def write(files: manifest.Files, folder: Path, *, force: bool = False) -> Written:
    """Make `folder` hold exactly `files` among the files that are ours, and leave the user's own alone.

    The folder is made if need be. Files that are right already are not touched. With `force`, what was edited by hand
    is overwritten or removed, a file of the user's that bears a rendered file's name is overwritten, and a damaged
    manifest is replaced; but nothing that has import blocks.

    Raises:
        WouldOverwrite: something else is where a file belongs, and `force` is not given or does not help.
        Refused: a link leads the folder out of its repository (E303), the system does not allow it (E306), or a path
            or text in `files` is a bug of ours (E307, exit 3).

    """
    wanted = manifest.encoded(files, str(folder))
    refuse_outside([folder])
    with explained(folder):
        _require_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder, exclusive=True):
            found = survey(wanted, folder)
            if refused := in_the_way(found.differences, force=force):
                raise WouldOverwrite(refused)
            clear(folder)
            if found.differences:
                _bring_about(found, folder)
    return _account(found)


def rename(old: Path, new: Path) -> None:
    """Give a module's folder, and all that is in it, another name; raises Refused where the system does not (E306)."""
    with explained(new):
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)


def differences(files: manifest.Files, folder: Path) -> tuple[Difference, ...]:
    """Return how `folder` differs from what `write` would make of it, sorted by path; nothing is written.

    Raises:
        Refused: the folder cannot be read (E306), or a path or text in `files` is a bug of ours (E307, exit 3).

    """
    wanted = manifest.encoded(files, str(folder))
    with explained(folder):
        _require_folder(folder)
        with locked(folder, exclusive=False) if folder.exists() else nullcontext():
            return survey(wanted, folder).differences


def in_the_way(found: Iterable[Difference], *, force: bool = False) -> tuple[Difference, ...]:
    """Return the differences for which `write` would refuse."""
    kinds = _NEVER_TOUCHED if force else _NEVER_TOUCHED | _NOT_WITHOUT_FORCE
    return tuple(each for each in found if each.kind in kinds or each.loses_imports)


def refuse(wanted: Mapping[Path, manifest.Files], others: Collection[Diagnostic] = (), *, force: bool = False) -> None:
    """Raise WouldOverwrite for what is in the way in these folders and for what else forbids to write, told at once."""
    found = [each for folder, files in wanted.items() for each in differences(files, folder)]
    if (blocking := in_the_way(found, force=force)) or others:
        raise WouldOverwrite(blocking, others)


def worst(found: Collection[Difference], at: Place | None = None) -> Diagnostic:
    """Return one finding for all differences of a folder, there or elsewhere: of what is in the way, else the first."""
    one = (*in_the_way(found), *found)[0].diagnostic
    message = one.message + (f", and {len(found) - 1} more" if len(found) > 1 else "")
    return replace(one, place=at or one.place, message=f"{one.place.file} {message}" if at else message)


def refuse_link(folder: Path, out: Path) -> None:
    """Raise Refused (E303) where what is below `out` leads to a module's folder through a link."""
    for each in (folder, *folder.parents):
        if out in each.parents and is_link(each):
            message = "is a symbolic link on the way to a module's folder"
            fix = "put a real folder there, and move into it all that the other has"  # imports and backends too
            raise Refused([difference.describe(LINKED, Place(str(each)), message=message, fix=fix)])


def _require_folder(folder: Path) -> None:
    if (folder.is_symlink() or folder.exists()) and not folder.is_dir():
        raise Refused([difference.describe(BLOCKED, Place(str(folder)))])


def _bring_about(found: Survey, folder: Path) -> None:
    """Turn the folder into what it should be, in an order that can stop anywhere."""
    listed = found.listed
    with staging() as stage_in:
        stage = partial(stage_in, folder)
        staged = {path: stage(content) for path, content in found.to_write.items()}
        listing = stage(manifest.dump(listed))
        stage(manifest.dump(manifest.merged(listed, found.known))).replace(folder / manifest.PENDING)
        # Only once this is on the disk are both contents of each file known to be ours, whatever happens next.
        settle([folder])
        for parent in dict.fromkeys((folder / path).parent for path in staged):
            parent.mkdir(parents=True, exist_ok=True)
        for path, temporary in staged.items():
            temporary.replace(folder / path)
        # After the others: Terraform refuses a module with a file too many, but destroys what it misses in one too few.
        for path in found.to_remove:
            (folder / path).unlink(missing_ok=True)
        _prune(folder, found.gone)
        listing.replace(folder / manifest.NAME)
        settle(
            [folder, *(folder / parent for path in (*staged, *found.gone) for parent in PurePosixPath(path).parents)]
        )
        (folder / manifest.PENDING).unlink()
        settle([folder])


def _prune(folder: Path, gone: Iterable[str]) -> None:
    """Remove the folders that held only what is gone."""
    for path in gone:
        for parent in PurePosixPath(path).parents[:-1]:
            here = folder / parent
            if here.is_dir() and not any(here.iterdir()):
                here.rmdir()


def _account(found: Survey) -> Written:
    before = {each.path: each.before for each in found.differences}
    relisted = (each.path for each in found.differences if each.kind == UNLISTED)
    return Written(
        created=tuple(sorted(path for path in found.to_write if before[path] is None)),
        changed=(*sorted(path for path in found.to_write if before[path] is not None), *relisted),
        unchanged=tuple(sorted(found.wanted.keys() - found.to_write.keys())),
        removed=found.to_remove,
    )
