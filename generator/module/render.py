"""From a module to its files, through the templates: the text of every file, and nothing on the disk.

This module alone imports jinja2. A template is named after the file that it renders (`main.tf.j2` → `main.tf`); one
that begins with `_` renders to no file. Every `{{ value }}` is written as HCL by default, so that a template can't
forget to escape; text that is already HCL or Markdown is marked `| raw`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from generator.hcl import hcl, layout, markdown
from generator.module.readme import readme
from generator.source.diagnostics import Code, ExitCode, Place, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.bccache import Bucket

    from generator.module.module import Module

TEMPLATE = Code(
    "E900",
    "a template that does not render",
    "The template names something that a module does not have, or is no Jinja. Nothing was written.",
    "https://jinja.palletsprojects.com/en/stable/templates/",
)


class _Bytecode(jinja2.BytecodeCache):
    """Compiled templates in a folder, each behind its digest; what is lost or damaged is compiled anew.

    Jinja's own cache of files fails where the folder is full or read-only, and runs code that was damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a compiled template from the folder, if it is there whole."""
        with suppress(OSError):
            digest, code = _parted((self.folder / bucket.key).read_bytes())
            if digest == sha256(code).digest():
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, if the system lets us: whole, or not at all."""
        code = bucket.bytecode_to_string()
        temporary = self.folder / f"{bucket.key}.{os.getpid()}"
        with suppress(OSError):
            temporary.write_bytes(sha256(code).digest() + code)
            temporary.replace(self.folder / bucket.key)


def _parted(kept: bytes) -> tuple[bytes, bytes]:
    size = sha256().digest_size
    return kept[:size], kept[size:]


class _Raw(str):
    """Text that is already in the language of its file."""

    __slots__ = ()


def render(module: Module, bytecode: Path | None = None) -> Mapping[str, str]:
    """Return the text of each file of the module, by its path relative to the module's folder.

    `bytecode` is a folder in which Jinja may keep compiled templates. Raises Refused (our bug) for a template that
    does not render.
    """
    environment = _environment(bytecode)
    files = {}
    page = readme(module)
    for name in environment.list_templates(filter_func=lambda name: not name.rpartition("/")[2].startswith("_")):
        path = name.removesuffix(".j2")
        if path in module.files or path == "README.md":
            text = _rendered(environment, name, {"module": module, "readme": page})
            files[path] = text if path == "README.md" else layout.format(text)
    return files


def _rendered(environment: jinja2.Environment, name: str, context: Mapping[str, Any]) -> str:
    try:
        return environment.get_template(name).render(context)
    except (jinja2.TemplateError, TypeError) as error:
        line = getattr(error, "lineno", None) or _line(error, name)
        raise Refused([TEMPLATE.at(Place(f"templates/{name}", line, 1), str(error))], ExitCode.BUG) from error


def _line(error: BaseException, name: str) -> int:
    """Return the line of the template that was being rendered when an error came."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(name):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _environment(bytecode: Path | None = None) -> jinja2.Environment:
    """Return the one environment that renders: strict, without autoescape (this is no HTML), values written as HCL."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_templates()),
        bytecode_cache=_Bytecode(bytecode) if bytecode else None,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 - HCL is escaped by `finalize`
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"raw": _Raw, "table": lambda rows: _Raw(markdown.table(rows))}
    return environment


def _finalize(value: Any) -> str:
    if isinstance(value, _Raw):
        return value
    if isinstance(value, jinja2.Undefined):
        return str(value)  # raises Jinja's own error, which names what is undefined
    return hcl.literal(value)


def _templates() -> Path:
    """Return the folder of the templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
