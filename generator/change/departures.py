"""What `moved` blocks of roots bring from a module that no longer makes it to one that does: Terraform destroys none.

https://developer.hashicorp.com/terraform/language/modules/develop/refactoring (read 2026-11-28), as seen with 1.11.4:
what is moved to an address that no configuration has is destroyed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from generator.change.edit import ENDPOINT, GROUP, REGION, VPC, Edit
from generator.fleet.keys import module_name
from generator.hcl.hcl import label
from generator.hcl.names import named, references
from generator.module.elsewhere import callers, files_of_roots
from generator.module.moved import follow
from generator.module.root_files import Call, RootFiles, content_of
from generator.module.root_imports import WITHIN
from generator.source.reading import resolved


class _Root(NamedTuple):
    """A root that calls modules."""

    folder: Path
    calls: list[Call]
    moves: Mapping[str, str]
    is_whole: bool


def with_moves(edits: Mapping[Path, Edit]) -> tuple[Edit, ...]:
    """Return edits, by the folders of their modules, with what roots move from one of them elsewhere."""
    kinds = (ENDPOINT, GROUP)
    lost = {at: [old for kind in kinds for old, new in each.pairs[kind] if not new] for at, each in edits.items()}
    if not any(lost.values()):
        return (*edits.values(),)
    files, known = files_of_roots(edits), {resolved(at): each for at, each in edits.items()}
    departures, arrivals = defaultdict[Path, dict[str, str]](dict), defaultdict[Path, set[str]](set)
    ways, likes = defaultdict[Path, dict[str, str]](dict), _made(known)
    for folder in (at for at, of_it in lost.items() if of_it):
        roots = [_root(each) for each in dict.fromkeys(_roots(folder, files))]
        for address in (each.address for each in lost[folder]):
            to = [each for root in roots for each in _destinations(root, resolved(folder), address, known)]
            if to and all(whole for whole, *_ in to):
                departures[folder][address] = to[0][0]
                for _, at, there in to:
                    arrivals[at].add(there)
            elif way := _way(roots, resolved(folder), address, _homes(edits[folder], address, likes)):
                ways[folder][address] = way
    return tuple(
        replace(each, departures=departures[at], arrivals=frozenset(arrivals[resolved(at)]), ways=ways[at])
        for at, each in edits.items()
    )


def _made(edits: Mapping[Path, Edit]) -> Mapping[tuple[str, ...], list[tuple[Path, Edit, str]]]:
    """Return the endpoints that edits make, by what tells them from others."""
    found = defaultdict[tuple[str, ...], list[tuple[Path, Edit, str]]](list)
    for at, edit in edits.items():
        for address in edit.after.keys() - edit.origins.keys():
            if address.startswith(f"{ENDPOINT}."):
                found[edit.like(edit.after[address], is_old=False)].append((at, edit, address))
    return found


def _homes(
    edit: Edit, address: str, likes: Mapping[tuple[str, ...], list[tuple[Path, Edit, str]]]
) -> list[tuple[Path, str]]:
    """Return by folder the endpoints that others make of what one loses, in a VPC that is told to be the same."""
    if not address.startswith(f"{ENDPOINT}.") or VPC not in edit.before or references(edit.before[VPC]):
        return []
    those, own = (
        likes.get(edit.like(edit.before[address], is_old=True), ()),
        [edit.before.get(VPC), edit.before.get(REGION)],
    )
    return [
        (at, new)
        for at, each, new in those
        if each is not edit and [each.after.get(VPC), each.after.get(REGION)] == own
    ]


def _way(roots: Iterable[_Root], module: Path, address: str, homes: Iterable[tuple[Path, str]]) -> str:
    """Return the `moved` blocks by which all roots bring an address to where its like is made; empty where none can."""
    for at, new in homes:
        if (found := [_block(root, module, address, at, new) for root in roots]) and all(found):
            return f"write a moved block in {', and in '.join(found)}"
    return ""


def _block(root: _Root, module: Path, address: str, at: Path, new: str) -> str:
    """Return where a root that calls two modules, each once, is to have which `moved` block; empty of any other."""
    match sorted((each for each in root.calls if each.at in {module, at}), key=lambda each: each.at != module):
        case [old, there] if old.at != there.at and old.indexes == there.indexes and root.is_whole:
            ways = (
                f"from module.{old.name}{each}.{address} to module.{there.name}{each}.{new}"
                for each in old.indexes or ()
            )
            pairs = ", and ".join(ways)
            return f"{'the root here' if root.folder == Path() else root.folder}, {pairs}" if pairs else ""
    return ""


def _roots(module: Path, files: Iterable[Path]) -> Iterable[Path]:
    """Return the folders of the roots that call a module, else of those that may have called it, by its name."""
    word = f"module.{_name(module)}".encode()
    return [at for at, _ in callers(module, files)] or [at.parent for at in files if word in (content_of(at) or b"")]


def _name(module: Path) -> str:
    return label(module_name(module.name))


def _root(folder: Path) -> _Root:
    """Return a root; without `moved` blocks where not all of it is read."""
    files = RootFiles(folder)
    found = (each for several in files.brought.values() for each in several) if files.is_whole else ()
    return _Root(folder, files.calls, {what: to for kind, what, to in found if kind == "moved"}, files.is_whole)


def _destinations(
    root: _Root, module: Path, address: str, edits: Mapping[Path, Edit]
) -> Iterator[tuple[str, Path, str]]:
    """Yield for each instance of a module where its root brings an address: whole, and by folder; empty where nowhere.

    Where no root calls it, that may have called it by its name.
    """
    name, own = _name(module), [each for each in root.calls if each.at == module]
    former = [] if own or any(each.name == name for each in root.calls) else [Call(name, module, ("",))]
    for call in own or former:
        for index in call.indexes or ("[KEY]",):
            was = f"module.{call.name}{index}.{address}"
            whole = follow(was, root.moves)
            yield (_there(root, whole, edits) if whole != was else None) or ("", module, "")


def _there(root: _Root, whole: str, edits: Mapping[Path, Edit]) -> tuple[str, Path, str] | None:
    """Return an address with the folder that has it, and what it is there; None where it is told that none has."""
    found = WITHIN.match(whole)
    within, name, key = (found[0], found[1], found[2] or "") if found else ("", "", "")
    address = whole.removeprefix(within).partition("[")[0]
    named_so = [each for each in root.calls if each.name == name and each.has(key)]
    at = (named_so[0].at if named_so else None) if found else resolved(root.folder)
    if found and not named_so:
        return None
    if at is None or (found and found[3]):  # of a registry, or a module's module: its text is not here
        return whole, Path(), ""
    edit = edits.get(at)
    makes = edit.after if edit else dict(named(RootFiles(at).blocks))
    return (whole, at, address) if address in makes else None
