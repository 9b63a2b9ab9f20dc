"""What text may be: UTF-8, of a bounded size, and only characters that arrive in Terraform exactly as written.

This module alone says which characters those are; `source` asks it about the file and about each key and value.
"""

from __future__ import annotations

import bisect
import codecs
import itertools
import re
import unicodedata
from collections.abc import Callable
from functools import cache

from generator.source.diagnostics import Code, Diagnostic, Place, Refused

NOT_UTF8 = Code("E001")
CHARACTER = Code("E011")
NOT_NFC = Code("E012")
TOO_LARGE = Code("E013")

Position = Callable[[int], tuple[int, int]]
"""What tells the line and column of an offset."""
LARGEST = 2**20
"""The most bytes, or characters, that a spec or a policy may have: the worst of them takes seconds, and 250 MiB."""
LARGEST_FILE = 16 * 2**20
"""The most bytes that are read of a file, as of a rendered one."""

_LONGEST = 60  # of what a message shows of a text
_MOST = 1000  # findings, and characters of which the right form is worked out
_PLANES = "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_ALIEN = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef" + _PLANES
_ESCAPED = str.maketrans({"\n": r"\n", "\t": r"\t", "\r": r"\r"})
_BREAKS = "\u2028\u2029"  # line breaks to YAML 1.1, so to libyaml, but not to 1.2


def objection(text: str) -> tuple[Code, str, str] | None:
    """Return why a key or value cannot arrive in Terraform as it is, as code, message and fix; None where it can."""
    if text.isascii() and text.isprintable():
        return None
    if found := _aliens().search(text):
        return CHARACTER, f"the text contains {_named(found[0])}", "remove it"
    if unicodedata.is_normalized("NFC", text):
        return None
    # Sorting a long run of combining marks takes quadratic time, so the right form of a long text is not quote.
    form = quote(unicodedata.normalize("NFC", text)) if len(text) < _MOST else "it in that form"
    return NOT_NFC, f"the text {text[:_LONGEST]!a} is not in Unicode NFC", f"write {form}"


def one_line(text: str) -> str:
    """Return a text of AWS as it stands within a line: its line feeds, by which it could forge lines, escaped."""
    return text.translate(_ESCAPED)


def with_blanks(text: str) -> str:
    """Return a name as it is shown: in quotes where it begins or ends with blanks, which nobody would see."""
    return text if text == text.strip() else f"'{text}'"


def decode(text: str | bytes, file: str) -> str:
    """Return a file's text without a byte order mark; raises Refused where it is too large or not UTF-8."""
    if len(text) > LARGEST:
        raise Refused([TOO_LARGE.at(Place(file), f"the file is larger than {LARGEST >> 20} MiB", "split it")])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in text[:4]:
        raise Refused([NOT_UTF8.at(Place(file), "the file is UTF-16 or UTF-32", "save it as UTF-8")])
    body = text.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        place = Place(file, *positions(before)(len(before)))
        message = f"the byte 0x{body[error.start]:02x} is not UTF-8"
        raise Refused([NOT_UTF8.at(place, message, "save the file as UTF-8")]) from error


def clean(text: str, file: str) -> tuple[str, list[Diagnostic]]:
    """Return a text with what may be nowhere blanked, so that every column stays right, and a finding for each."""
    is_printable = "".join(text.split("\n")).isprintable()  # which nothing is that may be nowhere
    if is_printable or not (aliens := _aliens(_BREAKS)).search(text):
        return text, []
    position = positions(text)
    findings = [
        CHARACTER.at(
            Place(file, *position(found.start())), f"{_named(found[0])} is in the file", _replacement(found[0])
        )
        for found in itertools.islice(aliens.finditer(text), _MOST)
    ]
    return aliens.sub("\N{REPLACEMENT CHARACTER}", text), findings


@cache
def _aliens(more: str = "") -> re.Pattern[str]:
    """Return what finds a character that may be nowhere; it takes a millisecond to be made, and few texts need it."""
    return re.compile(f"[{_ALIEN}{more}]")


def _replacement(character: str) -> str:
    return "remove it" if _aliens().match(character) else f'write "\\u{ord(character):04x}", in double quotes'


def positions(text: str) -> Position:
    """Return what tells the line and column of an offset, both from 1."""
    starts = [0, *(newline.end() for newline in re.finditer(r"\r\n?|\n", text))]

    def position(offset: int) -> tuple[int, int]:
        line = bisect.bisect(starts, offset)
        return line, offset - starts[line - 1] + 1

    return position


def quote(text: str) -> str:
    """Return a text as a message may show it: quoted, short, and unable to steer the terminal."""
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()
