"""IP addresses and CIDR blocks by their meaning: IPv6 has many texts for one block, and AWS keeps one of them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Ipv6Range.html, https://www.rfc-editor.org/rfc/rfc5952
(checked 2026-11-26)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, inet_pton

_AS_IT_IS = r"[^:/]*(?:/(?:0|[1-9][0-9]?))?"
"""An IPv4 address, or a block with the length of its prefix, has one text; what has no colon is no IPv6."""
_SIZES = {str(length): 1 << 32 - length for length in range(33)}
"""How many addresses an IPv4 block has by the length of its prefix."""


@lru_cache(2**14)
def network(text: str) -> IPv4Network | IPv6Network:
    """Return a CIDR block; raises ValueError for another text."""
    return ip_network(text)


@lru_cache(2**14)
def address(text: str) -> IPv4Address | IPv6Address:
    """Return an IP address; raises ValueError for another text."""
    return ip_address(text)


def is_network(text: str) -> bool:
    """Tell whether a text is a CIDR block, as `network` reads it; an answer has a million, of which most are IPv4."""
    address, _, length = text.partition("/")
    try:
        if length in _SIZES:
            return not int.from_bytes(inet_pton(AF_INET, address), "big") % _SIZES[length]
    except (OSError, ValueError):
        pass
    return _is_read(network, text)


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address."""
    try:
        return bool(inet_pton(AF_INET, text))
    except (OSError, ValueError):
        return _is_read(ip_address, text)


def _is_read(read: Callable[[str], object], text: str) -> bool:
    try:
        return bool(read(text))
    except ValueError:
        return False


def as_stored(text: str) -> str:
    """Return a CIDR block or an address as AWS stores it: `2001:DB8::/32` is `2001:db8::/32`; other text as it is."""
    return text if re.fullmatch(_AS_IT_IS, text) else _stored(text)


@lru_cache(2**14)
def _stored(text: str) -> str:
    for read in (ip_address, ip_network):
        with suppress(ValueError):
            return str(read(text))
    return text
