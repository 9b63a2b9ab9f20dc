"""Who the rules of security groups let in on a port, and whether that is the VPC: one answer for all commands."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from itertools import chain, product

from generator.catalog.ports import Port
from generator.live.estate import AwsObject
from generator.live.ingress import Rule, letting_in, of_peers
from generator.live.locate import Located
from generator.live.untold import undescribed
from generator.live.vpc_blocks import ByLength, Network, associated, by_length, is_in
from generator.source.frozen import frozen
from generator.source.suggest import some

_ALL_IPV6 = ipaddress.ip_network("::/0")
CHECK_PORT = "check that a rule opens the service's port"


@frozen(kw_only=True)
class Opening:
    """Who gets in on one port: networks, and others: ids of security groups and prefix lists."""

    port: Port
    networks: tuple[Network, ...]
    by_length: ByLength
    others: tuple[str, ...]
    peers: frozenset[str]
    """Which of the others nobody in the VPC is: groups of a peer VPC, prefix lists of a family that none calls by."""

    def covers(self, block: Network) -> bool:
        """Tell whether it lets in all of a block."""
        return is_in(block, self.by_length)

    def may_be(self, callers: Iterable[Network], but: Iterable[str] = ()) -> bool:
        """Tell whether some of what it lets in may be among callers: no other of a peer is, nor those named."""
        is_other = not {*self.others} <= {*self.peers, *but}
        return is_other or any(each.overlaps(block) for block in callers for each in self.networks)

    def __str__(self) -> str:
        """Return it as a sentence has it."""
        return some([*map(str, self.networks), *(f"members of {other}" for other in self.others)])


def opening(
    groups: Iterable[AwsObject], port: Port, more: Iterable[Rule] = (), *, no_callers: Iterable[str] = ()
) -> Opening:
    """Return who gets in on one port by groups that exist, and by more rules: networks in order, neighbours as one.

    `no_callers` are prefix lists, as `of_other_family` has them.
    """
    groups = tuple(groups)
    rules = [rule for rule in (*(rule for group in groups for rule in letting_in(group)), *more) if rule.opens(port)]
    others = dict.fromkeys(rule.source for rule in rules if rule.network is None)
    fours = (rule.network for rule in rules if isinstance(rule.network, ipaddress.IPv4Network))
    sixes = (rule.network for rule in rules if isinstance(rule.network, ipaddress.IPv6Network))
    networks: tuple[Network, ...] = (*ipaddress.collapse_addresses(fours), *ipaddress.collapse_addresses(sixes))
    peers = frozenset(chain(no_callers, *map(of_peers, groups)))
    return Opening(port=port, networks=networks, by_length=by_length(networks), others=tuple(others), peers=peers)


def of_other_family(spec: Located, address_type: str | None) -> list[str]:
    """Return the prefix lists of a family by which nobody calls an endpoint that has addresses of an `IpAddressType`.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ManagedPrefixList.html
    """
    lists = spec.estate.all("PrefixLists") if address_type in {"ipv4", "ipv6"} else ()
    others = (each for each in lists if each.get("AddressFamily", address_type).lower() != address_type)
    return [str(each["PrefixListId"]) for each in others]


def called_by(address_type: str | None, record_type: str | None) -> str | None:
    """Return by addresses of which families an endpoint is called: those that its names lead to, of those that it has.

    "The DNS records created for the endpoint":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html
    """
    return record_type if address_type == "dualstack" and record_type in {"ipv4", "ipv6"} else address_type


def lets_in(spec: Located, opened: Opening, address_type: str | None) -> tuple[bool | None, str, list[str]]:
    """Tell whether an opening lets in the VPC, or all of its subnets, None where nobody can tell, and how that is said.

    What is missing of the VPC comes with it. Whose the callers are that a part of the VPC lets in is not known. An
    endpoint has addresses of an `IpAddressType`; None where that is not told.
    """
    blocks = [*blocks_of(spec, address_type)]
    missing = [str(block) for block in blocks if not opened.covers(block)]
    if not opened.may_be(callers_in(spec, address_type)):
        return False, lacks(opened, missing or ["the VPC"]), missing
    if not missing and not (opened.covers(_ALL_IPV6) or (blocks and is_told(spec, address_type))):
        return None, f"{opened} let in; not told which blocks are the VPC's", missing
    if not missing:
        return True, f"{opened} let in", missing
    subnets = _subnets_of_vpc(spec, address_type)
    if subnets and all(map(opened.covers, subnets)):
        return True, f"{opened} let in, which all subnets of the VPC are in", missing
    return None, lacks(opened, missing), missing


def lacks(opened: Opening, missing: Iterable[str]) -> str:
    """Say who gets in, and who does not."""
    if not opened.networks and not opened.others:
        return f"no rule opens {opened.port}"
    return f"{opened} let in, and not {some(missing)}"


def without_ports(what: str, shown: Iterable[str], rules: Iterable[Rule]) -> str:
    """Say that no source has the ports of a service, and what its groups let in."""
    traffic = some(dict.fromkeys(rule.traffic for rule in rules)) or "nothing"
    return f"no source says on which ports {what} listens; {some(shown)} let in {traffic}"


def is_told(spec: Located, address_type: str | None) -> bool:
    """Tell whether all blocks of the VPC are told from which an endpoint of an `IpAddressType` may be called."""
    return spec.blocks.is_told or address_type in {None, "ipv4"}


def callers_in(spec: Located, address_type: str | None) -> list[Network]:
    """Return the blocks that are the VPC's, or may be: of IPv6 all, where those are not told.

    Those of the families that an endpoint of an `IpAddressType` has addresses of; of both where it is not told.
    """
    untold = () if spec.blocks.is_told else (str(_ALL_IPV6),)
    blocks = (*spec.blocks.ipv4, *spec.blocks.ipv6, *spec.blocks.unsure, *untold)
    return [*reaching(address_type or "dualstack", map(ipaddress.ip_network, blocks))]


def blocks_of(spec: Located, address_type: str | None) -> Iterator[Network]:
    """Yield the VPC's blocks, of the families that an endpoint has addresses of: IPv4 where that is not told."""
    blocks = (*spec.blocks.ipv4, *spec.blocks.ipv6)
    return reaching(address_type or "ipv4", map(ipaddress.ip_network, blocks))


def reaching(address_type: str, blocks: Iterable[Network]) -> Iterator[Network]:
    """Yield the blocks of the families that an endpoint has addresses of."""
    return (each for each in blocks if address_type in {f"ipv{each.version}", "dualstack"})


def _subnets_of_vpc(spec: Located, address_type: str | None) -> list[Network]:
    """Return the blocks of all subnets of the VPC, as `blocks_of`; none where one of them may not be told."""
    estate, vpc_id = spec.estate, spec.vpc_id
    if undescribed(estate, "Subnets", vpc_id):
        return []
    keys = product(estate.all("Subnets", vpc_id), ("CidrBlock", "Ipv6CidrBlock"))
    blocks = (ipaddress.ip_network(block) for each, key in keys for block in associated(each, key))
    return [*reaching(address_type or "ipv4", blocks)]
