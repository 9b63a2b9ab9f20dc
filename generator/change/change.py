"""One change: what Terraform will do, or can't do, to one object of a module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from generator.hcl.hcl import Block
from generator.source.diagnostics import Diagnostic, Place
from generator.source.frozen import frozen

Action = Literal["destroy", "replace", "rename", "refused", "create", "update", "move"]
ORDER: tuple[Action, ...] = get_args(Action)
"""In which order changes are told: what hurts comes first."""


class Step(NamedTuple):
    """What Terraform does to one resource, or to some rules of one group."""

    action: Action
    old: Block | None
    new: Block | None
    arguments: tuple[str, ...] = ()
    lets_in: tuple[str, ...] = ()
    """Of rules, in words; the blocks are then those of their group."""
    address: str = ""
    """Of rules, that of the first."""

    @property
    def block(self) -> Block:
        """What it is about: as rendered now where it stays or is made, else as it is on disk."""
        block = self.old if self.action == "destroy" else self.new
        return block or self.old or Block(type="resource", labels=("", ""))


@frozen()
class Values:
    """The value of an argument before and after; None where it is not stated."""

    argument: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Return them as a line has them, after the argument."""
        before, after = ("not stated" if each is None else each or '""' for each in (self.before, self.after))
        return f"{self.argument} {before} -> {after}"


@frozen(kw_only=True)
class Change:
    """One thing that Terraform will do, or can't do, to one object of a module."""

    module: str
    """The folder's name."""
    action: Action
    address: str
    """The address from now on; of what goes, that on disk."""
    before: str = ""
    """Of what is renamed or moved, the address on disk."""
    subject: str
    """As `endpoint logs`, `security group app`, `rules of security group app`."""
    key: str = ""
    """What `--allow` names after the module: the endpoint's key or the group's label; empty where it allows nothing."""
    what: str = ""
    """Of an endpoint its service and type."""
    arguments: tuple[str, ...] = ()
    """What changes (update), or what forces a new object (replace)."""
    values: tuple[Values, ...] = ()
    """Of those arguments whose values are literals that fit a line; none where a plan tells of the change."""
    source: str = ""
    """Of a replacement, where the provider says so."""
    means: tuple[str, ...] = ()
    """What it means for who uses it, in sentences; of what is refused, why comes first."""
    fix: str = ""
    """What to write or type."""
    code: str = ""
    """The code of the finding that forbids it (E501 and the like)."""
    place: Place
    """The line of the spec that causes it."""

    @property
    def allowance(self) -> str:
        """What `--allow` takes for the loss of an endpoint."""
        return f"{'replace' if self.action == 'replace' else 'destroy'}:{self.module}/{self.key}"


@frozen(kw_only=True)
class Planned:
    """What a plan of Terraform does to the modules, and where what was rendered says otherwise."""

    changes: tuple[Change, ...]
    """Each at its whole address in the plan."""
    findings: tuple[Diagnostic, ...]
    others: int
    """How many changes are of anything else."""
    told: Mapping[str, frozenset[str]]
    """By module, the keys of the endpoints of which the plan tells what becomes of them, as the files do."""
