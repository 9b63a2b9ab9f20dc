"""Files that are read; the one place that says why a file can't be."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path

from generator.source.diagnostics import Code, Place, Refused
from generator.source.suggest import did_you_mean, nearest, some
from generator.source.text import LARGEST_FILE

FILE = "file"
_NOTES: ContextVar[dict[str, str] | None] = ContextVar("notes", default=None)

NO_FILE = Code("E030")
SPECS = (".yaml", ".yml", ".json")
"""How the names of specs end."""


def bytes_of(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return what a file holds, or one byte more than may be taken: some files have no end.

    Raises OSError as the system does, and for a pipe or a device, neither of which need ever end; what a shell gives a
    command (`<(…)`) is read. Raises ValueError for a name that no file can have.
    """
    if is_special(path):
        raise OSError(errno.EINVAL, "it is not a plain file")
    try:
        with path.open("rb") as file:
            found = file.read(largest + 1)
    except (OSError, ValueError) as error:
        note((FILE, path), repr(error))
        raise
    note((FILE, path), found)
    return found


@contextmanager
def noted(notes: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Yield what is asked of the system meanwhile to understand a spec, and its answers in short."""
    token = _NOTES.set(notes := {} if notes is None else notes)
    try:
        yield notes
    finally:
        _NOTES.reset(token)


def note(question: tuple[object, ...], answer: str | bytes) -> None:
    """Note an answer of the system, for who wants to know; of two that differ, none that could come again."""
    if (notes := _NOTES.get()) is not None:
        key, told = "\0".join(map(str, question)), answer if isinstance(answer, str) else sha256(answer).hexdigest()
        notes[key] = told if notes.get(key, told) == told else ""


def is_special(path: Path) -> bool:
    """Tell whether something is neither a file nor a folder, and none of what a shell has opened."""
    if str(path).startswith(("/dev/fd/", "/proc/self/fd/")) or str(path) == "/dev/stdin":
        return False
    return bool(mode := _mode(path)) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _mode(path: Path | str, *, follow: bool = True) -> int:
    """Return what is there; 0 where nothing is, or the system does not say: who reads or writes it is told why."""
    with suppress(OSError, ValueError):
        there = path if isinstance(path, Path) else Path(path)
        return there.stat(follow_symlinks=follow).st_mode
    return 0


def is_file(path: Path | str) -> bool:
    """Tell whether there is a file, which may come or go."""
    note(("there", path), str(found := stat.S_ISREG(_mode(path))))
    return found


def is_folder(path: Path | str) -> bool:
    """Tell whether there is a folder, which may come or go."""
    note(("folder", path), str(found := stat.S_ISDIR(_mode(path))))
    return found


def is_there(path: Path | str) -> bool:
    """Tell whether there is anything, but for a link that leads nowhere."""
    return bool(_mode(path))


def is_link(path: Path | str) -> bool:
    """Tell whether there is a link."""
    return stat.S_ISLNK(_mode(path, follow=False))


def stamp(path: Path | str) -> object:
    """Return what changes with a file or a folder; None where there is none."""
    with suppress(OSError, ValueError):
        about = Path(path).stat()
        return about.st_mtime_ns, about.st_size, about.st_ino
    return None


def resolved(path: Path | str) -> Path:
    """Return where a path leads, as far as the system says."""
    return Path(os.path.realpath(path))


def plain_bytes_of(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return what a file holds, as `bytes_of` does; of a pipe or a device nothing."""
    return b"" if is_special(path) else bytes_of(path, largest)


def contents(path: str, largest: int = LARGEST_FILE, wanted: str = "") -> bytes:
    """Return what a file holds, as `bytes_of` does; raises Refused (E030) where it can't be read.

    `wanted` is what to give in place of a folder, where that is not the specs in it.
    """
    try:
        return bytes_of(Path(path), largest)
    except (OSError, ValueError) as error:
        place = Place(path if isinstance(error, OSError) else repr(path))  # a NUL in the name
        fix = _instead(Path(path), error, wanted)
        raise Refused([NO_FILE.at(place, f"can't be read: {reason(error)}", fix)]) from error


def _instead(path: Path, error: Exception, wanted: str) -> str:
    """Return what to give in place of what can't be read: what is in a folder, or has nearly the name."""
    with suppress(OSError):  # as for a name that is too long
        if isinstance(error, IsADirectoryError):
            return wanted or (f"give the files in it: {path}/*.yaml" if any(path.glob("*.yaml")) else "give a file")
        if is_special(path):
            return "have a pipe at standard input, where `-` is taken, or save it to a file"
        return _there_instead(path) if isinstance(error, FileNotFoundError) else ""
    return ""


def _there_instead(path: Path) -> str:
    """Return what there is in place of what is not there: what has nearly the name, else some of what may be meant."""
    missing = next((each for each in (path, *path.parents) if is_there(each.parent)), path)
    there = sorted(each for each in missing.parent.iterdir() if each.name[0] != ".")
    may_be = [each.name for each in there if (is_folder(each) if not path.suffix else each.suffix == path.suffix)]
    place = "this folder" if missing.parent == Path() else str(missing.parent)
    listed = [f"there is no folder {missing}"] if missing != path else []
    listed += [f"{place} has {some(may_be, 3)}"] if may_be else []
    return did_you_mean(near(path) or near(missing), "; ".join(listed))


def matching(pattern: Path) -> list[Path]:
    """Return what a pattern matches; nothing where it is none that can."""
    with suppress(OSError, ValueError, RecursionError):  # `**` beside a name, or hundreds of them
        return [*Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor)))]
    return []


def near(path: Path) -> tuple[str, ...]:
    """Return what there is of nearly the name, for a path or a pattern that matches nothing."""
    with suppress(OSError):  # as for a name that is too long
        above = next((each for each in path.parents if is_folder(each)), path)
        name, *rest = path.relative_to(above).parts or ("",)
        there = [each for each in above.iterdir() if each.name[0] != "."]
        names = dict.fromkeys(f"*{each.suffix}" if "*" in name else each.name for each in there)
        of_name = (each.name for each in there if each.stem == name)
        found = (above.joinpath(each, *rest) for each in (*of_name, *nearest(name, names, cutoff=0.8)))
        return tuple(str(each) for each in found if is_there(each) or matching(each))
    return ()


def reason(error: Exception) -> str:
    """Return why the system did not do what it was asked, in its own words."""
    return getattr(error, "strerror", None) or str(error)
