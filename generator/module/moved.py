"""Where `moved` blocks of a root bring an address: of a thing, or of what is in a module or one instance of it.

https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
"""

from __future__ import annotations

from collections.abc import Mapping


def follow(address: str, moves: Mapping[str, str]) -> str:
    """Return the address that `moved` blocks give to one, the same where none does; blocks follow each other.

    Where neither side has an index, all instances keep theirs. Seen with Terraform 1.11.4.
    """
    passed = set[str]()
    while at := next((each for each in moves if each not in passed and _has(each, moves[each], address)), ""):
        passed.add(at)
        address = moves[at] + address.removeprefix(at)
    return address


def _has(at: str, to: str, address: str) -> bool:
    """Tell whether an address is what moves, or in the module that does; without an index in both, all instances do."""
    rest = address.removeprefix(at)
    return rest != address and (not rest or rest.startswith("." if "]" in {at[-1], to[-1]} else (".", "[")))
