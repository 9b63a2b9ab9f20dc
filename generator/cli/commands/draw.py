"""The command that draws modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import EPILOG, FindingsFormat, NoCache, ProjectFile, TemplatesFolder, app, as_path, stated
from generator.cli.batch import Batch
from generator.cli.boundary import boundary
from generator.cli.commands.show import Targets, files_of, rendered_among
from generator.cli.printing import document, note, say
from generator.cli.scope import scoped
from generator.cli.specs import kept_cache, render_all
from generator.source.diagnostics import Code, Place, Refused
from generator.source.printed import LARGEST_PRINTED
from generator.source.reading import is_folder, plain_bytes_of, resolved

if TYPE_CHECKING:
    from generator.diagram.picture import Picture
    from generator.diagram.place import Mark
    from generator.hcl.hcl import Block

NO_PNG = Code("E037")
_DRAWN = "<!-- Drawn by gen-endpoints. -->\n"
_PNG, _CHUNK = b"\x89PNG\r\n\x1a\n", b"tEXtSoftware\0gen-endpoints"
"""Where files begin that the command may write over, and the chunk that a PNG of it has."""
_Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE|DIR",
        parser=as_path,
        help="FILE.svg, FILE.png or FILE.md (Mermaid), or a folder of SVGs.",
    ),
]
_Findings = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", callback=stated, help="Colour endpoints by what verify, drift or diff printed as JSON."
    ),
]


@app.command(epilog=EPILOG)
def draw(
    targets: Targets = None,
    *,
    out: _Out = None,
    findings: _Findings = None,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    form: FindingsFormat = "text",
    no_cache: NoCache = False,
) -> None:
    """Draw the VPC of specs or rendered modules: zones, subnets, endpoints, routes and who is let in."""
    with boundary(form), kept_cache(no_cache=no_cache) as cache:
        from generator.cli.views.endpoints import read_all
        from generator.cli.views.marks import read
        from generator.cost.rendered import monthly_each
        from generator.diagram.picture import picture

        write = _WAYS.get(out.suffix if out else ".svg")
        if findings is not None and write is _markdown:
            raise typer.BadParameter(
                "a diagram of Mermaid has no colours: draw an SVG or a PNG", param_hint="--findings"
            )
        said = None if findings is None else read(findings)
        folders, specs = rendered_among(targets)
        batch, scope = Batch(), scoped(specs, project, templates=templates) if specs or not folders else None
        blocks: dict[str, Mapping[str, tuple[Block, ...]]] = batch.each_of(
            folders, lambda at: read_all(files_of(at), at, cache)
        )
        names = {at: resolved(at).name for at in blocks}
        for each in render_all(batch.targets_of(scope), cache, batch, scope).values() if scope else ():
            blocks[each.spec.path], names[each.spec.path] = each.facts.blocks, each.meaning.name
        if out and out.suffix and not write and not is_folder(out):
            raise typer.BadParameter(f"{out} is none of FILE.svg, FILE.png, FILE.md and a folder", param_hint="--out")
        if twin := next((name for name, number in Counter(names.values()).items() if number > 1), None):
            raise typer.BadParameter(f"two modules have the name {twin}: draw each by itself")
        if len(names) > 1 and (out is None or write):
            raise typer.BadParameter("these are several modules: -o DIR takes each by its name", param_hint="--out")

        def drawn(at: str) -> str | bytes:
            costs = monthly_each((each for of in blocks[at].values() for each in of), None)
            found = picture(blocks[at], names[at], costs)
            marks, more = said.marks(names[at], at, [each.label for each in found.endpoints]) if said else ({}, "")
            if more:
                note(more)
            return (write or _svg)(found, marks)

        texts = batch.each_of(names, drawn)
        if out is None:
            for text in texts.values():
                document(text.removesuffix("\n") if isinstance(text, str) else "")
        else:
            _write({out if write else out / f"{names[at]}.svg": text for at, text in texts.items()})
        batch.end(["drawn"] * len(texts))


def _write(files: Mapping[Path, str | bytes]) -> None:
    from generator.output import disk

    fix = "it is no picture of gen-endpoints: move it, or give -o another"
    disk.refuse_existing(filter(_is_foreign, files), fix)
    written = disk.write(files, overwrite=True)
    for file in files:
        say(f"{'wrote' if file in written else 'unchanged'} {file}")


def _is_foreign(file: Path) -> bool:
    """Tell whether something is there that the command has not drawn; what can't be read, who writes tells of."""
    with suppress(OSError):
        held = plain_bytes_of(file, LARGEST_PRINTED)
        return not held.startswith(_DRAWN.rstrip().encode()) and _CHUNK not in _chunks(held)
    return False


def _chunks(png: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG, each from its type on; none of what is no PNG."""
    at = len(_PNG) if png.startswith(_PNG) else len(png)
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8 + size]
        at += size + 12  # with its length, its type and its checksum, of four bytes each


def _svg(picture: Picture, found: Mapping[str, Mark]) -> str:
    from generator.diagram.svg import draw

    return _DRAWN + draw(picture, found)


def _markdown(picture: Picture, _: Mapping[str, Mark]) -> str:
    from generator.diagram.mermaid import mermaid
    from generator.diagram.place import summary

    return f"{_DRAWN}\n# {picture.name}\n\n{summary(picture)}\n\n```mermaid\n{mermaid(picture)}```\n"


def _png(picture: Picture, found: Mapping[str, Mark]) -> bytes:
    """Return a picture of twice as many pixels, with text that says what drew it; raises Refused without resvg."""
    import zlib

    try:
        resvg = import_module("resvg_py")
    except ModuleNotFoundError as error:
        fix = "pip install resvg-py (pipx inject gen-endpoints resvg-py, where pipx installed it), or -o FILE.svg"
        raise Refused([NO_PNG.at(Place("--out"), f"{error.name} is not installed", fix)]) from error
    image, text = bytes(resvg.svg_to_bytes(svg_string=_svg(picture, found), zoom=2)), _CHUNK
    chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    return image[:-12] + chunk + image[-12:]  # before its end, which is a chunk of twelve bytes


_WAYS: Mapping[str, Callable[[Picture, Mapping[str, Mark]], str | bytes]] = {
    ".svg": _svg,
    ".png": _png,
    ".md": _markdown,
}
