"""A recorded terminal as SVG: real commands on the workshop's spec, drawn by rich without the font it would load."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
COMMANDS = (
    "sed -i 's/service: logs/servce: logs/' band-up.yaml",
    "gen-endpoints validate band-up.yaml",
    "sed -i 's/servce: logs/service: logs/' band-up.yaml",
    "gen-endpoints render band-up.yaml",
    "sed -i 's/^  logs: {/  cloudwatch: {/' band-up.yaml",
    "gen-endpoints render band-up.yaml",
)
WIDTH = 92
FONT = re.compile(r"\s*@font-face \{\{.*?\}\}\n", re.DOTALL)


def terminal() -> str:
    """Return what the commands print, one after the other, as SVG: the same bytes on every machine."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "specs" / "band-up.yaml", folder)
        for command in COMMANDS:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            console.print(Text.from_ansi(_printed(command, folder)), end="")
    return console.export_svg(title="gen-endpoints", code_format=FONT.sub("\n", CONSOLE_SVG_FORMAT), unique_id="gen")


def _printed(command: str, folder: Path) -> str:
    """Return what a command prints on a terminal, in color."""
    own = f"{sys.executable} -m generator \\1 --color always --output full"
    run = subprocess.run(
        ["/bin/bash", "-c", re.sub(r"^gen-endpoints (.*)$", own, command)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": str(WIDTH), "XDG_CACHE_HOME": f"{folder}/.cache"},
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return run.stdout
