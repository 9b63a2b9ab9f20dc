"""The command that compares specs, their rendered files and AWS."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from gen_endpoints import generated, refusals
from gen_endpoints.data import rendered_of
from generator.cli.app import (
    EPILOG,
    Named,
    NoCache,
    Out,
    OutputFormat,
    ProjectFile,
    Quiet,
    Region,
    TemplatesFolder,
    app,
)
from generator.cli.aws_options import EndpointUrl, From, Inputs, Profile, States, applied_of, inputs_of
from generator.cli.boundary import boundary, today
from generator.cli.printing import keep, printing
from generator.cli.scope import scoped
from generator.cli.specs import kept_cache, print_held
from generator.source.reading import is_there

if TYPE_CHECKING:
    from pathlib import Path

    from generator.generate import Generated
    from generator.hcl.memory import Cache
    from generator.live.drift.comparison import Comparison
    from generator.live.locate import Located


@app.command(epilog=EPILOG)
def drift(
    specs: Named = None,
    *,
    out: Out = None,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    region: Region = None,
    files: From = None,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    inputs: Inputs = None,
    ignore_tag: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="A tag set elsewhere, as by default_tags; may be repeated."),
    ] = None,
    states: States = None,
    output_format: OutputFormat = "table",
    quiet: Quiet = False,
    no_cache: NoCache = False,
) -> None:
    """Compare specs, their rendered files and AWS.

    Each difference has its cause and what to run next; only --state tells what is not applied from what was changed
    by hand. AWS is only read, each account by the project's profile; where it can't be asked, or does not tell, the
    exit code is 1. Give the specs of one VPC together: an endpoint of one of them is not foreign to the others.
    """
    with boundary(output_format), kept_cache(no_cache=no_cache) as cache:
        from generator.authoring.adopt.sayable import unsayable
        from generator.cli.beside import leading_nowhere
        from generator.cli.live import NOTHING_READ, LiveBatch
        from generator.cli.siblings import Siblings
        from generator.cli.views import drift as view
        from generator.live.drift.compare import compare, kinds
        from generator.live.drift.files import without_plan
        from generator.live.drift.private_dns import optional_kinds

        known = applied_of(states)
        batch = LiveBatch(
            scope=scoped(specs, project, out, templates=templates),
            needs=lambda intent: (kinds([intent]), optional_kinds(intent, known)),
            region=region,
            files=files,
            profile=profile,
            url=endpoint_url,
            inputs=inputs_of(inputs),
            quiet=quiet,
        )
        scope, day = batch.scope, today()
        targets = batch.targets()
        made = batch.each_of(targets, lambda each: generated(each.source, today=day, cache=cache))
        left = made if scope.project else batch.distinct(made, scope)
        intents = {target: made[target].intent for target in left}
        print_held(intents, batch, scope)
        located, ignored = batch.located(intents, batch.estates(intents), known), frozenset(ignore_tag or ())
        compare_one = partial(_compare, out=scope.out, templates=templates, cache=cache)
        compared = batch.each_of(
            located, lambda each: compare_one(made[each], replace(located[each], ignored_tags=ignored))
        )
        is_whole = all(each.state in NOTHING_READ for each in batch.refused)
        whose = Siblings(located, scope, is_whole=is_whole).whose
        rows = compare(compared.values(), unsayable=partial(unsayable, today=day), whose=whose)
        nowhere = leading_nowhere({each: located[each] for each in compared}, batch)
        rows += tuple(without_plan(each.path, found) for each, several in nowhere.items() for found in several)
        keep(view.findings(rows, [each.source for each in compared]))
        keys = {each.path: tuple(of_it.key for of_it in intents[each].endpoints) for each in compared}
        text = view.as_table(rows, keys, quiet=quiet, has_state=known is not None)
        batch.tell("drift", view.entries(rows, keys, as_data=printing().form == "json"), text, view.code(rows))


def _compare(generated: Generated, located: Located, *, out: Path, templates: str | None, cache: Cache) -> Comparison:
    """Return a spec beside all that it is compared with."""
    from generator.live.drift.comparison import Comparison
    from generator.live.drift.rendered import rendered_differences
    from generator.live.drift.row import Commands
    from generator.output import tree

    folder = out / (generated.intent.source.label or generated.module.name)
    region, options = located.estate.region, ("--templates", templates) if templates else ()
    differences = tree.differences(generated.files, folder)
    found = refusals({folder: rendered_of(generated)}, cache=cache) if differences else ()
    refused = tuple(each for each in found if not each.is_warning)
    path = generated.intent.source.path
    commands = Commands(spec=path, out=str(out), region=region, templates=options, refused=refused)
    rendered = rendered_differences(
        generated.module, differences, region, folder=folder.as_posix(), is_there=is_there(folder)
    )
    return Comparison.of(located, commands=commands, rendered=rendered)
