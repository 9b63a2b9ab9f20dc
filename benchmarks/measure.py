"""Measures whole processes: CPU time and peak memory, as the operating system counts them."""

from __future__ import annotations

import os
import statistics
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A command to measure, and what must be done before each run of it."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    before: Callable[[], object] = lambda: None
    within: Callable[[], None] | None = None
    """What the process does to itself before the command begins."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took: seconds of CPU, of its children too, and MiB at its peak."""

    seconds: float
    memory: float


def environment(cache: Path) -> dict[str, str]:
    """Return this machine's environment with a cache folder of our own, and bytecode as everybody has it."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"CI", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
    }
    return kept | {"XDG_CACHE_HOME": str(cache), "XDG_STATE_HOME": str(cache), "HOME": str(cache), "NO_COLOR": "1"}


def once(work: Work) -> Run:
    """Run a command to its end; raises RuntimeError when it does not end with 0."""
    work.before()
    process = subprocess.Popen(
        work.command,
        cwd=work.folder,
        env=work.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=work.within,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{' '.join(work.command)} ended with {process.returncode}"
        raise RuntimeError(message)
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turn(*works: Work, runs: int) -> tuple[Run, ...]:
    """Return the median run of each of several works, measured in turn (A B A B …) after one that is not counted."""
    taken: list[list[Run]] = [[] for _ in works]
    for number in range(runs + 1):
        for work, found in zip(works, taken, strict=True):
            run = once(work)
            if number:
                found.append(run)
    return tuple(
        Run(statistics.median(run.seconds for run in found), max(run.memory for run in found)) for found in taken
    )
