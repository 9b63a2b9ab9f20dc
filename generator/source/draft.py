"""A Source, and its making from the events of a parser: keys, values, places, and what is refused on the way.

This module alone decides what text, null and a mapping are. It knows nothing of YAML's or JSON's syntax; `source` does.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from typing import NoReturn, TypeAlias

from generator.source.diagnostics import MOST, Code, Diagnostic, Place, Refused
from generator.source.frozen import frozen
from generator.source.marks import BITS, OVER, PAIR, Marks, both, mark_of, over_at, own, place_of, said_mark
from generator.source.text import TOO_LARGE, objection, quote

DUPLICATE_KEY = Code("E003")
MERGE_KEY = Code("E006")
KEY_NOT_TEXT = Code("E007")
TOO_DEEP = Code("E008")
NOT_A_MAPPING = Code("E010")
TOO_MANY = Code("E014")

_DEEPEST = 32
_MOST_NODES = 100_000
"""Of a file: each that is wrong takes two KiB of memory until what is wrong with all of them is told."""
_HOLE = "\0"  # stands for a key that was refused; no key of a file is equal to it
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def more_mistakes(file: str, number: int) -> list[Diagnostic]:
    """Return the finding that a file has more mistakes than are told, where there are more."""
    message = f"{number} more mistakes are not told"
    return [TOO_MANY.at(Place(file), message, "correct these first")] if number > 0 else []


def is_cut(findings: Iterable[Diagnostic]) -> bool:
    """Tell whether findings are not all that there are."""
    return any(each.code == TOO_MANY.code for each in findings)


class Plain(str):
    """A plain (unquoted) scalar: text whose YAML 1.2 type the spec may still decide."""

    __slots__ = ()


class Filled(str):
    """Text of a fleet with values in place, and the format that it is of."""

    __slots__ = ("of",)
    of: str


Data: TypeAlias = "dict[str, Data] | list[Data] | str | None"
"""A mapping, a list, a text (Plain where it had no quotes) or null."""

_Tree: TypeAlias = "dict[str, Data] | list[Data]"

ROW = "values"
"""Where the marks of a target are those of its row."""


@frozen()
class Row:
    """What a fleet says of one of its targets beside the spec that it is: its folder, the one before, and its end."""

    key: str
    was: str = ""
    retired: bool = False
    account: str = ""
    """The value of that name, where it has one."""


@frozen()
class Source:
    """What a file holds, and where. `source.parse` makes the marks; without them every place is the file as a whole."""

    file: str
    data: Data
    marks: Marks = field(default_factory=dict, repr=False, compare=False)
    parents: tuple[str, ...] = ()
    """The other files that nodes are of."""
    row: Row | None = None
    """Which target of the file it is, where the file has several."""
    rules: tuple[tuple[Place, str], ...] = ()
    """The files of a team's own rules for it, and where each is named."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Those that it is made with."""
    templates: str = ""
    """The folder of a team's own templates for it, from here; empty where there is none, or it was not looked for."""
    is_whole: bool = field(default=False, compare=False)
    """Whether all that it extends is in it."""

    @property
    def label(self) -> str:
        """The key of its target; empty where the file is this one spec."""
        return self.row.key if self.row else ""

    @property
    def is_retired(self) -> bool:
        """Whether its module is to make nothing any more."""
        return self.row is not None and self.row.retired

    @property
    def path(self) -> str:
        """What commands take for it: the file, and of several targets the key."""
        return f"{self.file}:{self.row.key}" if self.row else self.file

    @property
    def place_of_was(self) -> Place:
        """Where its row says `was`; without one its key."""
        return self.place((ROW, "was") if self.row and self.row.was else ("name",))

    def place(self, path: tuple[str | int, ...]) -> Place:
        """Return where the value at `path` starts; where the path leaves the data, its last value before that."""
        return self._place(self.mark(path), 0)

    def key_place(self, path: tuple[str | int, ...]) -> Place:
        """Return where the key at the end of `path` is; for an item of a list, which has none, its value."""
        return self._place(self.mark(path), 2 * BITS)

    def place_over(self, path: tuple[str | int, ...], keys: Collection[str]) -> Place:
        """Return where the last of these keys was merged over a mapping, as null too; else where that starts."""
        over = [key for key in over_at(self.marks, path) if key in keys]
        return self.key_place((*path, OVER, over[-1])) if over else self.place(path)

    def said_place(self, path: tuple[str | int, ...], *, inside: bool = False) -> Place | None:
        """Return where the key at the end of `path` is, or `inside` the last merged over it; None where none is."""
        mark = said_mark(self.marks, path, inside=inside)
        return None if mark is None else self._place(mark, 2 * BITS)

    def _place(self, mark: int, shift: int) -> Place:
        return place_of((self.file, *self.parents)[mark >> 4 * BITS], mark >> shift & PAIR or mark)

    def mark(self, path: tuple[str | int, ...]) -> int:
        """Return the number that says where a value, and its key, is; of what `null` took away, where that is."""
        return mark_of(self.marks, path)


