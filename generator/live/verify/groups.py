"""Who the security groups of an endpoint let in on the service's ports, and whether that is the VPC."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.live.verify.report import Check, Outcome
from generator.spec.references import BlocksOf, Create, Ipv4Block, Ipv6Block, MembersOf, VpcBlocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.catalog.catalog import Port
    from generator.live.estate import AwsObject
    from generator.live.verify.report import LiveEndpoint
    from generator.spec.references import Ingress

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_GUARDED = frozenset({"Interface", "Resource", "ServiceNetwork"})
_PROTOCOLS = {"tcp": frozenset({"tcp", "6", "-1"}), "udp": frozenset({"udp", "17", "-1"})}
_BEST = (Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """Who gets in on one port: networks, and others: ids of security groups and prefix lists."""

    networks: tuple[Network, ...]
    others: tuple[str, ...]

    def covers(self, block: Network) -> bool:
        return any(_within(block, network) for network in self.networks)

    @property
    def shown(self) -> str:
        return ", ".join([*map(str, self.networks), *(f"members of {other}" for other in self.others)])


def ports(found: LiveEndpoint) -> Iterator[Check]:
    """Say whether the service's port is open to the VPC; of several ports one that is open does."""
    if found.endpoint.type not in _GUARDED:
        return
    ids = [str(group["GroupId"]) for group in found.live.get("Groups", ())]
    groups = [found.estate.one("SecurityGroups", each) for each in ids]
    service = found.endpoint.service
    shown = ", ".join(ids)
    if None in groups:
        unknown = ", ".join(each for each, group in zip(ids, groups, strict=True) if group is None)
        seen = f"the rules of {unknown} are not known"
        yield Check(what="ports", outcome=Outcome.UNKNOWN, seen=seen, fix="aws ec2 describe-security-groups shows them")
    elif service is None or not service.ports:
        fix = "see that a rule opens the service's port"
        seen = f"no source says on which ports it listens; {shown} let in {_everything(groups)}"
        yield Check(what="ports", outcome=Outcome.UNKNOWN, seen=seen, fix=fix)
    else:
        yield _best(found, service.ports, [group for group in groups if group], shown)


def _best(found: LiveEndpoint, listened: Iterable[Port], groups: list[AwsObject], shown: str) -> Check:
    """Judge each port, and say how the one fares that fares best."""
    judged = [(port, *_judged(found, port, _opening(groups, port))) for port in listened]
    port, outcome, seen, missing = min(judged, key=lambda each: _BEST.index(each[1]))
    closed = [_written(each) for each, how, *_ in judged if how is not outcome]
    seen = f"{shown}: {seen}" + (f" (not on {', '.join(closed)})" if closed else "")
    fix = ""
    if outcome is Outcome.FAILED:
        fix = "terraform apply" if _ingress(found) else _command(groups, port, missing)
    elif outcome is Outcome.UNKNOWN:
        fix = "see that the callers are among these"
    return Check(what=f"port {_written(port)}", outcome=outcome, seen=seen, fix=fix)


def _command(groups: list[AwsObject], port: Port, missing: list[str]) -> str:
    """Return the command that lets in what is missing, of either family.

    https://docs.aws.amazon.com/cli/latest/reference/ec2/authorize-security-group-ingress.html
    """
    families = {"IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6"}
    rules = [f"IpProtocol={port.protocol}", f"FromPort={port.from_port}", f"ToPort={port.to_port}"]
    for (family, key), is_ipv6 in zip(families.items(), (False, True), strict=True):
        ranges = [f"{{{key}={block}}}" for block in missing if (":" in block) is is_ipv6]
        rules += [f"{family}=[{','.join(ranges)}]"] if ranges else []
    group = groups[0]["GroupId"] if groups else "sg-…"
    return f"aws ec2 authorize-security-group-ingress --group-id {group} --ip-permissions '{','.join(rules)}'"


def _judged(found: LiveEndpoint, port: Port, opening: _Opening) -> tuple[Outcome, str, list[str]]:
    """Judge who gets in: those that the spec's own groups are to let in, else the VPC, or at least its subnets.

    What is missing comes with it.
    """
    wanted = _ingress(found)
    is_narrow = bool(wanted) and VpcBlocks() not in [each.source for each in wanted]
    blocks = [*_stated(wanted)] if is_narrow else [*_blocks(found)]
    missing = [str(block) for block in blocks if not opening.covers(block)]
    if is_narrow:
        missing += [f"the {noun}" for noun in _others(wanted, opening)]
    if not opening.networks and not opening.others:
        return Outcome.FAILED, f"nobody is let in on {_written(port)}", missing
    if not missing:
        return Outcome.PASSED, f"{opening.shown} let in" + (", as the spec says" if is_narrow else ""), missing
    seen = f"{opening.shown} let in, and not {', '.join(missing)}"
    if wanted or (not opening.others and not all(map(opening.covers, _beside(found)))):
        return Outcome.FAILED, seen, missing
    return Outcome.UNKNOWN, seen, missing


