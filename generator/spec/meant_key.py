"""What may be meant by a key that a mapping does not have, where its spelling alone does not tell, as a fix."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from generator.spec.forms import Ingress
from generator.spec.meant_group import filtered, group_of
from generator.spec.meant_item import flow, pair
from generator.spec.model import DnsOptions, Spec
from generator.spec.policy_text import Path
from generator.spec.scalars import Model

_SAME = {
    "type": r"(vpc_)?endpoint_type|service_type",
    "protect": r"prevent_destroy",
    "cidr_ipv4": r"cidrs?(_blocks?|_ips?)?|source(_cidr)?|ipv4_cidr_blocks?",
    "cidr_ipv6": r"ipv6_cidr_blocks?",
    "security_group": r"source_security_group_id",
    "prefix_list": r"prefix_list_ids",
    "policy": r"policy_document",
    "service_name": r"service_endpoint|service_full_name",
    "name": r"module_name",
    "tags": r"(default|common)_tags",
}
"""What arguments of Terraform, CloudFormation and others are here, where the names are too far from each other."""
_WITHIN: Mapping[str, type[Model]] = {"dns_options": DnsOptions, "ingress": Ingress, "set": Spec}
"""The keys whose value has other keys that may be meant."""
_GROUP = "write it in a group: security_groups: [{create: GROUP}]"
"""Here, as in `_HINTS`, GROUP is the one that is meant by the rules that the mapping has."""
_PORT = r"(from_|to_)?port|(ip_)?protocol"
_HINTS = (
    (
        _PORT,
        "ports",
        "write ports, as [443], [1024-2048] or [53/udp]; without it a rule lets in what the services need",
    ),
    (_PORT, "ingress", "write it in a rule: ingress: [{vpc: true, ports: [443]}]"),
    (
        rf"{_PORT}|ports|ingress\w*|create_security_group|security_group_(rules?|description|tags|name_prefix)",
        "security_groups",
        _GROUP,
    ),
    (r"ingress", "create", "write the group as create: GROUP"),
    (
        r"(private_)?(ip|ipv[46])_addresses|private_ips?",
        "subnet_configuration",
        "write the address in each subnet: subnet_configuration: [{subnet: {id: …}, ipv4: …}]",
    ),
    (r"policy_(file|path)", "policy", "write policy: {file: …}"),
    (
        r"(aws_)?services?|(interface|gateway)_(endpoints?|services?)",
        "endpoints",
        "write endpoints, each under a key of its own, as {logs: {service: logs}}",
    ),
    (r"variables?|inputs?", "endpoints", "leave it out: an input is written where its value is, as {variable: NAME}"),
    (
        r"terraform|backend|(required_)?providers?|required_version|resource|data|module",
        "endpoints",
        "leave it out: the root that calls the module has it",
    ),
    (r"outputs?", "endpoints", "leave it out: the module has outputs of its own, which its README lists"),
    (r"version", "", "leave it out: nothing here has a version of its own"),
    (r"lifecycle", "", "write protect: true for prevent_destroy, and leave the rest out"),
    (r"depends_on", "", "leave it out: what an endpoint needs, the module makes before it"),
    (
        r"enabled?|create|condition",
        "",
        "leave it out, and the endpoint too where there is to be none: each that is stated is made",
    ),
    (
        r"(egress|outbound|allow_all_)\w*",
        "",
        "leave it out: an endpoint opens no connections, and its answers need no rule",
    ),
    (r"description|comments?|notes?", "", "write it as a comment: # and the text"),
    (r"read", "", "leave it out: Terraform knows no time limit for reading an endpoint"),
    (r"count|for_each", "", "leave it out, and write each endpoint under a key of its own"),
)
"""What else people write as Terraform's modules have it, what the mapping takes where they may mean it, and the fix."""
_REFERENCES = ("security_group", "prefix_list", "subnet")
"""The keys of items whose values are references in turn."""
_ID = r"[a-z]+-[0-9a-f]{8,17}"


