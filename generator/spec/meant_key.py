"""What may be meant by a key that a mapping does not have, where its spelling alone does not tell, as a fix."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from generator.spec.meant_item import flow, pair
from generator.spec.model import Spec
from generator.spec.policy_text import Path

_IN_TERRAFORM = {
    "vpc_endpoint_type": "type",
    "prevent_destroy": "protect",
    "lifecycle": "protect",
    "cidr_block": "cidr_ipv4",
    "cidr_blocks": "cidr_ipv4",
    "ipv6_cidr_blocks": "cidr_ipv6",
    "cidr": "cidr_ipv4",
    "source_security_group_id": "security_group",
    "prefix_list_ids": "prefix_list",
}
"""What Terraform's arguments and blocks are here, where the names are too far from each other to be guessed."""
_OF_PORTS = ("from_port", "to_port", "ports", "port", "protocol")
_REFERENCES = ("security_group", "prefix_list", "subnet")
"""The keys of items whose values are references in turn."""


def joined(key: object, value: object) -> str:
    """Return a key with its value, as YAML, of text that is both, as `{service:logs}` or `{id = a}`; else nothing."""
    found = pair(key) if isinstance(key, str) and value is None else None
    return flow({found[0]: found[1]})[1:-1] if found else ""


def meant_key(path: Path, there: Mapping[str, Any], known: Collection[str]) -> str:
    """Return what to write for an unknown key at a path, in a mapping that has these keys; empty where it is near."""
    key = str(path[-1])
    value = there.get(key)
    if both := joined(key, value):
        return f"write {both}"
    if key in _OF_PORTS and (fix := _ports(key, there, known)):
        return fix
    if path[:1] == ("overlays",) and key in Spec.model_fields:
        return f"write it in set: {flow({key: value}) or '{…}'}"
    if key == "ingress" and "create" in known:
        return f"write it in create: {flow(there) or '{…}'}"
    if key == "version":
        return "leave it out: nothing here has a version of its own"
    if key == "policy_file" and "policy" in known and flow(value):
        return f"write policy: {flow({'file': value})}"
    noun = re.sub("_ids?$", "", key)  # of an argument, as Terraform calls it
    one = _IN_TERRAFORM.get(key, key.removesuffix("s"))
    one = "cidr_ipv6" if one == "cidr_ipv4" and ":" in str(value) else one
    if one in known and len(path) > 1 and isinstance(path[-2], int) and (isinstance(value, list) or one != key):
        return _items(one, value)
    forms = {noun: ": {id: …}", f"{noun}s": ": [{id: …}]"} if noun != key else {_IN_TERRAFORM.get(key, key): ""}
    return next((f"write {ours}{form}" for ours, form in forms.items() if ours in known and ours != key), "")


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
    first = first or str(there.get("port", ""))
    given = "-".join(dict.fromkeys(each for each in (first, last) if each)) or "443"
    given += "/udp" if protocol.casefold() in {"udp", "17"} else ""
    if "ports" in known and protocol in {"-1", "all"}:
        return "leave it out: without ports a rule lets in what the services need"
    if "ports" in known:
        fix = f"write ports: [{given}]{' for both' if first and last else ''}"
        return "leave it out: 443 in ports is TCP, and 53/udp is UDP" if key == "protocol" else fix
    group = f"ingress: [{{vpc: true, ports: [{given}]}}]"
    if "ingress" in known:
        return f"write it in a rule: {group}"
    group = f"security_groups: [{{create: {{name: endpoints, {group}}}}}]"
    return f"write it in a rule of a group: {group}" if "security_groups" in known else ""
