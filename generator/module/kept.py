"""What blocks of files say beside what they make: after what a call comes, and which addresses they keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.hcl.hcl import Block, Expression, literal

_WHOLE = re.compile(r"module\.([\w-]+)")


def after(block: Block) -> Iterator[str]:
    """Yield the names of the calls that one depends on by `depends_on`: "only use references to whole objects".

    https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on (read 2026-11-28)
    """
    several = block.arguments.get("depends_on")
    for each in several if isinstance(several, tuple) else ():
        if found := _WHOLE.fullmatch(each.text if isinstance(each, Expression) else str(each)):
            yield found[1]


def kept(files: Iterable[Iterable[Block] | None]) -> frozenset[str] | None:
    """Return the addresses that resources of files have, or from which moved and removed blocks take what a state has.

    None where a file can't be read.
    """
    those = [*files]
    found = [block for blocks in those for block in blocks or ()]
    taken = (literal(each.arguments.get("from")) for each in found if each.type in {"moved", "removed"})
    made = (each.address for each in found if each.type == "resource")
    return None if None in those else frozenset(filter(None, (*taken, *made)))
