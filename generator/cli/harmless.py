"""Text without that by which a file, an answer of AWS or an argument could steer a terminal or a CI."""

from __future__ import annotations

import re

_KEPT = frozenset("\n\t\u200c\u200d\xa0\u2002\u2003\u2007\u2009\u202f\u3000")
"""What is not printable to Python, but harmless: layout, joiners of letters and emoji, and wide or fixed spaces."""
_ODD = re.compile(r"[^ -~\n\t]")
_COMMAND = re.compile(r"^(?=[^\S\n]*::[\w-]+(?: .*)?::)|(?<=##)(?=\w*\[)", re.MULTILINE)
"""Where what CI obeys begins: `::error::` of GitHub, at the start of a line, `##[error]`, `##vso[task.debug]` of Azure.

https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
"""


def harmless(text: str) -> str:
    """Return text without that by which a file, an answer of AWS or an argument could steer the terminal or a CI."""
    kept = _ODD.sub(lambda odd: odd[0] if odd[0].isprintable() or odd[0] in _KEPT else "\ufffd", text)
    return _COMMAND.sub("\ufffd", kept)
