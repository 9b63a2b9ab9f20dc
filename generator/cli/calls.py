"""How roots call modules if nobody names them otherwise: those of targets, and those of specs and folders beside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from generator.fleet.keys import module_name
from generator.hcl.hcl import label
from generator.live.addresses import innermost
from generator.live.applied import Applied, addresses
from generator.module.root_calls import UNTOLD_PATH, RootCalls
from generator.output import manifest
from generator.output.disk import explained
from generator.source.reading import SPECS, resolved

if TYPE_CHECKING:
    from generator.cli.scope import Scope
    from generator.fleet.overlays import Target
    from generator.module.elsewhere import Elsewhere
    from generator.module.root_files import Chain, RootFiles


class Calls:
    """The calls of a run, each file and folder looked at once."""

    def __init__(self) -> None:
        """Know none yet."""
        self._targets: dict[str, list[Target]] = {}
        self._of_file: dict[str, frozenset[str]] = {}
        self._beside: dict[Path, dict[str, str]] = {}
        self._roots: dict[Path, RootFiles] = {}
        self._chains: dict[Path, Mapping[str, list[Chain]]] = {}
        self._paths: frozenset[str] | None = None
        """Below which paths states have endpoints."""

    def _of(self, target: Target, scope: Scope) -> frozenset[str]:
        """Return how the modules of all targets of the file of one are called; none of a spec by itself."""
        file = target.source.file
        if target.label and file not in self._of_file:
            from generator.generate import targets_of

            self._targets[file] = [*targets_of(file, scope.source)]
            self._of_file[file] = frozenset(call_of(each.key) for each in self._targets[file])
        return self._of_file.get(file, frozenset())

    def files(self, root: RootCalls) -> RootFiles:
        """Return the files of a root."""
        return self._files(root.folder)

    def _files(self, root: Path) -> RootFiles:
        from generator.module.root_files import RootFiles

        return self._roots.setdefault(root, RootFiles(root))

    def _calls(self, root: Path, folder: Path) -> RootCalls:
        """Return how a root calls the module in a folder, if it does."""
        from generator.module.root_files import chains

        files = self._files(root)
        if root not in self._chains:
            self._chains[root] = chains(files)
        calls = RootCalls(at=resolved(folder), folder=root, chains=self._chains[root], is_whole=files.is_whole)
        return replace(calls, declared=files.declared)

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """The files of the other roots."""
        from generator.module.elsewhere import Elsewhere

        return Elsewhere()

    def path(self, folder: Path) -> str:
        """Return the path, with its dot, by which one root of the repository calls the module in a folder."""
        paths = self.elsewhere.paths(folder)
        return UNTOLD_PATH if len(paths) > 1 else next(iter(paths), "")

    def of_root(self, folder: Path, known: Applied) -> RootCalls:
        """Return how the root calls the module in a folder: that in the working folder, else the one below that does.

        Of several below it is that whose call a state has something of, and if that is not one, the root here, which
        does not call it, with those.
        """
        here = self._calls(Path(), folder)
        if here.own or here.is_open:
            return here
        below = [self._calls(each, folder) for each in sorted(self.elsewhere.roots_below(folder))]
        below = [each for each in below if each.own]
        if below[1:]:
            if self._paths is None:
                self._paths = frozenset(path for path, _ in addresses(known, "aws_vpc_endpoint"))
            below = [each for each in below if each.is_at_any(self._paths)] or below
        return below[0] if len(below) == 1 else replace(here, others=(*below,))

    def bringing(self, root: RootCalls, is_own: Callable[[str], bool]) -> tuple[str, ...]:
        """Return the roots of which none is told to be that of a module, where any brings something to it."""
        brought = (
            each.brings(kind, to) is not False and is_own(to)
            for each in root.others
            for several in self.files(each).brought.values()
            for kind, _, to in several
            if to.startswith("module.")
        )
        return tuple(str(each.folder) for each in root.others) if any(brought) else ()

    def is_own(self, address: str, target: Target, scope: Scope) -> bool:
        """Tell whether no other target of the file of one has an address in a root, by its modules."""
        return innermost(address, self._of(target, scope)) in {"", call_of(target.key)}

    def of_targets(self, given: Collection[Target], scope: Scope) -> dict[str, Mapping[str, bool]]:
        """Return how the modules of the targets of each file are called of which not all are given, and which are.

        So too those that the file had at git's base, and has no more under this key or another.
        """
        there = {(each.source.file, call_of(each.key)) for each in given}
        calls = {each.source.file: self._of(each, scope) for each in given}
        found = {file: {each: (file, each) in there for each in several} for file, several in calls.items()}
        for file, gone in self._gone(scope.out) if self._targets else ():
            found[file] = {gone: False, **found.get(file, {})}
        return {file: several for file, several in found.items() if not all(several.values())}

    def _gone(self, out: Path) -> Iterator[tuple[str, str]]:
        """Yield files, and how the modules of targets are called that these had at git's base and have no more."""
        from generator.output.beside import gone_targets

        files, rows = {str(Path(file)): file for file in self._targets}, [*chain(*self._targets.values())]
        keys = {key for each in rows for key in (each.key, each.source.row.was if each.source.row else "") if key}
        _, places, renamed = gone_targets(out, files, {out / key for key in keys})
        for folder in sorted(places.keys() - renamed.keys()):
            yield files[places[folder].file], call_of(folder.relative_to(out).as_posix())

    def of_others(self, target: Target, out: Path) -> dict[str, str]:
        """Return the paths of the specs beside one, and of the modules that there are, by their calls."""
        file, row = Path(target.source.file), target.source.row
        if file.parent not in self._beside:
            with explained(out):
                made = [each.parent for each in out.glob(f"**/{manifest.NAME}")]
            specs = {call_of(each.stem): str(each) for each in file.parent.glob("*.*") if each.suffix in SPECS}
            self._beside[file.parent] = {call_of(str(each.relative_to(out))): str(each) for each in made} | specs
        own = {call_of(target.key), call_of(file.stem), call_of(row.was if row else "")}
        return {call: path for call, path in self._beside[file.parent].items() if call not in own}


def call_of(key: str) -> str:
    """Return the name that a root gives the module of a key."""
    return label(module_name(key))
