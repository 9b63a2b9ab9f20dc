"""Where findings become lines and exit codes: the one place that prints what went wrong."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from generator.source.diagnostics import ExitCode, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from generator.source.diagnostics import Diagnostic


@contextmanager
def boundary() -> Iterator[None]:
    """Print what a command could not do, once, and exit with the code that says whose turn it is."""
    try:
        yield
        sys.stdout.flush()
    except Refused as refused:
        print_diagnostics(refused.diagnostics)
        for difference in getattr(refused, "differences", ()):
            print(harmless(difference.diff), end="", file=sys.stderr)
        raise typer.Exit(refused.exit_code) from refused
    except KeyboardInterrupt as interrupt:  # an answer that was asked for and refused
        print("interrupted", file=sys.stderr)
        raise typer.Exit(ExitCode.INTERRUPTED) from interrupt
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at the end
        raise typer.Exit(ExitCode.FINE) from None
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        if "GEN_ENDPOINTS_TRACEBACK" in os.environ:
            raise
        raise typer.Exit(unforeseen(error)) from error


def unforeseen(error: Exception) -> ExitCode:
    """Print what nobody foresaw, and return whose turn it is."""
    if isinstance(error, OSError) and error.filename is None:  # what is printed can't be written: a full disk, say
        print(f"can't write the output: {error.strerror}", file=sys.stderr)
        return ExitCode.REFUSED
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    print(
        f"gen-endpoints has a bug: {type(error).__name__} at {where}: {error}\n"
        "    please report this line and the spec; GEN_ENDPOINTS_TRACEBACK=1 shows the whole trace",
        file=sys.stderr,
    )
    return ExitCode.BUG


def print_diagnostics(diagnostics: Iterable[Diagnostic | str]) -> None:
    """Print findings, or what was kept of them, one a line, each with its fix under it, where errors go."""
    for diagnostic in diagnostics:
        print(diagnostic, file=sys.stderr)


def today() -> date:
    """Return the day by which what was looked up is old; the one clock that there is."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date()


def harmless(text: str) -> str:
    """Return text without the control characters by which a file could steer the terminal."""
    return "".join(character if character.isprintable() or character in "\n\t" else "\ufffd" for character in text)
