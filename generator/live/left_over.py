"""Which live endpoints that no spec has may be a spec's all the same, as long as no state and no import block tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from generator.live.alike import is_as_stated
from generator.live.pairs import Live, Pair, home, lives_of


def left_over(pairs: Iterable[Pair]) -> Iterator[tuple[list[Live], list[Pair], bool]]:
    """Yield live endpoints that are left beside pairs of their VPC, type and target, the pairs, and whether these fit.

    Anybody can change and rename an endpoint, and make another that is as the spec says: of a pair that differs it is
    not told whether it is the spec's, and of one that fits Terraform's state may have the other.
    """
    alike, taken = defaultdict[object, list[Pair]](list), set[object]()
    for pair in pairs:
        taken.add(pair.live_id)
        if not pair.is_told:
            what = (*home(pair.located), pair.endpoint.endpoint.type, pair.endpoint.target)
            alike[what, pair.index, pair.endpoint.endpoint.name].append(pair)
    for several in alike.values():
        first, where = several[0], home(several[0].located)
        free = [
            live
            for live in lives_of(first.endpoint, first.located)
            if (where, live.id) not in taken
            and not live.is_dead
            and first.located.is_managed(live.id) is None
            and not (live.is_left and live.name != first.endpoint.endpoint.name)
        ]
        fitting = defaultdict[bool, list[Pair]](list)
        for pair in several if free else ():
            fitting[is_as_stated(pair.endpoint, pair.live.object, pair.located)].append(pair)
        for fits, those in fitting.items():
            yield free, those, fits
