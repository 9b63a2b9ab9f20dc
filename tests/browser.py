"""A real browser: Debian's Chromium, driven by playwright; make browser installs it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_CHROMIUM = shutil.which("chromium")
_QUIET = """--no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a Chromium without a screen; skip the test where there is none, which make browser mends."""
    if not _CHROMIUM:
        pytest.skip("what browsers show needs Chromium: make browser installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=_CHROMIUM, args=_QUIET.split())
        yield opened
        opened.close()
