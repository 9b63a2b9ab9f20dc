"""Files onto the disk, each whole or not at all: staged under another name, put on the disk, and only then named.

Only this package writes what users keep: `tree` a module's folder, `write` what is a file by itself, as a spec.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.output import manifest
from generator.source.diagnostics import Code, Place, Refused

SYSTEM = Code("E306")
IN_THE_WAY = Code("E285")
_UNSUPPORTED = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
_CAUSES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EACCES: "make the folder writable, or choose another",
    errno.EPERM: "make the folder writable, or choose another",
    errno.EROFS: "choose a folder that can be written to",
}


def write(texts: Mapping[Path, str], *, overwrite: bool = False, fix: str = "") -> tuple[Path, ...]:
    """Write files, all or none of them, in folders that are made if need be; return those that were written.

    A file that holds its text already is left as it is. `fix` says what to do where another file is there.

    Raises:
        Refused: another file is there, and is not to be overwritten (E285), or the system does not allow it (E306).

    """
    wanted = {path: text.encode() for path, text in texts.items()}
    with staging() as stage:
        before = {path: _held(path) for path in wanted}
        if not overwrite:
            refuse_existing((path for path in wanted if before[path] not in {None, wanted[path]}), fix)
        changed = tuple(path for path in wanted if before[path] != wanted[path])
        staged: dict[Path, Path] = {}
        for path in changed:
            with explained(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                staged[path] = stage(path.parent, wanted[path])
        for path, temporary in staged.items():
            with explained(path):
                _name(temporary, path, overwrite=overwrite, fix=fix)
                settle([path.parent])
    return changed


def _name(temporary: Path, path: Path, *, overwrite: bool, fix: str) -> None:
    """Give what was staged its name. Unlike a rename, a link never overwrites what came there in the meantime."""
    if not overwrite:
        try:
            os.link(temporary, path)
        except FileExistsError:
            refuse_existing([path], fix)
        except OSError as error:
            if error.errno not in {*_UNSUPPORTED, errno.EPERM}:
                raise
        else:
            return
    temporary.replace(path)


def refuse_existing(paths: Iterable[Path], fix: str) -> None:
    """Raise Refused (E285) for the files that are there."""
    found = [IN_THE_WAY.at(Place(str(path)), "is there already", fix) for path in paths if os.path.lexists(path)]
    if found:
        raise Refused(found)


def _held(path: Path) -> bytes | None:
    with explained(path), suppress(FileNotFoundError):
        return path.read_bytes()
    return None


@contextmanager
def staging() -> Iterator[Callable[[Path, bytes], Path]]:
    """Give a function that puts content on the disk under a temporary name, and take away what kept that name."""
    staged: list[Path] = []

    def stage(folder: Path, content: bytes) -> Path:
        # In the folder itself, so that the file system is the same; with O_EXCL, so that no link is followed.
        staged.append(folder / manifest.temporary(os.getpid(), len(staged)))
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.open(staged[-1], flags, 0o666)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        return staged[-1]

    try:
        yield stage
    finally:
        for temporary in staged:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def settle(folders: Iterable[Path]) -> None:
    """Put the entries of these folders on the disk, where the system can do that for a folder."""
    if sys.platform == "win32":
        return
    for folder in sorted(each for each in set(folders) if each.is_dir()):
        handle = os.open(folder, os.O_RDONLY)
        try:
            with tolerated():
                os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def tolerated() -> Iterator[None]:
    """Go on where a file system cannot do to a folder what it does to a file."""
    try:
        yield
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the system says into a finding."""
    try:
        yield
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "no number")
        where = next(
            (str(each) for each in (error.filename2, error.filename) if isinstance(each, str | os.PathLike)), ""
        )
        message = f"the system says: {error.strerror} ({name}){f' at {where}' if where else ''}"
        fix = f"{_CAUSES.get(error.errno or 0, 'remove the cause')}, then run the same again: no file is half written"
        raise Refused([SYSTEM.at(Place(str(path)), message, fix)]) from error
