"""Whether what was kept of a shape can be nothing else than what its text says.

A block as `parser` makes it has one form for each text, and `written` one text for each such block. So what was kept is
what the text says if it has that form and is written so; one that anybody forged is not believed, whatever it says.
"""

from __future__ import annotations

import re

from generator.hcl import hcl, layout, shapes
from generator.hcl.hcl import IDENTIFIER, KEYWORDS, Block, Call, Expression

_STRING = re.compile(r"s \d+", re.ASCII)
_KEY = re.compile(rf"[sk] \d+|(?!(?:{'|'.join(KEYWORDS)})$){IDENTIFIER.pattern}", re.ASCII)
_LITERAL = re.compile(r'-?\d+|true|false|null|"s \d+"', re.ASCII)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_CODE = re.compile(r'(?:[\w.\-(){}\[\]:?!&|+*%, ]|""|[=!<>]=|=>|(?<!<)[<>])+', re.ASCII)
"""Neither a comment nor a heredoc, and one line."""
_FOR = re.compile(r"\[for |\{ for ")
_CALL = re.compile(r"[\w:]+\((.*)\)", re.ASCII)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def written(block: Block) -> str:
    """Return the text of a block of a shape, as a shape has it."""
    return shapes.plain(layout.format("\n".join(hcl.lines(block))))


def is_certain(block: Block, text: str) -> bool:
    """Tell whether the block has the form that `parser` gives, and is written as the text of the shape."""
    try:
        return _is_block(block) and written(block) == text
    except RecursionError:
        return False


def _is_block(block: object) -> bool:
    return (
        isinstance(block, Block)
        and all(map(isinstance, (block.labels, block.arguments, block.blocks), (tuple, dict, tuple)))
        and _fit(IDENTIFIER, block.type, *block.arguments)
        and _fit(_STRING, *block.labels)
        and all(map(_is_value, block.arguments.values()))
        and all(map(_is_block, block.blocks))
    )


def _is_value(value: object) -> bool:
    """Tell whether a value is the simplest that is written so, which is what `parser` makes of it."""
    match value:
        case Expression(text=str(text)):
            code = _QUOTED.sub('""', text)
            return not _LITERAL.fullmatch(text) and _fit(_CODE, code) and _is_code(code)
        case Call(function=name, arguments=tuple(values)):
            has_many = any(isinstance(each, tuple | dict | Call) for each in values)
            return _fit(IDENTIFIER, name) and has_many and all(map(_is_value, values))
        case tuple():
            return all(map(_is_value, value))
        case dict():
            return _fit(_KEY, *value) and all(map(_is_value, value.values()))
    return value is None or isinstance(value, int) or _fit(_STRING, value)


def _is_code(code: str) -> bool:
    """Tell whether code is one expression, and neither a list or an object nor a call that is given one."""
    if code != code.strip() or _split(code) != [code] or code.startswith("for "):
        return False
    if code[:1] in {"[", "{"}:
        return _FOR.match(code) is not None
    call = _CALL.fullmatch(code)
    return call is None or all(_is_code(each.strip()) for each in _split(call[1]))


def _split(code: str) -> list[str]:
    """Return what stands between the commas that no bracket is around; nothing where the brackets are no pairs."""
    pieces, around = [""], [""]
    for character in code:
        if character in _PAIRS:
            around.append(_PAIRS[character])
        elif character in _PAIRS.values() and around.pop() != character:
            return []
        if character == "," and around == [""]:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces if around == [""] else []


def _fit(pattern: re.Pattern[str], *texts: object) -> bool:
    return all(isinstance(text, str) and pattern.fullmatch(text) for text in texts)
