"""A team's own rules: JSON Schema 2020-12 over the document of a spec, bounded in what it takes to judge it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache, reduce
from itertools import islice
from operator import getitem
from typing import Any, TypeAlias

import regex
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from generator.source import source
from generator.source.diagnostics import MOST, Code, Diagnostic, Place, Refused
from generator.spec.scalars import document

OWN = Code("E160")
UNFIT = Code("E163")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_LEFT_OUT = ("$id", "$schema", "$recursiveRef", "dependencies", "format", "patternProperties")
_STRICT = {"$id": "urn:strict", "$dynamicAnchor": "meta", "$ref": _DRAFT, "unevaluatedProperties": False}
_STRICT |= {"properties": {key: {"not": {}} for key in _LEFT_OUT}}
"""The schema of schemas that have no other keywords: one that is misspelled would hold for nothing."""
_NOT = {"regex": "a pattern", "uri-reference": "in the file", "not": "taken"}
_MAPPING = re.compile(r"\{['}]")
_STEPS, _SECONDS, _LONG = 100_000, 5, 120
_Path: TypeAlias = tuple[str | int, ...]
Rules: TypeAlias = tuple[source.Source, dict[str, Any]]


@lru_cache(64)
def read(text: bytes, file: str) -> Rules:
    """Return the rules of a file; raises Refused for what is not JSON Schema 2020-12, or not of this file alone."""
    found = source.parse(text, file)
    schema: Any = document(found.data)
    dialect, _ = schema.pop("$schema", _DRAFT), schema.pop("$id", None)
    if dialect != _DRAFT:
        raise Refused([UNFIT.at(found.place(("$schema",)), f"{dialect} is not {_DRAFT}")])
    formats: Any = FormatChecker(())
    formats.checks("regex", (regex.error, TypeError, RecursionError))(regex.compile)
    resolver = Registry[Any]().resolver_with_root(DRAFT202012.create_resource(schema))
    formats.checks("uri-reference", (Unresolvable, TypeError, AttributeError, ValueError))(resolver.lookup)
    errors = islice(Draft202012Validator(_STRICT, format_checker=formats).iter_errors(schema), MOST)
    if error := max(errors, key=lambda each: len(each.absolute_path), default=None):  # it is the cause of the others
        what = _NOT.get(error.validator_value if error.validator == "format" else error.validator)
        path = tuple(error.absolute_path)
        message = f"{(path[-1] if what == 'taken' else error.instance)} is not {what}" if what else _in_json(error)
        message = message.replace("Unevaluated properties are", "keywords that JSON Schema does not have are")
        raise Refused([UNFIT.at(found.key_place(path), message[:_LONG])])
    return found, schema


def broken(
    rules: Rules, found: Any, place: Callable[[_Path], Place], part: tuple[str, ...] = ()
) -> Iterator[Diagnostic]:
    """Yield the rules that a part of a document breaks, each once at the place of what breaks it."""
    told: dict[tuple[Place, str], tuple[Place, dict[str, None]]] = {}
    file, schema = rules
    try:
        for error in islice(_validator(schema).iter_errors(reduce(getitem, part, found)), MOST):
            path = (*part, *error.absolute_path)
            title = error.title or f"{'.'.join(map(str, path)) or 'the spec'} is not as {file.file} has it"
            where = file.key_place(tuple(error.absolute_schema_path))
            told.setdefault((place(path), title), (where, {}))[1][_message(error)] = None
    except (RecursionError, TimeoutError):
        yield UNFIT.at(Place(file.file), "to judge a spec by it takes too long", "have no loops in it")
    for (at, title), (where, messages) in told.items():
        yield OWN.at(at, title, f"{where}: {'; '.join([*messages][:3])}")


def _message(error: ValidationError) -> str:
    """Return what is wrong in a line: of what is long or a mapping, the keyword that is not kept, and its limit."""
    if len(error.message) <= _LONG and not _MAPPING.search(error.message):
        return _in_json(error)
    limit = json.dumps(error.validator_value, ensure_ascii=False)
    return f"{error.validator}: {limit}" if len(limit) <= _LONG else f"{error.validator} is not kept"


def _in_json(error: ValidationError) -> str:
    """Return jsonschema's message with values as JSON has them, for it has them as Python does."""
    wanted, found = error.validator_value, json.dumps(error.instance, ensure_ascii=False)
    if error.message.startswith("False schema"):
        return f"nothing may be there; found {found}"
    message = error.message
    for each in (wanted, error.instance, *(wanted if isinstance(wanted, list) else ())):
        message = message.replace(repr(each), json.dumps(each, ensure_ascii=False))
    return message


def _validator(schema: dict[str, Any]) -> Any:
    """Return what judges a document, raising TimeoutError where it takes too long; errors know the nearest title."""
    steps, end = iter(range(_STEPS)), time.process_time() + _SECONDS

    def bounded(judge: Any) -> Any:
        def judged(validator: Any, value: Any, instance: Any, rule: Any) -> Iterator[Any]:
            if next(steps, None) is None or time.process_time() > end:
                raise TimeoutError
            for error in judge(validator, value, instance, rule) or ():
                error.title = getattr(error, "title", None) or rule.get("title")
                yield error

        return judged

    extend: Any = validators.extend
    keywords = {key: bounded(judge) for key, judge in {**Draft202012Validator.VALIDATORS, "pattern": _pattern}.items()}
    return extend(Draft202012Validator, keywords)(schema, registry=Registry())


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    """Judge by a pattern that ends, as Python's own need not."""
    if isinstance(instance, str) and not regex.search(pattern, instance, timeout=1):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")
