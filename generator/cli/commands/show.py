"""The command that shows modules' endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import EPILOG, NoCache, OutputFormat, ProjectFile, TemplatesFolder, app, specs_argument
from generator.cli.batch import Batch
from generator.cli.boundary import boundary
from generator.cli.printing import say, say_result
from generator.cli.scope import scoped
from generator.cli.specs import kept_cache, render_all
from generator.source.reading import is_folder

if TYPE_CHECKING:
    from generator.hcl.hcl import Block

Targets = Annotated[
    list[str] | None,
    specs_argument(
        metavar="[DIR|SPEC]...",
        help="Rendered modules' folders, specs, folders of specs, or quoted patterns.  [default: the project's specs]",
    ),
]


@app.command(epilog=EPILOG)
def show(
    targets: Targets = None,
    *,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print the spec of each target, each value with where it comes from.")
    ] = False,
    output_format: OutputFormat = "table",
    no_cache: NoCache = False,
) -> None:
    """Show the endpoints of rendered modules, or of specs."""
    with boundary(output_format), kept_cache(no_cache=no_cache) as cache:
        from generator.cli.views.data import as_json, document
        from generator.cli.views.endpoints import as_table, read_all, rows

        (folders, specs), batch = rendered_among(targets), Batch()
        scope = scoped(specs, project, templates=templates) if specs or not folders else None
        if resolved:
            from generator.cli.views import resolved as view

            all_targets = batch.targets_of(scope) if scope else []
            if output_format == "json":
                from generator.generate import document_of

                documents = batch.each_of(all_targets, lambda each: document_of(each.source))
                named = {each.source.path: found for each, found in documents.items()}
                say_result(as_json(*named.values() if scope and scope.is_one and len(named) == 1 else [named]))
            else:
                say("\n---\n".join(map(view.resolved, all_targets)))
            batch.end([])
            return
        blocks: dict[str, Mapping[str, tuple[Block, ...]]] = batch.each_of(
            folders, lambda at: read_all(files_of(at), at, cache)
        )
        added = dict[str, Sequence[str]]()
        for each in render_all(batch.targets_of(scope), cache, batch, scope).values() if scope else ():
            added[each.spec.path], blocks[each.spec.path] = each.added, each.facts.blocks
        found = {at: rows(of_it) for at, of_it in blocks.items()}
        is_one = not scope if len(folders) == 1 else bool(scope and scope.is_one and not folders and len(found) == 1)
        if output_format == "json":
            of_it = (
                {"module": name, "retired": not each, "endpoints": each, "added": added.get(name)}
                for name, each in found.items()
            )
            say_result(document("show", {"modules": [*of_it]}))
        else:
            tables = {at: as_table(each) if each else "retired: it has no endpoints" for at, each in found.items()}
            if tables:
                say("\n\n".join(text if is_one else f"{each}:\n\n{text}" for each, text in tables.items()))
        batch.end(["shown"] * len(found))


def rendered_among(targets: list[str] | None) -> tuple[list[str], list[str]]:
    """Return which targets are rendered modules' folders, and the others."""
    folders = [each for each in targets or () if is_folder(each) and next(Path(each).glob("*.tf"), None)]
    return folders, [each for each in targets or () if each not in folders]


def files_of(folder: str) -> Mapping[str, str]:
    """Return the files of a rendered module's folder."""
    from generator.source.hcl_bounds import READ
    from generator.source.reading import contents

    paths = sorted(Path(folder).glob("*.tf"))
    return {path.name: contents(str(path), READ).decode(errors="surrogateescape") for path in paths}
