"""The schema of the provider's types as the plugin protocol says it: what the schema's file has, and what it lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from tests.terraform import schema

Type: TypeAlias = "str | list[Any]"
"""A type as the protocol writes it: `"string"`, `["set", "string"]`, `["list", ["object", {"a": "bool"}]]`."""

_ASSIGNED = {"ingress", "egress"}
"""Blocks of a security group that the provider has as attributes: they may be computed, and assigned to."""
_COMPUTED = {"resources": {"id", "region"}, "data_sources": {"id", "region", "tags"}, "provider": set[str]()}
"""Optional attributes that are computed too: of what is newer than 5.100 the file has lost that."""
_STRING, _BOOL = {"type": "string", "optional": True}, {"type": "bool", "optional": True}
_PROVIDER: Mapping[str, Any] = {
    "attributes": {
        **dict.fromkeys(("region", "profile", "access_key", "secret_key", "token"), _STRING),
        **dict.fromkeys(("skip_credentials_validation", "skip_metadata_api_check", "skip_region_validation"), _BOOL),
        "skip_requesting_account_id": _BOOL,
    },
    "blocks": {
        "default_tags": {
            "nesting": "list",
            "max_items": 1,
            "attributes": {"tags": {"type": "map(string)", "optional": True}},
        },
        "endpoints": {"nesting": "set", "attributes": dict.fromkeys(("ec2", "iam", "sts"), _STRING)},
    },
}
"""Of the provider's own configuration what a test may set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute of a type, or of a block in one."""

    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    deprecated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is inside a block."""

    attributes: Mapping[str, Attribute]
    blocks: Mapping[str, Nested]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """A block inside a block."""

    nesting: str
    most: int
    body: Body


@cache
def bodies(kind: str) -> Mapping[str, Body]:
    """Return each type of a kind: `resources`, `data_sources`, or `provider` for the provider's own configuration."""
    if kind == "provider":
        return {"aws": _body(kind, _PROVIDER)}
    return {name: _body(kind, raw) for name, raw in schema.schema()[kind].items()}


def _body(kind: str, raw: Mapping[str, Any], *, is_top: bool = True) -> Body:
    attributes = {
        name: Attribute(
            type=type_of(each),
            required=bool(each.get("required")),
            optional=bool(each.get("optional")),
            computed=bool(each.get("computed") or (is_top and each.get("optional") and name in _COMPUTED[kind])),
            deprecated=bool(each.get("deprecated")),
        )
        for name, each in raw.get("attributes", {}).items()
    }
    blocks: dict[str, Nested] = {}
    for name, each in (raw.get("blocks") or {}).items():
        body = _body(kind, each, is_top=False)
        if name in _ASSIGNED:
            inner = {key: attribute.type for key, attribute in body.attributes.items()}
            attributes[name] = Attribute(type=["set", ["object", inner]], optional=True, computed=True)
        else:
            blocks[name] = Nested(nesting=each["nesting"], most=each.get("max_items", 0), body=body)
    return Body(attributes=attributes, blocks=blocks)


def type_of(attribute: Mapping[str, Any]) -> Type:
    """Return an attribute's type, `set(object)` in the file, as the protocol writes it.

    Raises ValueError for a type that Terraform does not know, which would end Terraform itself with a stack trace.
    """
    outer, _, inner = attribute["type"].rstrip(")").partition("(")
    if not ({outer} <= {"string", "bool", "number"} or (outer in {"list", "set", "map"} and inner)):
        raise ValueError(f"{attribute['type']} is no type")
    if inner == "object":
        return [outer, ["object", {name: type_of(each) for name, each in attribute["attributes"].items()}]]
    return [outer, inner] if inner else str(outer)


def empty(type_: Type) -> object:
    """Return the empty value of a type."""
    if isinstance(type_, str):
        return {"string": "", "bool": False, "number": 0}[type_]
    return {} if type_[0] == "map" else []
