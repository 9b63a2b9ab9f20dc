"""Endpoint policies: what a spec gives, as one document an endpoint, and as the value that `jsonencode` takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from generator.catalog.catalog import Catalog
from generator.hcl.hcl import Expression, Value, template
from generator.intent.endpoints import Endpoint
from generator.intent.iam_condition import through
from generator.intent.iam_search import LONGEST
from generator.intent.policy_parts import Part, PolicyReader, PolicyText
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.frozen import frozen
from generator.source.source import Source
from generator.spec import Spec
from generator.spec.json_document import JsonDocument, once
from generator.spec.policy import PolicyFile
from generator.spec.policy_text import VERSION, Known, Path, filled, mappings, parts

NOT_COMBINED = Code("E269")
TOO_LONG = Code("E272")
ACCOUNT, ORGANIZATION = "the id of an account", "the id of an organization"
BUCKET, TEXT = "the name of a bucket", "text without *, ? and $"
_OF_KEYS = {"account": ACCOUNT, "accountid": ACCOUNT, "orgid": ORGANIZATION}
"""What the condition keys take that end so."""
_FAR = 2 * LONGEST
"""What is longer is not counted on."""
_ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


@frozen(kw_only=True)
class Policies:
    """The policies of the endpoints that have one, by the endpoint's key."""

    documents: Mapping[str, JsonDocument]
    parts: Mapping[str, tuple[Part, ...]]
    """What each document was combined from."""
    alike: Mapping[str, Hashable]
    """What is the same of endpoints of one VPC that have the same policy, as far as all of them use it alike."""
    inputs: Mapping[str, str]
    """What each input of the module gives from which they take text, by its name."""
    findings: tuple[Diagnostic, ...]
    """What is wrong with policies, each once."""


def policy_files(spec: Spec) -> tuple[str, ...]:
    """Return the names of the policy files that a spec refers to, relative to it."""
    stated = (spec.policy, *(endpoint.policy for endpoint in (spec.endpoints or {}).values()))
    parts = (part for policy in stated for part in (policy if isinstance(policy, list) else [policy]))
    return tuple(dict.fromkeys(part.file for part in parts if isinstance(part, PolicyFile)))


def settle_policies(
    endpoints: Iterable[Endpoint], *, source: Source, catalog: Catalog, read: Mapping[str, PolicyText]
) -> Policies:
    """Return the policy of each endpoint that has one, its parts combined, and why others can't be had."""
    reader = PolicyReader(source=source, catalog=catalog, read=read)
    documents: dict[str, JsonDocument] = {}
    alike: dict[str, Hashable] = {}
    parts: dict[str, tuple[Part, ...]] = {}
    findings: list[Diagnostic] = []
    for endpoint in endpoints:
        read_parts = tuple(reader.parts(endpoint))
        usable = tuple(each for each in read_parts if isinstance(each, Part))
        own = [*(each for each in read_parts if isinstance(each, Diagnostic)), *_conflicts(usable)]
        findings += own
        if not usable or not all(finding.is_warning for finding in own):
            continue
        if (length := _length(usable)) > LONGEST:
            findings.append(_too_long(endpoint, length, source))
        else:
            parts[endpoint.key], documents[endpoint.key] = usable, combine(usable)
            alike[endpoint.key] = _alike(endpoint, usable)
    uses = sorted((use for several in parts.values() for use in inputs(several)), key=lambda use: use[1] != TEXT)
    given = {name: what for name, what, _ in uses}  # what one use says of a text holds for all
    return Policies(
        documents=documents, parts=parts, alike=alike, inputs=given, findings=tuple(dict.fromkeys(findings))
    )


def _alike(endpoint: Endpoint, parts: tuple[Part, ...]) -> Hashable:
    region = through(endpoint="", vpc="", service=endpoint.leads_to).get("aws:requestedregion")
    documents = tuple((part.document.digest, part.preset and part.preset.name) for part in parts)
    return documents, endpoint.type, endpoint.service_region, region


def _length(parts: tuple[Part, ...]) -> int:
    """Return how many characters AWS counts of parts together; of far too many, which are not joined, no more."""
    if len(parts) > 1:
        least = sum({key: length for part in parts for key, length in _statements(part.document)}.values())
        if least > _FAR:
            return least
    return _characters(combine(parts))


@once
def _characters(document: object) -> int:
    return len(encode(filled(document, lambda _: "")))


def _too_long(endpoint: Endpoint, length: int, source: Source) -> Diagnostic:
    has = f"{length:,}" if length <= _FAR else f"more than {_FAR:,}"
    message = f"{endpoint.key}: the policy has {has} characters, and AWS takes {LONGEST:,}"
    return TOO_LONG.at(source.place(endpoint.at("policy")), message)


