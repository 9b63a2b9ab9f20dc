"""Several specs in one run: one that is refused hides nothing of the others, and the run ends with what came of all."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

import typer

from generator.cli.boundary import print_refused
from generator.cli.printing import note, printing, say, show_lines_of, show_templates
from generator.cli.progress import doing
from generator.cli.views.words import counted
from generator.fleet.keys import folders_above, module_name
from generator.source.diagnostics import Code, Diagnostic, ExitCode, Refused, outcome, worst
from generator.source.frozen import slotted

if TYPE_CHECKING:
    from generator.cli.scope import Scope
    from generator.fleet.overlays import Target
    from generator.source.draft import Source

ONE_NAME = Code("E031")
RENAME = "rename one of them"
Item = TypeVar("Item")
Result = TypeVar("Result")


def outcomes(items: Iterable[Item], work: Callable[[Item], Result], at_once: int = 1) -> dict[Item, Result | Refused]:
    """Return what the work for each item came to, in the order of the items; at most so many are worked on at once."""
    todo, one = [*dict.fromkeys(items)], partial(outcome, work)
    if at_once == 1 or len(todo) <= 1:
        return {item: one(item) for item in _watched(todo)}
    from multiprocessing.pool import ThreadPool  # whose threads do not keep an interrupted tool from ending

    with ThreadPool(at_once) as pool:
        found = pool.imap(one, todo)
        return {item: next(found) for item in _watched(todo)}


class Owner(Protocol):
    """A target, or what is known of one."""

    @property
    def key(self) -> str:
        """Its folder below `out`."""

    @property
    def label(self) -> str:
        """Its key, where its file has several."""

    @property
    def module(self) -> str:
        """The name of its module, as file systems compare it."""

    @property
    def source(self) -> Source:
        """Its spec."""


Target_ = TypeVar("Target_", bound=Owner)


@slotted(kw_only=True)
class Batch:
    """What was refused so far, and how much is said of what is fine."""

    quiet: bool = False
    all_or_nothing: bool = False
    refused: list[Refused] = field(default_factory=list)
    done: int = 0
    once: list[str] = field(default_factory=list)
    """What the files are that are there once for all modules, where not as they should be."""
    later: ClassVar[Collection[str]] = ()
    """The codes of warnings that are held until AWS's answers are there."""

    def each_of(
        self, items: Iterable[Item], work: Callable[[Item], Result], *, is_last: bool = True
    ) -> dict[Item, Result]:
        """Do the work for each item, each once, and keep what is refused; end where nothing is left to do.

        Where it is not `is_last`, who asks for it says later what is left.
        """
        found = outcomes(items, work)
        results = {item: each for item, each in found.items() if not isinstance(each, Refused)}
        for item, each in found.items():
            if isinstance(each, Refused):
                self.keep(each, item)
        if is_last:
            self.settle(results)
        return results

    def hold(self, warnings: Mapping[Target, tuple[Diagnostic, ...]]) -> Mapping[Target, tuple[Diagnostic, ...]]:
        """Return the warnings of specs that are to be told at once."""
        return warnings

    def settle(self, results: Collection[object]) -> None:
        """Count what is done, and end where nothing is left to do."""
        self.done += len(results)
        if self.refused and (self.all_or_nothing or not self.done):
            self.end(())

    def targets_of(self, scope: Scope) -> list[Target]:
        """Return the targets of all specs of a run that have some; a spec without `targets` is one."""
        from generator.generate import targets_of

        show_lines_of(scope.specs)
        found = self.each_of(scope.specs, lambda path: targets_of(path, scope.source))
        self.done -= len(found)
        targets = [target for of_it in found.values() for target in of_it]
        show_templates({each.source.templates for each in targets})
        return self.distinct(targets, scope) if scope.project else _each_once(targets)

    def distinct(
        self, targets: Collection[Target_], scope: Scope, digests: Mapping[Owner, Mapping[str, str]] | None = None
    ) -> list[Target_]:
        """Return the targets whose modules no other spec of a run or a project has, and keep the others as refused.

        Of those that were rendered, `digests` tell which are the same.
        """
        targets = _each_once(targets)
        owners: defaultdict[str, list[Owner]] = defaultdict(list)
        for each in targets:
            owners[each.module].append(each)
        files = {os.path.realpath(each.source.file) for each in targets} if scope.rest else set()
        if rest := [each for each in scope.rest if scope.project and os.path.realpath(each) not in files]:
            from generator.cli.namesakes import namesakes

            above = {module_name(folder) for each in targets for folder in folders_above(each.key)}
            for other in namesakes({*owners, *above}, rest, scope.source):
                owners[other.module].append(other)
        known = [each for of_it in owners.values() for each in of_it]
        at = {each.key.casefold(): each for each in known}
        inside = {folder: each for each in known for folder in folders_above(each.key)}
        kept: list[Target_] = []
        for each in targets:
            with self.kept(each):
                _refuse_twin(each, owners[each.module], scope.strays, digests or {})
                if near := next(
                    filter(None, (inside.get(each.key.casefold()), *map(at.get, folders_above(each.key)))), None
                ):
                    message = f"{near.source.path} has {near.key}: the folder of one would be inside that of the other"
                    raise Refused([ONE_NAME.at(each.source.place(("name",)), message, RENAME)])
                kept.append(each)
        return kept

    @contextmanager
    def kept(self, item: object = "") -> Iterator[None]:
        """Go on after what is refused of an item."""
        try:
            yield
        except Refused as refused:
            self.keep(refused, item)

    def keep(self, refused: Refused, item: object) -> None:
        """Keep why an item is refused: a file, or what has the path and the key of a target."""
        refused.label = getattr(item, "label", "")
        refused.path = item.path if hasattr(item, "path") else str(item)  # of a target, all its overlays too
        self.refused.append(refused)

    def say(self, text: object) -> None:
        """Print what is as it should be, unless only what is not is to be told."""
        if not self.quiet:
            say(text)

    def note(self, text: str) -> None:
        """Print beside the output what is worth knowing, unless only what is wrong is to be told."""
        if not self.quiet:
            note(text)

    def end(self, states: Mapping[str, str] | Collection[str], code: ExitCode = ExitCode.FINE) -> None:
        """Print what was refused and, of several, how many are in which state; exit with the worst code.

        States by name are in the document of findings, too.
        """
        if isinstance(states, Mapping):
            printing().states |= {**states, **{each.path: each.state for each in self.refused if each.path}}
            states = states.values()
        codes = [code, *([print_refused(self.refused)] if self.refused else [])]
        found = Counter((*states, *(each.state for each in self.refused if each.path)))
        once = [*self.once, *(each.state for each in self.refused if not each.path)]
        if states and (found.total() > 1 or once):
            told = ", ".join(f"{number} {state}" for state, number in found.items())
            told += "".join(f"; the files for all of them: {state}" for state in once)
            note(f"\n{counted(found.total(), 'module')}: {told}")
        if worst(codes):
            raise typer.Exit(worst(codes))


