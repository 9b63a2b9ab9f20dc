"""A page of many modules in a real browser: how long it takes to open and to filter, beside a loop in the same page."""

from __future__ import annotations

import shutil
import statistics
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
_OPENED = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(
  document.querySelectorAll("tbody th").length > 10 ? performance.now() : NaN))))"""
_FILTER = """(text) => new Promise((done) => {
  const search = document.querySelector("input[type=search]");
  const start = performance.now();
  search.value = text;
  search.dispatchEvent(new Event("input"));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
_LOOP = """() => {
  const start = performance.now();
  let sum = 0;
  for (let each = 0; each < 2e7; each += 1) sum += Math.sqrt(each) % 7;
  return sum && performance.now() - start;
}"""
"""What any machine does in a time of its own, for the figures beside it."""


def taken(page: Path, runs: int) -> tuple[float, float, float]:
    """Return milliseconds, each the median of so many: till a page's table is there, of a search in it, of the loop."""
    opened, filtered, loops = list[float](), list[float](), list[float]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for number in range(runs):
            shown = browser.new_page()
            shown.goto(page.as_uri())
            opened.append(shown.evaluate(_OPENED))
            loops.append(shown.evaluate(_LOOP))
            filtered += [shown.evaluate(_FILTER, text) for text in (f"app-{number} kms", "type:gateway", "-logs")]
            shown.close()
        browser.close()
    return statistics.median(opened), statistics.median(filtered), statistics.median(loops)
