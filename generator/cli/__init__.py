"""The command line: the only code that prints, exits, or reads the environment.

Each module here adds its commands to `app`.
"""

from __future__ import annotations

import io
import sys

from generator.cli import adopt, bundles, cost, init, modules, policies, reference, services, services_refresh
from generator.cli.app import app
from generator.cli.edge import unforeseen
from generator.diagnostics import ExitCode

__all__ = [
    "adopt",
    "app",
    "bundles",
    "cost",
    "init",
    "modules",
    "policies",
    "reference",
    "run",
    "services",
    "services_refresh",
]


def run() -> int:
    """Run the command that the arguments name, and return its exit code."""
    _open_outputs()
    try:
        app()
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except OSError as error:
        code = unforeseen(error)
    else:
        code = ExitCode.FINE
    return code if _is_flushed() else code or ExitCode.REFUSED


def _open_outputs() -> None:
    """See that there is something to print to, and that nothing is unprintable there."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_flushed() -> bool:
    """Write what still waits to be printed, and say whether that went well; a reader who has left wants no more."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return True
    except OSError as error:
        unforeseen(error)
        return False
    return True
