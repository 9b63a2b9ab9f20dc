"""Files of import blocks that `adopt` wrote, wherever in the repository they are, and of which spec each is."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.output import manifest
from generator.output.disk import explained
from generator.output.revision import listed, repository
from generator.output.terraform import may_import
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.reading import SPECS, is_file, is_there, plain_bytes_of, resolved

EMPTIED = Code("E325")
ELSEWHERE = Code("W325")
ADOPTED = b"# Adopted by gen-endpoints for "
_OF_ROOT = re.compile(r"^\s*to\s*=\s*(aws_\w+\.[\w-]+)", re.MULTILINE)

_OTHER = re.compile(r"^(?!import\b)\w", re.MULTILINE)
_RESOURCES = re.compile(rb"\bresource\b")


class Adopted(NamedTuple):
    """A file with import blocks for a root that is the module itself."""

    file: Path
    spec: str
    """The name of the file of the spec that was written with it; empty where the line that says it is gone."""
    addresses: frozenset[str]
    is_near: bool
    """Whether it is where `adopt` and `render` write, and not elsewhere in the repository."""


class Astray:
    """The files of import blocks that lie here, in folders of modules, or elsewhere in the repository."""

    def __init__(self, out: Iterable[Path], specs: Collection[str], is_made: Callable[[Path], bool]) -> None:
        """Read what there is; raises Refused (E306) where the system does not let it be read.

        Of one name one where no module is goes before. `is_made` tells whether a spec that is there makes a folder.
        """
        near, top = dict[Path, Path](), repository(Path())
        for folder, pattern in ((Path(), "*.tf"), *((each, "*/*.tf") for each in out)):
            with explained(folder):
                near |= {resolved(each): each for each in folder.glob(pattern)}
        rest = [*listed(top, (".tf", *SPECS))] if top else []
        self.gone = dict[Path, bool]()
        self.is_made, self.folders = is_made, {resolved(each).parent for each in specs}
        self.specs = {*map(resolved, specs), *(each for each in rest if each.suffix in SPECS)}
        self.names = {each.name for each in self.specs}
        files = near | {each: Path(os.path.relpath(each)) for each in rest if each.suffix == ".tf" and each not in near}
        read = [(each, real in near) for real, each in files.items() if may_import(each.name) and each.is_file()]
        self.files = [
            Adopted(each, name, addresses, is_near)
            for each, is_near in sorted(read, key=lambda of: (not of[1], _is_in_module(of[0]), of[0]))
            for name, addresses in _read(each, is_near=is_near)
            if addresses and (each.parent != Path() or not _is_in_module(each))
        ]

    def of(self, spec: str, addresses: Collection[str]) -> Adopted | None:
        """Return the file of a spec whose module has these addresses, or one near of a spec that is gone, if it fits.

        Elsewhere in the repository one of that name may be of another root: it leads to some of them.
        """
        path = resolved(spec)
        for each in self.files:
            is_of_it = each.spec == path.name and nearest(each.file, each.spec, self.specs) in {path, None}
            if is_of_it and (each.is_near or each.addresses.intersection(addresses)):
                return each
            if each.is_near and each.addresses.issubset(addresses):
                if each.file not in self.gone:
                    self.gone[each.file] = self._is_gone(each)
                if self.gone[each.file]:
                    return each
        return None

    def _is_gone(self, each: Adopted) -> bool:
        """Tell whether the spec of a file is neither git's nor where specs lie, and none there makes its folder."""
        around = {Path.cwd(), *self.folders, *resolved(each.file).parents[:3]}
        places = [folder / within / each.spec for folder in around for within in ("", "specs")]
        if each.spec in self.names or any(map(is_file, places)):
            return False
        return each.file.parent == Path() or not self.is_made(each.file.parent)


def nearest(file: Path, name: str, specs: Iterable[Path]) -> Path | None:
    """Return which spec of a name is nearest to a file; None where two are as near, or there is none."""
    at = resolved(file)
    shared = {spec: len(os.path.commonpath((at, spec))) for spec in specs if spec.name == name}
    most = [spec for spec, length in shared.items() if length == max(shared.values())]
    return most[0] if len(most) == 1 else None


def _read(file: Path, *, is_near: bool) -> list[tuple[str, frozenset[str]]]:
    """Return the name of the spec, and the addresses of the module, in a file that `adopt` wrote.

    So too of one near that has import blocks alone, and in whose folder nothing has these addresses: no other root's.
    """
    name = text = ""
    with explained(file) if is_near else suppress(OSError):
        name, text = written(file)
        if is_near and not name and not _OTHER.search(plain := plain_bytes_of(file).decode(errors="replace")):
            around = () if _is_in_module(file) else map(plain_bytes_of, file.parent.glob("*.tf*"))
            text = "" if any(_RESOURCES.search(each) for each in around) else plain
    return [(name, frozenset(_OF_ROOT.findall(text)))] if text else []


def written(file: Path) -> tuple[str, str]:
    """Return the name of the spec, and what stands after it, in a file that `adopt` wrote; both empty for another."""
    is_ours = plain_bytes_of(file, len(ADOPTED)).startswith(ADOPTED)
    text = plain_bytes_of(file).removeprefix(ADOPTED).decode(errors="replace") if is_ours else ""
    name, stop, rest = text.partition(". ")
    return (name, rest) if stop else ("", "")


def left_astray(adopted: Adopted, folder: Path, spec: str) -> Diagnostic:
    """Return that Terraform does not read a file with import blocks for the module of a folder, or for none that is.

    A module elsewhere may be rendered a second time, as to be looked at.
    """
    file, is_gone = adopted.file, adopted.spec != Path(spec).name
    is_of_module, place = _is_in_module(file), Place(str(file))
    message = f"has the import blocks of {folder}, where Terraform does not read them: an apply makes anew what exists"
    if is_gone:
        of, now = (f"{adopted.spec}, which is gone", "that is now") if adopted.spec else ("a spec not named", "that is")
        message = f"has import blocks of {of}: if {now} {spec}, {folder} makes them anew"
    if is_of_module and file.parent.parent != folder.parent:
        return ELSEWHERE.at(place, message if is_gone else f"{message} in {folder}", f"apply in {file.parent} alone")
    move = shlex.join(("mv", str(file.parent), str(folder))) if is_of_module else bring(file, folder / file.name)
    if is_gone:  # a module that was another's is not moved on a guess
        line = "{} in its first line" if adopted.spec else f"`{ADOPTED.decode()}{{}}. ` as its first line"
        first = f"write {line.format(Path(spec).name)}" if is_of_module else move
        move = f"{first}, if it is; else write {line.format('the name of their spec')}"
    applied = ", or take the file away, if it was applied" if is_of_module or is_gone else ""
    return EMPTIED.at(place, message, move + applied)


def bring(file: Path, to: Path) -> str:
    """Return the command that moves a file to a folder, which need not be there yet."""
    return f"mkdir -p {shlex.quote(str(to.parent))} && {shlex.join(('mv', str(file), str(to)))}"


def _is_in_module(file: Path) -> bool:
    return is_there(file.with_name(manifest.NAME))
