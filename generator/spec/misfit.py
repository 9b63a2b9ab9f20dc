"""What is said of a value that does not fit its key: what the key takes, what was found, and what may be meant."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from generator.source import Plain

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_IDS = re.compile(r"\^([a-z]+)-\[0-9a-f\]\{8,17\}\$")
_WANTED = {
    "bool_type": "takes true or false",
    "dict_type": "takes a mapping",
    "model_type": "takes a mapping",
    "list_type": "takes a list",
    "string_type": "takes text",
    "document": "takes a document, which is a mapping",
}


def misfit(detail: ErrorDetails) -> str:
    """Return what a key takes and what was found there, as the end of a sentence that begins with the key."""
    return f"{_wanted(detail)}{_found(detail)}"


def _wanted(detail: ErrorDetails) -> str:
    """Return what a key takes, in YAML's words where pydantic's are Python's."""
    context = detail.get("ctx", {})
    if detail["type"] == "word":
        return detail["msg"]
    if detail["type"] == "literal_error":
        return f"takes {str(context['expected']).replace(chr(39), '').replace('True', 'true')}"
    if detail["type"] == "string_pattern_mismatch":
        kind = _IDS.fullmatch(context["pattern"])
        return (
            f"takes an id, as {kind[1]}-0a1b2c3d4e5f60718" if kind else f"takes text of the form {context['pattern']}"
        )
    if detail["type"] in {"too_short", "too_long"}:
        least = "at least" if detail["type"] == "too_short" else "at most"
        count = context.get("min_length", context.get("max_length"))
        return f"takes {least} {count} {'item' if count == 1 else 'items'}"
    return _WANTED.get(detail["type"]) or f"does not fit: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _found(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, str):
        is_wrong_type = detail["type"].endswith("_type") and not isinstance(value, Plain)
        return f'; found "{value}", which is text' if is_wrong_type else f"; found {value}"
    return "; found a mapping" if isinstance(value, dict) else "; found a list" if isinstance(value, list) else ""


_BOOLEANS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def meant(detail: ErrorDetails) -> str:
    """Return what may be meant by a value that does not fit, as a fix; empty where nothing is near."""
    found = detail["input"]
    if detail["type"] == "list_type" and isinstance(found, dict):
        return "write a list: begin the item with `- `"
    if not isinstance(found, str):
        return ""
    if detail["type"] == "model_type":
        return _reference(found, detail["ctx"]["class_name"])
    if detail["type"] == "word":
        return f'write "{found}"'
    if detail["type"] == "bool_type":
        return f"write {_BOOLEANS.get(found.lower(), 'true or false')}, without quotes"
    if detail["type"] != "literal_error":
        return ""
    if detail["ctx"]["expected"] == "True":
        return "write true, without quotes"
    known = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    lowered = {word.lower(): word for word in known}
    near = difflib.get_close_matches(found.lower(), lowered, n=1, cutoff=0.5)
    return f"did you mean {lowered[near[0]]}?" if near else ""


def _reference(found: str, model: str) -> str:
    """Return the reference that may be meant by a text alone, as a fix; empty where the key takes another mapping."""
    if not model.endswith(("Reference", "ExistingSecurityGroup")):
        return ""
    if found in {"default", "main"}:
        return f"write {{{found}: true}}, or {{name: {found}}} for a Name tag"
    if found == "of_subnets":
        return "write route_tables: of_subnets, without a list"
    return (
        f"write {{id: {found}}}" if re.match(r"(vpc|subnet|rtb|sg|pl)-[0-9a-f]", found) else f"write {{name: {found}}}"
    )
