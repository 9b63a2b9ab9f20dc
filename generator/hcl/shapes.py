r"""The shape of a block: its text with every string and every resource name replaced by a number.

Where an object begins with lines that are alike but for the key and the name, as those of an output, or for the key and
a string, as tags, they are one line in the shape: how many they are, and of what keys, changes as little how the text
around them parses.

What is inside a string cannot change how the text around it parses, once it is certain that it is a string; this
module makes that certain. It takes strings as HashiCorp's scanner takes them, and of those only what `hcl.text` writes:
no raw control characters, no escapes but `\\ \" \n \r \t \u0024 \u0025`, no interpolation but of a plain reference.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from generator.hcl.hcl import KEYWORDS
from generator.source.frozen import frozen

TEXT = r"[^\"\\$%\x00-\x1f\x7f]++|\\[\"\\nrt]|\\u002[45]|\$\$\{|%%\{|\$(?!\$?\$?\{)|%(?!%?%?\{)"
REFERENCE = r"\$\{[A-Za-z_][\w-]*(?:\.[\w-]+)*\}"
_TOKEN = re.compile(
    rf'(?P<string>"(?:{TEXT})*")|(?P<template>"(?:{TEXT}|{REFERENCE})*")'
    r"|(?P<type>\baws_\w+\.)(?P<name>[A-Za-z_][\w-]*)|(?P<stray>[\"\\])"
)
_NAME = rf"(?!(?:{'|'.join(KEYWORDS)})\b)[A-Za-z_][\w-]*+"
_ALIKE = re.compile(
    rf"(?m)(?<== \{{\n)( +)(?:{_NAME} = (aws_\w+\.)({_NAME})(\.[\w.\[*\]]+)\n(?:\1{_NAME} = \2{_NAME}\4\n)*"
    rf'|{_NAME} = "(?:{TEXT})*"\n(?:\1{_NAME} = "(?:{TEXT})*"\n)*)'
)
_ENTRY = re.compile(rf'(?m)^ +({_NAME}) = (?:aws_\w+\.({_NAME})\.|("(?:{TEXT})*")$)')
_KEY = "\x01"  # which no rendered text has
_STRING = re.compile(rf'("(?:{TEXT}|{REFERENCE})*")')
_IN_STRING = re.compile(rf'({REFERENCE})|(?:{TEXT}|")+')
_ESCAPE = r"\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))|\\([\"\\nrt])|([$%])\4(?=\{)"
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_COMMENT = re.compile(r"(?m)^ *#[^\n]*\n")
_BLANK = re.compile(r"(?m)^\n")
_ALIGNMENT = re.compile(r'(?m)^( *(?:"(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w-]*)) += (?! )')
PLACE = re.compile(rf'"s (\d+)"|(\baws_\w+\.)n(\d+)\b|"(?:{TEXT}|{REFERENCE})*"')


@frozen()
class Shape:
    """The text of a block without what is peculiar to it, and what that was.

    In `text` the n-th string reads `"s n"`, the n-th resource name `n<n>`, and the n-th line that stands for several
    alike has the key `"k n"`; `strings` are as written, with quotes, `alike` the key of each such line, and its name or
    its string.
    """

    text: str
    strings: tuple[str, ...]
    names: tuple[str, ...]
    alike: tuple[tuple[tuple[str, str], ...], ...]

    def fill(self, expression: str) -> str:
        """Return an expression of the shape as it was written."""
        return PLACE.sub(self._original, expression)

    def texts(self, placeholder: str) -> Iterator[tuple[str, str]]:
        """Yield the key and the text of each line for which one of the shape stands."""
        for key, string in self.alike[int(placeholder[2:])]:
            yield key, unescaped(string)

    def entries(self, placeholder: str, expression: str) -> Iterator[tuple[str, str]]:
        """Yield the key and the expression of each line for which one of the shape stands, as they were written."""
        for key, name in self.alike[int(placeholder[2:])]:
            yield key, PLACE.sub(rf"\g<2>{name}", expression)

    def string(self, placeholder: str) -> str:
        """Return the text that the string in this place means."""
        return unescaped(self.strings[int(placeholder[2:])])

    def _original(self, match: re.Match[str]) -> str:
        if match[1]:
            return self.strings[int(match[1])]
        return match[2] + self.names[int(match[3])] if match[3] else match[0]  # a template is as it was


def plain(block: str) -> str:
    """Return a block's text without comments, blank lines and the alignment of `=`."""
    return _ALIGNMENT.sub(r"\1 = ", _BLANK.sub("", _COMMENT.sub("", block)))


def shape(block: str) -> Shape | None:
    """Return the shape of a block's text, or None where a string in it is none that HCL and this tool agree on."""
    strings: list[str] = []
    names: list[str] = []
    strays: list[str] = []
    alike: list[tuple[tuple[str, str], ...]] = []

    def fold(match: re.Match[str]) -> str:
        entries = tuple((entry[1], entry[2] or entry[3]) for entry in _ENTRY.finditer(match[0]))
        if len(dict(entries)) < len(entries):  # python-hcl2 has to see the key that is set twice
            return match[0]
        alike.append(entries)
        value = f"{match[2]}{match[3]}{match[4]}" if match[2] else '""'
        return f"{match[1]}{_KEY} = {value}\n"

    def number(match: re.Match[str]) -> str:
        if match["string"]:
            strings.append(match[0])
            return f'"s {len(strings) - 1}"'
        if match["name"] and match["name"] not in KEYWORDS:
            names.append(match["name"])
            return f"{match['type']}n{len(names) - 1}"
        if match["stray"]:
            strays.append(match[0])
        return match[0]

    keys = itertools.count()
    text = _TOKEN.sub(number, _ALIKE.sub(fold, plain(block)))
    text = re.sub(_KEY, lambda _: f'"k {next(keys)}"', text)
    return None if strays else Shape(text, tuple(strings), tuple(names), tuple(alike))


def parts(expression: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of an expression, each with whether Terraform evaluates it; else it is text of a string."""
    for index, piece in enumerate(_STRING.split(expression)):
        pieces = ((part[0], part[1] is not None) for part in _IN_STRING.finditer(piece))
        yield from pieces if index % 2 else [(piece, True)]  # the odd ones are the strings


def unescaped(string: str) -> str:
    """Return the text that a quoted HCL string means."""
    text = string[1:-1]
    return re.sub(_ESCAPE, _character, text) if "\\" in text or "{" in text else text


def _character(match: re.Match[str]) -> str:
    if number := match[1] or match[2]:
        return chr(int(number, 16)).encode(errors="replace").decode()  # the half of a pair is no character
    return _ESCAPED[match[3]] if match[3] else match[4]
