"""The types of what is read of a state or a plan, as Terraform and the AWS provider have them, and what has another.

A shape is a type; a list with the shape of its items; an object with the shapes of its values, `*` for all others; a
pattern; or a function that returns the shape of a value. A value that is null is as one that is not there, and what
has no shape is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any

from generator.source.shared_text import LongText, too_many

KEY = r"\[(?:[0-9]+|\"(?:[^\"\\]|\\.)*\")\]"
"""What an address has after a name: the number of `count`, or the key of `for_each`."""
_NAME = rf"[^\W\d][\w-]*(?:{KEY})?"
ADDRESS = re.compile(
    rf"(?:(?P<module>module\.{_NAME}(?:\.module\.{_NAME})*)\.)?[a-z0-9_]+\.(?P<name>[^\W\d][\w-]*)(?:{KEY})?"
)
OURS = ("aws_vpc_endpoint", "aws_security_group", "aws_vpc_security_group_")
"""What the types begin with of which more is read than text."""
RULE, OLDER_RULE = RULES = ("aws_vpc_security_group_ingress_rule", "aws_security_group_rule")
"""The resources of rules that let somebody in."""
_TEXTS = (
    *("arn", "cidr_ipv4", "cidr_ipv6", "description", "id", "ip_address_type", "ip_protocol", "name", "owner_id"),
    *("policy", "prefix_list_id", "protocol", "referenced_security_group_id", "region", "resource_configuration_arn"),
    *("security_group_id", "security_group_rule_id", "service_name", "service_network_arn", "service_region"),
    *("source_security_group_id", "type", "vpc_endpoint_id", "vpc_endpoint_type", "vpc_id"),
)
_LISTS = ("cidr_blocks", "ipv6_cidr_blocks", "network_interface_ids", "prefix_list_ids", "route_table_ids")
_ITEM = (str, type(None))
_ITEMS = {*_ITEM}
_OPTIONS = ("dns_record_ip_type", "private_dns_preference")
ARGUMENTS: Mapping[str, Any] = {
    **dict.fromkeys(_TEXTS, str),
    **{name: [_ITEM] for name in (*_LISTS, "security_group_ids", "subnet_ids")},
    **dict.fromkeys(("from_port", "to_port"), int),
    **dict.fromkeys(("private_dns_enabled", "self"), bool),
    **{name: {"*": str} for name in ("tags", "tags_all")},
    "dns_options": [{**dict.fromkeys(_OPTIONS, str), "private_dns_specified_domains": [_ITEM]}],
}
"""By name, for no two types that are ours have one name for values of two types."""
_MOST = 2**10
_NESTED = (dict, list)
_DEEPEST = 150  # levels: a module in a module takes two
_CALLED = {str: "a text", bool: "true or false", int: "a number", dict: "an object", list: "a list", _ITEM: "a text"}


class Made:
    """What was made of an object already, whose form was looked at then."""

    __slots__ = ()


def is_deep(found: Any) -> bool:
    """Tell whether values are nested deeper than may be gone through by recursion."""
    level = [found] if isinstance(found, _NESTED) else []
    for _ in range(_DEEPEST):
        inside = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for inner in inside for each in inner if isinstance(each, _NESTED)]
    return bool(level)


def misfit(value: Any, shape: Any, seen: dict[tuple[Any, ...], Sequence[str]] | None = None) -> str:
    """Return the first that has another shape, by its path, in which only names are that a shape has; else nothing.

    What was `seen` are names and types together, as hundreds of thousands of resources have them.
    """
    seen = {} if seen is None else seen
    shape = shape(value) if isinstance(shape, FunctionType) else shape
    if isinstance(value, _NESTED) and _is_short(shape) and (many := too_many(value)):
        return f": {many}"
    if type(shape) is dict and type(value) is dict:
        for name in _odd_once(value, shape, seen):
            each, of_it = value.get(name), shape.get(name, shape.get("*"))
            if not (of_it is ADDRESS and _is_address(each)) and (found := misfit(each, of_it, seen)):
                return f".{name if name in shape else '*'}{found}"
        return ""
    if shape is ADDRESS:
        return "" if _is_address(value) else ": not an address"
    if not isinstance(value, kind := type(shape) if isinstance(shape, _NESTED) else shape):
        return f": {value}" if isinstance(value, LongText) else f": not {_CALLED.get(kind, 'a text or a number')}"
    if isinstance(shape, list) and not (shape[0] is _ITEM and {*map(type, value)} <= _ITEMS):
        for at, each in enumerate(value):
            if found := misfit(each, shape[0], seen):
                return f"[{at}]{found}"
    return ""


def _is_short(shape: Any) -> bool:
    """Tell whether what has a shape is a map, or a list that a resource has: none of these is as long as a file."""
    return "*" in shape if type(shape) is dict else type(shape) is list and shape[0] not in (of_resource, _MODULE)


def _is_address(value: Any) -> bool:
    """Tell whether something is an address, which is printed, and written into HCL."""
    return isinstance(value, str) and value.isprintable() and bool(ADDRESS.fullmatch(value))


def _odd_once(
    value: Mapping[str, Any], shape: Mapping[str, Any], seen: dict[tuple[Any, ...], Sequence[str]]
) -> Sequence[str]:
    """Return what `_odd` does; by names and types alone, where these were seen before."""
    kinds = (id(shape), *value, *map(type, value.values()))
    if (odd := seen.get(kinds)) is None:
        odd = _odd(value, shape)
        if len(seen) < _MOST:
            seen[kinds] = odd
    return odd


def _odd(value: Mapping[str, Any], shape: Mapping[str, Any]) -> Sequence[str]:
    """Return the names of what is not at once of its shape's type, which is little, in the order of the shape."""
    other = shape.get("*")
    odd = [
        name
        for name, each in value.items()
        if each is not None and type(each) is not shape.get(name, other) and (other or name in shape)
    ]
    if "mode" in shape:
        odd += [name for name in _REQUIRED if value.get(name) is None]
    return odd if other or not odd[1:] else [name for name in shape if name in odd]


def _resource(values: Any) -> Mapping[str, Any]:
    states = {"before": values, "after": values, "after_unknown": dict}
    change = {**states, "actions": [str], "replace_paths": [[(str, int)]]}
    marks = {"tainted": bool, "deposed_key": str}
    stated = {**dict.fromkeys(_REQUIRED, str), **marks, **dict.fromkeys(("address", "previous_address"), ADDRESS)}
    return {**stated, "values": values, "change": change}


_REQUIRED = ("mode", "type", "address")
_OF_OURS, _OF_OTHERS, _OF_DATA = _resource(ARGUMENTS), _resource(dict), {"mode": str}


def of_resource(found: Any) -> Any:
    """Return the shape of a resource of a state, or of a plan's change of one; nothing is read of a data source."""
    if isinstance(found, Made):
        return Made
    mode, kind = (found.get("mode"), found.get("type")) if isinstance(found, dict) else (None, None)
    is_read, is_ours = mode in (None, "managed"), str(kind).startswith(OURS)
    return _OF_DATA if not is_read else _OF_OURS if is_ours else _OF_OTHERS


_MODULE: dict[str, Any] = {"resources": [of_resource]}
_CALLS: dict[str, Any] = {}
_MODULE["child_modules"] = [_MODULE]
_CALLS["module_calls"] = {"*": {"source": str, "module": _CALLS}}
SHAPES: Mapping[str, Any] = {
    "state": {"values": {"root_module": _MODULE}},
    "plan": {"resource_changes": [of_resource], "configuration": {"root_module": _CALLS}},
}
