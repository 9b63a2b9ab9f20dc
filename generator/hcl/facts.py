"""What the rendered files say: the text of a module read back into blocks.

It trusts nothing that wrote the text, and python-hcl2 (`parser`) only half: that takes a tenth of the damaged texts
that HashiCorp's parser refuses (several arguments on a line, raw newlines, duplicates). So

- the text must be in the one layout there is: `layout.format(text) == text`;
- its strings must be strings beyond doubt (`shapes`);
- what python-hcl2 made of a block, written again, must be the very text that it read.

python-hcl2 parses each distinct shape once; what it read is filled in for every block of that shape. `known` lets the
caller keep shapes from run to run, since the same text always reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import field, replace

from generator.hcl import json_syntax, layout, markdown, parser, shapes
from generator.hcl.certain import written
from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.patterns import Patterns, Shapes
from generator.hcl.shapes import Shape
from generator.source.diagnostics import Code, Diagnostic, ExitCode, Place, Refused
from generator.source.frozen import frozen
from generator.source.hcl_bounds import LARGEST, is_too_long

UNREADABLE = Code("E901")

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_MOST = 50_000
"""The most blocks of a file: a spec has 4,000 endpoints at most."""
_BLOCK = re.compile(r"(?m)^(?=[^\s#}])")


@frozen()
class Facts:
    """What the files say: the blocks of each HCL file in their order, and the README's tables and code."""

    blocks: Mapping[str, tuple[Block, ...]]
    readme: markdown.Page
    unread: Mapping[str, Diagnostic] = field(default_factory=dict)
    """Why a file does not read beyond doubt, and at which line; nothing else is known of it."""


def read_back(files: Mapping[str, str], known: MutableMapping[str, Block] | None = None) -> Facts:
    """Return what rendered files say. Raises Refused (our bug) for text that does not read beyond doubt.

    `known` maps the shapes that were read before to what they say; it gains those that are read now.
    """
    known = {} if known is None else known
    findings: list[Diagnostic] = []
    texts = {path: text for path, text in files.items() if path.endswith((".tf", ".hcl"))}
    patterns = known.patterns if isinstance(known, Shapes) else Patterns()
    blocks = {path: tuple(_blocks(text, path, known, patterns, findings)) for path, text in texts.items()}
    if findings:
        raise Refused(findings, ExitCode.BUG)
    return Facts(blocks, markdown.read(files.get("README.md", "")))


class _TooLongError(Refused):
    """A text has more than is read: without its comments it is not sought either."""


def readable(files: Mapping[str, str], known: MutableMapping[str, Block] | None = None) -> Facts:
    """Return what those of the files say that read beyond doubt, each block under its labels, and which do not.

    A hand may have been in them: comments and blanks mean nothing, where no string can hold what looks like one.
    """
    known, blocks, unread = {} if known is None else known, dict[str, tuple[Block, ...]](), dict[str, Diagnostic]()
    for path, text in files.items():
        try:
            blocks[path] = _labelled(path, text, known)
        except _TooLongError as refused:
            unread[path] = refused.diagnostics[0]
        except Refused:
            plain, lines = layout.uncommented(text)
            try:
                blocks[path] = _labelled(path, plain, known)
            except Refused as refused:
                first = refused.diagnostics[0]
                at = lines[min(first.place.line, len(lines)) - 1] if lines else 0
                unread[path] = replace(first, place=Place(path, at, min(at, 1)))
    return Facts(blocks, markdown.read(""), unread)


def read(text: str, known: MutableMapping[str, Block] | None = None) -> tuple[Block, ...] | None:
    """Return the top-level blocks of any HCL; None where python-hcl2 does not read it, or it is too long.

    What is as it was rendered is read as that, in a fifth of the time and the memory that it takes python-hcl2.
    """
    if len(text) > LARGEST:
        return None
    ours = readable({".tf": text}, known).blocks.get(".tf")
    return parser.read(text) if ours is None else ours


def read_file(path: str, text: str) -> tuple[Block, ...] | None:
    """Return the top-level blocks of a file of Terraform, JSON by the end of its name; None as `read` does."""
    return (json_syntax.read if path.endswith(".json") else read)(text)