def joined(key: object, value: object) -> str:
    """Return a key with its value, as YAML, of text that is both, as `{service:logs}` or `{id = a}`; else nothing."""
    found = pair(key) if isinstance(key, str) and value is None else None
    return flow({found[0]: found[1]})[1:-1] if found else ""


def meant_key(path: Path, there: Mapping[str, Any], known: Collection[str]) -> str:
    """Return what to write for an unknown key at a path, in a mapping that has these keys; empty where it is near."""
    return next(_fixes(path, there, known), "")


def _fixes(path: Path, there: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    """Yield what to write, the surest first."""
    written = str(path[-1])
    value, key = there.get(written), re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", written).lower()  # as CloudFormation has it
    if both := joined(written, value):
        yield f"write {both}"
    if key in known and key != written:
        yield f"write {key}"
    for outer, form in _WITHIN.items():
        if outer in known and key in form.model_fields:
            yield f"write it in {outer}: {flow([{key: value}] if form is Ingress else {key: value}) or '{…}'}"
    if "tags" in known and re.fullmatch("filters?", key):
        means = filtered(value)
        one = flow(means[0])[1:-1] if len(means) == 1 else flow(means)
        yield f"write {one}" if one.strip("[]") else "write what AWS has of it: {id: …}, {name: …} or {tags: {…}}"
    hints = (fix for names, taken, fix in _HINTS if taken in {"", *known} and re.fullmatch(names, key))
    yield from (fix.replace("GROUP", group_of(there, is_group="create" in known)) for fix in hints)
    same = next((ours for ours, names in _SAME.items() if re.fullmatch(names, key)), "")
    same = "cidr_ipv6" if same == "cidr_ipv4" and ":" in str(value) else same
    one = same or key.removesuffix("s")
    if one in known and len(path) > 1 and isinstance(path[-2], int) and (isinstance(value, list) or one != key):
        yield _items(one, value)
    if len(path) > 1 and (key == "vpc" or (path[0] == "vpc" and key in Spec.model_fields)):
        yield f"write it at the top of the spec: {flow({key: value})[1:-1] or key}"
    if key == "vpc_id" and path[0] == "endpoints":
        yield f"write it at the top of the spec: {flow({'vpc': {'id': value}})[1:-1]}"
    yield from _of_references(key, value, known)
    if same in known:
        yield f"write {same}"


def _of_references(key: str, value: Any, known: Collection[str]) -> Iterator[str]:
    """Yield what to write for an argument that has ids or names, as Terraform calls it."""
    found = re.fullmatch(r"(?:private_)?(vpc|subnet|security_group|group|route_table|prefix_list)_(id|name)s?", key)
    if found and found[2] in known and not {found[1], f"{found[1]}s"} & {*known}:
        yield from (
            [f"write {flow({found[2]: value})[1:-1]}"] if isinstance(value, str) and "bundles" not in known else []
        )
    elif found:
        texts = value if isinstance(value, list) and value else [value]
        is_sure = [found[2] == "name" or re.fullmatch(_ID, str(each)) for each in texts]
        each = [{found[2]: text if sure else "…"} for text, sure in zip(texts, is_sure, strict=True)]
        forms = {found[1]: flow(each[0]), f"{found[1]}s": flow(each)}
        yield from (f"write {ours}: {form}" for ours, form in forms.items() if ours in known)


def _items(key: str, value: Any) -> str:
    """Return the items of a list that have each value under a key, as far as they fit into a line."""
    values = value if isinstance(value, list) else [value]
    shown = flow([{key: {"id": each} if key in _REFERENCES and isinstance(each, str) else each} for each in values])
    if len(values) == 1 and shown:
        return f"write {shown[2:-2]}"
    return f"write {shown[1:-1]}, each an item of its own" if shown else f"write {key}"
