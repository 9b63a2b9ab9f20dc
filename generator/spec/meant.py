"""What may be meant by a value that does not fit its key, as a fix: nothing but what the key itself takes."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import ErrorDetails

from generator.source.draft import Filled
from generator.source.suggest import did_you_mean, nearest, not_made
from generator.spec import forms
from generator.spec.meant_group import filtered
from generator.spec.meant_item import FLAGS, endpoints_of, flow, item, merged, no_id, port, without_quotes
from generator.spec.meant_text import formed_right
from generator.spec.model import Endpoint
from generator.spec.policy_text import VERSION
from generator.spec.scalars import Model

_UNFILLED = r"\$\w|\$\{|\{\{|<%|%\w+%"
_TAGS = {"word", "other"}
_ITEMS: dict[str, type[Model]] = {
    "subnets": forms.SubnetReference,
    "security_groups": forms.SecurityGroupReference,
    "route_tables": forms.RouteTableReference,
    "ingress": forms.Ingress,
}
"""What the items of a list are, where they are mappings."""
_SERVICE = r"[\w.-]+|[\w.-]+ ?(=>?|:) ?[\w.-]+"
"""What may name a service, or say that there is to be one; not an expression."""
_EACH = {
    "service": "write an endpoint for each, under a key of its own",
    "type": "write an endpoint for each, under a key of its own",
    "targets": "write each under a key of its own, its folder, as orders: {account: orders}",
    "values": "write each with what it may be, as {account: text, tier: [prod, dev]}",
    "bundles": "write each with its version, as ecs-fargate@1",
    "endpoints": "write each under a key of its own, as logs: {service: logs}",
    "tags": "write each as a key and its value, as {Team: web}",
    "where": "write each as a value and what it is, as {tier: prod}",
    "ignore": "write each code and the reason, as {W205: the subnets are shared}",
}
"""How each is written of what a key has, where a mapping, a list or a text stands in another's place."""


def suggest_value(detail: ErrorDetails) -> str:
    """Return what may be meant by a value that does not fit, as a fix; empty where nothing is near."""
    if detail["loc"][:-1] == ("endpoints",) and detail["loc"][-1] in {"count", "for_each", "depends_on", "lifecycle"}:
        return "leave it out, and write each endpoint under a key of its own"
    fix, found = _suggest(detail), detail["input"]
    is_inside = isinstance(found, Filled) and detail["type"] in {"list_type", "model_type"}
    return fix.replace(flow(found), flow({"format": found.of})) if is_inside else fix


def _suggest(detail: ErrorDetails) -> str:
    found, kind, context = detail["input"], detail["type"], detail.get("ctx", {})
    names = (part for part in reversed(detail["loc"]) if isinstance(part, str) and part not in _TAGS)
    key = next((name for name in names if not name.startswith("<")), "")
    if "too_short" in kind:
        return (isinstance(found, dict) and _EACH.get(key)) or (
            f"give {'it a text' if isinstance(found, str) else 'one'}{f', or leave {key} out' * (key != 'ingress')}"
        )
    if kind == "statement":
        whole = flow({"Version": VERSION, "Statement": [found]})
        return f"write {whole}" if whole else f'put it into {{Version: "{VERSION}", Statement: […]}}'
    if isinstance(found, list) and key == "tags" and all(isinstance(each, str) for each in found):
        found = ", ".join(found)
    if not isinstance(found, str):
        return _of_another_shape(found, detail, key)
    if kind in {"list_type", "model_type", "dict_type"} and (inside := flow(without_quotes(found))):
        return f"write {inside}"
    if re.search(_UNFILLED, found):
        return _filled(kind, key)
    if kind == "list_type":
        return _listed(found, key)
    if kind == "model_type" and re.fullmatch(r"\w+-[0-9a-f]+( - \w+-[0-9a-f]+)+", found):
        return "begin each dash in the column of the first"
    if kind == "model_type":
        return _mapping(found, context["class_name"], key)
    return _scalar(found, detail, key) or (_tags(found, key) if kind == "dict_type" else "")


