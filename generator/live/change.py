"""A difference between what the spec says and what AWS has, and the differences of tags."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from generator.live.estate import AwsObject, tags
from generator.live.untold import is_told
from generator.source.frozen import frozen

AWS_TAGS = "aws:"
"""Tags with this prefix are AWS's own. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html"""
_MOST = 1000
"""AWS takes 50: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html (checked 2026-11-27)."""


@frozen(kw_only=True)
class Change:
    """A field that is not as the spec says: None where one side has nothing there."""

    field: str
    wanted: Any
    found: Any
    known: bool = True
    """Whether AWS's answers tell it."""


def difference(field: str, wanted: Any, found: Any, *, known: bool = True) -> Iterator[Change]:
    """Yield the change of a field, if there is one, or it is not `known`."""
    if wanted != found:
        yield Change(field=field, wanted=wanted, found=found, known=known)


def own_tags(live: AwsObject) -> dict[str, str]:
    """Return an object's tags by their keys, without those of AWS itself."""
    return {key: value for key, value in sorted(tags(live).items()) if not key.lower().startswith(AWS_TAGS)}


def tag_changes(wanted: Mapping[str, str], live: AwsObject, ignored: Collection[str]) -> Iterator[Change]:
    """Yield the tags that are not as wanted, Name first; AWS's own, and the `ignored` that are not wanted, are left.

    Of more than there can be, all are one difference.
    """
    known = is_told(live["Tags"])
    found = {key: value for key, value in own_tags(live).items() if key in wanted or key not in ignored}
    if len(found) > _MOST:
        yield from difference("tags", dict(wanted), found, known=known)
        return
    for key in dict.fromkeys(("Name", *sorted(wanted.keys() | found.keys()))):
        yield from difference(f"tags.{key}", wanted.get(key), found.get(key), known=known)
