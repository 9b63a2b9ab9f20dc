"""Asking again until nothing is pending, and saying meanwhile what is waited for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from generator.cli.harmless import harmless
from generator.live.verify.report import Outcome, Report

INTERVAL = 5
"""Seconds between two questions: AWS takes minutes to make an interface endpoint, and limits how often it is asked."""


def awaited(
    ask: Callable[[], Report],
    seconds: float,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Return the first report in which nothing is pending, or the one that there is when the seconds are over."""
    start = now()
    progress = Progress(sys.stderr)
    while True:
        report = ask()
        passed = now() - start
        if not report.is_pending or passed >= seconds:
            progress.end()
            return report
        progress.show(report, passed)
        sleep(min(INTERVAL, seconds - passed))


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
