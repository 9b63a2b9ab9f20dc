"""What may be meant by a text whose form its key does not take, as a fix."""

from __future__ import annotations

import re

from generator.source.suggest import did_you_mean
from generator.spec import forms
from generator.spec.duration import DURATION
from generator.spec.meant_item import EXPRESSION, label, port, source, whole_id, without_arn
from generator.spec.model import NAME, PROVIDER
from generator.spec.scalars import IDENTIFIER, PORTS

NEWEST_MAJOR = 6
"""Of the newest provider whose schema the tests have."""
_REGION_CODE = "write its code, which AWS has beside its name, as eu-west-1 beside Europe (Ireland)"

_FORMS = {
    PORTS: "write each as an item of its own, as 443, 1400-1499, 4195/udp, 8/icmp or all",
    DURATION: "write each number with its unit, s, m or h, as 10m or 1h30m",
    PROVIDER: 'write the oldest release that the module must work with, as ">= 5.0", and no newest',
}
"""What is of one form, whatever was written."""


def formed_right(found: str, pattern: str) -> str:
    """Return what may be meant by text that a pattern does not take, as a fix; empty where nothing is near."""
    if kind := re.match(r"\^(vpc|subnet|rtb|sg|pl)-", pattern):
        if re.fullmatch(EXPRESSION, found):
            return f"write {{variable: {label(found)}}} for an input, in place of {{id: …}}"
        near = without_arn(found.strip()).lower()
        return f"write {near}" if re.match(pattern, near) else whole_id(kind[1])
    if ":vpc-lattice:" in pattern:
        return "write its whole ARN, as AWS has it: arn:aws:vpc-lattice:…"
    if pattern in {forms.IPV4_BLOCK, forms.IPV6_BLOCK}:
        return _other_block(found, pattern)
    if pattern == PORTS and (near := port(found)):
        return f"write {near}"
    if pattern in _FORMS:
        return _FORMS[pattern]
    known = {NAME: _name, IDENTIFIER: _identifier, forms.REGION: _region}
    if pattern in known:
        return known[pattern](found)
    before = found.partition("/")[0]  # of an address
    return f"write {before}" if found.count("/") == 1 and re.match(pattern, before) else ""


def _name(found: str) -> str:
    near = re.sub(r"[^\w-]+", "-", found, flags=re.ASCII)
    return did_you_mean([near] if re.match(NAME, near) else [], "" if found else "write a name, as endpoints")


def _identifier(found: str) -> str:
    if re.search(r"[:=\uff1a]\s*\S", found):
        return "after a key come a colon and a space, and neither a wide nor a no-break one"
    if re.search(r"\s[{\[]", found):
        return "between a key and its value come a colon and a space: logs: {service: logs}"
    found = ([found, *re.findall(r'"([^"]+)"', found)])[-1]  # Terraform's label of a block
    return did_you_mean([label(found)] if re.match(IDENTIFIER, label(found)) else [])


def _region(found: str) -> str:
    if re.fullmatch(EXPRESSION, found):
        return f"write {{variable: {label(found)}}}"
    words = re.fullmatch(r"([a-z-]+[a-z])-?([0-9]+)[a-z]?", re.sub("[_\u2010-\u2015]", "-", found.lower()))
    likely = f"{words[1]}-{words[2]}" if words else ""
    return did_you_mean([likely]) if re.match(forms.REGION, likely) else _REGION_CODE


def _other_block(found: str, pattern: str) -> str:
    """Return what may be meant by text that is no CIDR block of a family."""
    if len(blocks := re.split(r"[,\s]+", found.strip())) > 1:
        return f"write each in an item of its own: {', '.join(blocks)}"
    (key, meant), *_ = source(found).items()
    if not isinstance(meant, str):
        return "write a block, as 10.0.0.0/16" if pattern == forms.IPV4_BLOCK else "write a block, as 2001:db8::/32"
    own = "cidr_ipv4" if pattern == forms.IPV4_BLOCK else "cidr_ipv6"
    return f"write {meant}" if key == own and re.match(pattern, meant) else f"write {key}: {meant}" * (key != own)
