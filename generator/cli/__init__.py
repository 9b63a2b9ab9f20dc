"""The command line: the only code that prints, exits, or reads the environment.

Each module here adds its commands to `app`; `--help` lists them in the order of the imports below.
"""

from __future__ import annotations

from generator.cli import modules, reference, services, services_refresh
from generator.cli.app import app
from generator.diagnostics import ExitCode

__all__ = ["app", "modules", "reference", "run", "services", "services_refresh"]


def run() -> int:
    """Run the command that the arguments name, and return its exit code."""
    try:
        app()
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return ExitCode.FINE
