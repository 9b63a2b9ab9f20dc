"""The command line: the only code that prints, exits, or reads the environment.

Each module of `commands` adds its command to `app`.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TextIO

import typer

from generator.cli import commands
from generator.cli.app import app
from generator.cli.boundary import unforeseen
from generator.cli.printing import note
from generator.source.diagnostics import ExitCode

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["application", "run"]

_USAGE: Any = typer.BadParameter.__base__
"""Any wrong usage; older releases of Typer have it from Click."""


def application(command: str = "") -> typer.Typer:
    """Return the application with a command; with all of them where there is none of that name, as for `--help`.

    A run needs one command, and each of the others would take it another half of a millisecond to build.
    """
    names = [module.name for module in iter_modules(commands.__path__)]
    own = [name for name in names if name == command or name.startswith(f"{command}_")]
    for name in own or names:
        import_module(f"{commands.__name__}.{name}")
    return app


def run() -> int:
    """Run the command that the arguments name, and return its exit code."""
    _open_outputs()
    try:
        needed = app if sys.argv[1:] == ["--version"] else application(*sys.argv[1:2])
        code = needed(standalone_mode=False) or ExitCode.FINE
    except _USAGE as error:  # whose text has arguments as they are
        _offer(error)
        error.show(shown := io.StringIO())
        note(shown.getvalue(), end="")
        code = ExitCode.USAGE
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except OSError as error:
        code = unforeseen(error)
    return code if _is_flushed() else code or ExitCode.REFUSED


def _offer(error: Any) -> None:
    """Have an error about an option that there is not offer what takes its name: `-o FILE.png`, `--format json`."""
    word = getattr(error, "option_name", "").lstrip("-")
    for each in error.ctx.command.params if word and error.ctx else ():
        if "-o" in each.opts and f"FILE.{word}" in (each.help or ""):
            error.possibilities = [f"-o FILE.{word}"]
        elif word in getattr(each.type, "choices", ()):
            error.possibilities = [f"{each.opts[0]} {word}"]


def _open_outputs() -> None:
    """See that there is something to print to, that nothing is unprintable there, and that no reader need stay."""
    sys.stdout = _heard(sys.stdout) if sys.stdout else io.StringIO()
    sys.stderr = _heard(sys.stderr) if sys.stderr else io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Pipe(io.FileIO):
    """A pipe whose reader may leave, as `head` does: the command does all that it was asked, and its exit code says it.

    Stopped at once, `render` would write half of the modules, and `check` not say that one is out of date.
    """

    def write(self, data: Buffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def _heard(stream: TextIO) -> TextIO:
    """Return a stream as it is, but for a pipe one whose reader may leave."""
    if not (isinstance(stream, io.TextIOWrapper) and stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)):
        return stream
    buffer = io.BufferedWriter(_Pipe(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(buffer, stream.encoding, line_buffering=stream.line_buffering or stream.write_through)


def _is_flushed() -> bool:
    """Write what still waits to be printed, and say whether that went well."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        unforeseen(error)
        return False
    return True