def _labelled(path: str, text: str, known: MutableMapping[str, Block]) -> tuple[Block, ...]:
    """Return the blocks of a file; raises Refused also where one is too long, or has other labels than its type."""
    if len(pieces := _BLOCK.split(text, _MOST)) > _MOST or any(map(is_too_long, pieces)):
        raise _TooLongError([UNREADABLE.at(Place(path, 1, 1), "it has more blocks, or more in one, than are read")])
    blocks = read_back({path: text}, known).blocks.get(path, ())
    for each in blocks:
        if len(each.labels) != (wanted := json_syntax.LABELS.get(each.type, 0)):
            message = f"a block {each.type} has {wanted} labels, and this one {len(each.labels)}"
            raise Refused([UNREADABLE.at(Place(path, 1, 1), message)])
    return blocks


def _blocks(
    text: str, path: str, known: MutableMapping[str, Block], patterns: Patterns, findings: list[Diagnostic]
) -> Iterator[Block]:
    head, *pieces = _BLOCK.split(text + "\n")  # so that the last block is like the others
    found = [] if _CONTROL.search(text) else [(piece, *patterns.of(piece)) for piece in pieces]
    if not (found and layout.is_head(head) and all(pattern.is_laid_out for _, pattern, _ in found)):
        wanted = layout.format(text)
        if wanted != text or _CONTROL.search(text):
            pairs = enumerate(zip(wanted.split("\n"), text.split("\n"), strict=False), start=1)
            line = next((number for number, (left, right) in pairs if left != right), 1)
            message = "the text is not in the layout that the tool gives"
            if control := _CONTROL.search(text):
                line, message = 1 + text.count("\n", 0, control.start()), "a control character, as a tab"
            findings.append(UNREADABLE.at(Place(path, line, 1), message))
            return
    if shapes.plain(head):
        findings.append(UNREADABLE.at(Place(path, 1, 1), "it does not begin with a block"))
    line = 1 + head.count("\n")
    for piece, pattern, tokens in found:
        try:
            yield pattern.block(piece, tokens, lambda each: _read(each, known))
        except ValueError as error:
            findings.append(UNREADABLE.at(Place(path, line, 1), str(error)))
            return  # a text of another tool may have thousands
        line += piece.count("\n")


def _read(text: str, known: MutableMapping[str, Block]) -> Block:
    """Return the block that a text says; raises ValueError for one that does not say one beyond doubt."""
    if (shape := shapes.shape(text)) is None:
        raise ValueError("a string that is not one beyond doubt")
    if (block := _block(shape.text, known)) is None:
        raise ValueError("a block that python-hcl2 reads as something else")
    return _filled(block, shape)


def _block(text: str, known: MutableMapping[str, Block]) -> Block | None:
    """Return the block of a shape, or None where python-hcl2 does not read it, or not as what it is."""
    with suppress(KeyError):
        return known[text]
    blocks = parser.parse(text)
    if blocks is None or len(blocks) != 1 or written(blocks[0]) != text:
        return None
    known[text] = blocks[0]
    return blocks[0]


def _filled(block: Block, shape: Shape) -> Block:
    """Return the block of a shape as it was written; raises ValueError for a key that is set twice in an object."""
    return Block(
        type=block.type,
        labels=tuple(shape.string(label) for label in block.labels),
        arguments={name: _filled_value(value, shape) for name, value in block.arguments.items()},
        blocks=tuple(_filled(inner, shape) for inner in block.blocks),
    )


def _filled_value(value: Value, shape: Shape) -> Value:
    if isinstance(value, str):
        return shape.string(value)
    if isinstance(value, Expression):
        return Expression(shape.fill(value.text))
    if isinstance(value, tuple):
        return tuple(_filled_value(item, shape) for item in value)
    if isinstance(value, Call):
        return Call(value.function, tuple(_filled_value(item, shape) for item in value.arguments))
    if isinstance(value, Mapping):
        pairs = [pair for key, item in value.items() for pair in _entries(key, item, shape)]
        if len(found := dict(pairs)) < len(pairs):
            message = "a key is set twice"
            raise ValueError(message)
        return found
    return value


def _entries(key: str, item: Value, shape: Shape) -> Iterator[tuple[str, Value]]:
    if key.startswith("k ") and isinstance(item, Expression):
        yield from ((each, Expression(text)) for each, text in shape.entries(key, item.text))
    elif key.startswith("k "):
        yield from shape.texts(key)
    else:
        yield (shape.string(key) if key.startswith("s ") else key), _filled_value(item, shape)
