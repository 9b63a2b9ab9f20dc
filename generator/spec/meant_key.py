"""What may be meant by a key that a mapping does not have, where its spelling alone does not tell, as a fix."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from generator.spec.meant_item import flow
from generator.spec.policy_text import Path

_IN_TERRAFORM = {
    "vpc_endpoint_type": "type",
    "prevent_destroy": "protect",
    "lifecycle": "protect",
    "cidr_block": "cidr_ipv4",
    "cidr_blocks": "cidr_ipv4",
    "ipv6_cidr_blocks": "cidr_ipv6",
}
"""What Terraform's arguments and blocks are here, where the names are too far from each other to be guessed."""
_OF_PORTS = ("from_port", "to_port", "ports", "port", "protocol")
_JOINED = re.compile(r"([\w.-]+):(\S.*)")


def joined(key: object, value: object, known: Collection[str] | None = None) -> tuple[str, ...]:
    """Return the key and the value of text without a blank after its colon, as `{service:logs}`; else nothing."""
    found = _JOINED.fullmatch(key) if isinstance(key, str) and value is None else None
    return found.groups() if found and (known is None or found[1] in known) else ()


def meant_key(path: Path, there: Mapping[str, Any], known: Collection[str]) -> str:
    """Return what to write for an unknown key at a path, in a mapping that has these keys; empty where it is near."""
    key = str(path[-1])
    value = there.get(key)
    if pair := joined(key, value, known):
        return f"write {': '.join(pair)}"
    if key in _OF_PORTS and (fix := _ports(key, there, known)):
        return fix
    noun = re.sub("_ids?$", "", key)  # of an argument, as Terraform calls it
    if isinstance(value, list) and (one := key.removesuffix("s")) in known:
        shown = flow([{one: each} for each in value])[1:-1] or "them"
        each = ", each an item of its own" if len(value) > 1 else ""
        return f"write {shown}{each}" if len(path) > 1 and isinstance(path[-2], int) else ""
    forms = {noun: ": {id: …}", f"{noun}s": ": [{id: …}]"} if noun != key else {_IN_TERRAFORM.get(key, key): ""}
    return next((f"write {ours}{form}" for ours, form in forms.items() if ours in known and ours != key), "")


def _ports(key: str, there: Mapping[str, Any], known: Collection[str]) -> str:
    """Return how the ports of a rule are written, which has them alone; empty where nothing here takes rules."""
    first, last = str(there.get("from_port", "")), str(there.get("to_port", ""))
    given = "-".join(dict.fromkeys(each for each in (first, last) if each)) or "443"
    if "ports" in known:
        fix = f"write ports: [{given}]{' for both' if first and last else ''}"
        return "leave it out: 443 in ports is TCP, and 53/udp is UDP" if key == "protocol" else fix
    group = f"ingress: [{{vpc: true, ports: [{given}]}}]"
    if "ingress" in known:
        return f"write it in a rule: {group}"
    group = f"security_groups: [{{create: {{name: endpoints, {group}}}}}]"
    return f"write it in a rule of a group: {group}" if "security_groups" in known else ""
