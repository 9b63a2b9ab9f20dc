"""From a module to its files, through the templates: the text of every file, and nothing on the disk.

This module alone imports jinja2. A template is named after the file that it renders (`main.tf.j2` → `main.tf`); one
that begins with `_` renders to no file. Every `{{ value }}` is written as HCL by default, so that a template can't
forget to escape; text that is already HCL or Markdown is marked `| raw`.

Jinja's compiler would take a start a twelfth of its time, so `scripts/compile_templates.py` runs it beforehand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

import jinja2

from generator.hcl import hcl, layout, markdown
from generator.module.module import Module
from generator.module.readme import readme
from generator.source.diagnostics import Code, ExitCode, Place, Refused

TEMPLATE = Code("E900")


class _Raw(str):
    """Text that is already in the language of its file."""

    __slots__ = ()


def render(module: Module) -> Mapping[str, str]:
    """Return the text of each file of the module, by its path relative to the module's folder.

    Raises Refused (our bug) for a template that does not render.
    """
    ours = _environment(templates())
    files = {}
    page = readme(module)
    for path in sorted({"README.md", *module.files}):
        name = f"{path}.j2"
        try:
            text = ours.get_template(name).render(module=module, readme=page)
        except (jinja2.TemplateError, TypeError) as error:
            raise Refused([TEMPLATE.at(_place(error, name), str(error))], ExitCode.BUG) from error
        files[path] = text if path == "README.md" else layout.format(text)
    return files


def _place(error: BaseException, name: str) -> Place:
    """Return where an error came: the innermost line of a template that was being rendered, or that does not parse."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Place(f"templates/{error.name or name}", error.lineno, 1)
    place = Place(f"templates/{name}", 1, 1)
    texts = {templates() / each: each for each in names(templates())}
    modules = {jinja2.ModuleLoader.get_module_filename(each): each for each in texts.values()}
    for frame, line in walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        if found := texts.get(file) or modules.get(file.name):
            place = Place(f"templates/{found}", line, 1)
    return place


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """Return the one environment that renders, from what `folder` has compiled where that is of its texts."""
    ready = compiled(folder)
    return environment(jinja2.ModuleLoader(ready) if ready.is_dir() else jinja2.FileSystemLoader(folder))


def environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """Return an environment: strict, without autoescape (this is no HTML), values written as HCL."""
    made = jinja2.Environment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 - HCL is escaped by `finalize`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters |= {"raw": _Raw, "table": lambda rows: _Raw(markdown.table(rows))}
    return made


def compiled(folder: Path) -> Path:
    """Return where a folder's templates are compiled; after an edit, or for another Jinja, that is no folder yet."""
    found = hashlib.sha256(str(vars(jinja2).get("__version__")).encode())
    for name in names(folder):
        found.update(f"{name}\0{(folder / name).read_text(encoding='utf-8')}\0".encode())
    return folder / "compiled" / found.hexdigest()[:16]


def names(folder: Path) -> list[str]:
    """Return the names of the templates that `render` knows, which a team's examples are not."""
    every = jinja2.FileSystemLoader(folder).list_templates()
    return [name for name in every if name.endswith(".j2") and not name.startswith("examples/")]


def _finalize(value: Any) -> str:
    if isinstance(value, _Raw):
        return value
    if isinstance(value, jinja2.Undefined):
        return str(value)  # raises Jinja's own error, which names what is undefined
    return hcl.literal(value)


def templates() -> Path:
    """Return the folder of the templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
