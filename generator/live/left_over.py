"""Which live endpoints that no spec has may be a spec's all the same, as long as no state and no import block tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from generator.live.alike import is_as_stated
from generator.live.candidates import Live, lives_of
from generator.live.estate import AwsObject
from generator.live.pairs import Pair, home, target_of


def left_over(pairs: Iterable[Pair]) -> Iterator[tuple[dict[str, AwsObject], list[Pair], bool]]:
    """Yield by id the live endpoints left beside pairs of their VPC, type and target, the pairs, and whether these fit.

    Anybody can change and rename an endpoint, and make another that is as the spec says: of a pair that differs it is
    not told whether it is the spec's, and of one that fits Terraform's state may have the other.
    """
    alike = defaultdict[tuple[tuple[object, ...], int, str | None], list[Pair]](list)
    taken = set[object]()
    for pair in pairs:
        taken.add(pair.live_id)
        if not pair.is_told:
            alike[target_of(pair.endpoint, pair.located), pair.index, pair.endpoint.endpoint.name].append(pair)
    beside = dict[object, tuple[list[Live], dict[str, AwsObject]]]()
    for (what, _, name), several in alike.items():
        where, spec = home(several[0].located), several[0].located
        if spec.applied is not None:
            continue  # that tells what is the spec's
        if (shared := (what, name is None and "Name" in spec.ignored_tags)) not in beside:
            there = [each for each in lives_of(several[0].endpoint, spec) if (where, each.id) not in taken]
            beside[shared] = there, {live.id: live.object for live in there}
        there, free = beside[shared]
        if any(live.has_left for live in there):
            free = {live.id: live.object for live in there if not live.has_left or live.name == name}
        fitting = defaultdict[bool, list[Pair]](list)
        for pair in several if free else ():
            fitting[is_as_stated(pair.endpoint, pair.live.object, pair.located)].append(pair)
        for fits, those in fitting.items():
            yield free, those, fits
