"""Files onto the disk, each whole or not at all: staged under another name, put on the disk, and only then named.

Only this package writes what users keep: `tree` a module's folder, `write` what is a file by itself, as a spec.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from generator.output import manifest
from generator.output.difference import LINKED, describe
from generator.source.diagnostics import Code, Place, Refused
from generator.source.reading import is_folder, is_there, plain_bytes_of, resolved
from generator.source.repository import leads_out

if sys.platform != "win32":
    import fcntl

SYSTEM = Code("E306")
IN_THE_WAY = Code("E285")
_UNSUPPORTED = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
_CAUSES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EACCES: "get access to it, or choose another",
    errno.EPERM: "get access to it, or choose another",
    errno.EROFS: "choose a folder that can be written to",
}


def write(texts: Mapping[Path, str | bytes], *, overwrite: bool = False, fix: str = "") -> tuple[Path, ...]:
    """Write files, all or none of them, in folders that are made if need be; return those that were written.

    A file that holds its text already is left as it is. `fix` says what to do where another file is there.

    Raises:
        Refused: another file is there, and is not to be overwritten (E285), a link leads one out of its repository
            (E303), or the system does not allow it (E306).

    """
    refuse_outside(texts)
    wanted = {path: text.encode() if isinstance(text, str) else text for path, text in texts.items()}
    before = {path: _held(path, len(content)) for path, content in wanted.items()}
    if not overwrite:
        refuse_existing((path for path in wanted if before[path] not in {None, wanted[path]}), fix)
    changed = tuple(path for path in wanted if before[path] != wanted[path])
    entries = {path: {path.parent, *(each.parent for each in path.parents if not is_there(each))} for path in changed}
    with ExitStack() as stack:
        for path in changed:
            with explained(path):
                path.parent.mkdir(parents=True, exist_ok=True)
        for folder in sorted({resolved(path.parent) for path in wanted}):  # sorted, or two runs wait for each other
            with explained(folder):
                stack.enter_context(locked(folder, exclusive=True))
                clear(folder)
        staged, stage = dict[Path, Path](), stack.enter_context(staging())
        for path in changed:
            with explained(path):
                staged[path] = stage(path.parent, wanted[path])
                if overwrite and path.exists():
                    staged[path].chmod(stat.S_IMODE(path.stat().st_mode))
        for path, temporary in staged.items():
            with explained(path):
                _name(temporary, path, overwrite=overwrite, fix=fix)
                settle(entries[path])
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
    """Raise Refused (E285) for the files that are there, but for those that are empty: they hold nobody's text."""
    there = (path for path in paths if os.path.lexists(path) and not _is_empty(path))
    if found := [IN_THE_WAY.at(Place(str(path)), "is there already", fix) for path in there]:
        raise Refused(found)


def _is_empty(path: Path) -> bool:
    """Tell whether a plain file, and no link to one, holds nothing."""
    with suppress(OSError):
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and not found.st_size
    return False


def refuse_outside(paths: Iterable[Path]) -> None:
    """Raise Refused (E303) for what is in a repository as it is written, and out of it where links lead it.

    Whoever may propose a commit may propose a link.
    """
    fix = "put a real one in the link's place, with what the other has; or name another"
    led = {path: elsewhere for path in paths if (elsewhere := leads_out(path))}
    if led:
        raise Refused(
            [
                describe(LINKED, Place(str(path)), message=f"a link leads it to {to}", fix=fix)
                for path, to in led.items()
            ]
        )


def _held(path: Path, most: int) -> bytes | None:
    """Return what is there, or what differs from content of so many bytes; see `plain_bytes_of`."""
    with explained(path), suppress(FileNotFoundError):
        return plain_bytes_of(path, most)
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
            if os.path.lexists(temporary):  # which takes less than to remove what has its name by now
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)


def settle(folders: Iterable[Path]) -> None:
    """Put the entries of these folders on the disk, where the system can do that for a folder."""
    if sys.platform == "win32":
        return
    for folder in sorted(each for each in set(folders) if is_folder(each)):
        handle = os.open(folder, os.O_RDONLY)
        try:
            with tolerated():
                os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def locked(folder: Path, *, exclusive: bool) -> Iterator[None]:
    """Wait until no other run is at work on the folder, and keep them out until the end."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with tolerated():
            fcntl.flock(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def left_over(folder: Path) -> tuple[str, ...]:
    """Return the names of the temporary files of runs that did not end, in a folder that need not exist."""
    try:
        names = sorted(each.name for each in folder.iterdir() if manifest.is_temporary(each.name))
    except FileNotFoundError:
        return ()
    return tuple(name for name in names if stat.S_ISREG((folder / name).lstat().st_mode))


def clear(folder: Path) -> None:
    """Take away what runs that did not end have left in a folder, which is locked."""
    for name in left_over(folder):
        (folder / name).unlink(missing_ok=True)


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
