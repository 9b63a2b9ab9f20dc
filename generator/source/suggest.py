"""What somebody may have meant: words near to what was written, and the one way to ask "did you mean".

Pure functions of text, kept apart from `catalog`, whose facts they know nothing of.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

CLOSE = 0.6
"""The least likeness worth a suggestion; below it (difflib's own default) matches look arbitrary."""

_WORD = re.compile(r"[a-z0-9]+")
_VENDOR = frozenset({"amazon", "aws"})


def nearest(text: str, known: Iterable[str], *, n: int = 3, cutoff: float = CLOSE) -> tuple[str, ...]:
    """Return up to `n` known words that `text` may be a misspelling of, best first, whatever its case."""
    folded = {word.casefold(): word for word in known}
    return tuple(folded[word] for word in difflib.get_close_matches(text.casefold(), folded, n, cutoff))


def did_you_mean(near: Iterable[str], otherwise: str = "") -> str:
    """Return the fix that asks for what may be meant, as `did you mean a or b?`; `otherwise` where nothing is near."""
    words = " or ".join(near)
    return f"did you mean {words}?" if words else otherwise


def likeness(wanted: str, service_id: str, title: str, *aliases: str) -> float:
    """Return 2 and more where `wanted` ends in the very id, 1 to 2 where its words are the service's, else below 1.

    The more of an id or a title the words make up, the better they fit: `cloudwatch` is all of "Amazon CloudWatch
    (metrics)" but for what is in brackets, and half of "Amazon CloudWatch Logs".
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
