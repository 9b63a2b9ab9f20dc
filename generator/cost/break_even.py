"""Where two ways to carry the same traffic cost the same: each a fixed cost a month, and a price a GB in tiers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from generator.cost.prices import Tier, amount
from generator.source.frozen import frozen


@frozen(kw_only=True)
class Way:
    """One way to carry traffic: USD a month whatever the traffic, and USD a GB in tiers."""

    fixed: Decimal
    gb: tuple[Tier, ...]

    def cost(self, gb: Decimal) -> Decimal:
        """Return USD a month for so many GB: the fixed cost + each tier's GB at its price."""
        return self.fixed + amount(self.gb, gb)


@frozen(kw_only=True)
class BreakEven:
    """Whether the first of two ways costs less, or as much, up to `gb` a month; from there the other does.

    None is never: the way that costs less at first costs no more at any traffic.
    """

    first_is_cheaper: bool
    gb: Decimal | None


def break_even(first: Way, second: Way) -> BreakEven:
    """Return where two ways cost the same.

    With one price a GB each: GB = (first.fixed - second.fixed) / (second's price - first's price). Between two ends of
    tiers the same holds of the costs at the lower end, so each such part is looked at in turn. Of two ways that begin
    at the same cost, the one with the lower price a GB is the cheaper at first.
    """
    ends = sorted({tier.up_to for tier in (*first.gb, *second.gb) if tier.up_to is not None})
    parts = [(low, high) for low, high in pairwise((Decimal(0), *ends, None)) if low is not None]
    slopes = [_price(second.gb, low) - _price(first.gb, low) for low, _ in parts]
    signs = (second.fixed - first.fixed, *slopes)
    first_is_cheaper = next((sign for sign in signs if sign), Decimal(0)) >= 0
    for (low, high), slope in zip(parts, slopes, strict=True):
        closing = -slope if first_is_cheaper else slope
        if closing > 0:
            gb = low + abs(second.cost(low) - first.cost(low)) / closing
            if high is None or gb < high:
                return BreakEven(first_is_cheaper=first_is_cheaper, gb=gb)
    return BreakEven(first_is_cheaper=first_is_cheaper, gb=None)


def _price(tiers: Iterable[Tier], above: Decimal) -> Decimal:
    """Return the price of the next GB above so many."""
    return next(tier.price for tier in tiers if tier.up_to is None or tier.up_to > above)
