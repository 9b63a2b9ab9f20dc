"""The command that says whether specs are right."""

from __future__ import annotations

import gen_endpoints
from gen_endpoints import Meaning, Source
from generator.cli.app import EPILOG, Named, ProjectFile, Quiet, Strict, app
from generator.cli.batch import Batch
from generator.cli.boundary import boundary, today
from generator.cli.printing import print_diagnostics
from generator.cli.scope import scoped
from generator.cli.specs import refuse_twins, refuse_warnings
from generator.cli.views.words import counted


@app.command(epilog=EPILOG)
def validate(specs: Named = None, *, project: ProjectFile = None, strict: Strict = False, quiet: Quiet = False) -> None:
    """Check specs without rendering them.

    Every mistake is told at its line: first those of form, and once there is none, those of meaning.
    """

    def understand(path: str) -> tuple[Source, Meaning]:
        meaning = gen_endpoints.understand(spec := gen_endpoints.parse(path), today=today())
        refuse_warnings(meaning.warnings, strict=strict)
        return spec, meaning

    with boundary():
        batch = Batch(quiet=quiet)
        found = batch.each_of(scoped(specs, project).specs, understand)
        for path in refuse_twins(found, batch):
            del found[path]
        for path, (_, meaning) in found.items():
            print_diagnostics(meaning.warnings)
            batch.say(f"{path}: fine, {counted(len(meaning.endpoints), 'endpoint')}")
        batch.end(["fine"] * len(found), noun="spec")