def combine(parts: tuple[Part, ...]) -> JsonDocument:
    """Return the one document that parts come to: a single part unchanged, of several all statements, each once.

    The Sid of a preset's statement gets a number where another statement has it already.
    """
    if len(parts) == 1:
        return parts[0].document
    of_own = {key: _sid(each) for part in parts if part.preset is None for key, each in _with_keys(part)}
    taken, statements = {*of_own.values()}, dict[bytes, Any]()
    for part in parts:
        for key, statement in _with_keys(part):
            if key not in statements and not (part.preset and key in of_own):
                numbered = (f"{_sid(statement)}{number or ''}" for number in (0, *range(2, 1000)))
                sid = {"Sid": next(name for name in numbered if name not in taken)} if part.preset else {}
                statements[key] = {**statement, **sid} if sid else statement
                taken.add(_sid(statements[key]))
    return JsonDocument({"Version": VERSION, "Statement": [*statements.values()]})


def _with_keys(part: Part) -> Iterator[tuple[bytes, Any]]:
    return ((key, each) for (key, _), (_, each) in zip(_statements(part.document), part.statements(), strict=True))


@once
def _statements(document: object) -> tuple[tuple[bytes, int], ...]:
    """Return of each statement what only the same ones have, and how many characters AWS counts of it."""
    stated = document.get("Statement", []) if isinstance(document, dict) else []
    each_of = stated if isinstance(stated, list) else [stated]
    return tuple((sha256(encode(each).encode(errors="surrogatepass")).digest(), _characters(each)) for each in each_of)


def _conflicts(parts: tuple[Part, ...]) -> Iterator[Diagnostic]:
    seen: dict[str, Any] = {}
    for part in parts:
        if len(parts) > 1:
            for name in part.document.keys() - {"Version", "Statement"}:
                fix = f"take {name} out, or give this document alone"
                yield NOT_COMBINED.at(part.key_place(name), f"{name} can't be kept in combined policies", fix)
            if part.document.get("Version") != VERSION:
                fix = f'write Version: "{VERSION}" in it'
                yield NOT_COMBINED.at(part.place("Version"), f"combined policies are of version {VERSION}", fix)
        for path, statement in part.statements():
            if (sid := _sid(statement)) and part.preset is None and seen.setdefault(sid, statement) != statement:
                message, fix = f"two statements have the Sid {sid}", "give each statement its own Sid"
                yield NOT_COMBINED.at(part.place(*path, "Sid"), message, fix)


def _sid(statement: object) -> str:
    sid = statement.get("Sid") if isinstance(statement, dict) else None
    return sid if isinstance(sid, str) else ""


def inputs(documents: Iterable[Part]) -> Iterator[tuple[str, str, Place]]:
    """Yield each use of an input: its name, what it gives as far as its place says that, and the place."""
    for document in documents:
        yield from ((name, what, document.place(*path)) for name, what, path in _uses(document.document))


@once
def _uses(document: object) -> tuple[tuple[str, str, Path], ...]:
    """Return each use of an input in a document: its name, what it gives, and the path."""
    found = list[tuple[str, str, Path]]()
    for path, mapping in mappings(document):
        key = next((name.casefold() for name in reversed(path) if isinstance(name, str)), "")
        of_key = next((what for end, what in _OF_KEYS.items() if key.endswith(end)), TEXT)
        given = parts(mapping) or ()
        for before, each, after in zip(("", *given), given, (*given[1:], "/"), strict=False):
            if isinstance(each, Known) and each.kind == "variable":
                is_bucket = str(before).endswith(":s3:::") and str(after).startswith("/")
                found.append((each.name, BUCKET if is_bucket else of_key if len(given) == 1 else TEXT, path))
    return tuple(found)


def as_value(json: Any, reference: Callable[[Known], str | Expression]) -> Value:
    """Return a JSON document as the value that `jsonencode` turns into it; `reference` says what Terraform knows."""
    if (text := parts(json)) is not None:
        return template([reference(part) if isinstance(part, Known) else part for part in text])
    if isinstance(json, dict):
        return {key: as_value(item, reference) for key, item in json.items()}
    if isinstance(json, list):
        return tuple(as_value(item, reference) for item in json)
    return Expression(repr(json)) if isinstance(json, float) else json


def encode(document: object) -> str:
    """Return a JSON document as `jsonencode` writes it, which is what AWS gets and counts.

    https://developer.hashicorp.com/terraform/language/functions/jsonencode
    """
    return _compact(document).translate(_ESCAPED)


def _compact(json_value: object) -> str:
    if isinstance(json_value, dict):
        return "{" + ",".join(f"{_compact(key)}:{_compact(json_value[key])}" for key in sorted(json_value)) + "}"
    if isinstance(json_value, list):
        return "[" + ",".join(map(_compact, json_value)) + "]"
    if isinstance(json_value, float):  # without an exponent, and -0.0 as 0
        text = f"{Decimal(repr(json_value + 0.0)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return json.dumps(json_value, ensure_ascii=False)
