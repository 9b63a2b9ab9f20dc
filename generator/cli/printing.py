"""Where anything is printed: in the order in which it is said, and with nothing in it that steers terminals or CI.

Of a command that prints for people, what it found goes to standard output, and most findings to standard error. Where
it prints for a program (`--format sarif`, say), standard output has that document alone, and standard error the rest.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from typing import TextIO

from generator.cli.harmless import harmless
from generator.cli.progress import alone
from generator.cli.views.words import counted
from generator.source.diagnostics import MOST, Diagnostic, Place
from generator.source.frozen import slotted
from generator.source.reading import is_there

FOR_PEOPLE = frozenset({"text", "table", "markdown"})
"""The formats that are no documents for a program."""

_MARKED = r"(?m)^( *)(FAILED|PENDING|DESTROYED|REPLACED|RENAMED\?|CAN'T BE APPLIED)(?= |$)"
_CHANGED = r"(?m)^()([-+@]).*$"
_RED, _GREEN, _MAGENTA, _CYAN = 31, 32, 35, 36
_COLORS = {"PENDING": _MAGENTA, "W": _MAGENTA, "+": _GREEN, "@": _CYAN}  # a light terminal hardly shows yellow


@slotted()
class Printing:
    """How a command prints, and the findings that it has told so far."""

    form: str = "text"
    color: str = "auto"
    """One of auto, always and never."""
    style: str = ""
    """Whether findings are told whole or in their line alone, full or concise; empty for full on a terminal."""
    sources: set[str] = field(default_factory=set)
    """The files of which lines are shown: specs and project files. What else is read may hold secrets."""
    findings: list[Diagnostic] = field(default_factory=list)
    more: int = 0
    """So many more there are at least, which are too many to tell."""
    without_fix: list[Diagnostic] = field(default_factory=list)
    """The findings that have a fix and were told without it."""
    severities: dict[tuple[Place, str], str] = field(default_factory=dict)
    """What a finding is in this run, by its place and code, where its code does not say it."""
    states: dict[str, str] = field(default_factory=dict)
    """What came of each module's folder, or of each spec."""
    has_document: bool = False
    has_text: bool = False
    """Whether anything was printed for people, from which what follows may be set apart by an empty line."""


_current: ContextVar[Printing] = ContextVar("printing")


def printing() -> Printing:
    """Return how the command that runs prints."""
    if (found := _current.get(None)) is None:
        _current.set(found := Printing())
    return found


@contextmanager
def printing_as(form: str) -> Iterator[Printing]:
    """Print what follows in a format, and keep the findings that are told."""
    before = printing()
    token = _current.set(Printing(form, before.color, before.style))
    try:
        yield printing()
    finally:
        _current.reset(token)


def is_colored(stream: TextIO) -> bool:
    """Tell whether a stream gets colors: a terminal does, unless NO_COLOR or `--color` say otherwise."""
    if (color := printing().color) != "auto":
        return color == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: object, *, end: str = "\n") -> None:
    """Print what a command found, to standard output; to standard error where a program is to read the former."""
    _put(harmless(str(text)), _output(), end, _MARKED)


def say_diff(text: str) -> None:
    """Print a unified diff, to where `say` prints; nothing where a program reads findings that are no JSON."""
    _put(harmless(text) if printing().form in {*FOR_PEOPLE, "json"} else "", _output(), "", _CHANGED)


def say_result(text: str, *, is_document: bool = False) -> None:
    """Print all that a command found: as a document, where a program reads it, or in any format where it is one."""
    form = printing().form
    (document if form in {"json", "markdown"} or (is_document and form in FOR_PEOPLE) else say)(text)


def note(text: object, *, end: str = "\n") -> None:
    """Print to standard error, after all that was said before: a log may hold both."""
    sys.stdout.flush()
    _put(harmless(str(text)), sys.stderr, end, _MARKED)


def document(text: str, *, is_harmless: bool = False) -> None:
    """Print what a program reads, to standard output: as UTF-8, but on a terminal."""
    printing().has_document = True
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    with alone():
        print(text if is_harmless else harmless(text))


