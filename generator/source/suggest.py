"""How well what somebody wrote fits a service: by its id, by the words of its title, or as a slip of the pen.

A pure function of text, kept apart from `catalog`, whose facts it knows nothing of.
"""

from __future__ import annotations

import difflib
import re

CLOSE = 0.6
"""The least likeness worth a suggestion; below it (difflib's own default) matches look arbitrary."""

_WORD = re.compile(r"[a-z0-9]+")
_VENDOR = frozenset({"amazon", "aws"})


def likeness(wanted: str, service_id: str, title: str, *aliases: str) -> float:
    """Return 2 and more where `wanted` ends in the very id, 1 to 2 where its words are the service's, else below 1.

    The more of an id or a title the words make up, the better they fit: `cloudwatch` is all of "Amazon CloudWatch
    (metrics)" but for what stands in brackets, and half of "Amazon CloudWatch Logs".
    """
    wanted = wanted.casefold().strip()
    if wanted == service_id or wanted.endswith(f".{service_id}"):
        return 2 + len(service_id) / 100
    words = _words(wanted)
    own, named, told = _words(service_id), _words(title.partition("(")[0]), _words(title)
    names = (own, named, own | told, *map(_words, aliases))
    shares = [len(words) / len(known) for known in names if words and words <= known]
    if shares:
        return 1 + 0.9 * max(shares)
    matcher = difflib.SequenceMatcher(None, service_id, wanted)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < CLOSE:
        return 0
    return matcher.ratio()


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())) - _VENDOR
