"""How a root in the working folder calls a module, and below which paths a state of that root has it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.source.frozen import frozen

ANY_KEY = "[KEY]"
"""The index of an instance whose key is not told."""
UNTOLD_PATH = "PATH."
"""What stands in commands for the path of a module that is not told."""
_PATH_IS = f"{UNTOLD_PATH} is module.NAME., by the name of its call, and empty where the module is the root"
_INDEX = r'\[(?:"(?:[^"\\]|\\.)*"|\d+|KEY)\]'
MODULE = rf"module\.[\w-]+(?:{_INDEX})?"
"""A module in an address, or one instance of it."""
_FIRST = re.compile(rf"module\.([\w-]+)({_INDEX})?\.(.*)")


def explain_path(text: str, root: str) -> str:
    """Return a text with commands, with what they have in place of the path below a `root` that is not told."""
    return f"{text}; {_PATH_IS}" if root == UNTOLD_PATH and root in text and _PATH_IS not in text else text


@frozen(kw_only=True)
class RootCalls:
    """The calls of a root, of which one or several are of a module."""

    own: Mapping[str, str]
    """The names of the calls of the module, each with the index of its instance, as `["prod"]`."""
    others: Mapping[str, bool]
    """The names of the other calls, each with whether it is told that they lead to another folder."""
    is_whole: bool
    """Whether all is read by which Terraform could call something."""

    def may_lead(self, path: str) -> bool:
        """Tell whether the module may be below a path, with its dot: at a call of it, or in what is not read.

        Terraform moves no instance of a module to another key, or to none, by itself, as it does those of a resource.
        Seen with Terraform 1.11.4: a call that gets `count = 1` has all destroyed and made anew.
        """
        if not self.is_whole or path == UNTOLD_PATH:
            return True
        if not (found := _FIRST.fullmatch(path)):
            return False
        name, index, inner = found[1], found[2] or "", found[3]
        if name in self.own:
            return not inner and (index == self.own[name] or (bool(index) and self.own[name] == ANY_KEY))
        return name in self.others and (bool(inner) or not self.others[name])

    def may_have(self, address: str) -> bool:
        """Tell whether an address may be one of the module."""
        path, dot, _ = address.rpartition(".aws_")
        return self.may_lead(f"{path}." if dot else "")

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the module, with their dots."""
        return tuple(f"module.{name}{index}." for name, index in self.own.items())

    @property
    def path(self) -> str:
        """The path of the module in commands, with its dot."""
        return self.paths[0] if len(self.own) == 1 else UNTOLD_PATH
