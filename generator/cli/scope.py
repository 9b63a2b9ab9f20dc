"""Which specs a command takes and where their modules go: as named, or as the project file says."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from generator import __version__
from generator.cli.printing import printing, show_lines_of
from generator.fleet.keys import module_name
from generator.output.disk import explained
from generator.source.diagnostics import Diagnostic, Place, Refused, outcome
from generator.source.draft import Source
from generator.source.frozen import frozen
from generator.source.reading import NO_FILE, SPECS, is_file, is_folder, matching, near, resolved
from generator.source.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from generator.spec.project import Project

_NEVER = {"policies", "services"}
"""The folders beside specs, of policies and of Regions' lists: no pattern leads into them, unless it names them."""


@frozen()
class Scope:
    """The specs of one run, the folder of their modules' folders, and what a project says of both."""

    specs: tuple[str, ...]
    out: Path
    is_whole: bool
    """Whether no other spec renders to that folder."""
    is_one: bool
    """Whether it is the one spec that was named."""
    rest: tuple[str, ...] = ()
    """The project's other specs."""
    file: str = ""
    project: Project | None = None
    templates: str = ""
    """The folder of templates of the specs that name no other; empty where there is none."""
    source: Source | None = None
    """The project file itself, and the folder of templates that was told in place of all."""
    is_usual: bool = False
    """Whether the project says that folder, so that no command needs to be told."""
    strays: tuple[str, ...] = ()
    """Those of the specs that are none of the project's."""


def scoped(
    names: Collection[str] | None,
    file: str | None = None,
    out: Path | None = None,
    *,
    templates: str | None = None,
    any_version: bool = False,
) -> Scope:
    """Return what a command takes: files, folders and patterns as named, or without any those of the project.

    Raises Refused for a project that is wrong or, without `any_version`, for another version of this tool (E150), and
    for a pattern without a file (E030).
    """
    found = _project_file() if file is None else file
    printing().sources.add(found)
    try:
        source, project = _project(found, any_version=any_version)
    except Refused as refused:
        raise Refused([*refused.diagnostics, *_of_specs(names or None, found, refused.diagnostics)]) from refused
    root = Path(found).parent
    if not (names or project):
        raise typer.BadParameter("name specs, or write a gen-endpoints.yaml", param_hint="'SPEC...'")
    whole = [str(each) for each in Path("specs").glob("*") if each.suffix in SPECS]
    with suppress(*[Refused] if names else []):
        whole = [*_matching(project.specs, root, source)] if project else whole
    names = [_of_key(each, whole if project else (), source) or each for each in names or ()]
    if project and len(names) == 1:
        _refuse_misspelt_key(names[0], whole, source)
    specs = tuple(dict.fromkeys(_named(names) if names else whole))
    folder = out_of(found, project)
    taken, own = ({*map(os.path.realpath, each if whole else ())} for each in (specs, whole))
    rest = tuple(each for each in whole if os.path.realpath(each) not in taken)
    is_whole = bool(whole) and not rest and out in {None, folder}
    if templates:
        source = replace(source or Source(".", {}), templates=str(Path(templates)))
    elif project and project.templates:
        templates = os.path.relpath(root / project.templates)
    return Scope(
        specs,
        out or folder,
        is_whole,
        len(specs) == 1 and [*specs] == names,
        rest,
        found,
        project,
        str(Path(templates)) if templates else "",
        source,
        bool(project) and out in {None, folder},
        tuple(each for each in specs if project and os.path.realpath(each) not in own),
    )


def usual_out() -> Path:
    """Return the folder of the modules' folders where no other is told; raises Refused for a project that is wrong."""
    printing().sources.add(file := _project_file())
    return out_of(file, _project(file, any_version=True)[1])


def out_of(file: str, project: Project | None) -> Path:
    """Return the folder of a project's modules, if no other is told."""
    return Path(os.path.relpath(Path(file).parent / (project.out if project else "out")))


def _project(file: str, *, any_version: bool = False) -> tuple[Source | None, Project | None]:
    """Return the project file as it is read, and what it says; raises Refused as `scoped` does."""
    if not file:
        return None, None
    from generator.output.revision import repository
    from generator.project.project import decode
    from generator.source.source import read
    from generator.spec.decode import WRONG_VALUE

    project, refused = decode(source := read(file), __version__)
    top = repository(Path(file).parent) or resolved(Path(file).parent)
    if not resolved(Path(file).parent / project.out).is_relative_to(top):
        place, fix = source.place(("out",)), "name a folder in the repository; --out takes any other"
        raise Refused([WRONG_VALUE.at(place, f"out leads out of {top}; found {project.out}", fix)])
    if refused and not any_version:
        raise refused
    return source, project


