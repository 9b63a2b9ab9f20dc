"""The command that compares the modules' folders with their specs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from generator.cli.app import EPILOG, Out, Specs, Strict, app
from generator.cli.boundary import boundary
from generator.cli.printing import note
from generator.cli.specs import compare, render_all
from generator.source.diagnostics import ExitCode

if TYPE_CHECKING:
    from gen_endpoints import Difference


@app.command(epilog=EPILOG)
def check(specs: Specs, *, out: Out = Path("out"), strict: Strict = False) -> None:
    """Compare the modules' folders with their specs.

    Writes nothing; exit 4 and a diff where a folder is not what its spec renders to. Files of your own do not count.
    """
    with boundary():
        from generator.output.tree import in_the_way

        stale: list[str] = []
        blocking: list[Difference] = []
        for path, rendered in zip(dict.fromkeys(specs), render_all(specs, strict=strict), strict=True):
            differences = compare(rendered, out / rendered.meaning.name)
            blocking += in_the_way(differences)
            stale += [path] if differences else []
        if stale:
            first = "fix what is in the way, then " if blocking else ""
            command = shlex.join(("gen-endpoints", "render", *stale, "--out", str(out)))
            note(f"\nout of date; {first}run: {command}")
            raise typer.Exit(ExitCode.STALE)
