"""Which files of a folder are ours: the names they may have, and the manifest that lists them as `sha256sum` does.

    .gen-endpoints.sha256       every file that the last finished write left, with its hash; committed with them
    .gen-endpoints.pending      the same while a write is under way: every content that a file may have till it ends
    .gen-endpoints.<n>.<n>.tmp  a file on its way to its real name

Pure: it turns bytes into hashes by path and back. `survey` reads the files, `tree` writes them.
There is no date and no version inside, so the same files have the same manifest, and `sha256sum -c` accepts it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from generator.source.diagnostics import Code, Diagnostic, ExitCode, Place, Refused

BAD_FILE = Code("E307")

Files: TypeAlias = Mapping[str, str]
"""A rendered module: relative POSIX path → text, which ends in one newline."""

PREFIX = ".gen-endpoints."
"""What begins the name of each file that the tool keeps for itself; never a rendered file."""

NAME = f"{PREFIX}sha256"
PENDING = f"{PREFIX}pending"

_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<path>.+)")
_TEMPORARY = re.compile(rf"{re.escape(PREFIX)}\d+\.\d+\.tmp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a manifest says: the hashes that each path may have, and the lines that say nothing we can trust.

    A path has more than one hash in a pending manifest, and where a merge kept the lines of both sides.
    """

    hashes: Mapping[str, frozenset[str]]
    problems: tuple[tuple[int, str], ...]


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


def temporary(process: int, number: int) -> str:
    """Return the name that the `number`th file of a write bears until it is complete."""
    return f"{PREFIX}{process}.{number}.tmp"


def is_temporary(name: str) -> bool:
    """Tell whether `name` is one that `temporary` gives, and nothing a user would choose."""
    return _TEMPORARY.fullmatch(name) is not None


def flaw(path: str) -> str:
    """Return why `path` may not name one of our files, or nothing where it may.

    A path is relative, in POSIX form, stays inside the folder on every platform, and fits on a line of the manifest.
    """
    if not {"", ".", ".."}.isdisjoint(path.split("/")):
        return "is not a plain relative path"
    if not path.isprintable() or not {"\\", ":"}.isdisjoint(path):
        return "holds a backslash, a colon or a character that cannot be printed"
    if path.startswith(PREFIX):
        return "is a name that gen-endpoints keeps for itself"
    return ""


def encoded(files: Files, folder: str) -> dict[str, bytes]:
    """Return the files as bytes: UTF-8, and the line ends that they have, on every platform.

    Raises:
        Refused: a path or a text is one that no file can have (E307): a bug of ours, so the exit code is 3.

    """
    contents: dict[str, bytes] = {}
    flaws: list[Diagnostic] = []
    for path, text in files.items():
        taken = sorted(files.keys() & {str(parent) for parent in PurePosixPath(path).parents})
        reason = flaw(path) or (f"needs a folder where the file {taken[0]!r} belongs" if taken else "")
        try:
            contents[path] = text.encode()
        except UnicodeEncodeError as error:
            reason = reason or f"has text that is not Unicode: {error.reason}"
        if reason:
            flaws.append(BAD_FILE.at(Place(folder), f"the path {path!r} {reason}", "report it, with the spec"))
    if flaws:
        raise Refused(flaws, ExitCode.BUG)
    return contents


def dump(hashes: Mapping[str, Iterable[str]]) -> bytes:
    """Return the manifest of these hashes by path: a line for each pair, sorted by path."""
    lines = (f"{value}  {path}\n" for path in sorted(hashes) for value in sorted(hashes[path]))
    return "".join(lines).encode()


def parse(content: bytes) -> Manifest:
    """Return what a manifest says; never fails, since its lines may come from a merge gone wrong or from an attacker.

    CRLF passes: a checkout may have converted the manifest together with the files that it names.
    """
    hashes: dict[str, frozenset[str]] = {}
    problems: list[tuple[int, str]] = []
    *lines, tail = content.decode(errors="surrogateescape").split("\n")
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line.removesuffix("\r"))
        if match is None:
            problems.append((number, "is not a SHA-256, two spaces and a path"))
        elif reason := flaw(match["path"]):
            problems.append((number, f"names a file that cannot be ours: the path {reason}"))
        else:
            hashes[match["path"]] = hashes.get(match["path"], frozenset()) | {match["digest"]}
    if tail:
        problems.append((len(lines) + 1, "is cut off"))
    return Manifest(hashes=hashes, problems=tuple(problems))


def merged(*hashes: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Return every hash that any of the mappings allows a path."""
    paths = {path for each in hashes for path in each}
    return {path: frozenset().union(*(each.get(path, ()) for each in hashes)) for path in paths}
