"""What may be meant by a text whose form its key does not take, as a fix."""

from __future__ import annotations

import re

from generator.source.suggest import did_you_mean
from generator.spec import forms
from generator.spec.duration import DURATION
from generator.spec.meant_item import EXPRESSION, label, source, whole_id, without_arn
from generator.spec.model import NAME, PROVIDER
from generator.spec.scalars import IDENTIFIER, PORTS

_NAMED_PORTS = {"https": "443", "http": "80", "dns": "53", "ssh": "22", "tls": "443"}
NEWEST_MAJOR = 6
"""Of the newest provider whose schema the tests have."""
_REGION_CODE = "write its code, which AWS has beside its name, as eu-west-1 beside Europe (Ireland)"


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
    known = {PORTS: _ports, DURATION: _duration, PROVIDER: _release, NAME: _name, IDENTIFIER: _identifier}
    known[forms.REGION] = _region
    if pattern in known:
        return known[pattern](found)
    before = found.partition("/")[0]  # of an address
    return f"write {before}" if found.count("/") == 1 and re.match(pattern, before) else ""


def _duration(found: str) -> str:
    times = near_times(found)
    if len(times) > 1:
        return f"add its unit: {', '.join(times[:-1])} or {times[-1]}, for seconds, minutes or hours"
    return f"write {times[0]}" if times else ""


def near_times(found: str) -> list[str]:
    """Return the times that a text may be meant for."""
    number = re.sub(r"\s*(m|min|mins|minutes?|s|secs?|seconds?|h|hours?)$", "", found)
    unit = found.removeprefix(number).strip()[:1]
    return [time for each in unit or "smh" if re.match(DURATION, time := f"{number}{each}")]


def _release(found: str) -> str:
    oldest = 'write the oldest that the module must work with, as ">= 5.0"'
    if "!" in found or ("<" in found and ">" not in found):
        return f"a spec has no newest release: {oldest}"
    release = re.search(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}", found)
    if release and int(release[0].partition(".")[0]) > NEWEST_MAJOR:
        return f"there is no such release that is known here: {oldest}"
    if release is None:
        return oldest
    whole = f"{release[0]}{'' if '.' in release[0] else '.0'}"
    return f'write ">= {whole}"' if re.match(PROVIDER, f">= {whole}") else ""


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


def _ports(found: str) -> str:
    """Return what may be meant by text that is no port and no range of ports."""
    items = [_NAMED_PORTS.get(each.lower(), each.lower()) for each in re.split(r"[,\s]+", found.strip())]
    if not all(re.match(PORTS, item) for item in items):
        return "write a port or a range, as 443, 1400-1499 or 4195/udp"
    return f"write {items[0]}" if len(items) == 1 else f"write each as an item of its own: {', '.join(items)}"
