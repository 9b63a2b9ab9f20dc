"""The command that makes one page of all modules."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from generator.cli.app import EPILOG, FindingsFormat, Named, NoCache, ProjectFile, TemplatesFolder, app, as_path
from generator.cli.batch import Batch
from generator.cli.boundary import boundary, today
from generator.cli.made import fresh_targets
from generator.cli.printing import note, say
from generator.cli.scope import Scope, scoped
from generator.cli.specs import judged, kept_cache
from generator.source.reading import is_folder, is_there, noted, plain_bytes_of

if TYPE_CHECKING:
    from gen_endpoints import Cache
    from generator.cli.made import Made
    from generator.cli.views.page import Facts
    from generator.fleet.overlays import Target

_Module: TypeAlias = "tuple[Made, Facts, str]"
_Drawn: TypeAlias = "dict[str, tuple[object, dict[str, str], _Module]]"
_URL = re.compile(r"https?://[^\s\"'<>]+")
_URL_HELP = "Where the files are on the web: https://github.com/us/repo/blob/main, or with {file} and {line} in it."


def _url(value: str | None) -> str | None:
    """Return the URL of any line; a usage error for what is none, since a browser follows it."""
    if value is not None and not _URL.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is not a URL such as https://github.com/us/repo/blob/main")
    return value if value is None or "{file}" in value else value.rstrip("/") + "/{file}#L{line}"


_SITE_HELP = "FILE.html, or a folder for the page's index.html.  [default: site]"
Site = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE|DIR", parser=as_path, help=_SITE_HELP)]
SourceUrl = Annotated[str | None, typer.Option(metavar="URL", callback=_url, help=_URL_HELP)]
Watch = Annotated[bool, typer.Option("--watch", help="Write nothing; serve it here, anew when a spec changes.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, metavar="PORT", help="Of --watch; 0 is any that is free.  [default: 0]")
]


@app.command(epilog=EPILOG)
def page(
    specs: Named = None,
    *,
    out: Site = None,
    source_url: SourceUrl = None,
    watch: Watch = False,
    port: Port = None,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    form: FindingsFormat = "text",
    no_cache: NoCache = False,
) -> None:
    """Write one page with all endpoints of specs: search, filter, compare VPCs, and see each module.

    It opens as a file, and has all that it needs in it. A spec that is refused is on it with what is wrong.
    """
    if (out is not None) if watch else (port is not None):
        message = "--watch writes nothing: leave one of them out" if watch else "it goes with --watch"
        raise typer.BadParameter(message, param_hint="--out" if watch else "--port")
    with boundary(form), kept_cache(no_cache=no_cache) as cache:
        scope_of, read = partial(scoped, specs, project, templates=templates), set[str]()
        make = partial(page_of, cache=cache, read=read, source_url=source_url, is_served=watch)
        scope, batch, file = scope_of(), Batch(), out or Path("site")
        file = file if file.suffix == ".html" else file / "index.html"
        if watch:
            from generator.cli.serving import serve

            serve(partial(rebuilt, scope_of, partial(make, drawn={}), []), read, port or 0)
        from generator.cli.views.html import MARK
        from generator.output import disk

        text = make(scope, batch)
        if not all(map(is_there, scope.specs)):  # a name mistyped, say: no reason to write over a page
            note(f"{file} is {'left as it is' if is_there(file) else 'not written'}: a spec is not there")
            batch.end(["not written"] * batch.done)
        with disk.explained(file):
            is_other = is_there(file) and (is_folder(file) or MARK not in plain_bytes_of(file, 4096))
        fix = "it is no page of gen-endpoints: move it, or give -o another"
        disk.refuse_existing([file] if is_other else [], fix)
        say(f"{'wrote' if disk.write({file: text}, overwrite=True) else 'unchanged'} {file}")
        batch.end(["shown"] * batch.done)


def rebuilt(scope_of: Callable[[], Scope], make: Callable[[Scope, Batch], str], told: list[object]) -> str:
    """Return the page as it is now; empty where the project itself is refused. What is refused is printed.

    What was `told` the last time is not told again.
    """
    batch, text = Batch(), ""
    Path.cwd()  # it raises where the folder is gone: then no spec is missing, all is
    with batch.kept():
        text = make(scope_of(), batch)
    found: list[object] = [batch.done, *(one for each in batch.refused for one in each.diagnostics)]
    if found != told:
        told[:] = found
        with suppress(typer.Exit):
            batch.end(["shown"] * batch.done)
    return text


def page_of(
    scope: Scope,
    batch: Batch,
    *,
    cache: Cache,
    read: set[str],
    source_url: str | None,
    is_served: bool,
    drawn: _Drawn | None = None,
) -> str:
    """Return the page of all modules, and note the files that are `read`; `drawn` has the modules of the last one."""
    from generator.cli.views import findings, html
    from generator.cli.views import page as view
    from generator.output.revision import repository

    here, reads = Path.cwd(), dict[str, dict[str, str]]()
    top = repository(here) or here
    listed = batch.each_of(scope.specs, lambda spec: fresh_targets(spec, scope, reads), is_last=False)
    targets = {each.path: each for of_it in listed.values() for each in of_it}
    asked = {each.path: reads[spec] for spec, of_it in listed.items() for each in of_it}
    with noted() as reads[""]:
        work = partial(view.module, scope=scope, cache=cache)
        if drawn is not None:
            work = partial(_drawn_again, work=work, asked=asked, read=reads[""], drawn=drawn)
        found = batch.each_of(batch.distinct(targets.values(), scope), work, is_last=False).values()
    left = {*judged([one for one, *_ in found], batch, scope).values()}
    shown = [(facts, svg) for one, facts, svg in found if one in left]
    modules = [facts | {"picture": number} for number, (facts, _) in enumerate(shown)]
    modules += [view.refused(each.path, targets.get(each.path), each.diagnostics) for each in batch.refused]
    for each in (one for its in modules for one in (its, *its["findings"], *(its["endpoints"] or ()))):
        each["file"] = findings.from_top(each["file"], here, top)
    facts = {"modules": modules, "bundles": view.known_bundles(), "source_url": source_url}
    batch.done = len(shown)
    read |= {path for each in reads.values() for question in each for path in question.split("\0")[1:]}
    read |= {scope.file, *(str(Path(each).parent) for each in scope.specs)}
    folders = {each.source.templates for each in targets.values()} - {""}
    read |= {f"{at}/{name}" for each in folders for at, _, names in os.walk(each) for name in ("", *names)}
    return html.page(facts, [svg for _, svg in shown], is_served=is_served)


def _drawn_again(
    target: Target,
    *,
    work: Callable[[Target], _Module],
    asked: Mapping[str, object],
    read: dict[str, str],
    drawn: _Drawn,
) -> _Module:
    """Return a module as it was `drawn` before, if the day and all that was read for it are the same.

    What is read of templates is not noted, so who has some is drawn again.
    """
    from generator.output.recall import is_as_it_was

    now = today(), asked[target.path]
    before, own, found = drawn.get(target.path) or (None, {}, None)
    if found is None or target.source.templates or before != now or not is_as_it_was(own):
        with noted() as own:
            found = work(target)
        drawn[target.path] = now, own, found
    read |= own
    return found
