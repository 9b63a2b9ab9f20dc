"""What is in the output folder, compared with what should be there.

It reads, follows no symbolic link inside the folder, and changes nothing: `tree` acts on what it finds.
The two manifests (see `manifest`) tell ours from the user's: what neither of them knows the hash of is the user's.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from generator.output import difference, manifest
from generator.output.difference import Difference
from generator.output.disk import left_over
from generator.source.diagnostics import Code, Place
from generator.source.frozen import frozen
from generator.source.text import LARGEST_FILE


@frozen(kw_only=True)
class Survey:
    """The folder as it was found: what it should hold, which hashes are known to be ours, and where it differs."""

    wanted: Mapping[str, bytes]
    known: Mapping[str, frozenset[str]]
    differences: tuple[Difference, ...]

    @property
    def to_write(self) -> Mapping[str, bytes]:
        """The rendered files that are not there as they should be."""
        return {each.path: self.wanted[each.path] for each in self.differences if each.path in self.wanted}

    @property
    def to_remove(self) -> tuple[str, ...]:
        """The files that are there, were ours, and are no longer rendered."""
        there = {each.path for each in self.differences if each.before is not None}
        return tuple(path for path in self.gone if path in there)

    @property
    def gone(self) -> tuple[str, ...]:
        """The paths that were ours and are no longer rendered, whether or not a file is still there."""
        return tuple(sorted(self.known.keys() - self.wanted.keys()))

    @property
    def listed(self) -> dict[str, frozenset[str]]:
        """What the manifest should list."""
        return _hashes(self.wanted)


@frozen(kw_only=True)
class _Sight:
    """What is at a path: a file's content, or what is in its way (`where`), or nothing."""

    content: bytes | None = None
    obstacle: Code | None = None
    where: Path


def survey(wanted: Mapping[str, bytes], folder: Path) -> Survey:
    """Compare the folder, which need not exist, with the files it should hold: first the sets of names, then the bytes.

    Raises:
        OSError: something there cannot be read.

    """
    lists = {name: _look(folder, name) for name in (manifest.NAME, manifest.PENDING)}
    unlisted = folder.glob("*.tf") if lists[manifest.NAME].content is None else ()
    sights = lists | {each.name: _begin(folder, each.name) for each in unlisted}
    known = manifest.ours({name: each.content for name, each in sights.items() if each.content is not None})
    found = [each for name, sight in lists.items() for each in _damage(name, sight)]
    for path in sorted(known.keys() | wanted.keys()):
        found.extend(_compare(folder, path, wanted=wanted.get(path), known=known.get(path, frozenset())))
    if not found:
        # Where a file differs, so does its line in the manifest; to say both would be to say it twice.
        found.extend(_unlisted(lists[manifest.NAME], manifest.dump(_hashes(wanted))))
    leftovers = left_over(folder)
    pending = (manifest.PENDING,) if lists[manifest.PENDING].content is not None else ()
    for name in (*pending, *leftovers):
        diagnostic = difference.describe(difference.INTERRUPTED, Place(str(folder / name)))
        found.append(Difference(path=name, kind=difference.INTERRUPTED, diagnostic=diagnostic))
    differences = tuple(sorted(found, key=lambda each: each.path))
    return Survey(wanted=wanted, known=known, differences=differences)


def _look(folder: Path, path: str, most: int = 0) -> _Sight:
    """Return what is at `path`, having followed no link on the way; of a large file, what differs from `most` bytes."""
    parts = PurePosixPath(path).parts
    here = folder
    for depth, part in enumerate(parts, start=1):
        here /= part
        try:
            mode = here.lstat().st_mode
        except FileNotFoundError:
            return _Sight(where=folder / path)
        if stat.S_ISLNK(mode):
            return _Sight(obstacle=difference.LINKED, where=here)
        # Asked before it is opened: to open a pipe would wait for a writer.
        if not (stat.S_ISREG(mode) if depth == len(parts) else stat.S_ISDIR(mode)):
            return _Sight(obstacle=difference.BLOCKED, where=here)
    with here.open("rb") as file:
        return _Sight(content=file.read(max(most, LARGEST_FILE) + 1), where=here)


def _begin(folder: Path, path: str) -> _Sight:
    """Return what is at `path`, of a file as much as tells whether it is ours."""
    sight = _look(folder, path)
    return replace(sight, content=sight.content and sight.content[: len(manifest.HEADER)])


def _compare(folder: Path, path: str, *, wanted: bytes | None, known: frozenset[str]) -> Iterator[Difference]:
    sight = _look(folder, path, len(wanted or b""))
    kind = _judge(sight, wanted=wanted, known=known)
    if kind is None:
        return
    place, message, fix = Place(str(sight.where)), "", ""
    if sight.content and _plain(sight.content) == wanted:
        message, how = difference.CONVERTED, "with --force" if kind is difference.FOREIGN else ""
        fix = f"{difference.KEEP_LINE_ENDS}{difference.RENDER} {how}".rstrip()
    diagnostic = difference.describe(kind, place, message=message, fix=fix)
    found = Difference(path=path, kind=kind, diagnostic=diagnostic, before=sight.content, after=wanted)
    yield replace(found, diagnostic=replace(diagnostic, fix=difference.IMPORTS)) if found.loses_imports else found


def _judge(sight: _Sight, *, wanted: bytes | None, known: frozenset[str]) -> Code | None:
    """Return what is wrong at a path, if anything; `known` is empty where no file of ours ever was."""
    if sight.obstacle is not None:
        # What took the place of a file that nobody needs any more is the user's; but through a link nothing is deleted.
        return sight.obstacle if wanted is not None or sight.obstacle is difference.LINKED else None
    if sight.content == wanted:
        return None
    if sight.content is None:
        return difference.MISSING
    plain = _plain(sight.content)
    if {manifest.digest(sight.content), manifest.digest(plain)} & known or (known and plain == wanted):
        # Somebody may have listed a file of the user's own; what was rendered says so itself.
        gone = difference.ORPHANED if manifest.is_rendered(sight.content) else None
        return gone if wanted is None else difference.STALE
    if known and wanted is not None and manifest.is_conflict(sight.content):
        return difference.STALE  # git has both sides
    return difference.EDITED if known else difference.FOREIGN


def _plain(content: bytes) -> bytes:
    """Return what git had before it converted the line ends of a checkout."""
    return content.replace(b"\r\n", b"\n")


def _damage(name: str, sight: _Sight) -> Iterator[Difference]:
    place = Place(str(sight.where))
    if sight.obstacle is not None:
        yield Difference(path=name, kind=sight.obstacle, diagnostic=difference.describe(sight.obstacle, place))
    # The first bad line stands for all of them: the fix is the same.
    for number, problem in manifest.parse(sight.content or b"").problems[:1]:
        diagnostic = difference.describe(difference.DAMAGED, Place(place.file, number), message=f"the line {problem}")
        yield Difference(path=name, kind=difference.DAMAGED, diagnostic=diagnostic)


def _unlisted(sight: _Sight, wanted: bytes) -> Iterator[Difference]:
    if sight.content != wanted:
        kind = difference.MISSING if sight.content is None else difference.UNLISTED
        diagnostic = difference.describe(kind, Place(str(sight.where)))
        yield Difference(path=manifest.NAME, kind=kind, diagnostic=diagnostic, before=sight.content, after=wanted)


def _hashes(wanted: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    return {path: frozenset({manifest.digest(content)}) for path, content in wanted.items()}
