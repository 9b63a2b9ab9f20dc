"""Whether what was kept of a shape can be nothing else than what its text says.

A block as `parser` makes it has one form for each text, and `written` one text for each such block. So what was kept is
what the text says if it has that form and is written so; one that anybody forged is not believed, whatever it says.
"""

from __future__ import annotations

import re

from generator.hcl import hcl, layout, shapes
from generator.hcl.hcl import IDENTIFIER, KEYWORDS, Block, Call, Expression

_STRING = re.compile(r"s \d+", re.ASCII)
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
        and _is_name(block.type)
        and isinstance(block.labels, tuple)
        and isinstance(block.arguments, dict)
        and isinstance(block.blocks, tuple)
        and all(map(_is_string, block.labels))
        and all(_is_name(name) and _is_value(value) for name, value in block.arguments.items())
        and all(map(_is_block, block.blocks))
    )


def _is_value(value: object) -> bool:
    """Tell whether a value is the simplest that is written so, which is what `parser` makes of it."""
    if isinstance(value, Expression):
        return _is_expression(value.text)
    if isinstance(value, Call):
        values = value.arguments
        return (
            _is_name(value.function)
            and isinstance(values, tuple)
            and all(map(_is_value, values))
            and any(isinstance(each, tuple | dict | Call) for each in values)
        )
    if isinstance(value, tuple):
        return all(map(_is_value, value))
    if isinstance(value, dict):
        return all((_is_string(key) or _is_key(key)) and _is_value(item) for key, item in value.items())
    return value is None or isinstance(value, int) or _is_string(value)


def _is_expression(text: object) -> bool:
    if not isinstance(text, str) or _LITERAL.fullmatch(text):
        return False
    code = _QUOTED.sub('""', text)
    return _CODE.fullmatch(code) is not None and _is_code(code)


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


def _is_name(text: object) -> bool:
    return isinstance(text, str) and IDENTIFIER.fullmatch(text) is not None


def _is_key(text: object) -> bool:
    return _is_name(text) and text not in KEYWORDS


def _is_string(text: object) -> bool:
    return isinstance(text, str) and _STRING.fullmatch(text) is not None
