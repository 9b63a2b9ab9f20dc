"""Where the spaces go: indentation, blank lines and the alignment of `=` that `terraform fmt` gives.

Takes the HCL that this tool writes (one argument a line, a line ends with what it opens, a line starts with what it
closes) and gives it the one layout there is, so that templates never count spaces and a reader of the output can
insist on `layout.format(text) == text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

_ARGUMENT = re.compile(r'("(?:[^"\\]|\\.)*"|[A-Za-z_][\w-]*)[ ]*=[ ]*(?![=>])(.*)', re.DOTALL)
_HEADER = re.compile(r'[A-Za-z_][\w-]*(?: "(?:[^"\\]|\\.)*")* \{')
_TOKEN = re.compile(r'((?<!\\)"|[$%])')
# Unicode 15.1 makes one cluster of consonants that a virama joins; HCL counts by 15.0, where a virama ends the cluster.
_CONJUNCT = r"[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d][\p{Grapheme_Extend}\u200d]*(?=\p{Lo})(?=[\u0900-\u0d7f])"
_OPENERS = ("{", "[", "(")
_CLOSERS = ("}", "]", ")")


def _width(key: str) -> int:
    """Return the columns that `terraform fmt` counts for a key: one for each grapheme cluster of each of HCL's tokens.

    A quote is a token, and so is a lone `$` or `%`: what combines with it in print does not in HCL's count.
    """
    if key.isascii():
        return len(key)
    import regex  # noqa: PLC0415 - a slow import that only keys beyond ASCII need

    clusters = (cluster for token in _TOKEN.split(key) for cluster in regex.findall(r"\X", token))
    return sum(1 + len(regex.findall(_CONJUNCT, cluster)) for cluster in clusters)


@dataclass(slots=True)
class _Level:
    """What is known of one open body, list, object or call while its lines pass."""

    is_body: bool
    is_empty: bool = True
    is_loose: bool = False  # the element before is set off by a blank line
    is_commented: bool = False  # the line before is a comment of the element to come


class _Layout:
    """One pass over the lines of a file."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.levels = [_Level(is_body=True)]
        self.indent = ""
        self._group: list[tuple[str, str, str]] = []

    def flush(self) -> None:
        """Write the one-line arguments that are waiting, with their `=` in one column."""
        if self._group:
            widths = [_width(key) for _, key, _ in self._group]
            column = max(widths)
            for (indent, key, value), width in zip(self._group, widths, strict=True):
                self.out.append(f"{indent}{key}{' ' * (column - width)} = {value}")
            self._group = []

    def add(self, line: str) -> None:
        if line.startswith(_CLOSERS):
            self.flush()
            if len(self.levels) > 1:
                self.levels.pop()
                self.indent = self.indent[2:]
            self.out.append(self.indent + line)
        elif line.startswith("#"):
            self._comment(line)
        else:
            self._element(line)

    def _comment(self, line: str) -> None:
        is_title = not self.out
        self._separate(is_loose=True)
        self.flush()
        self.out.append(self.indent + line)
        self.levels[-1].is_commented = not is_title

    def _element(self, line: str) -> None:
        opens = line.endswith(_OPENERS)
        is_header = opens and _HEADER.fullmatch(line) is not None
        argument = None if is_header else _ARGUMENT.fullmatch(line)
        self._separate(is_loose=opens or (argument is not None and argument[1] == "for_each"))
        self.levels[-1].is_commented = False
        if argument and not opens:
            self._group.append((self.indent, argument[1], argument[2]))
            return
        self.flush()
        self.out.append(self.indent + (f"{argument[1]} = {argument[2]}" if argument else line))
        if opens:
            self.levels.append(_Level(is_body=is_header))
            self.indent += "  "

    def _separate(self, *, is_loose: bool) -> None:
        """Put a blank line before an element of a body when it, or the one before it, takes more than a line."""
        level = self.levels[-1]
        # A comment belongs to the element below it: the blank line went above the comment, and the comment decided
        # already whether the element is set off, so that what follows the element is asked of the comment's level.
        if not level.is_commented:
            if level.is_body and not level.is_empty and (is_loose or level.is_loose):
                self.flush()
                self.out.append("")
            level.is_loose = is_loose
        level.is_empty = False


def format(text: str) -> str:  # noqa: A001 - `layout.format` is read whole, and this is what the world calls it
    """Return HCL in its one layout: two spaces a level, `=` aligned, a blank line around what takes several lines.

    The comments at the top, down to the first blank line, are of the file and stay together.
    """
    layout, lines = _Layout(), text.split("\n")
    top = [*takewhile(lambda line: line.startswith("#"), lines)]
    for line in top[:1]:
        layout.add(line)
    layout.out += top[1:]
    for line in lines[len(top) :]:
        if stripped := line.strip(" "):
            layout.add(stripped)
    layout.flush()
    return "\n".join(layout.out) + "\n"
