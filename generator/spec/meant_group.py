"""What may be meant by the security groups and filters of other tools, as data that a spec takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.source.ids import ID
from generator.spec.forms import Ingress
from generator.spec.meant_item import FROM_VPC, flow, source

_SOURCE = rf"[0-9.]+/[0-9]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/[0-9]+|(sg|pl)-{ID}"
"""What is nothing but a source of a rule: a block, or the id of a group or prefix list."""
RULES = r"ingress(_\w+)?|security_group_(ingress_)?rules?"
"""The keys that have the rules of a group in other tools."""


def group_of(there: Mapping[str, Any], *, is_group: bool) -> str:
    """Return the security group that is meant by the rules that a mapping has; `is_group`: it has its name, too."""
    own = there.get("create")
    name = (own if isinstance(own, dict) else there).get("name") if is_group else None
    stated = [(each, value) for each, value in there.items() if re.fullmatch(RULES, _key(each))]
    rules = [rule for _, value in stated for rule in _rules(value)]
    unread = any(value and value is not True for _, value in stated)
    some: list[Any] = [*rules] or (["…"] if unread else [*FROM_VPC])
    forms = (flow({"name": name or "endpoints", "ingress": ingress}) for ingress in (some, ["…"]))
    return next(filter(None, forms))


def _rules(found: Any) -> list[dict[str, Any]]:
    """Return a rule for each source that is in what other tools have of inbound rules, on its ports."""
    if isinstance(found, list):
        return [rule for each in found for rule in _rules(each)]
    if not isinstance(found, dict):
        return [source(found)] if isinstance(found, str) and re.fullmatch(_SOURCE, found) else []
    own = {_key(each): value for each, value in found.items()}
    if own.get("type") == "egress":
        return []
    if own and own.keys() <= Ingress.model_fields.keys():
        return [found]
    first, last = (own.get(each, own.get("port")) for each in ("from_port", "to_port"))
    several = own.get("ports") or ([f"{first}" if first == last else f"{first}-{last}"] if first and last else [])
    ports = {"ports": several} if several else {}
    inner = (value for each, value in own.items() if "egress" not in each)
    return [{**rule, **ports} for value in inner for rule in _rules(value)]


def filtered(found: Any) -> list[dict[str, Any]]:
    """Return the references that are meant by a filter of Terraform or the AWS CLI for tags; none of any other."""
    if isinstance(found, list):
        parts = [filtered(each) for each in found]
        if len(parts) > 1 and all(len(each) == 1 for each in parts):
            return [{"tags": {tag: text for part in parts for tag, text in _tags(part[0]).items()}}]
        return parts[0] if len(parts) == 1 else []
    own = {_key(each): value for each, value in found.items()} if isinstance(found, dict) else {}
    name, values = str(own.get("name", "")), own.get("values")
    tag, texts = name.removeprefix("tag:"), values if isinstance(values, list) else [values]
    if tag == name or not tag or not all(isinstance(each, str) for each in texts):
        return []
    return [{"name": each} if tag == "Name" else {"tags": {tag: each}} for each in texts]


def _tags(reference: Mapping[str, Any]) -> dict[str, str]:
    return reference["tags"] if "tags" in reference else {"Name": reference["name"]}


def _key(found: object) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(found)).lower()  # as CloudFormation has it
