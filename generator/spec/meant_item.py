"""What a text alone may be meant for where a key takes a mapping, as data and as YAML in one line."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any, get_args

from generator.source.diagnostics import Refused
from generator.source.source import parse
from generator.spec import forms
from generator.spec.addresses import is_address
from generator.spec.model import Endpoint, EndpointType
from generator.spec.scalars import PORTS, Model

FLAGS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
FLAGS |= {"enabled": "true", "disabled": "false"}
FROM_VPC = [{"vpc": True}]
EXPRESSION = r"(var|local|module|data|aws_\w+)\.\w[\w.\[\]\"*-]*"
"""What Terraform would take for one of its own values."""
_PAIR = re.compile(r"([\w.-]+)\s*(?:=>|==?|[:\uff1a])\s*(?!//)(\S.*)")
_NO_NAME = r"[0-9.]+/[0-9]+|[0-9]+|[a-z]{2}(-[a-z]+)+-[0-9]+[a-z]?|all|any|\*"
"""A block, a number, a zone, or all that there are: hardly a Name tag."""
_ANYBODY = {"any", "all", "*", "anywhere"}


def pair(found: str) -> tuple[str, str] | None:
    """Return the key and the value of text that has both: with `=`, `=>`, a wide colon or no blank; None of others."""
    whole = _PAIR.fullmatch(found)
    return (whole[1], re.sub(r"^([\"'])(.*)\1$", r"\2", whole[2].rstrip())) if whole else None


def item(found: str, form: type[Model], key: str = "") -> dict[str, Any]:
    """Return what a text alone may be meant for, in a form that takes it."""
    fields, found = form.model_fields, without_arn(found.strip())
    if "id" in fields and re.match(_id_pattern(form), found.lower()):
        return {"id": found.lower()}
    if (stated := pair(found)) and stated[0] in fields:
        return {stated[0]: True if stated[1] == "true" else stated[1]}
    is_yes = found.lower() in FLAGS
    if form is forms.CreatedSecurityGroup:
        return {"name": "endpoints" if is_yes else found, "ingress": FROM_VPC}
    if form is Endpoint:
        kind = next((each for each in get_args(EndpointType) if each.lower() == found.lower()), None)
        own = {"service": key.replace("_", ".")}
        is_whole = found.startswith("com.")
        return own if is_yes else {**own, "type": kind} if kind else {"service_name" if is_whole else "service": found}
    if form is forms.Ingress:
        return {"vpc": True} if is_yes else source(found)
    if found in {"default", "main"} & fields.keys():
        return {found: True}
    if found == "create" and found in fields:
        return {"create": {"name": "endpoints", "ingress": FROM_VPC}}
    if re.fullmatch(EXPRESSION, found):
        return {"variable": label(found)}
    return {"name": "…" if is_yes else found}


def endpoints_of(found: Any) -> dict[str, Any]:
    """Return the endpoints that a list of services, or of endpoints without keys, may be meant for; else none."""
    endpoints = dict[str, Any]()
    items = found if isinstance(found, list) else [found]
    for each in items:
        own = item(each, Endpoint) if isinstance(each, str) else each
        named = [*own.items()] if isinstance(own, dict) and all(isinstance(one, dict) for one in own.values()) else []
        if isinstance(own, dict) and not named:
            key = own.get("service", own.get("service_name", own.get("name")))
            named = [(re.sub(r"^.*amazonaws\.[\w-]+\.", "", key), own)] if isinstance(key, str) else []
        if not named:
            return {}
        endpoints |= {label(key): own for key, own in named if label(key) not in endpoints}
    return endpoints if len(endpoints) >= len(items) else {}


def source(found: str) -> dict[str, Any]:
    """Return the source of an ingress rule that may be meant by a text alone."""
    if found in {"vpc", "subnets"}:
        return {found: True}
    if found.lower() in _ANYBODY:
        return {"cidr_ipv4": "0.0.0.0/0"}
    if re.fullmatch(PORTS, found) or found in {"https", "tls"}:
        return {"cidr_ipv4": "…", "ports": ["443" if found in {"https", "tls"} else found]}
    if re.fullmatch(r"[0-9.]+(/[0-9]+)?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/[0-9]+)?", found):
        return {"cidr_ipv6" if ":" in found else "cidr_ipv4": _block(found)}
    if found.startswith("pl-"):
        return {"prefix_list": item(found, forms.PrefixListReference)}
    return {"security_group": item(found, forms.ExistingSecurityGroup)}


def port(found: str) -> str:
    """Return the ports that may be meant by a text; empty where nothing is near."""
    near = "all" if found.lower() in _ANYBODY | {"-1"} else found.lower()
    return near if re.match(PORTS, near) else ""


def _block(found: str) -> str:
    """Return an address as the block that it alone is in; all else as it is."""
    return f"{found}/{128 if ':' in found else 32}" if is_address(found) else found


def _id_pattern(form: type[Model]) -> str:
    limits = (getattr(each, "pattern", None) for each in form.model_fields["id"].metadata)
    return next(str(each) for each in limits if each)


def no_id(found: str, form: type[Model]) -> str:
    """Return what to do about a text that is meant for an id and is not a whole one, or names none of a kind."""
    if "id" not in form.model_fields:
        return ""
    if re.fullmatch(_NO_NAME, found) or found in {"default", "main"} - form.model_fields.keys():
        return f"write what AWS has of it: {{id: …}}{', {name: …} or {tags: {…}}' * ('name' in form.model_fields)}"
    kind = _id_pattern(form).partition("-")[0].lstrip("^")
    is_meant = re.fullmatch(f"{kind}-[0-9a-f]{{9,}}", found) and not re.match(_id_pattern(form), found)
    return whole_id(kind) if is_meant else ""


def whole_id(kind: str) -> str:
    """Return the fix of text that is no whole id."""
    return f"copy the whole id: 8 or 17 of 0-9 and a-f after {kind}-"


def merged(found: list[Any]) -> dict[str, Any]:
    """Return the tags of a list of mappings, each of tags or of the Key and Value of one; none where it is another."""
    mappings = [each for each in found if isinstance(each, dict)]
    parts = [{each["Key"]: each["Value"]} if {*each} == {"Key", "Value"} else each for each in mappings]
    pairs = [pair for each in parts for pair in each.items()] if len(parts) == len(found) else []
    return dict(pairs) if all(isinstance(part, str) for each in pairs for part in each) else {}


def without_arn(found: str) -> str:
    """Return the id at the end of an ARN of EC2; all else as it is."""
    return re.sub(r"^arn:[\w-]+:ec2:[^/]*/(?=[a-z]+-[0-9a-f]+$)", "", found)


def without_quotes(found: str) -> Any:
    """Return the mapping or the list that a text is, had it no quotes; None for other text."""
    if not re.fullmatch(r"\s*(\{.*\}|\[.*\])\s*", found) or re.search(r"\{\{|\$\{", found):
        return None
    with suppress(Refused):
        data: Any = parse(f"x: {found}", "").data
        return data["x"]
    return None


def label(found: str) -> str:
    """Return a name that is near to a text, and one that Terraform takes for a label."""
    return re.sub(r"\W+", "_", found.removeprefix("var."), flags=re.ASCII).strip("_")


def flow(value: Any) -> str:
    """Return data as YAML writes it in one line; empty where it is more than people would write in one."""
    if isinstance(value, dict):
        parts = [(f"{key}", flow(item)) for key, item in value.items()]
        return f"{{{', '.join(map(': '.join, parts))}}}" if all(item for _, item in parts) else ""
    if isinstance(value, list):
        items = [flow(item) for item in value]
        return f"[{', '.join(items)}]" if all(items) else ""
    if value is True:
        return "true"
    text = str(value or "")
    found = re.fullmatch(r"[\w/.…(*-]([\w ./…@+*:()-]*[\w/.…*)-])?", text)
    is_plain = found and not re.search(r": |^[*-]|^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text)  # a date, to most of YAML
    return text if is_plain or not text else json.dumps(text, ensure_ascii=False)