def _of_specs(names: Collection[str] | None, file: str, wrong: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield what is wrong with specs of a project that is wrong itself, by the rest of what that says."""
    from generator.project.project import ANOTHER_VERSION
    from generator.source.parts import without, wrong_parts
    from generator.source.source import read

    found = outcome(read, file)
    if isinstance(found, Source) and all(each.code != ANOTHER_VERSION.code for each in wrong):
        rest = without(found, wrong_parts(found, wrong))
        data: Any = rest.data
        patterns = data.get("specs", ())
        there = [each for each in names or () if os.path.lexists(each) or _is_pattern(each)]  # and no key
        with suppress(Refused):  # of a pattern without a file
            for spec in [*(_matching(patterns, Path(file).parent) if names is None else _named(there))]:
                show_lines_of([spec])
                yield from _mistakes(spec, rest)


def _mistakes(spec: str, project: Source) -> list[Diagnostic]:
    """Return what is wrong with a spec, as far as it can be told."""
    from generator.fleet.told import fold
    from generator.generate import targets_of, understand_source

    try:
        found = [(each.label, outcome(understand_source, each.source)) for each in targets_of(spec, project)]
    except Refused as refused:
        return [*refused.diagnostics]
    return fold((label, each.diagnostics) for label, each in found if isinstance(each, Refused))


def _project_file() -> str:
    """Return the project file here or above, up to the top of the repository; empty where there is none."""
    from generator.output.revision import repository
    from generator.project import FILE

    here = Path.cwd()
    top = repository(here) or here
    folders = (each for each in (here, *here.parents) if each == top or top in each.parents)
    return next((os.path.relpath(each / FILE) for each in folders if is_file(each / FILE)), "")


def _named(names: Iterable[str]) -> Iterator[str]:
    """Yield the specs that are named, and those in a folder or of a pattern."""
    for name in names:
        if is_folder(name):
            with explained(Path(name)):
                paths = [*Path(name).iterdir()]
            yield from _specs_of(paths, Place(name))
        elif _is_pattern(name):
            yield from _matching([name], Path())
        else:
            yield name


def _is_pattern(name: str) -> bool:
    return bool({*name} & {*"*?["}) and not os.path.lexists(name)


def _may_be_key(name: str) -> bool:
    return not (os.path.lexists(name) or ":" in name or _is_pattern(name))


def _of_key(key: str, specs: Iterable[str], project: Source | None) -> str:
    """Return the spec that has a target, or itself a name, of a key; empty where none has, and for what is a path."""
    if not _may_be_key(key):
        return ""
    from generator.cli.namesakes import namesakes

    found = (each for each in namesakes({module_name(key).casefold()}, specs, project) if each.key == key)
    return next((each.source.path for each in found), "")


def _refuse_misspelt_key(name: str, specs: Iterable[str], project: Source | None) -> None:
    """Raise Refused for what is no file, and near to the key of a target (E030)."""
    if not _may_be_key(name):
        return
    from generator.generate import targets_of

    found = (outcome(lambda each: targets_of(each, project), spec) for spec in specs)
    keys = [target.key for each in found if not isinstance(each, Refused) for target in each]
    if meant := nearest(name, keys, cutoff=0.8):
        message = "it is neither a file nor a target of the project"
        raise Refused([NO_FILE.at(Place(name), message, did_you_mean(meant))])


def _matching(patterns: Iterable[str], root: Path, project: Source | None = None) -> Iterator[str]:
    """Yield the specs that patterns match, relative to this folder; `project` is the file that says them, if any."""
    for index, pattern in enumerate(patterns):
        whole = Path(os.path.relpath(root)) / pattern
        never = _NEVER - {*whole.parts}
        found = [each for each in matching(whole) if never.isdisjoint(each.parts)]
        place = project.place(("specs", index)) if project else Place(str(whole))
        at = f"at {pattern}" if project else "there"
        inside = (whole / f"*{each}" for each in SPECS)  # a folder alone is none of its files
        meant = [each for each in inside if matching(each)] if found else near(whole)
        fix = did_you_mean(os.path.relpath(each, root) for each in meant)
        yield from _specs_of(found, place, at, fix)


def _specs_of(paths: Iterable[Path], place: Place, at: str = "there", fix: str = "") -> Iterator[str]:
    """Yield what may be specs, in order; raise Refused (E030) where nothing may."""
    from generator.project import FILE

    there = sorted(paths)
    found = [each for each in there if each.suffix in SPECS and each.name != FILE and each.name[0] != "."]
    if not any(is_file(each) for each in found):
        module = next((each for each in there if is_folder(each) and any(each.glob("*.tf"))), None)
        fix = f"name others; draw and show take modules: {module} is one" if module else fix or "name others"
        raise Refused([NO_FILE.at(place, f"no spec is {at}: no file of YAML or JSON", fix)])
    yield from (str(each) for each in found if is_file(each))
