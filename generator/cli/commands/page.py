"""The command that makes one page of all modules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator import __version__
from generator.cli.app import EPILOG, FindingsFormat, Named, NoCache, ProjectFile, TemplatesFolder, app
from generator.cli.batch import Batch
from generator.cli.boundary import boundary, print_refused, today
from generator.cli.made import Made, fresh_targets, made
from generator.cli.printing import note, print_diagnostics, say
from generator.cli.scope import Scope, scoped
from generator.cli.specs import kept_cache, without_twins
from generator.fleet.told import fold
from generator.source.diagnostics import Refused
from generator.source.reading import noted

if TYPE_CHECKING:
    from gen_endpoints import Cache
    from generator.cli.views.page import Facts, FromTop
    from generator.fleet.overlays import Target

_URL = re.compile(r"https?://[^\s\"'<>]+")


def _url(value: str | None) -> str | None:
    """Return the URL of any line; a usage error for what is none, since a browser follows it."""
    if value is not None and not _URL.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is not a URL such as https://github.com/us/repo/blob/main")
    return value if value is None or "{file}" in value else value.rstrip("/") + "/{file}#L{line}"


_URL_HELP = (
    "Where the repository's files are on the web, as https://github.com/us/repo/blob/main, or with {file} and {line}."
)
Site = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder of the page, its index.html.")]
SourceUrl = Annotated[str | None, typer.Option(metavar="URL", callback=_url, help=_URL_HELP)]
Watch = Annotated[bool, typer.Option("--watch", help="Write nothing; serve it here, anew when a spec changes.")]
Port = Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="Of --watch; 0 is any that is free.")]


@app.command(epilog=EPILOG)
def page(
    specs: Named = None,
    *,
    out: Site = Path("site"),
    source_url: SourceUrl = None,
    watch: Watch = False,
    port: Port = 0,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    form: FindingsFormat = "text",
    no_cache: NoCache = False,
) -> None:
    """Write one page with all endpoints of specs: search, filter, compare VPCs, and see each module.

    It opens as a file, and has all that it needs in it. A spec that is refused is on it with what is wrong.
    """
    with boundary(form), kept_cache(no_cache=no_cache) as cache:
        scope_of, read = partial(scoped, specs, project, templates=templates), set[str]()
        make = partial(_text, cache=cache, read=read, source_url=source_url, is_served=watch)
        scope, batch, file = scope_of(), Batch(), out / "index.html"
        if watch:
            from generator.cli.serving import serve

            serve(partial(_rebuilt, scope_of, make), lambda: (*read, *_files(scope_of)), port)
        from generator.cli.views.html import MARK
        from generator.output import disk

        text, states = make(scope, batch)
        with disk.explained(file):
            is_other = file.exists() and MARK not in file.read_bytes()[:4096]
        disk.refuse_existing(
            [file] if is_other else [], "it is no page of gen-endpoints: move it, or -o another folder"
        )
        say(f"{'wrote' if disk.write({file: text}, overwrite=True) else 'unchanged'} {file}")
        batch.end(states)


def _rebuilt(scope_of: Callable[[], Scope], make: Callable[[Scope, Batch], tuple[str, dict[str, str]]]) -> str:
    """Return the page as it is now, and print what is refused; empty where the project itself is."""
    batch, text = Batch(), ""
    with batch.kept():
        text, states = make(scope_of(), batch)
        note(f"{len(states)} of {len(states) + len(batch.refused)} shown")
    if batch.refused:
        print_refused(batch.refused)
    return text


def _files(scope_of: Callable[[], Scope]) -> Iterator[str]:
    """Yield the files that there are now: specs, the project's and the team's templates."""
    with suppress(Refused):
        scope = scope_of()
        yield from (*scope.specs, scope.file)
        yield from map(str, Path(scope.templates).rglob("*") if scope.templates else ())


def _text(
    scope: Scope, batch: Batch, *, cache: Cache, read: set[str], source_url: str | None, is_served: bool
) -> tuple[str, dict[str, str]]:
    """Return the page of all modules, and what came of each that is not refused; note the files that are `read`."""
    from generator.cli.views import findings, html
    from generator.cli.views import page as view
    from generator.output.revision import repository

    here, reads = Path.cwd(), dict[str, dict[str, str]]()
    from_top = partial(findings.from_top, here=here, top=repository(here) or here)
    listed = batch.each_of(scope.specs, lambda spec: fresh_targets(spec, scope, reads), is_last=False)
    targets = {each.path: each for of_it in listed.values() for each in of_it}
    with noted() as reads[""]:
        work = partial(_module, scope=scope, cache=cache, from_top=from_top)
        found = batch.each_of(batch.distinct(targets.values(), scope), work, is_last=False).values()
    left = without_twins([one for one, *_ in found], batch)
    print_diagnostics(fold((each.label, each.warnings) for each in left))
    shown = [(facts, svg) for one, facts, svg in found if one in left]
    refused = [view.refused(each.path, targets.get(each.path), each.diagnostics, from_top) for each in batch.refused]
    modules = [*(each | {"picture": number} for number, (each, _) in enumerate(shown)), *refused]
    facts = {"modules": modules, "bundles": view.known_bundles(), "source_url": source_url}
    read |= {path for each in reads.values() for question in each for path in question.split("\0")[1:]}
    text = html.page(facts, [svg for _, svg in shown], __version__, is_served=is_served)
    return text, {each.path: "shown" for each in left}


def _module(target: Target, *, scope: Scope, cache: Cache, from_top: FromTop) -> tuple[Made, Facts, str]:
    """Return what is compared of a target with others, what is on the page, and its picture."""
    from gen_endpoints import generated
    from gen_endpoints.data import meaning_of
    from generator.cli.views import page as view
    from generator.cost.cost import Assumptions, estimate
    from generator.cost.prices import Prices
    from generator.diagram import svg
    from generator.diagram.picture import picture

    found = generated(target.source, scope.templates, today=today(), cache=cache)
    one, region = made(target, meaning_of(found.intent)), found.intent.spec.known_region
    costs = estimate(found.intent, Prices.load(), Assumptions(region=region)) if region else None
    facts = view.module(target, found, costs, one.vpc, from_top)
    priced = {each["endpoint"]: each["cost"] and each["cost"]["monthly"] for each in facts["endpoints"]}
    return one, facts, svg.draw(picture(found.facts.blocks, one.name, priced), is_styled=False)
