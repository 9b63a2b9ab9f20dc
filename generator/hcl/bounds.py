"""How much of a file that is not ours is read: python-hcl2 takes 18 µs and 0.6 KiB for each token."""

from __future__ import annotations

import re

LARGEST = 2**20
_MOST = 150_000
_TOKEN = re.compile(r"\w+|[^\w ]")


def is_too_long(text: str) -> bool:
    """Tell whether to read a text would take more than 5 s or 300 MiB."""
    return len(text) > LARGEST or (len(text) > _MOST and sum(1 for _ in _TOKEN.finditer(text)) > _MOST)
