"""What may be meant by a value that does not fit its key, as a fix: nothing but what the key itself takes."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import ErrorDetails

from generator.source.suggest import did_you_mean, nearest, not_made
from generator.spec import forms
from generator.spec.meant_item import FLAGS, flow, item, no_id, without_quotes
from generator.spec.meant_text import formed_right, near_times
from generator.spec.model import Endpoint
from generator.spec.policy_text import VERSION
from generator.spec.scalars import PORTS, Model

_UNFILLED = r"\$\w|\$\{|\{\{|<%|%\w+%"
_TAGS = {"word", "other"}
_ITEMS: dict[str, type[Model]] = {
    "subnets": forms.SubnetReference,
    "security_groups": forms.SecurityGroupReference,
    "route_tables": forms.RouteTableReference,
    "ingress": forms.Ingress,
}
"""What the items of a list are, where they are mappings."""
_PER_KEY = {"service": "write an endpoint for each, under a key of its own"}
_AS_MAPPING = {
    "endpoints": "write each under a key of its own, as logs: {service: logs}",
    "tags": "write each as a key and its value, as {Team: web}",
    "ignore": "write each code and the reason, as {W205: the subnets are shared}",
}


def suggest_value(detail: ErrorDetails) -> str:
    """Return what may be meant by a value that does not fit, as a fix; empty where nothing is near."""
    found, kind, context = detail["input"], detail["type"], detail.get("ctx", {})
    names = (part for part in reversed(detail["loc"]) if isinstance(part, str) and part not in _TAGS)
    key = next((name for name in names if not name.startswith("<")), "")
    if "too_short" in kind:
        return _AS_MAPPING.get(key) or f"give {'it a text' if isinstance(found, str) else 'one'}, or leave {key} out"
    if kind == "statement":
        whole = flow({"Version": VERSION, "Statement": [found]})
        return f"write {whole}" if whole else f'put it into {{Version: "{VERSION}", Statement: […]}}'
    if not isinstance(found, str):
        return _of_another_shape(found, kind, key, is_item=_is_of_item(detail["loc"]))
    if kind in {"list_type", "model_type", "dict_type"} and (inside := flow(without_quotes(found))):
        return f"write {inside}"
    if re.search(_UNFILLED, found):
        return "a spec reads no environment and no template: write what is meant, or {variable: NAME} for an input"
    if kind == "list_type":
        return _listed(found, key)
    if kind == "model_type" and re.fullmatch(r"\w+-[0-9a-f]+( - \w+-[0-9a-f]+)+", found):
        return "begin each dash in the column of the first"
    if kind == "model_type":
        return _mapping(found, context["class_name"], key)
    return _scalar(found, kind, context) or (_tags(found, key) if kind == "dict_type" else "")


def _scalar(found: str, kind: str, context: dict[str, Any]) -> str:
    if kind == "string_pattern_mismatch":
        return formed_right(found, context["pattern"])
    if kind == "word":
        return f'write "{found}"'
    if kind == "bool_type":
        return f"write {FLAGS.get(found.lower(), 'true or false')}, without quotes"
    return _literal(found, str(context["expected"])) if kind == "literal_error" else ""


def _is_of_item(location: tuple[int | str, ...]) -> bool:
    """Tell whether a key is one of an item of a list."""
    parts = [part for part in location if isinstance(part, int) or not (part[0] in "<[" or part in _TAGS)]
    return len(parts) > 1 and isinstance(parts[-2], int)


def _of_another_shape(found: Any, kind: str, key: str, *, is_item: bool) -> str:
    """Return what may be meant by a list or a mapping where something else is asked for."""
    is_one = isinstance(found, list) and len(found) == 1
    if kind == "list_type" and isinstance(found, dict):
        pinned = [f"{name}@{version}" for name, version in found.items()] if key == "bundles" else None
        shown = flow(pinned or _items(found, _ITEMS[key])) if pinned or key in _ITEMS else ""
        return f"write {shown}" if shown else "write a list: each item on a line of its own, with `- ` before it"
    if isinstance(found, list) and kind == "string_type":
        if is_one and isinstance(found[0], str):
            return f"write {flow(found[0])}"
        each = flow([{key: one} for one in found])[1:-1]
        return _PER_KEY.get(key) or (
            f"write {each}, each an item of its own" if is_item and each else "keep one of them"
        )
    if kind == "model_type" and isinstance(found, list) and found:
        each = flow(found)[1:-1]
        alone = f"write {each}" if each else "write the mapping alone, without `- `"
        return alone if is_one else f"take its dash away: {each or 'those in it'} are items of the list that it is in"
    return "leave it out" if found is False else _AS_MAPPING.get(key, "")


def _items(found: dict[str, Any], form: type[Model]) -> list[Any]:
    """Return the items of a list that a mapping may be meant for: one, or each of those that it has under one key."""
    ((key, values), *others) = found.items() if found else (("", ""),)
    one = key.removesuffix("s")
    names = [each for each in (key, one, one.rpartition("_")[2]) if each in form.model_fields and each != "tags"]
    return [found] if others or not names or not isinstance(values, list) else [{names[0]: each} for each in values]


def _literal(found: str, expected: str) -> str:
    known = expected.replace("'", "").replace(" or ", ", ").split(", ")
    if known == ["True"]:
        is_no = FLAGS.get(found.lower()) == "false"
        return not_made(found) or ("leave it out" if is_no else "write true, without quotes")
    otherwise = _listed(found, "route_tables") if known == ["of_subnets"] else ""
    return not_made(found) or did_you_mean(nearest(found, known, n=1, cutoff=0.5), otherwise)


def _mapping(found: str, model: str, key: str) -> str:
    """Return the mapping that may be meant by a text alone, as a fix; empty where nothing tells which."""
    form = getattr(forms, model, Endpoint if model == "Endpoint" else None)
    if model == "Timeouts" and (times := near_times(found)):
        one = f"write {flow({'create': times[0]})}"
        return one if len(times) == 1 else f"write for what it is, and its unit: {{create: {' or '.join(times)}}}"
    if form is None or not issubclass(form, (forms.Choice, forms.CreatedSecurityGroup)):
        return ""
    if found == "of_subnets":
        return "write route_tables: of_subnets, without a list"
    if objection := no_id(found, form):
        return objection
    also = f", or {{name: {found}}} for a Name tag" if found in {"default", "main"} & form.model_fields.keys() else ""
    return f"write {flow(item(found, form, key))}{also}"


def _listed(found: str, key: str) -> str:
    """Return the list that may be meant by a text alone, as a fix; empty where nothing tells which."""
    texts = [text.strip() for text in found.split(",") if text.strip()]
    if key == "bundles":
        pinned = ", ".join(text if "@" in text else f"{text}@1" for text in texts)
        return f"write [{pinned}]" if "@" in found else f"write a list of bundles, each with its version: [{pinned}]"
    if key in {"specs", "own"}:
        quoted = (f'"{text}"' if text.startswith("*") else text for text in texts)
        return f"write [{', '.join(quoted)}]"
    if key == "ports":
        return f"write [{', '.join(texts)}]" if all(re.match(PORTS, text) for text in texts) else ""
    if (form := _ITEMS.get(key)) is None:
        return ""
    objections = [objection for each in texts if (objection := no_id(each, form))]
    return objections[0] if objections else f"write {flow([item(each, form) for each in texts])}"


def _tags(found: str, key: str) -> str:
    """Return the tags, or what else has any keys, that may be meant by a text alone, as a fix."""
    pairs = [pair for item in found.split(",") if (pair := re.fullmatch(r"\s*([^\s=:]+)[=:]\s*(\S.*?)\s*", item))]
    if key == "tags" and pairs:
        return f"write {flow({pair[1]: pair[2] for pair in pairs})}"
    return _AS_MAPPING.get(key, "")
