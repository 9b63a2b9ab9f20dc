"""The command that says whether specs are right."""

from collections.abc import Collection
from itertools import groupby

from generator.cli.app import EPILOG, FindingsFormat, Named, NoCache, ProjectFile, Quiet, Strict, TemplatesFolder, app
from generator.cli.batch import Batch, Owner, refuse_warnings
from generator.cli.boundary import boundary
from generator.cli.kept import kept
from generator.cli.made import make_all
from generator.cli.printing import print_diagnostics
from generator.cli.scope import Scope, scoped
from generator.cli.twins import without_twins
from generator.cli.views.words import counted
from generator.source.diagnostics import Refused


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
        scope = scoped(specs, project, templates=templates)
        found, owners = make_all(scope, known, batch, strict=strict, is_rendered=False)
        wrong = _misnamed(owners, scope, batch, strict=strict)
        found = [each for each in without_twins(found, batch, strict=strict) if each.path not in wrong]
        for file, of_it in groupby(found, key=lambda each: each.file):
            fine = [*of_it]
            retired = sum(each.retired for each in fine)
            told = f" ({retired} retired)" if retired < len(fine) else " (retired)"
            targets = f"{counted(len(fine), 'target')}{told if retired else ''}, " if fine[0].label else ""
            batch.say(f"{file}: fine, {targets}{counted(sum(each.endpoints for each in fine), 'endpoint')}")
        batch.end({each.path: "retired" if each.retired else "fine" for each in found})


def _misnamed(targets: Collection[Owner], scope: Scope, batch: Batch, *, strict: bool) -> set[str]:
    """Return the targets whose `was` can't be followed, and tell why, and of those that name none, as `render` does."""
    if not any(each.source.row and each.source.row.was for each in targets):
        return set()
    from generator.change.baseline import baselines, unfollowed
    from generator.change.refusals import of_former_key

    sources = {scope.out / each.key: each.source for each in targets}
    known, stuck, wrong = baselines({at: ({}, each) for at, each in sources.items()}), unfollowed(sources), set[str]()
    for each in (each for each in targets if each.source.row and each.source.row.was):
        at = scope.out / each.key
        told = (stuck[at],) if at in stuck else tuple(one for one, _ in of_former_key(each.source, known[at]))
        with batch.kept(each):
            wrong |= {each.source.path}
            if any(not one.is_warning for one in told):
                raise Refused(told)
            refuse_warnings(told, strict=strict)
            print_diagnostics(told)
            wrong.discard(each.source.path)
    return wrong
