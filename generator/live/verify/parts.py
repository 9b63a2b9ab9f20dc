"""Addresses and ports as ranges, one of which may be taken out of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Part(NamedTuple):
    """The addresses and the ports of a way or a rule: the first and the last of each, both included."""

    low: int
    high: int
    first: int
    last: int

    def less(self, other: Part) -> Iterator[Part]:
        """Yield what is left of the part without what is in another too: itself, if they have nothing in common."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        first, last = max(self.first, other.first), min(self.last, other.last)
        if low > high or first > last:
            yield self
            return
        if self.low < low:
            yield self._replace(high=low - 1)
        if high < self.high:
            yield self._replace(low=high + 1)
        if self.first < first:
            yield Part(low, high, self.first, first - 1)
        if last < self.last:
            yield Part(low, high, last + 1, self.last)


def part_of(block: Any, first: int, last: int) -> Part:
    """Return all addresses of a block on a range of ports."""
    return Part(int(block.network_address), int(block.broadcast_address), first, last)
