"""The command that says whether specs are right."""

from itertools import groupby

from generator.cli.app import EPILOG, FindingsFormat, Named, NoCache, ProjectFile, Quiet, Strict, TemplatesFolder, app
from generator.cli.batch import Batch
from generator.cli.boundary import boundary
from generator.cli.kept import kept
from generator.cli.made import make_all
from generator.cli.scope import scoped
from generator.cli.twins import without_twins
from generator.cli.views.words import counted


@app.command(epilog=EPILOG)
def validate(
    specs: Named = None,
    *,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    strict: Strict = False,
    quiet: Quiet = False,
    form: FindingsFormat = "text",
    no_cache: NoCache = False,
) -> None:
    """Check specs without rendering them.

    Every mistake is told at its line: first those of form, and once there is none, those of meaning.
    """
    with boundary(form), kept(no_cache=no_cache) as known:
        batch = Batch(quiet=quiet)
        found, _ = make_all(scoped(specs, project, templates=templates), known, batch, strict=strict, is_rendered=False)
        found = without_twins(found, batch, strict=strict)
        for file, of_it in groupby(found, key=lambda each: each.file):
            fine = [*of_it]
            retired = sum(each.retired for each in fine)
            told = f" ({retired} retired)" if retired < len(fine) else " (retired)"
            targets = f"{counted(len(fine), 'target')}{told if retired else ''}, " if fine[0].label else ""
            batch.say(f"{file}: fine, {targets}{counted(sum(each.endpoints for each in fine), 'endpoint')}")
        batch.end({each.path: "retired" if each.retired else "fine" for each in found})
