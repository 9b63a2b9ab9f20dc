"""The tool in a process of its own that is forked from that of the tests, and so need import nothing.

A run that writes little takes a tenth of the time so. What is about the start itself, signals and terminals starts
`python -m generator` instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from generator.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def run(
    *arguments: str, folder: Path, environment: Mapping[str, str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the tool to its end in a folder, with `text` as its input."""
    with ExitStack() as opened:
        files = [opened.enter_context(TemporaryFile("w+", encoding="utf-8")) for _ in range(3)]
        files[0].write(text)
        files[0].seek(0)
        if not (child := os.fork()):
            _become(arguments, folder, environment, files)
        _, status = os.waitpid(child, 0)
        for file in files:
            file.seek(0)
        said, complaint = (file.read() for file in files[1:])
    return subprocess.CompletedProcess(arguments, os.waitstatus_to_exitcode(status), said, complaint)


def _become(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], files: Sequence[IO[str]]) -> None:
    """Be the tool; whatever happens, this process never goes on with the tests."""
    try:
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, "w" if number else "r") for number in range(3))
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["gen-endpoints", *arguments]
        main()
    finally:
        os._exit(os.EX_SOFTWARE)
