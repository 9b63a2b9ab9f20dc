"""Commands on a terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OURS = {"NO_COLOR", "CI", "COLUMNS", "GEN_ENDPOINTS_OUTPUT"}
"""What of the tests' environment a terminal does not have."""


def on_terminal(*arguments: str, cwd: Path, **variables: str) -> str:
    """Return what a command leaves on a terminal of 80 columns, however slow the machine is."""
    drawn = drawn_on_terminal(*arguments, cwd=cwd, **variables)
    return re.sub(r"(\rworking, [^\r]*)+\r *\r", "", drawn)


def drawn_on_terminal(*arguments: str, cwd: Path, **variables: str) -> str:
    """Return all that a command prints on a terminal of 80 columns, the line that is drawn over too."""
    mine, its = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    command = [sys.executable, "-m", "generator", *arguments]
    with subprocess.Popen(
        command, cwd=cwd, env=environment | {"TERM": "xterm"} | variables, stdin=its, stdout=its, stderr=its
    ):
        os.close(its)
        parts: list[bytes] = []
        while True:
            try:
                part = os.read(mine, 65536)
            except OSError:  # Linux says so at the end
                part = b""
            if not part:
                break
            parts.append(part)
    os.close(mine)
    return b"".join(parts).decode().replace("\r\n", "\n")
