"""What may be meant by a key that a mapping does not have, where its spelling alone does not tell, as a fix."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from generator.spec.addresses import is_address
from generator.spec.forms import Ingress
from generator.spec.meant_item import endpoints_of, flow, pair, source
from generator.spec.model import DnsOptions, Spec
from generator.spec.policy_text import Path

_IN_TERRAFORM = {
    "vpc_endpoint_type": "type",
    "prevent_destroy": "protect",
    "cidr_block": "cidr_ipv4",
    "cidr_blocks": "cidr_ipv4",
    "ipv6_cidr_blocks": "cidr_ipv6",
    "cidr": "cidr_ipv4",
    "source_security_group_id": "security_group",
    "prefix_list_ids": "prefix_list",
    "policy_document": "policy",
    "endpoint_type": "type",
    "service_type": "type",
    "service_endpoint": "service_name",
    "service_full_name": "service_name",
    "module_name": "name",
    "default_tags": "tags",
    "common_tags": "tags",
}
"""What Terraform's arguments and blocks are here, where the names are too far from each other to be guessed."""
_NOT_HERE = {
    r"version": "leave it out: nothing here has a version of its own",
    r"lifecycle": "write protect: true for prevent_destroy, and leave the rest out",
    r"depends_on": "leave it out: what an endpoint needs, the module makes before it",
    r"enabled?|create|condition": "leave it out: each endpoint that is stated is made",
    r"(egress|outbound|allow_all_)\w*": "leave it out: an endpoint opens no connections, and its answers need no rule",
    r"description|comments?|notes?": "write it as a comment: # and the text",
    r"read": "leave it out: Terraform knows no time limit for reading an endpoint",
    r"count|for_each": "leave it out, and write each endpoint under a key of its own",
}
"""What has no key here, and why none is needed."""
_OF_ROOT = r"terraform|backend|(required_)?providers?|required_version|resource|data|module|outputs"
_OF_ENDPOINTS = r"(vpc_|aws_)?(?P<type>interface_|gateway_)?(endpoints?|services?)"
_OF_PORTS = ("from_port", "to_port", "ports", "port", "protocol", "ip_protocol")
_OF_SOURCES = r"source|from|source_cidr|cidr_ips?"
_OF_GROUP = r"ingress\w*|create_security_group|security_group_(rules?|description|tags|name_prefix)"
"""What a group is made of, as other modules have it beside their endpoints."""
_OF_ADDRESSES = r"(private_)?(ip|ipv4|ipv6)_address(es)?|private_ips?"
_REFERENCES = ("security_group", "prefix_list", "subnet")
"""The keys of items whose values are references in turn."""


_ID = r"[a-z]+-[0-9a-f]{8,17}"


def _makes_group(there: Mapping[str, Any]) -> bool:
    return any(re.fullmatch(_OF_GROUP, str(each)) for each in there)


def joined(key: object, value: object) -> str:
    """Return a key with its value, as YAML, of text that is both, as `{service:logs}` or `{id = a}`; else nothing."""
    found = pair(key) if isinstance(key, str) and value is None else None
    return flow({found[0]: found[1]})[1:-1] if found else ""


