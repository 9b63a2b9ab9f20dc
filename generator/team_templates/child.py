"""The process that renders templates, and nothing else: Jinja's sandbox, with little time and memory, and plain data.

    standard input   {"texts": path → text}, then a line for each module: {"wanted": [path], "model": {…}}
    standard output  for each module {"at": path} before each template, then {"files": path → [text, lines],
                     "failures": [[path, line, what, fix]]}

`lines` has for each line of the text the line of the template that it is from.
"""

from __future__ import annotations

import json
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from traceback import walk_tb
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing

from generator.hcl import hcl
from generator.project import FILE
from generator.source.suggest import did_you_mean, nearest, some

if sys.platform != "win32":
    import resource

SECONDS, MEMORY, LARGEST = 5, 256 << 20, 4 << 20
HCL_FILES = (".tf", ".tofu", ".hcl", ".tfvars")
_OF_TEXT = """endswith isdigit join lower lstrip partition removeprefix removesuffix replace rpartition rsplit
capitalize rstrip split splitlines startswith strip title upper"""
_METHODS: Mapping[type, Sequence[str]] = {str: _OF_TEXT.split(), dict: ("get", "items", "keys", "values")}
_GLOBALS, _NO_FILTERS = {"dict", "namespace", "range"}, {"attr", "pprint", "random"}
_FAILURES = (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError)


class _Raw(str):
    """Text that is already in the language of its file."""

    __slots__ = ()


class _Unknown(jinja2.StrictUndefined):
    """What is not there: any use of it is an error, which names what is nearest."""

    __slots__ = ()
    names: tuple[str, ...] = ()
    vars: tuple[object, ...] = ()
    """What a team says itself, and may say more of."""

    @property
    def _undefined_message(self) -> str:
        name, of = str(self._undefined_name), self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if not (of is missing or isinstance(of, Mapping)):
            return f"{type(of).__name__} has no {name}"
        known = self.names if of is missing else (*map(str, of),)
        otherwise = f"there are {some(known, 6)}" if known else "there are none"
        if any(of is each for each in self.vars):
            declared = f"write vars: {{{name}: …}} in the row, an overlay, the spec or {FILE}"
            otherwise = f"{otherwise}; {declared}" if known else declared
        return (
            f"{name} is not a value\n{did_you_mean(nearest(name, known), otherwise)}; gen-endpoints templates lists all"
        )


