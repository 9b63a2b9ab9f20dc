"""The command that says whether specs are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gen_endpoints
from generator.cli.app import EPILOG, Specs, Strict, app
from generator.cli.boundary import boundary, today
from generator.cli.printing import print_diagnostics, say
from generator.cli.specs import each_of, refuse_warnings

if TYPE_CHECKING:
    from datetime import date

    from gen_endpoints import Meaning


@app.command(epilog=EPILOG)
def validate(specs: Specs, *, strict: Strict = False) -> None:
    """Check specs without rendering them.

    Every mistake is told at its line: first those of form, and once there is none, those of meaning.
    """
    with boundary():
        day = today()
        meanings = each_of(specs, lambda path: _meaning(path, day, strict=strict))
        for path, meaning in zip(dict.fromkeys(specs), meanings, strict=True):
            print_diagnostics(meaning.warnings)
            count = len(meaning.endpoints)
            say(f"{path}: fine, {count} endpoint{'s' if count > 1 else ''}")


def _meaning(path: str, day: date, *, strict: bool) -> Meaning:
    meaning = gen_endpoints.understand(gen_endpoints.parse(path), today=day)
    refuse_warnings(meaning, strict=strict)
    return meaning
