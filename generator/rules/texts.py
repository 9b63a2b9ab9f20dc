"""What a text says that is taken as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, rule
from generator.source.draft import Data, Filled
from generator.spec.meant_item import flow

_ELSEWHERE = frozenset({"naming", "values", "vars"})
"""Where braces are a format's own, or for others."""


@rule("W257")
def unfilled(intent: Intent) -> Findings:
    """The name of a value in braces, in text that is no format."""
    names = "|".join(map(re.escape, intent.source.values))
    if not names or not isinstance(intent.source.data, dict):
        return
    for path, text in _texts({key: each for key, each in intent.source.data.items() if key not in _ELSEWHERE}, ()):
        stated = text.of if isinstance(text, Filled) else text
        sign = r"\$" if isinstance(text, Filled) else r"\$?"
        if "{" in stated and (found := re.search(rf"{sign}\{{({names})\}}", stated)):
            right = re.sub(rf"\$?(\{{({names})\}})", r"\1", stated)
            yield path, f"{found[0]} is not the value of {found[1]} here", f"write {flow({'format': right})}"


def _texts(data: Data, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts in data, each with its path."""
    if isinstance(data, str):
        yield path, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, each in items:
        yield from _texts(each, (*path, key))
