"""Asking again until nothing is pending, and saying meanwhile what is waited for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Mapping
from typing import TextIO, TypeVar

from generator.cli.harmless import harmless
from generator.live.verify.report import Outcome, Report

Item = TypeVar("Item")

INTERVAL = 5
"""Seconds between two questions: AWS takes minutes to make an interface endpoint, and limits how often it is asked."""


def awaited(
    ask: Callable[[], Mapping[Item, Report]],
    seconds: float,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Mapping[Item, Report]:
    """Return the first reports in which nothing is pending, or those that there are when the seconds are over."""
    start = now()
    progress = Progress(sys.stderr)
    while True:
        reports = ask()
        passed = now() - start
        if not any(each.is_pending for each in reports.values()) or passed >= seconds:
            progress.end()
            return reports
        progress.show(reports.values(), passed)
        sleep(min(INTERVAL, seconds - passed))


class Progress:
    """What is waited for, told where errors go: one line that changes on a terminal, else a line for each change."""

    def __init__(self, stream: TextIO) -> None:
        """Tell nothing yet."""
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._told = ""

    def show(self, reports: Collection[Report], passed: float) -> None:
        """Tell what is pending, and on a terminal for how long."""
        rows = [row for report in reports for row in report.rows]
        late = [row for row in rows if any(check.outcome is Outcome.PENDING for check in row.checks)]
        pending = ", ".join(f"{row.key} {row.state}" for row in late)
        line = harmless(f"waiting for {len(late)} of {len(rows)}: {pending}")
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
