"""From a module to its files, through the templates: the text of every file, and nothing on the disk.

This module alone imports jinja2. A template is named after the file that it renders (`main.tf.j2` → `main.tf`); one
that begins with `_` renders to no file. Every `{{ value }}` is written as HCL by default, so that a template can't
forget to escape; text that is already HCL or Markdown is marked `| raw`.
"""

from __future__ import annotations

import os
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
    environment = _environment(templates())
    files = {}
    page = readme(module)
    for name in _names(environment):
        path = name.removesuffix(".j2")
        if path in module.files or path == "README.md":
            try:
                text = environment.get_template(name).render(module=module, readme=page)
            except (jinja2.TemplateError, TypeError) as error:
                raise Refused([TEMPLATE.at(_place(error, name), str(error))], ExitCode.BUG) from error
            files[path] = text if path == "README.md" else layout.format(text)
    return files


def _place(error: BaseException, name: str) -> Place:
    """Return where an error came: the innermost line of a template that was being rendered, or that does not parse."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Place(f"templates/{error.name or name}", error.lineno, 1)
    folder, place = f"{templates()}{os.sep}", Place(f"templates/{name}", 1, 1)
    for frame, line in walk_tb(error.__traceback__):
        if frame.f_code.co_filename.startswith(folder):
            place = Place(f"templates/{frame.f_code.co_filename.removeprefix(folder)}", line, 1)
    return place


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """Return the one environment that renders: strict, without autoescape (this is no HTML), values written as HCL."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 - HCL is escaped by `finalize`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {"raw": _Raw, "table": lambda rows: _Raw(markdown.table(rows))}
    return environment


@cache
def _names(environment: jinja2.Environment) -> list[str]:
    """Return the names of the templates of files."""
    return environment.list_templates(filter_func=lambda name: not name.rpartition("/")[2].startswith("_"))


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
