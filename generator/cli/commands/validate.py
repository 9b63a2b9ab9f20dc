"""The command that says whether specs are right."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import gen_endpoints
from gen_endpoints import Meaning
from generator.cli.app import EPILOG, FindingsFormat, Named, ProjectFile, Quiet, Strict, app
from generator.cli.batch import Batch
from generator.cli.boundary import boundary, today
from generator.cli.printing import print_diagnostics
from generator.cli.scope import scoped
from generator.cli.specs import refuse_twins, refuse_warnings
from generator.cli.views.words import counted
from generator.fleet.told import fold

if TYPE_CHECKING:
    from generator.fleet.overlays import Target


@app.command(epilog=EPILOG)
def validate(
    specs: Named = None,
    *,
    project: ProjectFile = None,
    strict: Strict = False,
    quiet: Quiet = False,
    form: FindingsFormat = "text",
) -> None:
    """Check specs without rendering them.

    Every mistake is told at its line: first those of form, and once there is none, those of meaning.
    """

    def understand(target: Target) -> Meaning:
        meaning = gen_endpoints.understand(target.source, today=today())
        refuse_warnings(meaning.warnings, strict=strict)
        return meaning

    with boundary(form):
        batch = Batch(quiet=quiet)
        found = batch.each_of(batch.targets_of(scoped(specs, project)), understand)
        for target in refuse_twins(found, batch):
            del found[target]
        print_diagnostics(fold((target.label, meaning.warnings) for target, meaning in found.items()))
        for file, of_it in groupby(found.items(), key=lambda each: each[0].source.file):
            fine = [*of_it]
            targets = f"{counted(len(fine), 'target')}, " if fine[0][0].label else ""
            endpoints = sum(len(meaning.endpoints) for _, meaning in fine)
            batch.say(f"{file}: fine, {targets}{counted(endpoints, 'endpoint')}")
        batch.end(["fine"] * len(found), noun="spec")
