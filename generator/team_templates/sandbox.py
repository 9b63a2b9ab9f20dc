"""The process that renders templates, from outside: started once for each folder of them, with an empty environment.

What it is given is data, what it gives back is text; one that ends by itself has met a limit, and is not started again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator.source.diagnostics import Code, Refused
from generator.source.frozen import frozen
from generator.team_templates.folder import Templates

FAILS = Code("E603")
TOO_MUCH = Code("E604")
_CLOCK = 60
_LARGEST = 64 << 20
LIMITS = "5 seconds or 256 MiB"
_START = """import json, sys
sys.path[:] = json.loads(sys.argv[1])
from generator.team_templates.child import main
main()"""


@frozen()
class Output:
    """What a template renders to, the template, and for each line of the text the line of the template."""

    text: str
    template: str
    lines: tuple[int, ...]


def rendered(templates: Templates, targets: Mapping[str, str], model: Mapping[str, Any]) -> dict[str, Output]:
    """Return what some of the templates render to, by their targets; what has no `.j2` is as it is.

    Raises Refused for templates that fail, at their lines.
    """
    wanted = [path for path in targets.values() if path.endswith(".j2")]
    found = _child(tuple(templates.texts.items())).answer(templates, wanted, model) if wanted else {}
    outputs = {}
    for to, path in targets.items():
        text = templates.texts[path]
        outputs[to] = found.get(path) or Output(text, path, tuple(range(1, text.count("\n") + 2)))
    return outputs


class _Child:
    def __init__(self, texts: tuple[tuple[str, str], ...]) -> None:
        where = json.dumps([str(Path(each).resolve()) for each in sys.path])
        environment = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # of Windows
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _START, where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        weakref.finalize(self, _end, self.process)
        self.at = ""
        self.write({"texts": dict(texts)})

    def write(self, data: object) -> None:
        with suppress(OSError):  # it has ended, which its silence tells
            stdin: Any = self.process.stdin
            stdin.write(json.dumps(data).encode() + b"\n")
            stdin.flush()

    def answer(self, templates: Templates, wanted: list[str], model: Mapping[str, Any]) -> dict[str, Output]:
        """Return what templates render to for a module; raises Refused with all that fail, or the one that ended it."""
        said: dict[str, Any] = {}
        stdout: Any = self.process.stdout
        timer = threading.Timer(_CLOCK, self.process.kill)
        timer.start()
        self.write({"wanted": wanted, "model": model})
        while "files" not in said and (line := stdout.readline(_LARGEST)):
            said = json.loads(line)
            self.at = said.get("at", self.at)
        timer.cancel()
        if "files" not in said:
            raise Refused(
                [TOO_MUCH.at(templates.place(self.at or wanted[0]), f"takes more than {LIMITS}, and was ended")]
            )
        failures = said["failures"]
        if failures:
            raise Refused(FAILS.at(templates.place(path, line), *told) for path, line, *told in failures)
        return {path: Output(text, path, tuple(lines)) for path, (text, lines) in said["files"].items()}


@lru_cache(maxsize=8)
def _child(texts: tuple[tuple[str, str], ...]) -> _Child:
    """Return the one process that has these templates; targets in turn may have those of a few folders."""
    return _Child(texts)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
