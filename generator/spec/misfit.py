"""The message about a value that does not fit its key: what the key takes, and what was found."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from generator.source.ids import ID
from generator.source.source import Plain
from generator.spec.duration import DURATION
from generator.spec.fleet import KEY
from generator.spec.forms import IPV4_BLOCK, IPV6_BLOCK, REGION
from generator.spec.model import (
    IPV4_ADDRESS,
    IPV6_ADDRESS,
    NAME,
    PARTITION,
    PROVIDER,
    RESOURCE_CONFIGURATION,
    SERVICE_NETWORK,
    VISIBLE,
)
from generator.spec.policy import ACCOUNT_ID, ORG_ID
from generator.spec.scalars import FORMAT, IDENTIFIER, MINOR, PLACES, PORTS

_ARN = "takes an ARN, as arn:aws:vpc-lattice:eu-west-1:123456789012"
_KINDS = ("vpc", "subnet", "rtb", "sg", "pl")
FORMS = {
    **{f"^{kind}-{ID}$": f"takes an id, as {kind}-0a1b2c3d4e5f60718" for kind in _KINDS},
    IPV4_BLOCK: "takes an IPv4 CIDR block, as 10.0.0.0/16",
    IPV6_BLOCK: "takes an IPv6 CIDR block, as 2001:db8::/32",
    PORTS: "takes a port, a range or a type, as 443, 1400-1499, 4195/udp or 8/icmp, or icmp, icmpv6 or all",
    REGION: "takes a Region, as eu-central-1",
    DURATION: "takes a time of more than 0s and at most 999999h, as 10m or 1h30m",
    VISIBLE: "takes text that is not blank",
    PROVIDER: 'takes the oldest release, as ">= 5.0"',
    IDENTIFIER: "takes letters, digits, hyphens and underscores, no digit or hyphen first",
    KEY: "takes letters, digits, hyphens and underscores, a letter first, and / between folders",
    MINOR: 'takes the version without its patch, as "0.3"',
    FORMAT: "takes text that may have {account} and {region} in it, and {{ or }} for a brace",
    PLACES: "takes a path in the repository, relative to this file",
    IPV4_ADDRESS: "takes an IPv4 address, as 10.0.1.10",
    IPV6_ADDRESS: "takes an IPv6 address, as 2001:db8::10",
    PARTITION: "takes a partition, as aws or aws-cn",
    RESOURCE_CONFIGURATION: f"{_ARN}:resourceconfiguration/rcfg-0a1b2c3d4e5f60718",
    SERVICE_NETWORK: f"{_ARN}:servicenetwork/sn-0a1b2c3d4e5f60718",
    ACCOUNT_ID: "takes an account id of 12 digits, as 123456789012",
    ORG_ID: "takes the id of an organization, as o-a1b2c3d4e5",
    NAME: "takes up to 63 letters, digits, hyphens and underscores, a letter first",
}
"""What a text of each form is, with an example: of the forms that the JSON Schema of specs and project files has."""
_WANTED = {
    "bool_type": "takes true or false",
    "dict_type": "takes a mapping",
    "model_type": "takes a mapping",
    "list_type": "takes a list",
    "string_type": "takes text",
    "document": "takes a document, which is a mapping",
    "statement": "takes a document, and this is a statement of one",
}


def describe_misfit(detail: ErrorDetails) -> str:
    """Return what a key takes and what was found there, as the end of a sentence that begins with the key."""
    return f"{_expected(detail)}{_found(detail)}"


def _expected(detail: ErrorDetails) -> str:
    """Return what a key takes, in YAML's words where pydantic's are Python's."""
    context = detail.get("ctx", {})
    if detail["type"] == "word":
        return detail["msg"]
    if detail["type"] == "literal_error":
        return f"takes {str(context['expected']).replace(chr(39), '').replace('True', 'true')}"
    if detail["type"] == "string_pattern_mismatch":
        return FORMS[context["pattern"]]
    if detail["type"].endswith(("too_short", "too_long")):
        return _sized(detail)
    return _WANTED.get(detail["type"]) or f"does not fit: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _sized(detail: ErrorDetails) -> str:
    """Return how many a key takes: of the items of a list or a mapping, or of a text's characters."""
    context, is_text = detail.get("ctx", {}), isinstance(detail["input"], str)
    count = context.get("min_length", context.get("max_length"))
    if is_text and "min_length" in context and count == 1:
        return "takes text that is not empty"
    least = "at least" if "min_length" in context else "at most"
    return f"takes {least} {count} {'character' if is_text else 'item'}{'' if count == 1 else 's'}"


def _found(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, str | list) and detail["type"].endswith("too_long"):
        return f"; found {len(value)}"
    if isinstance(value, str) and "too_" in detail["type"]:
        return f"; found {len(value)}" if value else ""
    if isinstance(value, str):
        is_wrong_type = detail["type"].endswith("_type") and not isinstance(value, Plain)
        found = value if value.strip() else f'"{value}"'
        return f'; found "{value}", which is text' if is_wrong_type else f"; found {found}"
    if not value and "too_" in detail["type"]:
        return "; found none"
    if detail["type"] == "statement":
        return ""
    return "; found a mapping" if isinstance(value, dict) else "; found a list" if isinstance(value, list) else ""
