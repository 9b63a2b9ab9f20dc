"""The objects of what AWS's CLI or Terraform printed: equal texts are held once, and a long one not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from typing import Any, TypeAlias

from generator.source.frozen import frozen

LONGEST = 2**16
"""So many characters of a text are read: a policy of an endpoint, the longest that AWS has, is of 20,480.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (checked 2026-11-27)
"""
MOST_ITEMS = 10_000
"""So many items has a list in an object, or a map: ten times the rules of a group or a table, which AWS lets have most.

https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (checked 2026-11-28)
"""
Look: TypeAlias = Callable[[str, str], str]
_Object: TypeAlias = dict[str, Any]
_Pairs: TypeAlias = list[tuple[str, Any]]
_SHARED = 2**14  # texts; those of one object alone come later too
_QUOTE = re.compile(r'(?<!\\)"')


@frozen(kw_only=True)
class LongText:
    """What is in place of a text that is longer than any of AWS's, and is nothing that anyone takes for a text."""

    length: int
    most: int = LONGEST

    def __str__(self) -> str:
        """Return what it is, as a message says it."""
        return f"text of {self.length:,} characters, more than the {self.most:,} that are read"


def too_many(items: Sized) -> str:
    """Return that a list or a map has more items than are read; else nothing."""
    return f"has {len(items):,} items, more than the {MOST_ITEMS:,} that are read" if len(items) > MOST_ITEMS else ""


def has_long_text(text: str) -> bool:
    """Tell whether JSON may have a long text: a stretch of half as much without a quotation mark is in each."""
    half = LONGEST // 2
    return any(not _QUOTE.search(text, at, at + half) for at in range(0, len(text) - half, half))


def sharing(read_of: Callable[[_Pairs, Look], _Object], *, text: str) -> Callable[[_Pairs], _Object]:
    """Return a hook of JSON decoders: objects have what is read of them, equal texts are one, no key is there twice.

    `read_of` is called for each object, of which a file has millions: it asks for each text which one equals it. In
    place of a long one of the `text` that is decoded it gets a LongText. The hook raises ValueError for a long key.
    """
    known: dict[str, str] = {}
    has_long = has_long_text(text)

    def share(pairs: _Pairs) -> _Object:
        if has_long:
            pairs = [(_short_key(key), _short(each)) for key, each in pairs]
        found = read_of(pairs, known.setdefault if len(known) < _SHARED else known.get)
        if len(found) < len(pairs) and len(dict(pairs)) < len(pairs):
            raise ValueError("an object has a key twice")
        return found

    return share


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [*map(_short, value)] if any(isinstance(each, str | list) for each in value) else value
    return LongText(length=len(value)) if isinstance(value, str) and len(value) > LONGEST else value


def _short_key(key: str) -> str:
    if len(key) > LONGEST:
        raise ValueError(f"an object has a key of {len(key):,} characters, more than the {LONGEST:,} that are read")
    return key
