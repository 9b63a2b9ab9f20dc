"""Where `moved` blocks bring what Terraform's state has, and which endpoints these and import blocks tell it to be.

https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain

from generator.live.addresses import resource_of, split
from generator.live.applied import Applied, having, within
from generator.live.marks import where
from generator.module.moved import follow
from generator.module.root_calls import MODULE
from generator.module.root_files import Brought

_MODULES = re.compile(rf"{MODULE}(?:\.{MODULE})*")


def moved_of(
    known: Applied, imports: Iterable[tuple[str, str]], vpc_id: str, is_own: Callable[[str], bool] = bool
) -> dict[str, str]:
    """Return by id the whole address to which a `moved` block brings what a state has, if that `is_own`.

    Those of a module's own files are below each path at which it is called, by whatever key: in one where a state has
    what they speak of. https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
    """
    found = dict(_with_modules(known, imports, vpc_id, is_own))
    for at, to in imports:
        for identifier in having(known, split(at)[1], vpc_id) if "." in at else ():
            path, is_there, key = (found.get(identifier) or where(known, identifier)[1]).rpartition(at)
            is_below = path.startswith("module.") and not to.startswith("module.")
            if is_there and key in {"", "[0]"} and (is_below or not path) and is_own(path + to):
                found[identifier] = path + to
    return found


def _with_modules(
    known: Applied, imports: Iterable[tuple[str, str]], vpc_id: str, is_own: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield by id the address to which `moved` blocks bring what a state has, of whole modules or instances of one."""
    moves = {at: to for at, to in imports if _MODULES.fullmatch(at) and _MODULES.fullmatch(to)}
    for identifier, whole in within(known, vpc_id) if moves else ():
        address = follow(whole, moves)
        if address != whole and is_own(address):
            yield identifier, address


def keys_of(
    known: Applied,
    imports: Collection[tuple[str, str]],
    endpoints: Iterable[str],
    vpc_id: str,
    is_own: Callable[[str], bool] = bool,
) -> dict[str, str]:
    """Return by ids which of these endpoints of a module they are to be: as a state has it, else import blocks.

    Of what a state has, that of which the address `is_own`.
    """
    wanted = {f"aws_vpc_endpoint.{key}" for key in endpoints}
    found = {identifier: split(to)[1] for identifier, to in imports if identifier}
    there = ((each, at) for at in wanted for each in having(known, at, vpc_id) if is_own(where(known, each)[1]))
    others = [(each, at) for each, _ in imports if each in known and is_own(at := where(known, each)[1])]
    others += moved_of(known, imports, vpc_id, is_own).items()
    to = chain(there, ((each, split(at)[1]) for each, at in others))
    found.update((each, at) for each, at in to if at.startswith("aws_vpc_endpoint."))
    return {identifier: at.partition(".")[2] for identifier, at in found.items() if at in wanted}


def imported(
    own: Brought, callers: Brought, is_own: Callable[[str, str], bool | None] | None = None
) -> dict[tuple[str, str], str]:
    """Return by id and address within its module what import blocks bring in, as far as they read, and their file.

    An id that does not read is empty, and one that goes to an address of which it is not told whether it `is_own`.

    So too what `moved` blocks bring from an address to another, as they have these: within the module, or whole.

    Those of `callers`, what files of a root outside the module's folder bring, are of what `is_own` below `module.`
    alone; what has that in the folder's own files is of a module that it calls.
    """
    found = dict[tuple[str, str], str]()
    for several, is_caller in ((own, False), (callers, True)):
        for file, (kind, what, to) in ((file, each) for file, of_it in several.items() for each in of_it):
            is_told = is_caller == to.startswith("module.") and (not is_caller or is_own is None or is_own(kind, to))
            if is_told is not False:
                key = (what, to) if kind == "moved" else (what if is_told else "", resource_of(to))
                found[key] = file
    return found
