"""At which addresses Terraform's state has what a module makes, and under which labels.

https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
https://github.com/hashicorp/terraform/blob/main/internal/refactoring/move_statement.go
(`ImpliedMoveStatements`: `[0]` is taken over where there is no count any more; checked 2026-11-28)
"""

from __future__ import annotations

import re
from collections.abc import Collection

from generator.hcl.hcl import label
from generator.intent.groups import group_key
from generator.intent.intent import Intent
from generator.source.terraform_shapes import ADDRESS

_CALL = re.compile(r"module\.([\w-]+)")
_RESOURCE = re.compile(r"((?:module\..*\.)?)(aws_(?:vpc_endpoint|security_group)\.[^.\[\]\"]+)(?:\[0\])?")


def former(intent: Intent) -> dict[str, str]:
    """Return by each address that a module's endpoints and groups have, or had by their `was`, the one they have."""
    endpoints = (("aws_vpc_endpoint", each.key, each.own.get("was") or ()) for each in intent.endpoints)
    groups = (("aws_security_group", group_key(each), each.was) for _, each in intent.made())
    several = [*endpoints, *groups]
    past = {f"{kind}.{old}": f"{kind}.{key}" for kind, key, was in several for old in was}
    return past | {each: each for kind, key, _ in several for each in [f"{kind}.{key}"]}


def innermost(path: str, names: Collection[str]) -> str:
    """Return the last of the modules that a path leads through which has one of these names; empty where none has."""
    return next((each for each in map(label, reversed(_CALL.findall(path))) if each in names), "") if names else ""


def split(address: str) -> tuple[str, str]:
    """Return the path of the module that has an endpoint or group, with its dot, and its address there, if it has one.

    One with a key is none that a module of ours has or takes over, but for the first of a `count`.
    """
    found = _RESOURCE.fullmatch(address)
    return (found[1], found[2]) if found else ("", "")


def resource_of(address: str) -> str:
    """Return what an address is within its module: of anything, with its key."""
    found = ADDRESS.fullmatch(address)
    return address.removeprefix(f"{found['module']}.") if found and found["module"] else address
