"""How a root calls a module, and below which paths a state of that root has it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from generator.module.root_files import ANY_KEY, Chain
from generator.source.frozen import frozen

UNTOLD_PATH = "PATH."
"""What stands in commands for the path of a module that is not told."""
_PATH_IS = f"{UNTOLD_PATH} is module.NAME., by the name of its call, and empty where the module is the root"
_INDEX = r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]'
MODULE = rf"module\.[\w-]+(?:{_INDEX})?"
"""A module in an address, or one instance of it."""
_PATH = re.compile(rf"(?:{MODULE}(?:\.|$))*")
_STEP = re.compile(rf"module\.([\w-]+)({_INDEX})?")


def explain_path(text: str, root: str) -> str:
    """Return a text with commands, with what they have in place of the path below a `root` that is not told."""
    return f"{text}; {_PATH_IS}" if root == UNTOLD_PATH and root in text and _PATH_IS not in text else text


@frozen(kw_only=True)
class RootCalls:
    """How a root calls a module in a folder, if it does, by itself or by way of other modules."""

    at: Path
    folder: Path = Path()
    """Where the root is."""
    others: tuple[RootCalls, ...] = ()
    """The roots that call the module, where none is told to be the one."""
    chains: Mapping[str, Sequence[Chain]]
    """All calls that are read, by the name of the first, which the root itself has."""
    is_whole: bool
    """Whether all is read by which Terraform could call something from the root itself."""
    declared: Collection[str] = ()
    """What the root has itself, as far as it is read, by the address of its block."""

    @property
    def name(self) -> str:
        """How the root is told."""
        return "the root here" if self.folder == Path() else f"the root in {self.folder}"

    @property
    def own(self) -> list[Chain]:
        """The calls that lead to the module."""
        return [each for several in self.chains.values() for each in several if each.at == self.at]

    @property
    def is_open(self) -> bool:
        """Whether the root is read, and not all that modules call which it has in folders."""
        return self.is_whole and any(c.at and not c.is_read for several in self.chains.values() for c in several)

    def leads(self, address: str) -> bool | None:
        """Tell whether an address, or the path of one, is of an instance of the module; None where that is not told.

        Terraform moves no instance of a module to another key, or to none, by itself, as it does those of a resource.
        Seen with Terraform 1.11.4: a call that gets `count = 1` has all destroyed and made anew. A folder where nothing
        is called is no root, or not yet.
        """
        found = self.at_path(address)
        return True if self.at in found else None if None in found or not self._is_told else False

    def brings(self, kind: str, to: str) -> bool | None:
        """Tell whether a block brings something to an instance of the module; None where that is not told.

        Of `moved` the next may bring it on from where no module is, and an address without an index is of them all.
        """
        found = self.at_path(to, is_move=True)
        return self.leads(to) if kind == "import" else not found or not found.isdisjoint({self.at, None})

    def lacks(self, address: str) -> bool:
        """Tell whether the root surely calls nothing at the path of an address."""
        return self._is_told and not self.at_path(address)

    @property
    def _is_told(self) -> bool:
        return self.is_whole and bool(self.chains)

    def at_path(self, address: str, *, is_move: bool = False) -> set[Path | None]:
        """Return where the modules are of which an address may be, each None of which it is not told."""
        path, found = _PATH.match(address), set[Path | None]()
        steps = _STEP.findall(path[0]) if path else []
        for chain in self.chains.get(steps[0][0], ()) if steps else ():
            both = [*zip(steps, chain.calls, strict=False)]
            if len(both) < len(chain.calls) or any(name != call.name for (name, _), call in both):
                continue
            if len(both) < len(steps):
                found |= set() if chain.is_read else {None}
            elif all(call.has(index) or (is_move and not index) for (_, index), call in both):
                found.add(chain.at)
        return found

    def follows(self, other: RootCalls | None) -> bool:
        """Tell whether the root, read whole, makes all of another module before this one, and looks up then."""
        own, first = ({each.calls[0].name for each in it.own} if it else set[str]() for it in (self, other))
        return self.is_whole and bool(own and first) and all(first <= self._after(name) for name in own)

    def _after(self, name: str) -> set[str]:
        """Return the calls of the root after which one comes by `depends_on`, those too after which these do."""
        found, first = set[str](), [name]
        while first:
            new = {at for each in self.chains.get(first.pop(), ()) for at in each.calls[0].after} - found
            found |= new
            first += new
        return found

    def calls_another(self, path: str) -> bool:
        """Tell whether the root calls another module by the first name in a path."""
        own = {each.calls[0].name for each in self.own}
        return any(name in self.chains and name not in own for name, _ in _STEP.findall(path)[:1])

    def may_lead(self, path: str) -> bool:
        """Tell whether the module may be below a path, with its dot: at a call of it, or in what is not read."""
        return path == UNTOLD_PATH or not self.is_whole or self.leads(path) is not False

    def may_have(self, address: str) -> bool:
        """Tell whether an address may be one of the module: any, where the root does not call it as far as it reads."""
        return not (self.own or self.is_open) or self.may_lead(address)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the module, with their dots."""
        return tuple(each.path for each in self.own)

    def is_at_any(self, paths: Collection[str]) -> bool:
        """Tell whether an instance of the module is at one of some paths, with their dots, or may be."""
        its = {f"{each}." for chain in self.own for each in chain.instances}
        return not its.isdisjoint(paths) or any(ANY_KEY in each for each in its)

    @property
    def path(self) -> str:
        """The path of the module in commands, with its dot."""
        return paths[0] if len(paths := self.paths) == 1 else UNTOLD_PATH
