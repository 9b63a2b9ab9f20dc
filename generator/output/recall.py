"""What specs were found to mean and to render to in earlier runs, as long as all that this depends on is the same.

An entry has what was read for a spec (the spec, its parents, policies, lists of Regions), each with its digest or that
it was not there, and where links led: all is read again. It holds on the same day, in the same folder, for the same
files of the tool and the same Python and packages. Whoever fills the folder, as a pull request fills that of a CI,
lacks the key, which is in another one: its entries are not believed. All of it can be lost. `cli` says where both are.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from generator.output.revision import whereabouts
from generator.source.private import keep, own_bytes, own_folder
from generator.source.reading import FILE, bytes_of, is_file, is_folder, noted

_LARGEST, _ALL = 8 * 2**20, 128 * 2**20  # bytes of an entry, and of all of them
_KEY = 32  # bytes

_QUESTIONS: Mapping[str, Callable[..., object]] = {
    FILE: bytes_of,
    "there": is_file,
    "folder": is_folder,
    "path": whereabouts,
}


class Memory:
    """What is kept of earlier runs, by the names of specs."""

    def __init__(self, folder: Path, state: Path, today: date) -> None:
        """Find the folder of the entries, and the key; raises OSError where they are not ours alone, or no room is."""
        self._key = _key(own_folder(state, "memory") / "key")
        self._folder = own_folder(folder, "specs")
        self._here = str(Path.cwd())
        self._holds = f"{today}\0{self._here}\0{fingerprint()}"
        self._is_changed = False

    def recall(self, name: str) -> Any:
        """Return what was kept under a name, if all that was read for it is as it was; else None."""
        with suppress(OSError, ValueError):
            mac, _, body = own_bytes(self._file(name), _LARGEST).partition(b"\n")
            if hmac.compare_digest(mac, self._mac(name, body)):
                reads, value = json.loads(body)
                return value if is_as_it_was(reads) else None
        return None

    def keep(self, name: str, reads: Mapping[str, str], value: object, default: Callable[[Any], Any]) -> None:
        """Keep data under a name, with what was read for it; a disk that is full costs the next run time.

        `default` is JSON's, for what it does not know.
        """
        body = json.dumps([reads, value], separators=(",", ":"), default=default).encode()
        with suppress(OSError):
            keep(self._file(name), self._mac(name, body) + b"\n" + body)
            self._is_changed = True

    def tidy(self) -> None:
        """Remove the oldest of what was kept, once it is too much."""
        if not self._is_changed:
            return
        with suppress(OSError), os.scandir(self._folder) as there:
            found = sorted((each.stat().st_mtime, each.path, each.stat().st_size) for each in there)
            left = sum(size for *_, size in found)
            for _, path, size in found:
                if left > _ALL:
                    Path(path).unlink()
                    left -= size

    def _file(self, name: str) -> Path:
        return self._folder / self._mac(name, b"")[:32].decode()

    def _mac(self, name: str, body: bytes) -> bytes:
        holds = self._holds if body else self._here
        return (
            hmac.digest(self._key, f"{holds}\0{name}\0".encode(errors="surrogatepass") + body, "sha256").hex().encode()
        )


def _key(file: Path) -> bytes:
    """Return what nobody knows who can't read the user's own files."""
    with suppress(FileNotFoundError):
        if len(found := own_bytes(file, _LARGEST)) == _KEY:
            return found
    keep(file, os.urandom(_KEY), is_settled=True)  # of an empty one, or of zeros, anybody knows what it signs
    return own_bytes(file, _KEY)


def is_as_it_was(reads: Mapping[str, str]) -> bool:
    """Tell whether all that was read, as `noted` has it, would be read so again."""
    with noted() as now:
        for question in reads:
            _ask(*question.split("\0"))
    return now == reads


def _ask(kind: str, *paths: str) -> None:
    """Read again what was read; it is noted, and so is that it can't be."""
    with suppress(OSError, ValueError, RuntimeError):
        _QUESTIONS[kind](*map(Path, paths))


def fingerprint() -> str:
    """Return what changes with each file of the tool, with Python, and with the packages that are installed."""
    found = [sys.version, *sys.path]
    for folder in ("generator", "gen_endpoints", "templates"):  # the last is inside of the first once installed
        with suppress(FileNotFoundError):
            found += _files(str(Path(__file__).parents[2] / folder))
    for folder in sys.path:
        with suppress(OSError):
            there = (each for each in os.scandir(folder) if each.name.endswith((".dist-info", ".egg-info")))
            found += sorted(f"{each.path} {each.stat().st_ctime_ns}" for each in there)
    return hashlib.sha256("\0".join(found).encode()).hexdigest()


def _files(folder: str) -> Iterator[str]:
    for each in sorted(os.scandir(folder), key=lambda each: each.name):
        if each.is_dir():
            yield from _files(each.path) if each.name != "__pycache__" else ()
        else:
            about = each.stat()
            yield f"{each.path} {about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino}"
