"""Recorded terminals as SVG: real commands on the workshop's spec, drawn by rich without the font it would load."""

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
_TYPO = "sed -i 's/service: logs/servce: logs/' band-up.yaml"
RECORDED = {
    "terminal": (
        _TYPO,
        "gen-endpoints validate band-up.yaml",
        "sed -i 's/servce: logs/service: logs/' band-up.yaml",
        "gen-endpoints render band-up.yaml",
        "sed -i 's/^  logs: {/  cloudwatch: {/' band-up.yaml",
        "gen-endpoints render band-up.yaml",
    ),
    "typo": (
        "sed 's/service: logs/servce: logs/' band-up.yaml > typo.yaml",
        "gen-endpoints validate typo.yaml || rm typo.yaml",
    ),
    "render": ("gen-endpoints render band-up.yaml", "grep -A 11 '\"logs\"' out/band-up/main.tf"),
    "preflight": ("gen-endpoints preflight band-up.yaml --from answers.json",),
}
"""The commands of each picture, by its name: the first is README's, the others are the tutorial's."""
ANSWERS = ROOT / "tests" / "data" / "tutorial" / "answers.json"
"""What AWS says of the tutorial's VPC before anything is made, DNS hostnames being off."""
README, TUTORIAL = ROOT / "README.md", ROOT / "docs" / "tutorial" / "band-up.md"
WIDTH = 92
FONT = re.compile(r"\s*@font-face \{\{.*?\}\}\n", re.DOTALL)


def workshop(page: Path = TUTORIAL) -> str:
    """Return the spec that a page shows, as the tutorial has its reader write it."""
    return page.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]


def terminal(name: str) -> str:
    """Return what the commands of a picture print, one after the other, as SVG: the same bytes on every machine."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "band-up.yaml").write_text(workshop(README if name == "terminal" else TUTORIAL), "utf-8")
        shutil.copy(ANSWERS, folder)
        for command in RECORDED[name]:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            console.print(Text.from_ansi(_printed(command, folder)), end="")
    return console.export_svg(title="gen-endpoints", code_format=FONT.sub("\n", CONSOLE_SVG_FORMAT), unique_id="gen")


def _printed(command: str, folder: Path) -> str:
    """Return what a command prints on a terminal, in color."""
    own = f"{sys.executable} -m generator \\1 --color always --output full"
    run = subprocess.run(
        ["/bin/bash", "-c", re.sub(r"^gen-endpoints ([\w-]+)", own, command)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": str(WIDTH), "XDG_CACHE_HOME": f"{folder}/.cache"},
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return run.stdout
