"""The command that shows a module's endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from gen_endpoints import Cache
from generator.cli.app import EPILOG, NoCache, OutputFormat, app
from generator.cli.boundary import boundary
from generator.cli.printing import say
from generator.cli.specs import kept_cache, render_all


@app.command(epilog=EPILOG)
def show(
    target: Annotated[str, typer.Argument(metavar="DIR|SPEC", help="A rendered module's folder, or a spec.")],
    *,
    output_format: OutputFormat = "table",
    no_cache: NoCache = False,
) -> None:
    """Show the endpoints of a rendered module, or of a spec."""
    with boundary(), kept_cache(no_cache=no_cache) as cache:
        from generator.cli.views.data import as_json
        from generator.cli.views.endpoints import as_table, overview

        rows = overview(_files_of(target, cache), target)
        say(as_json(rows) if output_format == "json" else as_table(rows))


def _files_of(target: str, cache: Cache) -> Mapping[str, str]:
    """Return the files of a rendered module's folder, or those that a spec renders to."""
    folder = Path(target)
    if not folder.is_dir():
        (rendered,) = render_all([target], cache).values()
        return {path: text for path, text in rendered.files.items() if path.endswith(".tf")}
    from generator.source.reading import contents

    return {path.name: contents(str(path)).decode(errors="surrogateescape") for path in sorted(folder.glob("*.tf"))}
