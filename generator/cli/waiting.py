"""Asking again until nothing is pending, and saying meanwhile what is waited for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TypeVar

from generator.cli.printing import note
from generator.cli.progress import doing
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
    """Return the first reports in which nothing is pending, or those that there are when the seconds are over.

    What is waited for is told where errors go: on a terminal in the line that changes, else once for each change.
    """
    start, told = now(), ""
    while True:
        reports = ask()
        passed = now() - start
        if not any(each.is_pending for each in reports.values()) or passed >= seconds:
            return reports
        before, told = told, _pending(reports.values())
        if told != before and not sys.stderr.isatty():
            note(told)
        with doing(partial(str, told)):
            sleep(min(INTERVAL, seconds - passed))


def _pending(reports: Collection[Report]) -> str:
    """Return what is pending, and of how many endpoints."""
    rows = [row for report in reports for row in report.rows]
    late = [row for row in rows if any(check.outcome is Outcome.PENDING for check in row.checks)]
    return f"waiting for {len(late)} of {len(rows)}: {', '.join(f'{row.key} {row.state}' for row in late)}"
