"""The command that prints the JSON Schema of specs."""

from __future__ import annotations

from generator.cli.app import EPILOG, app
from generator.cli.boundary import boundary


@app.command(epilog=EPILOG)
def schema() -> None:
    """Print the JSON Schema of specs, for editors."""
    with boundary():
        import json

        from generator.spec import json_schema

        print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
