"""The CIDR blocks of a VPC by their state: AWS lists a block for an hour and more after it was disassociated.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html (checked 2026-11-26)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network

from generator.live.estate import AwsObject, state_of
from generator.live.untold import is_told
from generator.rules.provider import version
from generator.source.frozen import frozen
from generator.spec.addresses import as_stored

Network = IPv4Network | IPv6Network
ByLength = Mapping[int, Collection[Network]]
_OURS = "associated"


@frozen(kw_only=True)
class Blocks:
    """The blocks of one VPC, each once, as AWS stores them: `ipv4` and `ipv6` are those that are associated with it."""

    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    unsure: frozenset[str]
    """What `vpc: true` may let in or not: AWS did not tell the state, or it depends on the provider."""
    gone: frozenset[str]
    """What AWS lists, and is not the VPC's any more."""
    is_told: bool
    """Whether the answer has a list of IPv6 blocks, or AWS itself left it out, as it does where there are none."""


def vpc_blocks(vpc: AwsObject, provider: str) -> Blocks:
    """Return the blocks of a VPC; `provider` is the oldest one that the module must work with.

    All IPv6 blocks are known from 6.57 on (pull request 46918), before that the first that AWS lists, in any state:
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_data_source.go
    """
    fours, sixes = associated(vpc, "CidrBlock"), associated(vpc, "Ipv6CidrBlock")
    of_ipv6 = _states(vpc, "Ipv6CidrBlock")
    every = _states(vpc, "CidrBlock") | of_ipv6
    unsure = {block for block, state in every.items() if state in {"", "associating"}}
    if version(provider) < (6, 57):
        unsure |= {*sixes} ^ {*list(of_ipv6)[:1]}
    gone = frozenset(every.keys() - {*fours, *sixes} - unsure)
    told = is_told(vpc.get("Ipv6CidrBlockAssociationSet"))
    return Blocks(ipv4=fours, ipv6=sixes, unsure=frozenset(unsure), gone=gone, is_told=told)


def associated(owner: AwsObject, key: str) -> tuple[str, ...]:
    """Return the blocks of a VPC or a subnet that are in use; `key` is `CidrBlock` or `Ipv6CidrBlock`."""
    return tuple(block for block, state in _states(owner, key).items() if state == _OURS)


def _states(owner: AwsObject, key: str) -> dict[str, str]:
    """Return the state of each block in AWS's order; where no list was told, the owner's first block is its own."""
    states: dict[str, str] = {}
    if not (several := owner.get(f"{key}AssociationSet")):
        return {as_stored(block): _OURS} if (block := owner.get(key)) else {}
    for each in several:
        if block := as_stored(each.get(key) or ""):
            state = state_of(each[f"{key}State"])
            states[block] = _OURS if states.get(block) == _OURS else state
    return states


def by_length(networks: Iterable[Network]) -> ByLength:
    """Return networks by the lengths of their prefixes: what is around a block is found without a look at each."""
    found: dict[int, set[Network]] = {}
    for each in networks:
        found.setdefault(each.prefixlen, set()).add(each)
    return found


def is_in(block: Network, networks: ByLength) -> bool:
    """Tell whether all of a block is in one of some networks."""
    return any(
        block.supernet(new_prefix=length) in those for length, those in networks.items() if length <= block.prefixlen
    )
