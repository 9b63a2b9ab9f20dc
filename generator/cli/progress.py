"""What a command does and for how long: one line of a terminal that changes; a pipe or a file gets nothing of it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, RLock, Thread

from generator.cli.harmless import harmless

INTERVAL = 1
"""Seconds before the line is drawn, and between two times."""


class _Line:
    """The line, and what it says."""

    def __init__(self) -> None:
        self.doing: list[Callable[[], str]] = []
        self.cells = 0
        self.lock = RLock()

    def draw(self, text: str) -> None:
        """Draw a text over the one before, cut to the terminal: a longer one could not be cleared."""
        from generator.cli.views.table import terminal_width, width

        text = harmless(text)
        while width(text) >= terminal_width():
            text = text[:-1]
        before, self.cells = self.cells, width(text)
        print(f"\r{text}{' ' * (before - self.cells)}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.cells:
            print(f"\r{' ' * self.cells}\r", end="", file=sys.stderr, flush=True)
        self.cells = 0


_line = _Line()


@contextmanager
def alone() -> Iterator[None]:
    """Clear the line, and draw none until what follows is printed."""
    with _line.lock:
        _line.clear()
        yield


@contextmanager
def doing(tell: Callable[[], str]) -> Iterator[None]:
    """Have the line say what is being done."""
    _line.doing.append(tell)
    try:
        yield
    finally:
        _line.doing.remove(tell)


@contextmanager
def still(text: str = "") -> Iterator[None]:
    """Leave the line as it is, where the user may be asked for something."""
    with doing(str):
        with alone():
            if text and _is_drawn():
                _line.draw(text)
        yield


@contextmanager
def progress() -> Iterator[None]:
    """Draw the line while a command takes longer."""
    if not _is_drawn():
        yield
        return
    over, start = Event(), time.monotonic()

    def tell() -> None:
        while not over.wait(INTERVAL):
            with _line.lock, suppress(OSError, ValueError):  # where the terminal is gone
                told = [each() for each in _line.doing.copy()]
                if all(told):
                    _line.draw(f"working, {time.monotonic() - start:.0f} s{': ' * bool(told)}{', '.join(told)}")

    thread = Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _line.clear()


def _is_drawn() -> bool:
    """Tell whether errors go to a terminal, and nothing that is typed there may be read."""
    is_read = "-" in sys.argv and sys.stdin.isatty()
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not is_read