def _filled(kind: str, key: str) -> str:
    """Return what to write for a value of an environment or of another tool's template, as a fix."""
    if key == "naming":
        return 'write {format: "{name}-{endpoint}"}: {name} is the spec\'s, {endpoint} the key, without $'
    is_reference = kind == "model_type" or (kind == "string_pattern_mismatch" and key == "id")
    also = ", or {variable: NAME} for an input" if is_reference else ""
    return f"a spec reads no environment and no template: write what is meant{also}"


def _scalar(found: str, detail: ErrorDetails, key: str) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return formed_right(found, context["pattern"])
    if kind == "word":
        return "" if key in {"policy", "service"} else f'write "{found}"'  # which are names of what there is
    if kind == "bool_type":
        return f"write {FLAGS.get(found.lower(), 'true or false')}, without quotes"
    if key == "type" and re.search(r"both|all|[,+&/]|\band\b", found.lower()):
        return _EACH[key]
    return _literal(found, str(context["expected"])) if kind == "literal_error" else ""


def _parts(location: tuple[int | str, ...]) -> list[int | str]:
    """Return the keys and the numbers of items of a location, without which form was tried."""
    return [part for part in location if isinstance(part, int) or not (part[0] in "<[" or part in _TAGS)]


def _of_another_shape(found: Any, detail: ErrorDetails, key: str) -> str:
    """Return what may be meant by a list or a mapping where something else is asked for."""
    kind, parts = detail["type"], _parts(detail["loc"])
    if kind == "list_type" and isinstance(found, dict):
        return _list_of(found, key)
    if isinstance(found, list) and kind in {"string_type", "model_type"} and found:
        return _one_of(found, kind, parts, getattr(forms, detail.get("ctx", {}).get("class_name", ""), None))
    if key == "tags" and isinstance(found, list) and (tags := merged(found)):
        return f"write {flow(tags)}"
    if parts == ["endpoints"] and isinstance(found, list) and (endpoints := endpoints_of(found)) and flow(endpoints):
        return f"write {flow(endpoints)}"
    if parts == ["targets"] and isinstance(found, list) and all(isinstance(each, str) for each in found):
        return f"write {flow({each: {} for each in found})}"
    if parts[:-2] == ["targets"] and isinstance(found, dict) and flow(found):
        shown = flow(found)[1:-1] if key == "values" else ""
        return f"write {shown}" if shown else f"set it in an overlay: {{where: {{…}}, set: {flow({key: found})}}}"
    return "leave it out" if found is False else _EACH.get(key, "")


def _list_of(found: dict[str, Any], key: str) -> str:
    """Return the list that may be meant by a mapping, as a fix."""
    shown = flow(_items(found, _ITEMS[key])) if key in _ITEMS else ""
    if shown.strip("[]"):
        return f"write {shown}"
    return _EACH.get(key, "write a list: each item on a line of its own, with `- ` before it")


def _one_of(found: list[Any], kind: str, parts: list[int | str], form: type[Model] | None) -> str:
    """Return what may be meant by a list where a text or one mapping is asked for, as a fix."""
    key, is_item = parts[-1], len(parts) > 1 and isinstance(parts[-2], int)
    if len(found) == 1 and isinstance(found[0], str) and (form or parts[:-1] == ["endpoints"]):
        return f"write {flow(item(found[0], form or Endpoint, str(key)))}"
    if len(found) == 1 and isinstance(found[0], str) == (kind == "string_type"):
        return f"write {flow(found[0])}" if flow(found[0]) else "write the mapping alone, without `- `"
    if isinstance(key, int) and kind == "model_type":
        return f"take its dash away: {flow(found)[1:-1] or 'those in it'} are items of the list that it is in"
    if is_item:
        shown = flow([{key: item(each, form) if form and isinstance(each, str) else each} for each in found])[1:-1]
        return f"write {shown}, each an item of its own" if shown else "write each in an item of its own"
    of = str(parts[-2]) if len(parts) > 1 and kind == "model_type" else str(key)
    return _EACH.get(of) or _EACH.get(str(key)) or "keep one of them" * (len(found) > 1)


