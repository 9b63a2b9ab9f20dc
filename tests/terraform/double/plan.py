"""What a resource will be (`plan`) and what it becomes (`apply`), as the provider's two libraries do it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from .blocks import Body, bodies, empty
from .world import Values, World

msgpack: Any = import_module("msgpack")
UNKNOWN = msgpack.ExtType(0, b"\0")
DEFAULTS = {
    ("aws_vpc_endpoint", "vpc_endpoint_type"): "Gateway",
    ("aws_security_group", "description"): "Managed by Terraform",
    ("aws_security_group", "revoke_rules_on_delete"): False,
    ("aws_security_group_rule", "self"): False,
}
"""What the older library sets in a plan though the attribute is not computed; seen in plans of 5.100."""
COMPUTED_BLOCKS = {"aws_vpc_endpoint": ("dns_options", "subnet_configuration")}
"""Nested blocks that the provider fills where none is written, as only the older library can."""
FORCES_NEW: Mapping[str, tuple[str, ...]] = {
    "aws_vpc_endpoint": (
        *("vpc_id", "service_name", "vpc_endpoint_type", "service_region"),
        *("service_network_arn", "resource_configuration_arn"),
    ),
    "aws_security_group": ("name", "name_prefix", "description", "vpc_id"),
    "aws_security_group_rule": (
        *("type", "from_port", "to_port", "protocol", "cidr_blocks", "ipv6_cidr_blocks"),
        *("prefix_list_ids", "source_security_group_id", "self", "security_group_id"),
    ),
    "aws_vpc_security_group_ingress_rule": ("security_group_id",),
    "aws_vpc_security_group_egress_rule": ("security_group_id",),
}
_NEWER = re.compile(
    r"aws_vpc_security_group_|aws_vpc_endpoint_(private_dns|security_group_association)|aws_ec2_instance"
)


def is_lenient(type_: str) -> bool:
    """Tell whether a type is of the older library, to which Terraform forgives what it does not the newer one."""
    return not _NEWER.match(type_)


def is_unknown(value: object) -> bool:
    """Tell whether a value is unknown: extension 0, or 12 where something is known of it."""
    return isinstance(value, msgpack.ExtType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What the provider's configuration says."""

    world: World
    default_tags: Mapping[str, str]

    def plan(self, type_: str, *, config: Values, prior: Values | None, proposed: Values) -> Values:
        """Return what a resource will be: what is configured, and for the rest what it was, or an unknown value."""
        body = bodies("resources")[type_]
        planned = _unknown_where_computed(body, proposed) if prior is None else dict(proposed)
        for (of_type, name), value in DEFAULTS.items():
            if of_type == type_ and config.get(name) is None:
                planned[name] = value
        for name in COMPUTED_BLOCKS.get(type_, ()):
            if not config.get(name):
                planned[name] = UNKNOWN if prior is None else prior[name]
        for name, attribute in body.attributes.items():
            is_set = is_lenient(type_) and attribute.type[0] == "set" and isinstance(planned[name], list)
            if is_set and any(map(is_unknown, planned[name])):
                planned[name] = UNKNOWN  # the older library knows a whole set or nothing of it
        if "tags_all" in planned:
            tags = config.get("tags")
            planned["tags_all"] = UNKNOWN if is_unknown(tags) else {**self.default_tags, **(tags or {})}
        if "region" in planned and config.get("region") is None:
            planned["region"] = self.world.region
        return planned

    def apply(self, type_: str, *, config: Values, planned: Values) -> Values:
        """Return what a resource becomes: as it is planned, with made values where that is unknown."""
        given = {name: value for name, value in config.items() if value not in (None, [])}
        return _filled(bodies("resources")[type_], planned, self.world.make(type_, planned) | given)


def forced(type_: str, prior: Values | None, planned: Values) -> list[str]:
    """Return the arguments for which a resource is replaced."""
    return [name for name in FORCES_NEW.get(type_, ()) if prior is not None and prior[name] != planned[name]]


def _unknown_where_computed(body: Body, value: Values) -> Values:
    made: Values = {}
    for name, each in value.items():
        if name in body.attributes:
            made[name] = UNKNOWN if each is None and body.attributes[name].computed else each
        elif isinstance(each, list):
            inner = body.blocks[name].body
            made[name] = [_unknown_where_computed(inner, item) if isinstance(item, dict) else item for item in each]
        elif isinstance(each, dict):
            made[name] = _unknown_where_computed(body.blocks[name].body, each)
        else:
            made[name] = each
    return made


def _filled(body: Body, value: Values, made: Values) -> Values:
    done: Values = {}
    for name, each in value.items():
        if is_unknown(each):
            done[name] = made.get(name, empty(body.attributes[name].type) if name in body.attributes else [])
        elif name in body.blocks and isinstance(each, list):
            done[name] = [_filled(body.blocks[name].body, item, made) for item in each]
        else:
            done[name] = each
    return done