def _ingress(found: LiveEndpoint) -> list[Ingress]:
    """Return whom the groups are to let in that the module makes; nobody where another's group is among them."""
    references = found.endpoint.security_groups
    created = [reference for reference in references if isinstance(reference, Create)]
    return [ingress for group in created for ingress in group.ingress] if len(created) == len(references) else []


def _stated(wanted: Iterable[Ingress]) -> Iterator[Network]:
    for each in wanted:
        if isinstance(each.source, Ipv4Block | Ipv6Block):
            yield ipaddress.ip_network(each.source.cidr)


def _others(wanted: Iterable[Ingress], opening: _Opening) -> Iterator[str]:
    """Yield what the rules let in besides networks, where nothing of that kind is let in."""
    sources = [each.source for each in wanted]
    for kind, prefix, noun in ((BlocksOf, "pl-", "prefix list"), (MembersOf, "sg-", "security group")):
        is_open = any(other.startswith(prefix) for other in opening.others)
        if not is_open and any(isinstance(source, kind) for source in sources):
            yield noun


def _blocks(found: LiveEndpoint) -> Iterator[Network]:
    """Yield the VPC's blocks, of the families that the endpoint has addresses of."""
    addresses = str(found.live.get("IpAddressType") or "ipv4")
    for family, sets, key in (
        ("ipv4", "CidrBlockAssociationSet", "CidrBlock"),
        ("ipv6", "Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock"),
    ):
        listed = found.spec.vpc.get(sets) or ([found.spec.vpc] if found.spec.vpc.get(key) else [])
        for each in listed if addresses in {family, "dualstack"} else ():
            if (each.get(f"{key}State") or {}).get("State", "associated") == "associated":
                yield ipaddress.ip_network(str(each[key]))


def _beside(found: LiveEndpoint) -> Iterator[Network]:
    """Yield the blocks of the spec's subnets, in which callers stand beside the endpoint."""
    for subnet in found.located.subnets:
        if subnet.get("CidrBlock"):
            yield ipaddress.ip_network(str(subnet["CidrBlock"]))


def _opening(groups: Iterable[AwsObject], port: Port) -> _Opening:
    permissions = [each for group in groups for each in group.get("IpPermissions", ()) if _opens(each, port)]
    networks = {str(each.get(key)) for rule in permissions for ranges, key in _RANGES for each in rule.get(ranges, ())}
    others = [str(each.get(key)) for rule in permissions for sources, key in _OTHERS for each in rule.get(sources, ())]
    return _Opening(networks=_collapsed(networks), others=tuple(dict.fromkeys(others)))


_RANGES = (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"))
_OTHERS = (("UserIdGroupPairs", "GroupId"), ("PrefixListIds", "PrefixListId"))


def _collapsed(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return networks in order, neighbours as one."""
    networks = [ipaddress.ip_network(text) for text in texts]
    fours = (each for each in networks if isinstance(each, ipaddress.IPv4Network))
    sixes = (each for each in networks if isinstance(each, ipaddress.IPv6Network))
    return (*ipaddress.collapse_addresses(fours), *ipaddress.collapse_addresses(sixes))


def _within(block: Network, network: Network) -> bool:
    if isinstance(block, ipaddress.IPv4Network):
        return isinstance(network, ipaddress.IPv4Network) and block.subnet_of(network)
    return isinstance(network, ipaddress.IPv6Network) and block.subnet_of(network)


def _opens(permission: AwsObject, port: Port) -> bool:
    protocol = str(permission.get("IpProtocol"))
    if protocol not in _PROTOCOLS.get(port.protocol, {port.protocol, "-1"}):
        return False
    low, high = permission.get("FromPort"), permission.get("ToPort")
    return protocol == "-1" or low is None or high is None or (low <= port.from_port and port.to_port <= high)


def _written(port: Port) -> str:
    numbers = f"{port.from_port}" + (f"-{port.to_port}" if port.to_port != port.from_port else "")
    return numbers if port.protocol == "tcp" else f"{numbers}/{port.protocol}"


def _everything(groups: Iterable[AwsObject | None]) -> str:
    """Return the ports that groups open to anybody."""
    permissions = [rule for group in groups if group for rule in group.get("IpPermissions", ())]
    return ", ".join(dict.fromkeys(_permission(rule) for rule in permissions)) or "nobody"


def _permission(rule: AwsObject) -> str:
    low, high, protocol = rule.get("FromPort"), rule.get("ToPort"), str(rule.get("IpProtocol"))
    if protocol == "-1" or low is None:
        return "everything" if protocol == "-1" else protocol
    return f"{protocol} {low}" + (f"-{high}" if high != low else "")