def _snake(key: object) -> str:
    """Return a key of CloudFormation or the CDK, as `VpcId`, as Terraform writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(key)).lower()


def meant_key(path: Path, there: Mapping[str, Any], known: Collection[str]) -> str:
    """Return what to write for an unknown key at a path, in a mapping that has these keys; empty where it is near."""
    return next(filter(None, _fixes(path, there, known)), "")


def _fixes(path: Path, there: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    """Yield what to write, the surest first."""
    written = str(path[-1])
    value, key = there.get(written), _snake(written)
    if both := joined(written, value):
        yield f"write {both}"
    yield from _of_rules(key, value, there, known)
    if path[:1] == ("overlays",) and key in Spec.model_fields:
        yield f"write it in set: {flow({key: value}) or '{…}'}"
    if key == "ingress" and "create" in known:
        yield f"write it in create: {flow(there) or '{…}'}"
    yield from _not_here(key, value)
    if key in {"policy_file", "policy_path"} and "policy" in known and flow(value):
        yield f"write policy: {flow({'file': value})}"
    if len(path) == 1:
        yield _at_top(key, value, there)
    one = _IN_TERRAFORM.get(key, key.removesuffix("s"))
    one = "cidr_ipv6" if one == "cidr_ipv4" and ":" in str(value) else one
    if one in known and len(path) > 1 and isinstance(path[-2], int) and (isinstance(value, list) or one != key):
        yield _items(one, value)
    if len(path) > 1 and key not in known and (key == "vpc" or (path[0] == "vpc" and key in Spec.model_fields)):
        yield f"write it at the top of the spec: {flow({key: value})[1:-1] or key}"
    if key == "vpc_id" and path[0] == "endpoints":
        yield f"write it at the top of the spec: vpc: {flow({'id': value})}"
    if key in DnsOptions.model_fields and "dns_options" in known and flow(value):
        yield f"write dns_options: {flow({key: value})}"
    yield from _of_references(written, key, value, known)


def _not_here(key: str, value: Any) -> Iterator[str]:
    """Yield why a key is not needed."""
    if key in {"enabled", "enable", "create", "count"} and value in {"false", "0", "no", "off"}:
        yield "leave the endpoint out: each that is stated is made"
    yield from (fix for name, fix in _NOT_HERE.items() if re.fullmatch(name, key))


def _of_references(written: str, key: str, value: Any, known: Collection[str]) -> Iterator[str]:
    """Yield what to write for an argument that has ids or names, as Terraform calls it."""
    ours = _IN_TERRAFORM.get(key, key)
    found = re.fullmatch(r"(?:private_)?(vpc|subnet|security_group|group|route_table|prefix_list)_(id|name)s?", key)
    if found is None or ours in known:
        yield f"write {ours}" if ours in known and ours != written else ""
    elif found[2] in known and not {found[1], f"{found[1]}s"} & {*known}:
        yield f"write {flow({found[2]: value})[1:-1]}" if isinstance(value, str) and "bundles" not in known else ""
    else:
        texts = value if isinstance(value, list) and value else [value]
        sure = [found[2] == "name" or bool(re.fullmatch(_ID, str(each))) for each in texts]
        each = [{found[2]: text if is_sure else "…"} for text, is_sure in zip(texts, sure, strict=True)]
        forms = {found[1]: flow(each[0]), f"{found[1]}s": flow(each)}
        yield from (f"write {ours}: {form}" for ours, form in forms.items() if ours in known)


def _of_rules(key: str, value: Any, there: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    """Yield what to write for a key of a rule, of its source, or of an address."""
    if key in _OF_PORTS:
        yield _ports(key, {_snake(each): of_it for each, of_it in there.items()}, known)
    if re.fullmatch(_OF_SOURCES, key) and "cidr_ipv4" in known and isinstance(value, str) and flow(source(value)):
        yield f"write {flow(source(value))[1:-1]}"
    fixed = value[0] if isinstance(value, list) and value else value
    if re.fullmatch(_OF_ADDRESSES, key) and "subnet_configuration" in known and is_address(str(fixed)):
        address = {"subnet": {"id": "…"}, "ipv6" if ":" in str(fixed) else "ipv4": fixed}
        yield f"write the address in each subnet: subnet_configuration: {flow([address]) or '[…]'}"
    if "ingress" in known and key in Ingress.model_fields and flow(value):
        yield f"write ingress: {flow([{key: value}])}"
    is_of_group = re.fullmatch(_OF_GROUP, key) or (key == "security_group_name" and _makes_group(there))
    if is_of_group and "security_groups" in known:
        group = flow([{"create": {"name": "endpoints", key: value}}]) if key == "ingress" else ""
        yield f"write it in a group: security_groups: {group or '[{create: {name: …, ingress: […]}}]'}"


def _at_top(key: str, value: Any, there: Mapping[str, Any]) -> str:
    """Return what to write for a key that a spec does not have, as a fix; empty where that is not known."""
    if re.fullmatch(_OF_ROOT, key):
        return "leave it out: the root that calls the module has it"
    found = re.fullmatch(_OF_ENDPOINTS, key)
    is_whole = isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())
    if found and "endpoints" not in there and is_whole and not found["type"]:
        return "write endpoints"
    shown = flow(endpoints_of(value, (found["type"] or "")[:-1])) if found else ""
    if shown and sum(bool(re.fullmatch(_OF_ENDPOINTS, each)) for each in there) > 1:
        return f"write {shown[1:-1]} in endpoints, each in a line of its own"
    return f"write endpoints: {shown}" if shown else ""


def _items(key: str, value: Any) -> str:
    """Return the items of a list that have each value under a key, as far as they fit into a line."""
    values = value if isinstance(value, list) else [value]
    whole = [{key: {"id": each} if key in _REFERENCES and isinstance(each, str) else each} for each in values]
    shown = flow(whole)[1:-1]
    if len(values) == 1 and shown:
        return f"write {shown[1:-1]}"
    return f"write {shown}, each an item of its own" if shown else f"write {key}"


def _ports(key: str, there: Mapping[str, Any], known: Collection[str]) -> str:
    """Return how the ports of a rule are written, which has them alone; empty where nothing here takes rules."""
    first, last, protocol = (str(there.get(each, "")) for each in ("from_port", "to_port", "protocol"))
    protocol = protocol or str(there.get("ip_protocol", ""))
    first = first or str(there.get("port", ""))
    given = "-".join(dict.fromkeys(each for each in (first, last) if each)) or "443"
    given += "/udp" if protocol.casefold() in {"udp", "17"} else ""
    if "ports" in known and protocol in {"-1", "all"}:
        return "leave it out: without ports a rule lets in what the services need"
    if "ports" in known:
        fix = f"write ports: [{given}]{' for both' if first and last else ''}"
        return "leave it out: 443 in ports is TCP, and 53/udp is UDP" if key.endswith("protocol") else fix
    group = f"ingress: [{{vpc: true, ports: [{given}]}}]"
    if "ingress" in known:
        return f"write it in a rule: {group}"
    group = f"security_groups: [{{create: {{name: endpoints, {group}}}}}]"
    return f"write it in a rule of a group: {group}" if "security_groups" in known else ""
