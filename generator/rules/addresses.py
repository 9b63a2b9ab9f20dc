"""IP addresses and CIDR blocks: those of security group rules, and the fixed ones of network interfaces.

Facts checked 2026-11-22.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, TypeAlias, assert_never

from generator.catalog.ports import ALL_TRAFFIC, Port
from generator.intent.endpoints import Endpoint
from generator.intent.groups import CreatedGroup
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, endpoint_rule, rule
from generator.spec.addresses import is_network
from generator.spec.references import BlocksOf, CidrBlock, Create, MembersOf, VpcBlocks

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_NO_SOURCES = [*map(ip_network, ("127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::1/128", "ff00::/8"))]
"""Loopback, multicast and what is reserved: https://www.rfc-editor.org/rfc/rfc6890, https://www.rfc-editor.org/rfc/rfc4291."""
_FEW = 10
_OF_SUBNETS = (IPv6Network("2000::/3"), IPv6Network("fc00::/7"))
"""The addresses of a subnet are global, or private to a network."""
_FAMILIES = {"ipv4": ("ipv4",), "ipv6": ("ipv6",), "dualstack": ("ipv4", "ipv6")}


def _prefix(block: Network) -> tuple[int, int]:
    """Return the length of a block's prefix, and its bits."""
    return block.prefixlen, int(block.network_address) >> block.max_prefixlen - block.prefixlen


_IPV4 = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
)
NOT_PUBLIC_IPV4 = tuple(map(IPv4Network, _IPV4))
_NEVER_PUBLIC = {
    IPv4Network: frozenset(map(_prefix, NOT_PUBLIC_IPV4)),
    IPv6Network: frozenset(map(_prefix, map(IPv6Network, ("::/3", "4000::/2", "8000::/1")))),
}
"""What is no public unicast address, as prefixes: https://www.rfc-editor.org/rfc/rfc6890, and all but 2000::/3."""


class _Block(NamedTuple):
    """A CIDR block of a created group: its path, the group's name, the ports that it is for, its kind and text."""

    path: Path
    group: str
    ports: tuple[Port, ...]
    kind: type[Network]
    text: str


def _blocks(intent: Intent) -> Iterator[_Block]:
    """Yield each CIDR block of the created groups."""
    known = {each.group.name: each for each in intent.groups}
    for path, group in intent.created():
        for index, ingress in enumerate(group.ingress):
            match ingress.source:
                case CidrBlock(family, _, written):
                    kind = IPv4Network if family == "ipv4" else IPv6Network
                    at = (*path, "ingress", index, f"cidr_{family}")
                    ports = known.get(group.name, CreatedGroup(group=group, path=path)).ports(ingress)
                    yield _Block(at, group.name, ports, kind, written)
                case VpcBlocks() | MembersOf() | BlocksOf():
                    pass
                case _:
                    assert_never(ingress.source)


@rule("E233")
def no_block(intent: Intent) -> Findings:
    """Text that is not a CIDR block."""
    for path, group, _, kind, text in _blocks(intent):
        try:
            block = kind(text, strict=False)
        except ValueError:
            bare = re.sub(r"\b0+(?=[0-9])", "", text)  # zeros before a number are octal to some
            example = "as 10.0.0.0/16" if kind is IPv4Network else "as 2001:db8::/32"
            fix = f"write {bare if is_network(bare) else f'it {example}'}"
            yield path, f"security group {group}: {text} is not a CIDR block", fix
            continue
        mapped = block.network_address.ipv4_mapped if isinstance(block, IPv6Network) else None
        if mapped is not None:  # https://pkg.go.dev/net/netip: to Go, which the provider is written in, it is IPv4
            yield path, f"security group {group}: {text} is IPv4", f"write cidr_ipv4: {mapped}/…"
        elif block.network_address != _address(text.partition("/")[0]):
            yield path, f"security group {group}: {text} has bits behind its prefix", f"write {block}"


@rule("W254")
def no_source(intent: Intent) -> Findings:
    """A source from which no packet comes."""
    for path, group, _, kind, text in _blocks(intent):
        with suppress(ValueError):
            block = kind(text, strict=False)
            first, last = block.network_address, block.broadcast_address
            if any(first in each and last in each for each in _NO_SOURCES):
                yield path, f"security group {group}: no packet comes from {text}"


@rule("W203")
def open_to_all(intent: Intent) -> Findings:
    """A security group open to every address."""
    of_group, told = defaultdict[str, list[_Block]](list), set[Path]()
    for each in _blocks(intent):
        of_group[each.group].append(each)
    together = (frozenset(of_group.keys() & _created(endpoint)) for endpoint in intent.endpoints)
    for names in dict.fromkeys((*(frozenset({name}) for name in of_group), *together)):
        for path, message in _open([block for name in of_group if name in names for block in of_group[name]]):
            if path not in told:
                told.add(path)
                yield path, message


def _created(endpoint: Endpoint) -> set[str]:
    """Return the names of the groups of an endpoint that the module makes: what one lets in, all do."""
    return {each.name for each in endpoint.security_groups if isinstance(each, Create)}


