"""The message about a value that does not fit its key: what the key takes, what was found, and what may be meant."""

from __future__ import annotations

import re

from pydantic_core import ErrorDetails

from generator.source.source import Plain
from generator.source.suggest import did_you_mean, nearest, not_made
from generator.spec.duration import DURATION
from generator.spec.fleet import KEY
from generator.spec.forms import REGION
from generator.spec.model import NAME, PROVIDER, VISIBLE
from generator.spec.scalars import FORMAT, IDENTIFIER, MINOR, PLACES

_UNFILLED = r"\$\w|\$\{|\{\{|<%|%\w+%"

_WORDS = {"security_groups": "default", "route_tables": "main"}
_KINDS = ("vpc", "subnet", "rtb", "sg", "pl")
_FORMS = {
    **{f"^{kind}-[0-9a-f]{{8,17}}$": f"takes an id, as {kind}-0a1b2c3d4e5f60718" for kind in _KINDS},
    REGION: "takes a Region, as eu-central-1",
    DURATION: "takes a time of more than 0s and at most 999999h, as 10m or 1h30m",
    VISIBLE: "takes text that is not blank",
    PROVIDER: 'takes the oldest release, as ">= 5.0"',
    IDENTIFIER: "takes letters, digits, hyphens and underscores, no digit or hyphen first",
    KEY: "takes letters, digits, hyphens and underscores, a letter first, and / between folders",
    MINOR: 'takes the version without its patch, as "0.3"',
    FORMAT: "takes text that may have {account} and {region} in it, and {{ or }} for a brace",
    PLACES: "takes a path in the repository, relative to this file",
    NAME: "takes up to 63 letters, digits, hyphens and underscores, a letter first",
}
_WANTED = {
    "bool_type": "takes true or false",
    "dict_type": "takes a mapping",
    "model_type": "takes a mapping",
    "list_type": "takes a list",
    "string_type": "takes text",
    "document": "takes a document, which is a mapping",
}


def describe_misfit(detail: ErrorDetails) -> str:
    """Return what a key takes and what was found there, as the end of a sentence that begins with the key."""
    return f"{_expected(detail)}{_found(detail)}"


def _expected(detail: ErrorDetails) -> str:
    """Return what a key takes, in YAML's words where pydantic's are Python's."""
    context = detail.get("ctx", {})
    if detail["type"] == "word":
        return detail["msg"]
    if detail["type"] == "literal_error":
        return f"takes {str(context['expected']).replace(chr(39), '').replace('True', 'true')}"
    if detail["type"] == "string_pattern_mismatch":
        return _FORMS.get(context["pattern"], f"takes text of the form {context['pattern']}")
    if detail["type"].endswith(("too_short", "too_long")):
        return _sized(detail)
    return _WANTED.get(detail["type"]) or f"does not fit: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _sized(detail: ErrorDetails) -> str:
    """Return how many a key takes: of the items of a list or a mapping, or of a text's characters."""
    context, is_text = detail.get("ctx", {}), isinstance(detail["input"], str)
    count = context.get("min_length", context.get("max_length"))
    if is_text and "min_length" in context and count == 1:
        return "takes text that is not empty"
    least = "at least" if "min_length" in context else "at most"
    return f"takes {least} {count} {'character' if is_text else 'item'}{'' if count == 1 else 's'}"


def _found(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, str) and "too_" in detail["type"]:
        return f"; found {len(value)}" if value else ""
    if isinstance(value, str):
        is_wrong_type = detail["type"].endswith("_type") and not isinstance(value, Plain)
        found = value if value.strip() else f'"{value}"'
        return f'; found "{value}", which is text' if is_wrong_type else f"; found {found}"
    if not value and "too_" in detail["type"]:
        return "; found none"
    return "; found a mapping" if isinstance(value, dict) else "; found a list" if isinstance(value, list) else ""


