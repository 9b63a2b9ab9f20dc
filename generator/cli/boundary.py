"""Where findings become lines and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import typer

from generator.cli.printing import (
    FOR_PEOPLE,
    Printing,
    document,
    note,
    note_fixes,
    print_diagnostics,
    printing_as,
    take_for,
)
from generator.cli.progress import progress
from generator.cli.views.words import counted
from generator.fleet.told import fold
from generator.source.diagnostics import Diagnostic, ExitCode, Refused, in_order, worst
from generator.source.draft import is_cut
from generator.source.repository import asked_once


@contextmanager
def boundary(form: str = "text") -> Iterator[None]:
    """Print what a command could not do, once, and exit with the code that says whose turn it is.

    What a program is to read in this format are the findings, unless the command has printed another document; nothing
    where it came to no result.
    """
    with printing_as(form) as printed, progress(), asked_once():
        try:
            with _exits():
                yield
        except typer.Exit as exit_:
            note_fixes(fails=bool(exit_.exit_code))
            if exit_.exit_code in {ExitCode.REFUSED, ExitCode.STALE}:
                _print_findings(printed)
            raise
        note_fixes(fails=False)
        _print_findings(printed)


def _print_findings(printed: Printing) -> None:
    if printed.form not in FOR_PEOPLE and not printed.has_document:
        from generator.cli.views import findings
        from generator.output.revision import repository

        here = Path.cwd()
        document(findings.as_document(printed, here, repository(here) or here), is_harmless=True)


@contextmanager
def _exits() -> Iterator[None]:
    try:
        yield
        sys.stdout.flush()
    except Refused as refused:
        raise typer.Exit(print_refused([refused])) from refused
    except KeyboardInterrupt as interrupt:  # an answer that was asked for and refused
        note("interrupted")
        raise typer.Exit(ExitCode.INTERRUPTED) from interrupt
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        if "GEN_ENDPOINTS_TRACEBACK" in os.environ:
            raise
        raise typer.Exit(unforeseen(error)) from error


def stop(message: str, code: ExitCode = ExitCode.USAGE) -> NoReturn:
    """Print why a command goes no further, and exit with the code that says whose turn it is."""
    note(message)
    raise typer.Exit(code)


def print_refused(all_refused: Collection[Refused]) -> ExitCode:
    """Print what was refused, each finding once, and return whose turn it is."""
    findings = in_order({*fold((refused.label, refused.diagnostics) for refused in all_refused)})
    strict = {(at.place, at.code) for each in all_refused if _is_strict(each) for at in each.diagnostics}
    take_for("error", (each for each in findings if (each.place, each.code) in strict))
    print_diagnostics(findings)
    for difference in (each for refused in all_refused for each in getattr(refused, "differences", ())):
        note(difference.diff, end="")
    note(f"\nrefused: {'at least ' if is_cut(findings) else ''}{counts(findings)}")
    return worst(refused.exit_code for refused in all_refused)


def _is_strict(refused: Refused) -> bool:
    return all(each.is_warning for each in refused.diagnostics)


def counts(findings: Collection[Diagnostic]) -> str:
    """Return how many errors and warnings there are; warnings alone refuse only where they are taken for errors."""
    warnings = sum(finding.is_warning for finding in findings)
    if warnings == len(findings):
        return f"{counted(warnings, 'warning')}, by --strict"
    errors = counted(len(findings) - warnings, "error")
    return f"{errors} and {counted(warnings, 'warning')}" if warnings else errors


def unforeseen(error: Exception) -> ExitCode:
    """Print an unexpected error, and return whose turn it is."""
    if isinstance(error, FileNotFoundError) and not _is_somewhere():
        note("the working folder is gone: change to one that is there")
        return ExitCode.REFUSED
    if isinstance(error, OSError) and error.filename is None:  # what is printed can't be written: a full disk, say
        note(f"can't write the output: {error.strerror}")
        return ExitCode.REFUSED
    from traceback import extract_tb

    last = extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    note(
        f"gen-endpoints has a bug: {type(error).__name__} at {where}: {error}\n"
        "    please report this line and the spec; GEN_ENDPOINTS_TRACEBACK=1 shows the whole trace"
    )
    return ExitCode.BUG


def _is_somewhere() -> bool:
    """Tell whether the folder in which the command works is still there."""
    with suppress(FileNotFoundError):
        return bool(Path.cwd())
    return False


def today() -> date:
    """Return the day by which what was looked up is old; the one clock that there is."""
    return datetime.now(UTC).date()
