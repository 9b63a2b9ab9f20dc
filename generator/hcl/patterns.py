"""What blocks of one pattern say: text that is the same but for its strings and resource names.

What is inside a string changes neither how the text around it parses (see `shapes`) nor where `layout` puts that; a key
does, by its width, so it stays in the pattern. What was read in the second block of a pattern is filled in for all that
come after it in a run: of a fleet each spec has the patterns of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, TypeAlias

from generator.hcl import layout
from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.shapes import PLACE, REFERENCE, TEXT, unescaped

Tokens: TypeAlias = tuple[str, ...]
"""What is peculiar to a text: strings, without the quote that opens them, and names."""

_MOST = 1_000  # patterns that are kept
_LONGEST = 20_000  # characters: a longer block is peculiar to one module
# One character first, which makes the search four times as fast. A template, and what may be a key, is no token.
_TOKEN = re.compile(
    rf'["a](?:(?<=")(?:((?:{TEXT})*"(?! *=))|((?:{TEXT}|{REFERENCE})*"))|(?<=\ba)(ws_\w+\.)([A-Za-z_][\w-]*))'
)
_GROUPS = 5
_NUMBERED = re.compile(r's \d+"')


class Shapes(dict[str, Block]):
    """What shapes say, by their texts, and the patterns of what was read by them."""

    def __init__(self) -> None:
        """Know nothing yet."""
        super().__init__()
        self.patterns = Patterns()


class Patterns(dict[tuple[str | None, ...], "Pattern"]):
    """The patterns that a run has seen, by what is between their tokens; where they are many, all are forgotten."""

    def of(self, piece: str) -> tuple[Pattern, Tokens]:
        """Return the pattern of a piece of a file, and its tokens."""
        if len(piece) > _LONGEST:
            return Pattern(piece), ()
        parts = _TOKEN.split(piece)
        texts, strings, kept, types, names = (parts[group::_GROUPS] for group in range(_GROUPS))
        if any(_NUMBERED.match(each) for each in kept if each):
            return Pattern(piece), ()
        key = (*texts, *kept, *types)
        if (found := self.get(key)) is None:
            if len(self) >= _MOST:
                self.clear()
            found = self[key] = Pattern(_numbered(texts, kept, types))
        return found, tuple([string or name for string, name in zip(strings, names, strict=True)])


class Pattern:
    """What blocks share that differ in their tokens alone; `text` has a number for each of these."""

    def __init__(self, text: str) -> None:
        """Look at the layout; what the text says is read where a block is asked for."""
        self.is_laid_out = layout.is_kept(text)
        self._text = text
        self._is_used = False
        self._make: _Maker | None = None
        self._last: tuple[Tokens, Block] | None = None

    def block(self, piece: str, tokens: Tokens, read: Callable[[str], Block]) -> Block:
        """Return what a piece of this pattern says, as `read` does, which may raise ValueError."""
        if self._last and self._last[0] == tokens:
            return self._last[1]
        if self._is_used and not self._make:  # of the first alone, to read it as it is takes less
            of_pattern = read(self._text)
            self._make = _maker(of_pattern) or (lambda _: of_pattern)
        self._is_used = True
        block = self._make(tokens) if self._make else read(piece)
        self._last = (tokens, block)
        return block


def _numbered(texts: list[str], kept: list[str], types: list[str]) -> str:
    """Return a text with a number in place of each token."""
    first, *rest = texts
    pieces = [first]
    for number, (text, template, of_type) in enumerate(zip(rest, kept, types, strict=True)):
        token = f'"{template}' if template else f"a{of_type}n{number}" if of_type else f'"s {number}"'
        pieces += (token, text)
    return "".join(pieces)


def _maker(value: Block | Value) -> _Maker | None:
    """Return what makes of tokens what a text with them says; None where that is the same for all."""
    if isinstance(value, str):
        number = int(value[2:])
        return lambda tokens: unescaped(f'"{tokens[number]}')
    if isinstance(value, Expression):
        return _of_expression(value.text)
    if isinstance(value, tuple):
        return _of_items(value)
    if isinstance(value, Call):
        function, arguments = value.function, _of_items(value.arguments)
        return arguments and (lambda tokens: Call(function, arguments(tokens)))
    if isinstance(value, Mapping):
        return _of_mapping(value)
    return _of_block(value) if isinstance(value, Block) else None


def _of_expression(text: str) -> _Maker | None:
    numbers = list[int]()

    def mark(match: re.Match[str]) -> str:
        if number := match[1] or match[3]:
            numbers.append(int(number))
            return f"{match[2]}\0" if match[2] else '"\0'
        return match[0]

    form = PLACE.sub(mark, text).replace("%", "%%").replace("\0", "%s")
    take: Any = itemgetter(*numbers) if numbers else None
    return take and (lambda tokens: Expression(form % take(tokens)))


def _of_items(values: tuple[Any, ...]) -> _Maker | None:
    makers = [(value, _maker(value)) for value in values]
    if not any(make for _, make in makers):
        return None
    return lambda tokens: tuple([make(tokens) if make else value for value, make in makers])


def _of_mapping(values: Mapping[str, Value]) -> _Maker | None:
    makers = [(name, make) for name, value in values.items() if (make := _maker(value))]
    return (lambda tokens: {**values, **{name: make(tokens) for name, make in makers}}) if makers else None


def _of_block(block: Block) -> _Maker | None:
    labels, arguments, blocks = _of_items(block.labels), _of_mapping(block.arguments), _of_items(block.blocks)
    if not (labels or arguments or blocks):
        return None
    return lambda tokens: Block(
        type=block.type,
        labels=labels(tokens) if labels else block.labels,
        arguments=arguments(tokens) if arguments else block.arguments,
        blocks=blocks(tokens) if blocks else block.blocks,
    )


_Maker: TypeAlias = Callable[[Tokens], Any]