class Draft:
    """A Source in the making; the parser is `at` a place inside `node`, which is at first a list for the whole."""

    def __init__(self, file: str, findings: list[Diagnostic]) -> None:
        """Begin with what has been found in the file already."""
        self.file = file
        self.findings = findings
        self.at = self.key_at = 0
        self.node: _Tree = []
        self.marks: Marks = {}
        self.key: str | None = None
        self.above: list[tuple[_Tree, Marks, str | None]] = []
        self.plains: dict[str, Plain] = {}
        self.size = 0

    def refuse(self, code: Code, message: str, fix: str) -> None:
        """Collect a finding where the parser is; the thousandth ends the reading."""
        self.findings.append(code.at(place_of(self.file, self.at), message, fix))
        if len(self.findings) >= MOST:
            self.stop(TOO_MANY, f"{MOST} findings; what follows has not been looked at", "correct these first")

    def stop(self, code: Code, message: str, fix: str) -> NoReturn:
        """Raise Refused with all findings, this one, where the parser is, included."""
        raise Refused([*self.findings, code.at(place_of(self.file, self.at), message, fix)])

    def finish(self) -> Source:
        """Return the whole; raises Refused where something was found, or where no mapping is at the top."""
        whole = self.node[0] if isinstance(self.node, list) and self.node else None
        marks = self.marks.get(0, 0)
        if not isinstance(whole, dict):
            self.at = own(marks)
            self.refuse(NOT_A_MAPPING, f"the file contains {_kind(whole)}, not a mapping", "begin with `key: value`")
        if self.findings or isinstance(marks, int):
            raise Refused(self.findings)
        return Source(self.file, whole, marks)

    def scalar(self, text: str, *, is_plain: bool) -> None:
        """Take a key, a value or an item: whichever is next."""
        if not (text.isascii() and text.isprintable()) and (found := objection(text)):
            self.refuse(*found)
        if self.key is None and isinstance(self.node, dict):
            self._take_key(text, is_plain=is_plain)
        elif is_plain:
            self._add(None if text in _NULLS else self.plains.get(text) or self.plains.setdefault(text, Plain(text)))
        else:
            self._add(text)

    def open(self, node: _Tree) -> None:
        """Go down into a mapping or a list."""
        if len(self.above) == _DEEPEST:
            self.stop(TOO_DEEP, f"more than {_DEEPEST} mappings and lists inside each other", "nest less")
        self.above.append((self.node, self.marks, self.key))
        if self.key is None and isinstance(self.node, dict):
            self._refuse_key(_kind(node))
        marks: Marks = {}
        self._add(node, marks)
        self.node, self.marks, self.key = node, marks, None

    def close(self) -> None:
        """Come up from a mapping or a list."""
        self.node, self.marks, key = self.above.pop()
        self.key = _HOLE if key is None and isinstance(self.node, dict) else None

    def _take_key(self, text: str, *, is_plain: bool) -> None:
        self.key, self.key_at = sys.intern(text), self.at
        if is_plain and text in _NULLS:
            self._refuse_key(text or "nothing")
        elif is_plain and text == "<<":
            self.key = _HOLE
            self.refuse(MERGE_KEY, "`<<` is a merge key", "write the keys out, or use the spec's own defaults")
        elif text in self.marks:
            self.key = _HOLE
            first = place_of(self.file, own(self.marks[text]) >> 2 * BITS)
            where = f"first at line {first.line}, column {first.column}"
            fix = "after a dash comes a space" if text[:1] == "-" else "delete or rename one of the two"
            self.refuse(DUPLICATE_KEY, f"key {quote(text)} is given twice, {where}", fix)

    def _refuse_key(self, kind: str) -> None:
        self.key = _HOLE
        self.refuse(KEY_NOT_TEXT, f"the key is {kind}, not text", "put it in quotes if text is meant")

    def _add(self, value: Data, below: Marks | None = None) -> None:
        step: str | int
        self.size += 1
        if self.size > _MOST_NODES:
            self.stop(TOO_LARGE, f"the file has more than {_MOST_NODES:,} values, lists and mappings", "split it")
        if isinstance(self.node, list):
            step, mark = len(self.node), self.at
            self.node.append(value)
        else:
            step, mark = self.key or "", both(self.key_at, self.at)
            self.node[step] = value
            self.key = None
        if below is None:
            self.marks[step] = mark
        else:
            below[None] = mark
            self.marks[step] = below


def _kind(data: Data) -> str:
    if isinstance(data, str):
        return "text"
    return "nothing" if data is None else "a list" if isinstance(data, list) else "a mapping"
