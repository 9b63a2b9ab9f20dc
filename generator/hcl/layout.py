"""Where the spaces go: indentation, blank lines and the alignment of `=` that `terraform fmt` gives.

Takes the HCL that this tool writes (one argument a line, a line ends with what it opens, a line starts with what it
closes) and gives it the one layout there is, so that templates never count spaces and a reader of the output can
insist on `layout.format(text) == text`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from generator.source.frozen import slotted

_ARGUMENT = re.compile(r'("(?:[^"\\]|\\.)*"|[A-Za-z_][\w-]*)[ ]*=[ ]*(?![=>])(.*)', re.DOTALL)
_HEADER = re.compile(r'[A-Za-z_][\w-]*(?: "(?:[^"\\]|\\.)*")* \{')
_TOKEN = re.compile(r'((?<!\\)"|[$%])')
# Unicode 15.1 makes one cluster of consonants that a virama joins; HCL counts by 15.0, where a virama ends the cluster.
_CONJUNCT = r"[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d][\p{Grapheme_Extend}\u200d]*(?=\p{Lo})(?=[\u0900-\u0d7f])"
_SEVERAL_LINES = re.compile(r"<<|/\*")
_TEMPLATE = re.compile(r"[$%]\{")
_COMMENT = re.compile(r'^((?:[^"#/]|/(?!/)|"(?:[^"\\]|\\.)*")*)(?:#|//).*$')
_OTHER = "other {\n}\n"  # a block beside those that are looked at
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


@lru_cache(maxsize=4096)  # blocks have most of their lines in common
def _parts(line: str) -> tuple[bool, bool, str, str]:
    """Return whether a line opens something, and that a block, and its key and value where it is an argument."""
    opens = line.endswith(_OPENERS)
    is_header = opens and _HEADER.fullmatch(line) is not None
    argument = None if is_header else _ARGUMENT.fullmatch(line)
    return (opens, is_header, argument[1], argument[2]) if argument else (opens, is_header, "", "")


@slotted()
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
        opens, is_header, key, value = _parts(line)
        self._separate(is_loose=opens or key == "for_each")
        self.levels[-1].is_commented = False
        if key and not opens:
            self._group.append((self.indent, key, value))
            return
        self.flush()
        self.out.append(self.indent + (f"{key} = {value}" if key else line))
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


def uncommented(text: str) -> tuple[str, list[int]]:
    """Return HCL in its layout without its comments, and which line of the text each line was.

    As it was where a heredoc or a comment of several lines may hold what looks like a comment or a blank.
    """
    lines = text.split("\n")
    if _SEVERAL_LINES.search(text):
        return text, [*range(1, len(lines) + 1)]
    plain = [line if "{" in line and _TEMPLATE.search(line) else _COMMENT.sub(r"\1", line) for line in lines]
    plain = [line.strip(" \t") for line in plain]
    laid_out = format("\n".join(plain))
    numbers, at = (number for number, line in enumerate(plain, start=1) if line), 0
    return laid_out, [at := next(numbers, at) if line else at for line in laid_out.split("\n")]


def is_kept(block: str) -> bool:
    """Tell whether `format` leaves a block as it is, with what is between it and the next, wherever it is in a file.

    What comes before has no say in the lines of a block, and it leaves nothing open for what comes after.
    """
    whole = f"{_OTHER}\n{block}{_OTHER}"
    return _HEADER.fullmatch(block.partition("\n")[0]) is not None and format(whole) == whole


def is_head(text: str) -> bool:
    """Tell whether `format` leaves what is before the first block of a file as it is."""
    return format(text + _OTHER) == text + _OTHER
