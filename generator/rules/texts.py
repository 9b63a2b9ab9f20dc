"""What a text says that is taken as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, rule
from generator.source.draft import Data, Filled
from generator.source.ids import ID
from generator.spec.meant_item import flow

_ELSEWHERE = frozenset({"values", "vars"})
"""Where braces are for others."""
_QUOTED = r"[\u2018-\u201f\u00ab](.+)[\u2018-\u201f\u00bb]"
"""What a word processor makes of text in quotes."""


@rule("W257")
def unfilled(intent: Intent) -> Findings:
    """The name of a value in braces, in text that is no format, or after a dollar sign in one."""
    known = {"name": "", **intent.source.values}  # each format knows the spec's name
    if not isinstance(intent.source.data, dict):
        return
    for path, text in _texts({key: each for key, each in intent.source.data.items() if key not in _ELSEWHERE}, ()):
        names = "|".join(map(re.escape, [*known, *(["endpoint"] if path[:1] == ("naming",) else [])]))
        if isinstance(text, Filled):
            written, stated = rf"(\$+)\{{({names})\}}", text.of
        else:
            written, stated = rf"(\$*\{{+) *({names}) *\}}+", str(text)
        if "{" in stated and (found := re.search(written, stated)):
            parts = re.split(written, stated)
            if not isinstance(text, Filled):
                parts[::3] = (re.sub(r"[{}]", r"\g<0>\g<0>", each) for each in parts[::3])
            right = "".join(part if at % 3 == 0 else f"{{{part}}}" for at, part in enumerate(parts) if at % 3 != 1)
            yield path, f"{found[0]} is not the value of {found[2]} here", f"write {flow({'format': right})}"


@rule("W259")
def not_a_name(intent: Intent) -> Findings:
    """A text in typographic quotes, one to be filled in, and an id as a name."""
    data = intent.source.data if isinstance(intent.source.data, dict) else {}
    for path, text in _texts({key: each for key, each in data.items() if key not in _ELSEWHERE}, ()):
        if found := re.fullmatch(_QUOTED, text):
            yield path, f"{text}: these quotes are characters of the text", f"write {flow(found[1])}"
        elif path[-1:] == ("name",) and text != text.strip() and (path[0], len(path)) != ("endpoints", 3):  # its own
            yield path, f"{flow(text)}: the blank at its end is of the name", f"write {flow(text.strip())}"
        elif re.fullmatch(r"<[^<>]+>|…|\.\.\.", text):
            yield path, f"{text} is to be filled in", "write what AWS has"
        elif path[-1:] == ("name",) and len(path) > 1 and re.fullmatch(f"(vpc|subnet|rtb|sg|pl)-{ID}", text):
            yield path, f"{text} is an id, and name: is a Name tag", f"write id: {text} in place of name"


def _texts(data: Data, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts in data, each with its path."""
    if isinstance(data, str):
        yield path, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, each in items:
        yield from _texts(each, (*path, key))
