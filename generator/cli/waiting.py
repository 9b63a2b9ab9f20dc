"""Asking again until nothing is pending, and saying meanwhile what is waited for."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cli.printing import harmless
from generator.live.verify.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from generator.live.verify.report import Report

INTERVAL = 5
"""Seconds between two questions: AWS takes minutes to make an interface endpoint, and limits how often it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time that passes, in seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def awaited(ask: Callable[[], Report], seconds: float, *, clock: Clock | None = None) -> Report:
    """Return the first report in which nothing is pending, or the one that there is when the seconds are over."""
    clock = clock or Clock()
    start = clock.now()
    progress = Progress(sys.stderr)
    while True:
        report = ask()
        passed = clock.now() - start
        if not report.is_pending or passed >= seconds:
            progress.end()
            return report
        progress.show(report, passed)
        clock.sleep(min(INTERVAL, seconds - passed))


class Progress:
    """What is waited for, told where errors go: one line that changes on a terminal, else a line for each change."""

    def __init__(self, stream: TextIO) -> None:
        """Tell nothing yet."""
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._told = ""

    def show(self, report: Report, passed: float) -> None:
        """Tell what is pending, and on a terminal for how long."""
        rows = [row for row in report.rows if any(check.outcome is Outcome.PENDING for check in row.checks)]
        pending = ", ".join(f"{row.key} {row.state}" for row in rows)
        line = harmless(f"waiting for {len(rows)} of {len(report.rows)}: {pending}")
        if self._is_terminal:
            line = f"{line}, {passed:.0f} s"
            padding = " " * max(len(self._told) - len(line), 0)
            print(f"\r{line}{padding}", end="", file=self._stream, flush=True)
        elif line != self._told:
            print(line, file=self._stream, flush=True)
        self._told = line

    def end(self) -> None:
        """Clear the line that changes."""
        if self._is_terminal and self._told:
            print(f"\r{' ' * len(self._told)}\r", end="", file=self._stream, flush=True)
