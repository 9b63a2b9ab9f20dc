"""Tags of an endpoint of a spec that tell of another owner: one difference, with who that is."""

from __future__ import annotations

from collections.abc import Iterator

from generator.live.change import Change
from generator.live.fields import Pair, changes
from generator.live.owners import owner_of


def told_changes(pair: Pair) -> Iterator[tuple[Change, Change, str]]:
    """Yield how an endpoint differs: as it is shown, as it is judged, and what is said before the way out.

    Where another owns it, the tags that no spec states are one, for that owner's sign is among them.
    """
    found, owner = [*changes(pair)], owner_of(pair.live, pair.spec.estate)
    tags = [each for each in found if owner and each.known and each.field.startswith("tags.") and each.wanted is None]
    yield from ((each, each, "") for each in found if each not in tags)
    if owner and tags:
        shown = Change(field="tags", wanted=None, found={each.field.partition(".")[2]: each.found for each in tags})
        yield shown, tags[0], f"{owner.reason}, and {owner.fix}; else "
