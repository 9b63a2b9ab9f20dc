"""Files of import blocks that `adopt` wrote, wherever in the repository they are, for a root that is the module."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from generator.module.adopted_for import ADOPTED, Owner, Specs, written
from generator.module.imports import imports_of
from generator.output import manifest
from generator.output.disk import explained
from generator.output.revision import listed, repository
from generator.output.terraform import is_read, may_import
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.reading import is_there, plain_bytes_of, resolved

EMPTIED = Code("E325")
ELSEWHERE = Code("W325")
_OTHER = re.compile(r"^(?!import\b)\w", re.MULTILINE)


class Adopted(NamedTuple):
    """A file with import blocks for a root that is the module itself."""

    file: Path
    spec: str
    """What its first line says of the spec that was written with it; empty where that line is gone."""
    addresses: frozenset[str]
    is_near: bool
    """Whether it is where `adopt` and `render` write, and not elsewhere in the repository."""
    owner: Owner


class Astray:
    """The files of import blocks that lie here, in folders of modules, or elsewhere in the repository."""

    def __init__(self, out: Iterable[Path], specs: Specs, is_made: Callable[[Path, Collection[Path]], bool]) -> None:
        """Read what there is; raises Refused (E306) where the system does not let it be read.

        Of one name one where no module is goes before. `is_made` tells whether a spec that is there makes a folder, as
        one of some.
        """
        near, top = dict[Path, Path](), repository(Path())
        for folder, pattern in ((Path(), "*.tf"), *((each, "*/*.tf") for each in out)):
            with explained(folder):
                near |= {resolved(each): each for each in folder.glob(pattern)}
        rest = (each for each in (listed(top, (".tf",)) if top else ()) if each not in near)
        files = near | {each: Path(os.path.relpath(each)) for each in rest}
        read = [(each, real in near) for real, each in files.items() if may_import(each.name) and each.is_file()]
        self._is_made, self._made = is_made, dict[tuple[Path, Collection[Path]], bool]()
        self.files = [
            Adopted(each, name, addresses, is_near, specs.owner(each, name))
            for each, is_near in sorted(read, key=lambda of: (not of[1], is_in_module(of[0]), of[0]))
            for name, addresses in _read(each, is_near=is_near)
            if addresses and (each.parent != Path() or not is_in_module(each))
        ]

    def of(self, spec: str, addresses: Collection[str]) -> Adopted | None:
        """Return the file of a spec whose module has these addresses; elsewhere in the repository it leads to some.

        One whose line does not say whose it is leads to those alone, and is not where another's module is; where not
        one spec alone has its name, it is near, too.
        """
        path = resolved(spec)
        for each in sorted(self.files, key=lambda each: not each.owner.is_told):
            owner = each.owner
            if owner.is_told:
                is_of_it = owner.spec == path and (each.is_near or not each.addresses.isdisjoint(addresses))
            else:
                may_be = owner.spec == path or (each.is_near and (owner.is_gone or path in owner.specs))
                is_of_it = may_be and each.addresses.issubset(addresses) and not self._is_anothers(each)
            if is_of_it:
                return each
        return None

    def _is_anothers(self, each: Adopted) -> bool:
        """Tell whether a spec that is there makes the module of the folder of a file."""
        key = folder, specs = each.file.parent, each.owner.specs
        if key not in self._made:
            self._made[key] = folder != Path() and self._is_made(folder, specs)
        return self._made[key]


def _read(file: Path, *, is_near: bool) -> list[tuple[str, frozenset[str]]]:
    """Return what says the spec, and the addresses of the module, in a file that `adopt` wrote.

    So too of one that has import blocks alone and no such line, where this tool writes: beside a module, or alone in a
    folder of `out`. Elsewhere it is somebody's own.
    """
    name = text = ""
    with explained(file) if is_near else suppress(OSError):
        name, text = written(file)
        if is_near and not name and file.parent != Path():
            is_ours = is_in_module(file) or (file.parent.parent != Path() and _is_alone(file))
            plain = plain_bytes_of(file).decode(errors="replace") if is_ours else ""
            text = "" if _OTHER.search(plain) else plain
    found = [to for to, _ in imports_of(file.name, text)] if "import" in text else []
    of_root = {to.partition("[")[0] for to in found if to.startswith("aws_")}
    return [(name, frozenset(of_root))] if of_root else []


def _is_alone(file: Path) -> bool:
    return not any(is_read(each.name) for each in file.parent.iterdir() if each.name != file.name)


def left_astray(adopted: Adopted, folder: Path, spec: str) -> Diagnostic:
    """Return that Terraform does not read a file with import blocks for the module of a folder, or for none that is.

    A module elsewhere may be rendered a second time, as to be looked at.
    """
    file, owner = adopted.file, adopted.owner
    is_of_module, place = is_in_module(file), Place(str(file))
    message = f"has the import blocks of {folder}, where Terraform does not read them: an apply makes anew what exists"
    if not owner.is_told:
        of, now = adopted.spec or "a spec not named", "that is"
        is_known_gone = adopted.spec and owner.is_gone and ("/" in adopted.spec or not owner.specs)
        of, now = (f"{of}, which is gone", "that is now") if is_known_gone else (of, now)
        message = f"has import blocks of {of}: if {now} {spec}, {folder} makes them anew"
    if is_of_another(file, folder):
        message += f" in {folder}" if owner.is_told else ""
        return ELSEWHERE.at(place, message, f"apply in {file.parent} alone; or take the file away, if it was applied")
    move = shlex.join(("mv", str(file.parent), str(folder))) if is_of_module else bring(file, folder / file.name)
    if not owner.is_told:  # a module that may be another's is not moved on a guess
        line = "{} in its first line" if adopted.spec else f"`{ADOPTED.decode()}{{}}. ` as its first line"
        first = f"write {line.format(spec)}" if is_of_module else move
        move = f"{first}, if it is; else write {line.format('the path of their spec')}"
    applied = ", or take the file away, if it was applied" if is_of_module or not owner.is_told else ""
    return (ELSEWHERE if not owner.is_told and owner.specs - {resolved(spec)} else EMPTIED).at(
        place, message, move + applied
    )


def bring(file: Path, to: Path) -> str:
    """Return the command that moves a file to a folder, which need not be there yet."""
    return f"mkdir -p {shlex.quote(str(to.parent))} && {shlex.join(('mv', str(file), str(to)))}"


def is_of_another(file: Path, folder: Path) -> bool:
    """Tell whether a file is beside a module that is elsewhere than that of a folder, rendered for the same spec."""
    return is_in_module(file) and resolved(file).parent.parent != resolved(folder).parent


def is_in_module(file: Path) -> bool:
    """Tell whether a file is beside a module of ours."""
    return is_there(file.with_name(manifest.NAME))
