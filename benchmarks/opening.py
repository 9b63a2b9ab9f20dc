"""A page of many modules in a real browser: how long it takes to open and to filter, beside a loop in the same page."""

from __future__ import annotations

import shutil
import statistics
from functools import partial
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
_FILTER = """(text) => {
  const search = document.querySelector("input[type=search]");
  search.value = text;
  search.dispatchEvent(new Event("input"));
}"""
_LOOP = "() => { let sum = 0; for (let each = 0; each < 2e7; each += 1) sum += Math.sqrt(each) % 7; return sum; }"
"""What any machine does in a time of its own, for the figures beside it."""


def taken(page: Path, runs: int) -> tuple[float, float, float]:
    """Return milliseconds of CPU, the median of so many: till a page's table is there, of a search, of the loop."""
    opened, filtered, loops = list[float](), list[float](), list[float]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for number in range(runs):
            shown = browser.new_page()
            session = shown.context.new_cdp_session(shown)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})

            def spent(work: Callable[[], object], shown: Any = shown, session: Any = session) -> float:
                before = _busy(session)
                work()
                shown.evaluate(_DRAWN)
                return _busy(session) - before

            opened.append(spent(partial(shown.goto, page.as_uri())))
            filtered += [
                spent(partial(shown.evaluate, _FILTER, text)) for text in (f"app-{number} kms", "type:gateway", "-logs")
            ]
            loops.append(spent(partial(shown.evaluate, _LOOP)))
            shown.close()
        browser.close()
    return statistics.median(opened), statistics.median(filtered), statistics.median(loops)


def _busy(session: Any) -> float:
    """Return the milliseconds that the page's thread has worked so far."""
    found = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(found["TaskDuration"]) * 1000
