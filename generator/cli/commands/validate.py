"""The command that says whether specs are right."""

from __future__ import annotations

import gen_endpoints
from gen_endpoints import Meaning
from generator.cli.app import EPILOG, Specs, Strict, app
from generator.cli.boundary import boundary, today
from generator.cli.printing import print_diagnostics, say
from generator.cli.specs import refuse_warnings
from generator.cli.views.words import counted
from generator.source.diagnostics import each_of


@app.command(epilog=EPILOG)
def validate(specs: Specs, *, strict: Strict = False) -> None:
    """Check specs without rendering them.

    Every mistake is told at its line: first those of form, and once there is none, those of meaning.
    """

    def understand(path: str) -> Meaning:
        meaning = gen_endpoints.understand(gen_endpoints.parse(path), today=today())
        refuse_warnings(meaning.warnings, strict=strict)
        return meaning

    with boundary():
        for path, meaning in each_of(specs, understand).items():
            print_diagnostics(meaning.warnings)
            say(f"{path}: fine, {counted(len(meaning.endpoints), 'endpoint')}")
