"""The arrow: a spec's file in, the module's files out, and nothing in between that was not proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.hcl import facts
from generator.module import check, render
from generator.source.diagnostics import Code, ExitCode, Place, Refused
from generator.understand import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from generator.hcl.cache import Cache
    from generator.module.module import Module

ONE_NAME = Code(
    "E031", "two specs of one name", "A spec's name is its module's folder: the second would overwrite the first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A module, its files, and what was read back from them."""

    path: str
    module: Module
    files: Mapping[str, str]
    facts: facts.Facts


def generate(path: str, cache: Cache, today: date | None = None) -> Generated:
    """Return the module that the spec at `path` means, as files that were read back and say just that.

    Raises Refused: the user's turn for what is wrong with the spec, ours for files that say anything else.
    """
    module = understand(path, today)
    files = render.render(module, cache.bytecode)
    said = facts.read_back(files, known=cache.known, grammar=cache.grammar)
    disagreements = check.check(module, said)
    if disagreements:
        raise Refused(disagreements, ExitCode.BUG)
    return Generated(path=path, module=module, files=files, facts=said)


def distinct(generated: Iterable[Generated]) -> None:
    """Raise Refused where two specs bear one name: the name is the module's folder."""
    by_name: dict[str, list[str]] = {}
    for each in generated:
        by_name.setdefault(each.module.name, []).append(each.path)
    twice = [(name, paths) for name, paths in by_name.items() if len(paths) > 1]
    if twice:
        findings = (
            ONE_NAME.at(Place(paths[-1]), f"{paths[0]} has the name {name} too", "rename one of them")
            for name, paths in twice
        )
        raise Refused(findings)