def show_lines_of(specs: Iterable[str]) -> None:
    """Let findings show lines of specs, each named by its file or as FILE:KEY."""
    files = {each: each.rpartition(":")[0] for each in specs}
    printing().sources.update(each if is_there(each) else file for each, file in files.items())


def show_templates(folders: Iterable[str]) -> None:
    """Let findings show lines of templates."""
    for folder in filter(None, folders):
        printing().sources.update(f"{at}/{each}" for at, _, names in os.walk(folder) for each in names)


def of_templates(found: Iterable[tuple[str, str]], verb: str) -> list[str]:
    """Return what each folder of templates does to which files."""
    files: dict[str, list[str]] = {}
    for folder, path in sorted({*found}):
        files.setdefault(folder, []).append(path)
    return [f"{folder} {verb} {', '.join(paths)}" for folder, paths in files.items()]


def take_for(severity: str, diagnostics: Iterable[Diagnostic]) -> None:
    """Have findings in the document as errors, as by `--strict`, or as warnings, where the command lets them pass."""
    printing().severities |= {(each.place, each.code): severity for each in diagnostics}


def keep(diagnostics: Iterable[Diagnostic]) -> None:
    """Have in a document what is told in other words, as a row of a table; nothing is made of them for people.

    Of very many it has the first, and how many more there are.
    """
    if printing().form not in FOR_PEOPLE:
        listed, room = tuple(diagnostics), max(0, MOST - len(printing().findings))
        printing().findings += listed[:room]
        printing().more += len(listed[room:])


def print_diagnostics(diagnostics: Iterable[Diagnostic], *, as_result: bool = False) -> None:
    """Print findings to standard error, of very many the first: each in one line, in full with its fix under it.

    Those that are the result of a command go to where `say` prints.
    """
    listed, stream = tuple(diagnostics), _output() if as_result else sys.stderr
    printing().findings += listed[:MOST]
    for diagnostic in listed[:MOST]:
        sys.stdout.flush()
        printing().has_text = True
        with alone():
            print(_text_of(diagnostic, stream), file=stream)
    if more := len(listed[MOST:]):
        printing().more += more
        note(more_findings(more))


def more_findings(number: int) -> str:
    """Return that there are more findings than are told."""
    return f"and at least {counted(number, 'more finding')}"


def note_fixes(*, fails: bool) -> None:
    """Say how to see the fixes of errors, and of whatever a run `fails` by, that were told without."""
    if any(fails or not each.is_warning for each in printing().without_fix):
        note("to see fixes: the same again, with --output full at its end")


def _output() -> TextIO:
    return sys.stdout if printing().form in FOR_PEOPLE else sys.stderr


def _put(text: str, stream: TextIO, end: str, colored: str) -> None:
    if is_colored(stream):
        text = re.sub(colored, lambda found: found[1] + _paint(found[0][len(found[1]) :], found[2]), text)
    text = text if printing().has_text else text.removeprefix("\n")
    printing().has_text = True
    with alone():
        print(text, end=end, file=stream)


def _paint(text: str, kind: str) -> str:
    return f"\x1b[{_COLORS.get(kind, _RED)}m{text}\x1b[0m"


def _text_of(found: Diagnostic, stream: TextIO) -> str:
    """Return a finding as it is printed: its line, and in full what it is about and the fix, as on a terminal."""
    first, *fix = harmless(str(found)).split("\n", 1)
    if is_colored(stream):
        at = len(f"{found.place}: ")
        code = _paint(first[at : at + len(found.code)], found.code[0])
        first = f"{first[:at]}{code}{first[at + len(found.code) :]}"
    if (printing().style or ("full" if stream.isatty() else "concise")) == "concise":
        printing().without_fix += [found] if fix else []
        return first
    if found.place.file in printing().sources:
        from generator.cli.views.excerpt import excerpt

        first += "".join(f"\n{harmless(line)}" for line in excerpt(found.place))
    return "\n".join([first, *fix])
