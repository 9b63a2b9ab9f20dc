"""The folder of a team's templates: its files as text by path, and what each of them renders to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from generator.module.module import HCL
from generator.output import manifest
from generator.project import OF_VARS
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.reading import bytes_of, is_link, is_special, reason

UNREAD = Code("E601")
TAKEN = Code("E602")
REPLACEABLE = ("README.md", "tests/endpoints.tftest.hcl")
"""The files of ours that a template may take the place of: they say nothing to Terraform."""
SLOTS = ("_header.txt", "_lifecycle.hcl")
ONCE = "_fleet/"
_LARGEST, _ALL = 2**20, 16 * 2**20
_TOO_MUCH = f"is read no more: those before it have more than {_ALL >> 20} MiB", "have less in the folder"
_NEVER = {".git", ".terraform"}
_IGNORED = {".DS_Store", "Thumbs.db"}


@dataclass(frozen=True)
class Templates:
    """The text of each file of a folder, by its path in it."""

    folder: str
    texts: Mapping[str, str]

    @cached_property
    def targets(self) -> Mapping[str, str]:
        """The path in a module's folder of each file that is added, or the slot that it fills, and the file's own."""
        found = {path.removesuffix(".j2"): path for path in self.texts}
        return {to: path for to, path in found.items() if to in SLOTS or not is_part(path)}

    @cached_property
    def once(self) -> Mapping[str, str]:
        """The path in the project's folder of each file that is there once for all modules, and the file's own."""
        found = {path.removesuffix(".j2").removeprefix(ONCE): path for path in self.texts if path.startswith(ONCE)}
        return {to: path for to, path in found.items() if not is_part(to)}

    def place(self, path: str, line: int = 0) -> Place:
        """Return a line of a template."""
        return Place(f"{self.folder}/{path}", line, min(line, 1))


def is_part(path: str) -> bool:
    """Tell whether a file is only for other templates to include, or says what they take of `vars`."""
    return path == OF_VARS or any(part.startswith("_") for part in path.split("/"))


def read(folder: str) -> Templates:
    """Return the templates of a folder; raises Refused for what can't be read, and for a path that can't be added."""
    texts: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for path in sorted(_paths(folder)):
        text = _text(Path(folder, path)) if sum(map(len, texts.values())) <= _ALL else _TOO_MUCH
        if isinstance(text, str):
            texts[path.as_posix()] = text
        else:
            findings.append(UNREAD.at(Place(f"{folder}/{path.as_posix()}"), *text))
        if text is _TOO_MUCH:
            break
    found = Templates(folder, texts)
    findings += _misplaced(found)
    if findings:
        raise Refused(findings)
    return found


def _paths(folder: str) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        links = [each for each in folders if is_link(Path(at, each))]
        yield from (Path(at, each).relative_to(folder) for each in (*names, *links) if each not in _IGNORED)


def _text(path: Path) -> str | tuple[str, str]:
    """Return the text of a file, or what is wrong with it and what to do."""
    if is_link(path) or is_special(path):
        return "is a link or no plain file", "put the file itself there"
    try:
        text = bytes_of(path, _LARGEST)
        return text.decode() if len(text) <= _LARGEST else ("is larger than 1 MiB", "have less in it")
    except (OSError, ValueError) as error:
        return f"can't be read: {reason(error)}", "templates are text in UTF-8"


def _misplaced(found: Templates) -> Iterator[Diagnostic]:
    """Yield the templates whose path no file may have, or another has."""
    taken = {each.casefold(): each for each in (*HCL, *REPLACEABLE)}
    known = {each.casefold() for each in found.targets if each not in SLOTS} | taken.keys()
    for path in found.texts:
        to = path.removesuffix(".j2").removeprefix(ONCE)
        parents = {str(each).casefold() for each in PurePosixPath(to).parents}
        if (ours := taken.get(path.removesuffix(".j2").casefold())) and to not in REPLACEABLE:
            fix = "add what is yours in a file of another name; _header.txt and _lifecycle.hcl are for all of ours"
            yield TAKEN.at(found.place(path), f"{ours} is the spec's, and no template takes its place", fix)
        elif flaw := manifest.flaw(to):
            yield UNREAD.at(found.place(path), f"the path {flaw}", "give it another name")
        elif never := sorted(_NEVER & {part.casefold() for part in to.split("/")}):
            yield UNREAD.at(found.place(path), f"nothing is added to {never[0]}", "give it another name")
        elif path.endswith(".j2") and path.removesuffix(".j2") in found.texts:
            yield UNREAD.at(found.place(path), f"{to} is there too", "keep one of the two")
        elif both := parents & known:
            yield UNREAD.at(found.place(path), f"needs a folder where the file {min(both)} belongs", "rename one")
