"""The command that says whether specs are right."""

from __future__ import annotations

from generator.cli.app import EPILOG, Specs, Strict, app
from generator.cli.boundary import boundary, print_diagnostics, today
from generator.cli.specs import accepted, each_of


@app.command(epilog=EPILOG)
def validate(specs: Specs, *, strict: Strict = False) -> None:
    """Say whether specs are right, and render nothing.

    Every mistake is told at its line: first those of form, and once there is none, those of meaning.
    """
    with boundary():
        from generator.generate import understand

        day = today()
        intents = each_of(specs, lambda path: accepted(understand(path, day), strict=strict))
        for path, intent in zip(dict.fromkeys(specs), intents, strict=True):
            print_diagnostics(intent.warnings)
            count = len(intent.endpoints)
            print(f"{path}: fine, {count} endpoint{'s' if count > 1 else ''}")