class _Lines(CodeGenerator):
    """Has the text between tags know its line, as Jinja has only what may fail."""

    def visit_Output(self, node: nodes.Output, frame: Any) -> None:
        """Write what gives an output, beginning with its line."""
        self.newline(node)
        super().visit_Output(node, frame)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox without attributes of Python: keys of mappings, and the methods that are listed."""

    code_generator_class = _Lines

    def wrap_str_format(self, value: Any) -> None:
        """Give no `format` of texts: its fields walk attributes."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what a mapping has under a key, before any method of its."""
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether templates may use it."""
        is_jinja = isinstance(obj, LoopContext | Namespace | TemplateModule)
        return attr in _METHODS.get(type(obj), ()) or (is_jinja and super().is_safe_attribute(obj, attr, value))


def _as_hcl(value: Any) -> str:
    if isinstance(value, _Raw | jinja2.Undefined):
        return str(value)  # of what is undefined it raises
    return hcl.literal(_frozen(value))


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _frozen(each) for name, each in value.items()}
    if isinstance(value, float):
        return hcl.Expression(repr(value))
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or not isinstance(value, str | int | float | jinja2.Undefined):
        what = "there is no value" if value is None else f"a {type(value).__name__} is not text"
        raise TypeError(f"{what}\nwrite | yaml, | json or | default(…, true)")
    return str(value)


def _label(value: str) -> _Raw:
    if not hcl.IDENTIFIER.fullmatch(found := hcl.label(value)):
        raise ValueError(f"{value} can't be a label")
    return _Raw(found)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _environment(texts: Mapping[str, str], finalize: Callable[[Any], str]) -> _Sandbox:
    loader = jinja2.FunctionLoader(lambda name: (texts[name], name, None) if name in texts else None)
    environment = _Sandbox(
        loader=loader,
        undefined=_Unknown,
        finalize=finalize,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals = {name: environment.globals[name] for name in _GLOBALS}
    environment.filters = {name: each for name, each in environment.filters.items() if name not in _NO_FILTERS} | {
        "hcl": lambda value: _Raw(_as_hcl(value)),
        "json": _json,
        "label": _label,
        "markdown": lambda value: str(value).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " "),
        "raw": _Raw,
        "shell": lambda value: shlex.quote(str(value)),
        "tojson": _json,
        "yaml": _json,  # YAML takes JSON
    }
    return environment


def _rendered(template: jinja2.Template, model: Mapping[str, Any], most: int) -> tuple[str, list[int]]:
    """Return what a template renders to, and for each line of it the template's own."""
    stream: Any = template.root_render_func(template.new_context(dict(model)))
    pieces, lines, size, is_empty = [], [1], 0, True
    for piece in stream:
        size += len(piece)
        if size > most:
            raise MemoryError(f"the files of a module are more than {LARGEST >> 20} MiB")
        first = template.get_corresponding_lineno(stream.gi_frame.f_lineno)
        for number, part in enumerate(piece.split("\n")):
            if number:
                lines.append(first + number)
            if part and (is_empty or number):
                lines[-1] = first + number
            is_empty = not part if number else is_empty and not part
        pieces.append(piece)
    return "".join(pieces), lines


def _failure(error: Exception, path: str) -> list[Any]:
    """Return the innermost line of a template that was being rendered or read, what is wrong, and the fix."""
    at: tuple[str, int] = (path, 0)
    if isinstance(error, jinja2.TemplateSyntaxError):
        at = (error.name or path, error.lineno)
    for frame, line in walk_tb(error.__traceback__):
        if template := frame.f_globals.get("__jinja_template__"):
            at = (template.name, template.get_corresponding_lineno(line))
    what = "more than 256 MiB of memory" if isinstance(error, MemoryError) and not str(error) else str(error)
    what = f"there is no template {what}" if isinstance(error, jinja2.TemplateNotFound) else what
    message, _, fix = (what or type(error).__name__).partition("\n")
    return [*at, message, fix]


def _answers(texts: Mapping[str, str], requests: Iterator[Any]) -> Iterator[dict[str, Any]]:
    as_hcl, as_text = _environment(texts, _as_hcl), _environment(texts, _as_text)
    for request in requests:
        files: dict[str, tuple[str, list[int]]] = {}
        failures, left = [], LARGEST
        _Unknown.names = tuple(request["model"])
        _Unknown.vars = tuple(each.get("vars") for each in (request["model"], *request["model"].get("modules", ())))
        _limit()
        for path in request["wanted"]:
            yield {"at": path}
            environment = as_hcl if path.removesuffix(".j2").endswith(HCL_FILES) else as_text
            model = {**request["model"], "generated": f"Generated by gen-endpoints from {path}. DO NOT EDIT."}
            try:
                files[path] = _rendered(environment.get_template(path), model, left)
                left -= len(files[path][0].encode())  # which half a character fails
            except (*_FAILURES, TypeError, ValueError) as error:
                failures.append(_failure(error, path))
        yield {"files": files, "failures": failures}


def _limit() -> None:
    """Give the next module its time; of memory all have the same, where the system keeps to it."""
    if sys.platform == "win32":
        return  # it has no such limits: the clock ends it
    seconds = int(time.process_time()) + 1 + SECONDS
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_DATA, MEMORY)):
        with suppress(OSError, ValueError):  # less is allowed already
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def main() -> None:
    """Answer each line of standard input until it ends."""
    requests = map(json.loads, iter(sys.stdin.readline, ""))
    for answer in _answers(next(requests)["texts"], requests):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
