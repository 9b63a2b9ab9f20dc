"""The files that a spec is made of: itself, and above it those that `extends` leads to."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias, cast

from generator.fleet.merge import Node, format_of
from generator.fleet.overlays import Overlay, overlays
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.draft import Data, Source, is_cut
from generator.source.marks import Marks, in_file
from generator.source.parts import without, wrong_parts
from generator.spec.decode import decode_fleet, respelt
from generator.spec.fleet import Fleet

PARENT = Code("E157")
SHARED = frozenset({"templates", "vars"})
"""What both a project and a spec may say; the spec's is merged over the project's."""
_MOST = 8
Reader: TypeAlias = Callable[[Place, str], Source]
"""What reads the file that is named at a place, relative to that place's; it raises Refused for one not to be read."""


class Layer(NamedTuple):
    """One file: what it says for all targets, and what for some."""

    source: Source
    fleet: Fleet
    base: Node
    overlays: tuple[Overlay, ...]


class Layers(NamedTuple):
    """A spec and what it extends, the parents first."""

    files: tuple[Layer, ...]
    project: Node
    """What the project says below all of them."""
    wrong: tuple[Diagnostic, ...]
    """What is wrong with the form of rows and overlays, which are left out."""


def layers(found: Source, read: Reader, project: Source | None) -> Layers:
    """Return a spec and what it extends; raises Refused where there is no end of parents, or a form is wrong."""
    wrong: list[Diagnostic] = []
    chain = [_right(found, wrong)]
    while stated := chain[-1][1].extends:
        source = chain[-1][0]
        place = source.place(("extends",))
        files = [each.file for each, _ in chain]
        parent = read(place, stated)
        if parent.file in files or len(files) > _MOST:
            why = f"{parent.file} extends this file" if parent.file in files else f"more than {_MOST} files"
            raise Refused([PARENT.at(place, f"extends: {why}", "have each file extend one that is more general")])
        if isinstance(parent.data, dict) and "targets" in parent.data:
            message = f"{parent.file} has targets, and so can't be extended"
            raise Refused([PARENT.at(place, message, "extend a file without targets")])
        chain.append(_right(parent, wrong))
    sources = [*(each for each, _ in chain), *([project] if project else [])]
    rules = tuple(each for source in reversed(sources) for each in _rules(source))
    found = replace(chain[0][0], parents=tuple(each.file for each in sources[1:]), rules=rules, is_whole=True)
    data: Any = project.data if project else {}
    marks: Any = in_file(project.marks, len(chain)) if project else {}
    below = Node({key: data[key] for key in SHARED & data.keys()}, marks)
    found_layers = [_layer(*each, index, found) for index, each in enumerate(chain)]
    return Layers(tuple(reversed(found_layers)), below, tuple(wrong))


def _right(found: Source, wrong: list[Diagnostic]) -> tuple[Source, Fleet]:
    """Return a file without the rows and overlays whose form is wrong, and note that; raises Refused for any other."""
    found, misspelt = respelt(found)
    wrong += misspelt
    try:
        return found, decode_fleet(found)
    except Refused as refused:
        data: Any = found.data
        left, findings = found, refused.diagnostics
        if is_cut(findings):  # of what is left, not all is told either
            raise
        for key, inside in wrong_parts(found, findings).items():
            parts = wrong_parts(found, inside, str(key)) if isinstance(data[key], dict | list) else ()
            is_all = len(parts) == len(data[key] or ())
            if not parts or key not in {"targets", "overlays"} or (is_all and key == "targets"):
                raise
            left = without(left, [key]) if is_all else without(left, parts, str(key))
        again = decode_fleet(left)
        wrong += findings
        return left, again


def _rules(source: Source) -> Iterator[tuple[Place, str]]:
    """Yield the files of own rules that a file names."""
    data: Any = source.data
    stated = data.get("rules", ())
    for at, each in enumerate([stated] if isinstance(stated, str) else stated):
        yield source.place(("rules", at)), each


def _layer(source: Source, fleet: Fleet, index: int, child: Source) -> Layer:
    """Return a file as a layer: its nodes know which of the files it is, and its policy files where it is."""
    marks = cast("Marks", in_file(source.marks, index)) if index else source.marks
    folder = posixpath.relpath(posixpath.dirname(source.file) or ".", posixpath.dirname(child.file) or ".")
    data: Any = source.data if folder == "." else _relocated(source.data, folder)
    here = replace(child, data=data, marks=marks)
    base = Node({key: each for key, each in data.items() if key not in Fleet.model_fields}, marks)
    return Layer(here, fleet, base, overlays(here, fleet))


def _relocated(data: Data, folder: str, *, is_policy: bool = False) -> Data:
    """Return data in which the policy files are relative to another folder, to which theirs is `folder`."""
    if isinstance(data, list):
        return [_relocated(each, folder, is_policy=is_policy) for each in data]
    if not isinstance(data, dict):
        return data
    if is_policy and data.keys() == {"file"}:
        if isinstance(data["file"], str):
            return {"file": posixpath.normpath(posixpath.join(folder, data["file"]))}
        if (text := format_of(data["file"], "file")) is not None:
            return {"file": {"format": posixpath.join(folder.replace("{", "{{").replace("}", "}}"), text)}}
    return {
        key: each if key == "vars" else _relocated(each, folder, is_policy=key == "policy")
        for key, each in data.items()
    }
