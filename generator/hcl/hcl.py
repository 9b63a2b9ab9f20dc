"""HCL as text: what a value looks like when it is written, and which values there are.

This module alone decides how a literal is escaped and how a list, an object and a block are written.
It writes one argument a line with single spaces; `layout` says where the spaces and blank lines go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from generator.source.frozen import frozen

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
"""What Terraform takes as the name of a block, kept to ASCII."""

KEYWORDS = frozenset({"for", "if", "in", "else", "endif", "endfor", "for_each", "null", "true", "false"})
"""Words that mean something else to one of the parsers when they are the bare key of an object."""


@frozen()
class Expression:
    """HCL that Terraform evaluates, as a reference or a template: one line, as `terraform fmt` writes it."""

    text: str


@frozen()
class Call:
    """A function called with values, for arguments on several lines."""

    function: str
    arguments: tuple[Value, ...]


Value: TypeAlias = "bool | int | str | Expression | Call | tuple[Value, ...] | Mapping[str, Value] | None"
"""What an argument can be; a tuple is a list, a mapping is an object, and a str is text, never code."""


@frozen(kw_only=True)
class Block:
    """One block: `type "label" "label" { arguments… blocks… }`.

    `comment` is prose for the reader above the block; it takes no part in comparisons.
    """

    type: str
    labels: tuple[str, ...] = ()
    arguments: Mapping[str, Value] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    comment: str = field(default="", compare=False)

    @property
    def label(self) -> str:
        """The last label: the name under which the module knows the block."""
        return self.labels[-1]

    @property
    def address(self) -> str:
        """How Terraform addresses a resource or data source: `aws_vpc_endpoint.s3`, `data.aws_vpc.this`."""
        return ".".join((("data",) if self.type == "data" else ()) + self.labels)

    def nested(self, block_type: str) -> tuple[Block, ...]:
        """Return the blocks of one type inside this one, in their order."""
        return tuple(block for block in self.blocks if block.type == block_type)


def label(text: str) -> str:
    """Return the label made of a name that may hold no other characters than a label, but for hyphens."""
    return text.replace("-", "_")


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_INTRODUCER = re.compile(r"([$%])(?=\{)(\{[^{}$%\"\\]*\})?")


def _escape_introducer(match: re.Match[str]) -> str:
    # `$${name}` is what people know, and every parser agrees on it as long as a whole `${name}` stands there.
    # python-hcl2 runs from a lone `$${` to the next `}` of the file, and HashiCorp's own scanner reads `$$${`
    # differently in different versions; the numeric escape is one character to all of them.
    mark, body = match[1], match[2]
    doubled = match.string[match.start() - 1 : match.start()] == mark
    if body is None or doubled:
        return f"\\u{ord(mark):04x}{body or ''}"
    return f"{mark}{mark}{body}"


def text(value: str) -> str:
    r"""Return `value` as a quoted HCL string that Terraform reads back as exactly that text.

    Text must be NFC and free of other control characters than newline, return and tab; `source` refuses the rest.
    """
    return '"' + _INTRODUCER.sub(_escape_introducer, value.translate(_ESCAPES)) + '"'


def template(parts: Sequence[str | Expression]) -> str | Expression:
    """Return text with references in it: plain text where there are none, and one that stands alone as it is."""
    if len(parts) == 1:
        return parts[0]
    joined = "".join(part if isinstance(part, str) else f"\0{part.text}\0" for part in parts)
    escaped = re.sub(r"\$(?=\0)", r"\\u0024", text(joined))  # or what follows would be text
    return Expression(re.sub("\0(.+?)\0", r"${\1}", escaped)) if "\0" in joined else joined


def key(name: str) -> str:
    """Return an object's key: bare where it is an identifier, quoted where it is not."""
    return name if IDENTIFIER.fullmatch(name) and name not in KEYWORDS else text(name)


def literal(value: Value) -> str:
    """Return a value as HCL: lists of two or more and objects take lines of their own.

    Raises TypeError for anything that is not a Value, such as a float or an undefined template variable.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Call):
        return f"{value.function}({', '.join(map(literal, value.arguments))})"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value).lower()
    if isinstance(value, tuple):
        return _list(value)
    return _object(value)


def _object(value: object) -> str:
    if not isinstance(value, Mapping):
        raise TypeError(f"{type(value).__name__} is not an HCL value")
    items = "".join(f"{key(name)} = {literal(item)}\n" for name, item in value.items())
    return f"{{\n{items}}}" if items else "{}"


def _list(value: tuple[Value, ...]) -> str:
    if len(value) > 1 or any(isinstance(item, Mapping) and item for item in value):
        return "[\n" + "".join(f"{literal(item)},\n" for item in value) + "]"
    return "[" + ", ".join(map(literal, value)) + "]"


def lines(block: Block) -> Iterator[str]:
    """Yield a block as text, without indentation or alignment: arguments first, then the blocks inside it."""
    yield " ".join((block.type, *map(text, block.labels), "{"))
    yield from (f"{name} = {literal(value)}" for name, value in block.arguments.items())
    for inner in block.blocks:
        yield from lines(inner)
    yield "}"


def words(text: str) -> str:
    """Return the ASCII letters and digits of a text in lower case, other characters as underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def slug(text: str, fallback: str) -> str:
    """Return a Terraform label made of a text; `fallback` stands before one that could not begin a label."""
    label = words(text)
    return label if label[:1].isalpha() and label not in KEYWORDS else f"{fallback}_{label}".strip("_")
