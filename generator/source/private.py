"""Files that are the user's alone: kept where no other user can write, and read from nowhere else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS_WRITE, _OTHERS = 0o022, 0o077


def own_folder(folder: Path, name: str) -> Path:
    """Return the folder `name` in `folder`, which both are ours alone; they are made, whatever the umask.

    Raises OSError where another stands for one of them: somebody else's, one that others can write to, a link.
    """
    _make(folder, _OTHERS_WRITE)
    _make(folder / name, _OTHERS)
    return folder / name


def own_bytes(file: Path, largest: int) -> bytes:
    """Return what a file of ours alone holds; raises OSError for any other, whatever came in its place meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(file, flags), "rb") as opened:
        found = os.fstat(opened.fileno())
        if not (stat.S_ISREG(found.st_mode) and _is_ours(found, _OTHERS) and found.st_size <= largest):
            raise PermissionError
        return opened.read()


def keep(file: Path, content: bytes, *, is_settled: bool = False) -> None:
    """Let a file of ours alone hold something; raises OSError where there is no room, and then leaves what was.

    With `is_settled` it is on the disk before it has its name: a loss of power leaves no file without its content.
    """
    temporary = file.with_name(f"{file.stem}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.touch(0o600, exist_ok=False)
    temporary.chmod(0o600)
    with temporary.open("wb") as opened:
        opened.write(content)
        if is_settled:
            opened.flush()
            os.fsync(opened.fileno())
    temporary.replace(file)


def _make(folder: Path, closed: int) -> None:
    if not os.path.lexists(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        folder.chmod(0o700)
    found = folder.lstat()
    if not (stat.S_ISDIR(found.st_mode) and _is_ours(found, closed)):
        raise PermissionError


def _is_ours(found: os.stat_result, closed: int) -> bool:
    """Tell whether a file or folder is ours, and closed to others."""
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & closed)