_AS_MAPPING = {
    "endpoints": "write each under a key of its own, as logs: {service: logs}",
    "tags": "write each as a key and its value, as {Team: web}",
}
_BOOLEANS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def suggest_value(detail: ErrorDetails) -> str:
    """Return what may be meant by a value that does not fit, as a fix; empty where nothing is near."""
    found = detail["input"]
    if not isinstance(found, str):
        is_item = detail["type"] == "list_type" and isinstance(found, dict)
        return "write a list: begin the item with `- `" if is_item else _AS_MAPPING.get(str(detail["loc"][-1]), "")
    if re.search(_UNFILLED, found):
        return "a spec reads no environment and no template: write what is meant, or {variable: NAME} for an input"
    if detail["type"] == "list_type":
        return _listed(found, str(detail["loc"][-1]))
    if detail["type"] == "string_pattern_mismatch":
        return _formed_right(found, detail["ctx"]["pattern"])
    if detail["type"] == "model_type":
        return _reference(found, detail["ctx"]["class_name"])
    if detail["type"] == "word":
        return f'write "{found}"'
    if detail["type"] == "bool_type":
        return f"write {_BOOLEANS.get(found.lower(), 'true or false')}, without quotes"
    if detail["type"] != "literal_error":
        return ""
    known = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    otherwise = _listed(found, "route_tables") if known == ["of_subnets"] else ""
    near = did_you_mean(nearest(found, known, n=1, cutoff=0.5), otherwise)
    return not_made(found) or ("write true, without quotes" if known == ["True"] else near)


def _timed(found: str) -> str:
    """Return the times that may be meant by a number alone, as a fix."""
    times = [time for unit in "smh" if re.match(DURATION, time := f"{found}{unit}")]
    return f"write {' or '.join(times)}" if times else ""


def _reference(found: str, model: str) -> str:
    """Return the reference that may be meant by a text alone, as a fix; empty where the key takes another mapping."""
    if model in {"Endpoint", "Ingress"}:
        return f"write {_item(found, model)}"
    if not model.endswith(("Reference", "ExistingSecurityGroup")):
        return ""
    if found in _WORDS.values():
        return f"write {_item(found, word=found)}, or {{name: {found}}} for a Name tag"
    return "write route_tables: of_subnets, without a list" if found == "of_subnets" else f"write {_item(found)}"


def _item(found: str, of: str = "", *, word: str | None = None) -> str:
    """Return the mapping that may be meant by a text alone."""
    if of == "Ingress":
        return f"{{{'cidr_ipv6' if ':' in found else 'cidr_ipv4'}: {found}}}"
    is_id = re.match(f"({'|'.join(_KINDS)})-[0-9a-f]", found)
    key = "service" if of == "Endpoint" else "id" if is_id else "name"
    return f"{{{found}: true}}" if found == word else f"{{{key}: {found}}}"


def _listed(found: str, key: str) -> str:
    """Return the list of one item that may be meant by a text alone, as a fix; empty where the items are no texts."""
    items = [item.strip() for item in found.split(",") if item.strip()]
    if key == "bundles":
        pinned = ", ".join(item if "@" in item else f"{item}@1" for item in items)
        return f"write [{pinned}]" if "@" in found else f"write a list of bundles, each with its version: [{pinned}]"
    if key in {"specs", "own"}:
        quoted = (f'"{item}"' if item.startswith("*") else item for item in items)
        return f"write [{', '.join(quoted)}]"
    if key == "ingress":
        return f"write [{', '.join(_item(item, 'Ingress') for item in items)}]"
    if key not in {"subnets", "security_groups", "route_tables"}:
        return ""
    return f"write [{', '.join(_item(item, word=_WORDS.get(key)) for item in items)}]"


def _formed_right(found: str, pattern: str) -> str:
    """Return what may be meant by text of another form, as a fix: a Region without its zone, with all its hyphens."""
    if pattern == DURATION:
        return _timed(found)
    if pattern == PROVIDER:
        return f'write ">= {found}"' if re.match(PROVIDER, f">= {found}") else ""
    if pattern == NAME:
        return did_you_mean([name] if re.match(NAME, name := re.sub(r"[^\w-]+", "-", found, flags=re.ASCII)) else [])
    words = re.fullmatch(r"([a-z-]+[a-z])-?([0-9]+)[a-z]?", found.lower().replace("_", "-"))
    likely = f"{words[1]}-{words[2]}" if words else ""
    code = "write its code, which AWS has beside its name, as eu-west-1 beside Europe (Ireland)"
    return "" if pattern != REGION else did_you_mean([likely]) if re.match(REGION, likely) else code