def _open(blocks: Sequence[_Block]) -> Iterator[tuple[Path, str]]:
    """Yield which blocks let every address in, by themselves or with those before them."""
    seen = dict[tuple[Port, type[Network]], set[tuple[int, int]]]()
    starts = {_start(port) for each in blocks for port in each.ports}
    for path, group, ports, kind, text in blocks:
        with suppress(ValueError):
            block = kind(text, strict=False)
            if block.prefixlen == 0:
                yield path, f"security group {group}: {text} is every address"
            elif sum(
                _completes(block, seen.setdefault((start, kind), {*_NEVER_PUBLIC[kind]}))
                for port in ports
                for start in _within(port, starts)
            ):
                yield path, f"security group {group}: with {text} every public address is let in"


def _start(port: Port) -> Port:
    return port if port.to_port == ALL_TRAFFIC.to_port else port._replace(to_port=port.from_port)


def _within(port: Port, starts: set[Port]) -> Iterable[Port]:
    """Return at which ports ranges may meet: where one begins; of a group of very many ranges where this one does."""
    return filter(port.includes, starts if len(starts) <= _FEW else {_start(port)})


def _completes(block: Network, seen: set[tuple[int, int]]) -> bool:
    """Join a block with those before it, by the length and the bits of their prefixes; tell whether it is the last."""
    length, bits = _prefix(block)
    if any((length - more, bits >> more) in seen for more in range(length + 1)):
        return False
    while length and (length, bits ^ 1) in seen:
        length, bits = length - 1, bits >> 1
    seen.add((length, bits))
    return not length


@endpoint_rule("E234")
def no_address(_intent: Intent, endpoint: Endpoint) -> Findings:
    """Text that is not an IP address."""
    for index, fixed in enumerate(endpoint.fixed_addresses):
        for family, kind in (("ipv4", IPv4Address), ("ipv6", IPv6Address)):
            address = _address(text) if (text := getattr(fixed, family)) else None
            place = endpoint.at("subnet_configuration", index, family)
            if text and isinstance(address, kind) and not _is_of_host(address):
                yield place, f"{endpoint.key}: {text} is no address that a subnet can have", "write one of the subnet's"
            elif text and not isinstance(address, kind):
                fix = f"write it as {'10.0.2.10' if family == 'ipv4' else '2001:db8::10'}"
                yield place, f"{endpoint.key}: {text} is not an {family.replace('ip', 'IP')} address", fix


@rule("E235")
def address_twice(intent: Intent) -> Findings:
    """One fixed address for two network interfaces."""
    addresses: dict[Address, str] = {}
    for endpoint in intent.endpoints:
        subnets = set[object]()
        for index, fixed in enumerate(endpoint.fixed_addresses):
            path = endpoint.path("subnet_configuration", index)
            if fixed.subnet in subnets:
                fix = "give each subnet one entry, with its ipv4 and its ipv6"
                yield (*path, "subnet"), f"{endpoint.key}: this subnet has an entry already", fix
            subnets.add(fixed.subnet)
            for family in ("ipv4", "ipv6"):
                text = getattr(fixed, family)
                address = _address(text) if text else None
                if address in addresses:
                    message = f"{endpoint.key}: {text} is the address of {addresses[address]} already"
                    yield (*path, family), message, "choose another address"
                elif address:
                    addresses[address] = endpoint.key


@endpoint_rule("E236")
def address_missing(_intent: Intent, endpoint: Endpoint) -> Findings:
    """A fixed address of the wrong family."""
    kind = endpoint.stated.get("ip_address_type")
    for index, fixed in enumerate(endpoint.fixed_addresses):
        for family in _FAMILIES.get(str(kind), ()):
            if not getattr(fixed, family):
                message = f"{endpoint.key}: ip_address_type {kind} needs an {family} address here"
                yield endpoint.at("subnet_configuration", index), message, f"add {family}: to this entry"


def _is_of_host(address: Address) -> bool:
    """Tell whether an address may be a network interface's: none of a host itself, a group or a link, or reserved.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html (checked 2026-11-27)
    """
    if isinstance(address, IPv6Address):
        return any(address in each for each in _OF_SUBNETS)
    special = address.is_loopback or address.is_multicast or address.is_unspecified or address.is_link_local
    return not (special or address.is_reserved)  # as 240.0.0.0/4, RFC 1112


def _address(text: str) -> Address | None:
    with suppress(ValueError):
        return ip_address(text)
    return None


@endpoint_rule("E213")
def other_subnet(_intent: Intent, endpoint: Endpoint) -> Findings:
    """A fixed address in a subnet that the endpoint is not in."""
    subnets = {*endpoint.subnets}
    for index, fixed in enumerate(endpoint.fixed_addresses):
        if fixed.subnet not in subnets:
            place = endpoint.at("subnet_configuration", index, "subnet")
            yield place, f"this subnet is not one of the subnets of {endpoint.key}"