def _each_once(targets: Iterable[Target_]) -> list[Target_]:
    """Return targets without those that are named twice, as by their file and their key."""
    return [*{os.path.normpath(each.source.path): each for each in targets}.values()]


def _refuse_twin(
    each: Owner, owners: Iterable[Owner], strays: Collection[str], digests: Mapping[Owner, Mapping[str, str]]
) -> None:
    """Raise Refused where another spec has the name of a target; of a spec that no project has, the project's holds."""
    is_stray = each.source.file in strays
    others = [one for one in owners if each.key and one is not each]
    twins = [one for one in others if one.source.file not in strays]
    if twin := next(iter(twins or (others if is_stray else ())), None):
        message, fix = f"{twin.source.path} has the name {each.key} too", RENAME
        if is_stray and twins:
            message = f"the project renders {each.key} from {twin.source.path}, and not from this file"
            fix = f"delete this file if that took its place; else {RENAME}"
            if digests.get(each) and digests[each] == digests.get(twin):
                fix = f"delete this file: {twin.source.path} renders the same"
        raise Refused([ONE_NAME.at(each.source.place(("name",)), message, fix)])


def _watched(items: Collection[Item]) -> Iterator[Item]:
    """Yield items, and have a terminal tell how many are done."""
    done: list[Item] = []
    with doing(lambda: f"{len(done)} of {len(items)}"):
        for item in items:
            yield item
            done.append(item)


def refuse_warnings(warnings: tuple[Diagnostic, ...], *, strict: bool) -> None:
    """Raise Refused where a spec comes with warnings and they are to be taken for errors."""
    if strict and warnings:
        raise Refused(warnings)
