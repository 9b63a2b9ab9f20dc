"""YAML as text: data in, the words that every reader of YAML takes for that data out.

What fits on one line is in braces or brackets; what does not takes a line for each of its parts.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from generator.source.draft import Plain

WIDTH = 120
"""The most columns of a line, where what is on it can be split."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/.-]*|[a-z][a-z0-9-]*@[0-9]+|[0-9]+(\.[0-9]+){3}(/[0-9]+)?")
_WORD = re.compile(r"[A-Za-z0-9_.]+")
_SCHEMA = re.compile(r"(?m)^# *yaml-language-server: *\$schema=([!-~]+)")
_ANYWHERE = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]+:")
"""How the name of a schema begins that is no path from the file."""
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
"""What some reader of YAML takes for something else than text."""
_BREAKS = {ord(line_break): f"\\u{ord(line_break):04x}" for line_break in "\u2028\u2029"}
"""Line breaks to YAML 1.1 and to no other."""


@lru_cache(2**14)
def scalar(value: str) -> str:
    """Return text as YAML that every reader takes for that text: with quotes where there is any doubt."""
    if _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False).translate(_BREAKS)


def flow(value: Any) -> str:
    """Return a value on one line. Numbers, flags and null are JSON's, text is text; a word of a spec is as it was."""
    if isinstance(value, str):
        return value if isinstance(value, Plain) and _WORD.fullmatch(value) else scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return json.dumps(value)


def lines(key: str, value: Any, *, indent: int = 0, parted: bool = False) -> Iterator[str]:
    """Yield `key: value` in lines: one where it fits, unless it is to be parted, and else one for each part."""
    head = f"{' ' * indent}{scalar(key)}:"
    line = f"{head} {flow(value)}"
    if not value or not isinstance(value, Mapping | list | tuple) or (len(line) <= WIDTH and not parted):
        yield line
    elif isinstance(value, Mapping):
        yield head
        for name, item in value.items():
            yield from lines(str(name), item, indent=indent + 2)
    else:
        yield head
        for item in value:
            yield from _item(item, indent + 2)


def _item(value: Any, indent: int) -> Iterator[str]:
    """Yield an item of a list; a mapping that does not fit on a line begins beside its dash."""
    line = f"{' ' * indent}- {flow(value)}"
    if len(line) <= WIDTH or not value or not isinstance(value, Mapping):
        yield line
    else:
        first, *rest = (part for name, item in value.items() for part in lines(str(name), item, indent=indent + 2))
        yield f"{' ' * indent}- {first.lstrip(' ')}"
        yield from rest


def schema_line(texts: Mapping[str, str], file: str) -> str:
    """Return the line by which editors find the schema of a spec at `file`, as most texts of specs have it, by path."""
    named = ((path, found[1]) for path, text in texts.items() if (found := _SCHEMA.search(text)))
    schemas = (name if _ANYWHERE.match(name) else os.path.normpath(Path(path).parent / name) for path, name in named)
    usual = [name for name, _ in Counter(schemas).most_common(1)]
    here = (each if _ANYWHERE.match(each) else os.path.relpath(each, Path(file).parent) for each in usual)
    return "".join(f"# yaml-language-server: $schema={each}\n".replace(os.sep, "/") for each in here)


def least_length(value: object) -> int:
    """Return how much text there is in a value, which no form of it is shorter than."""
    if isinstance(value, Mapping):
        return sum(map(least_length, chain(value, value.values())))
    if isinstance(value, list | tuple):
        return sum(map(least_length, value))
    return len(value) if isinstance(value, str) else 0