def _items(found: dict[str, Any], form: type[Model]) -> list[Any]:
    """Return the items of a list that a mapping may be meant for: one, or each of those that it has under one key."""
    if [key.lower() for key in found] in (["filter"], ["filters"]) and "tags" in form.model_fields:
        return filtered(*found.values())
    ((key, values), *others) = found.items() if found else (("", ""),)
    one = re.sub(r"^.*_(?=(id|name)$)", "", key.removesuffix("s"))
    if one in form.model_fields and isinstance(values, list) and not others:
        return [{one: each} for each in values]
    return [found] if found.keys() <= form.model_fields.keys() else []


def _literal(found: str, expected: str) -> str:
    known = expected.replace("'", "").replace(" or ", ", ").split(", ")
    if known == ["True"]:
        is_no = FLAGS.get(found.lower()) == "false"
        return not_made(found) or ("leave it out" if is_no else "write true, without quotes" * (found.lower() in FLAGS))
    otherwise = _listed(found, "route_tables") if known == ["of_subnets"] else ""
    return not_made(found) or did_you_mean(nearest(found, known, n=1, cutoff=0.5), otherwise)


def _mapping(found: str, model: str, key: str) -> str:
    """Return the mapping that may be meant by a text alone, as a fix; empty where nothing tells which."""
    if any(found.count(one) != found.count(other) for one, other in ("{}", "[]")):
        return ""  # a part of what is not YAML as it was meant
    if key == "naming":
        is_known = {*re.findall(r"\{(\w*)\}", found)} <= {"name", "endpoint"}
        return f"write {flow({'format': found})}" if is_known else _filled("model_type", key)
    form = getattr(forms, model, Endpoint if model == "Endpoint" else None)
    if model == "Timeouts":
        return "write for what it is, with its unit, as {create: 10m}"
    if form is None or not issubclass(form, (forms.Choice, forms.CreatedSecurityGroup)):
        return ""
    if FLAGS.get(found.lower()) == "false" or (form is forms.Ingress and found == "self"):
        return "leave it out" * (found != "self")
    if form is Endpoint and not re.fullmatch(_SERVICE, found):
        return "write what it leads to: {service: …}"
    if found == "of_subnets":
        return "write route_tables: of_subnets, without a list"
    if objection := no_id(found, form):
        return objection
    also = f", or {{name: {found}}} for a Name tag" if found in {"default", "main"} & form.model_fields.keys() else ""
    meant = item(found, form, key)
    how = "write who may come, and the port: " if "ports" in meant else "write "
    return f"{how}{flow(meant)}{also}"


def _listed(found: str, key: str) -> str:
    """Return the list that may be meant by a text alone, as a fix; empty where nothing tells which."""
    texts = [text.strip() for text in found.split(",") if text.strip()]
    if key in {"specs", "own"}:
        return f"write {flow(texts)}"
    if key == "ports" and all(map(port, texts)):
        return f"write {flow([*map(port, texts)])}"
    if (form := _ITEMS.get(key)) is None:
        return _EACH.get(key, "")
    objections = [objection for each in texts if (objection := no_id(each, form))]
    return objections[0] if objections else f"write {flow([item(each, form) for each in texts])}"


def _tags(found: str, key: str) -> str:
    """Return the tags, or what else has any keys, that may be meant by a text alone, as a fix."""
    if key == "endpoints" and found not in {"all", "*"} and "=" not in found:
        endpoints = endpoints_of(re.split(r"[,\s]+", found.strip()))
        return f"write {flow(endpoints)}"
    return _EACH.get(key, "")
