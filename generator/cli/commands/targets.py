"""The commands on the targets of specs: which there are, which changed, and one more."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from generator.cli.app import (
    EPILOG,
    FindingsFormat,
    Named,
    NoCache,
    Out,
    OutputFormat,
    ProjectFile,
    QueryFirst,
    TemplatesFolder,
    app,
    stated,
)
from generator.cli.batch import Batch
from generator.cli.boundary import boundary, today
from generator.cli.changed import Changed, changed_folders
from generator.cli.printing import print_diagnostics, say, say_result
from generator.cli.scope import Scope, scoped
from generator.cli.specs import kept_cache
from generator.source.diagnostics import Diagnostic, Refused, outcome
from generator.source.draft import Source
from generator.source.reading import resolved
from generator.source.suggest import some

if TYPE_CHECKING:
    from generator.fleet.overlays import Target


class _ListFirst(QueryFirst):
    """A group whose first word, where it is no command, is a spec."""

    query = "list"


targets = typer.Typer(
    cls=_ListFirst,
    subcommand_metavar="[SPEC]... | add",
    rich_markup_mode=None,
    help="""List the targets of specs, or add one.

    `targets specs/network.yaml` lists them with their values; with --changed, those whose modules are not what they
    were, as a matrix for CI with --format json. `targets add KEY NAME=VALUE... [SPEC]` writes a row.""",
)
app.add_typer(targets, name="targets", epilog=EPILOG)


@targets.command("list", epilog=EPILOG)
def list_targets(
    specs: Named = None,
    *,
    changed: Annotated[bool, typer.Option("--changed", help="Only those whose modules change, come or go.")] = False,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REV|DIR",
            callback=stated,
            help="With --changed, what to compare with, as in diff.  [default: the modules on disk]",
        ),
    ] = None,
    out: Out = None,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    output_format: OutputFormat = "table",
    no_cache: NoCache = False,
) -> None:
    """List the targets of specs."""
    if against and not changed:
        raise typer.BadParameter("it goes with --changed", param_hint="--against")
    with boundary(output_format), kept_cache(no_cache=no_cache) as cache:
        from generator.cli.views.data import as_json, document
        from generator.cli.views.table import table

        scope, batch = scoped(specs, project, out, templates=templates), Batch()
        found = {scope.out / each.key: each for each in batch.targets_of(scope)}
        actions = dict.fromkeys(found, Changed())
        if changed:
            actions = changed_folders(found.values(), cache, batch, against or "", scope)
        rows: list[dict[str, Any]] = []
        for folder, (action, was, made) in actions.items():
            target = found.get(folder)
            row: dict[str, Any] = {"target": target.key if target else folder.relative_to(scope.out).as_posix()}
            row |= {"folder": folder.as_posix(), "spec": target.source.file if target else None, "action": action}
            values = {**target.values} if target else None  # which no file says any more
            row |= {"old_folder": (scope.out / was).as_posix() if was else ""} if changed else {}
            rows.append({**row, "retired": target.is_retired if target else not made, "values": values})
        if output_format == "json":
            say_result(as_json({"include": rows}) if changed else document("targets", {"targets": rows}))
        else:
            names = [*dict.fromkeys(name for row in rows for name in row["values"] or () if name != "name")]
            names += ["retired"] if any(row["retired"] for row in rows) else []
            head = ("Target", *names, *(["Action"] if changed else []))
            told = ({"retired": "retired" if row["retired"] else "", **(row["values"] or {})} for row in rows)
            of_it = ([each.get(name, "") for name in names] for each in told)
            done = (
                f"{row['action']}, was {row['old_folder']}" if row.get("old_folder") else row["action"] for row in rows
            )
            cells = ((row["target"], *of, *filter(None, [at])) for row, of, at in zip(rows, of_it, done, strict=True))
            say(table([head, *cells]))
        batch.end([])


@targets.command(epilog=EPILOG)
def add(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The target's key, and so its folder.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE... [SPEC]",
            help="Its values, and the spec.  [default: the project's only one with targets]",
        ),
    ] = None,
    *,
    form: FindingsFormat = "text",
) -> None:
    """Add a target to a spec, in a line of its own; comments and all else stay."""
    with boundary(form):
        from generator.authoring.add_target import where_it_was, with_target
        from generator.fleet.told import fold
        from generator.generate import targets, understand_source
        from generator.output import disk
        from generator.source.reading import contents
        from generator.source.repository import refuse_outside
        from generator.source.source import parse
        from generator.source.text import decode

        words = words or []
        named = [each for each in words if "=" not in each]
        if named not in ([], words[-1:]):
            raise typer.BadParameter("write NAME=VALUE for each value, then the spec", param_hint="KEY")
        spec = named[0] if named else _only_fleet()
        values = dict(each.split("=", 1) for each in words if "=" in each)
        if len(values) + len(named) < len(words):
            raise typer.BadParameter("a value is given twice", param_hint="NAME=VALUE")
        refuse_outside(spec)
        read, batch = contents(spec), Batch()
        text = with_target(before := decode(read, spec), spec, key, values)
        is_new = text != before
        scope = scoped([spec])
        try:
            found = batch.distinct(targets(parse(text, spec), scope.source), scope)
        except Refused as refused:  # and nothing is written
            raise where_it_was(refused, text, spec, key) from refused
        batch.end(())
        row = next(each for each in found if each.key == key)
        new = outcome(understand_source, row.source)
        if isinstance(new, Refused) and (own := _own(new, row, found)):
            raise where_it_was(Refused(own), text, spec, key)
        twins = () if isinstance(new, Refused) else _twins(row, found, scope)
        text = f"{chr(0xFEFF)}{text}" if read.startswith(BOM_UTF8) else text
        disk.write({resolved(spec): text}, overwrite=True)  # a link stays one
        say(f"added {key} to {spec}" if is_new else f"{spec} has {key} already")
        print_diagnostics(fold([(key, () if isinstance(new, Refused) else (*new.warnings, *twins))]))
        say(f"next: gen-endpoints render {spec}")


def _own(refused: Refused, row: Target, found: Iterable[Target]) -> list[Diagnostic]:
    """Return what is wrong with a new row alone, and not with another too, as the spec that both have."""
    from generator.generate import understand_source

    other = next((outcome(understand_source, each.source) for each in found if each is not row), None)
    theirs = {(each.code, each.place.line) for each in other.diagnostics} if isinstance(other, Refused) else set()
    return [each for each in refused.diagnostics if (each.code, each.place.line) not in theirs]


def _twins(row: Target, found: Iterable[Target], scope: Scope) -> tuple[Diagnostic, ...]:
    """Return what is said of a new row since others have its VPC, or may have; raises Refused where that is sure."""
    from gen_endpoints import understand
    from generator.cli.made import made
    from generator.cli.twins import twins_of

    def vpc_of(each: Target) -> object:
        return cast("Any", each.source.data).get("vpc")

    others = [each for each in found if each is not row and vpc_of(each) == vpc_of(row)]
    alike = {each: outcome(lambda of: understand(of.source, today=today()), each) for each in (*others, row)}
    *others_made, new = [made(at, scope, it) for at, it in alike.items() if not isinstance(it, Refused)]
    told = twins_of(new, others_made)
    if any(not each.is_warning for each in told):
        raise Refused(told)
    return told


def _only_fleet() -> str:
    """Return the one spec of the project that has targets."""
    from generator.source.source import read

    found = [(path, outcome(read, path)) for path in scoped(None).specs]
    sources = [(path, each.data) for path, each in found if isinstance(each, Source)]
    fleets = [path for path, data in sources if isinstance(data, dict) and "targets" in data]
    if len(fleets) != 1:
        told = f"{some(fleets, 6)} have targets" if fleets else "no spec of the project has targets"
        raise typer.BadParameter(f"name the spec: {told}", param_hint="SPEC")
    return fleets[0]
