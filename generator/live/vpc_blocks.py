"""The CIDR blocks of a VPC by their state: AWS lists a block for an hour and more after it was disassociated.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html (checked 2026-11-26)
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.live.estate import AwsObject
from generator.rules.provider import version
from generator.spec.addresses import as_stored

_OURS = "associated"
ALL_IPV6 = "6.57.0"
"""The provider that has all IPv6 blocks of a VPC (pull request 46918); one before has the first that AWS lists,
whatever its state: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_data_source.go
(checked 2026-11-26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The blocks of one VPC, each once, as AWS stores them."""

    ipv4: tuple[str, ...]
    """The IPv4 blocks that are associated with it."""
    ipv6: tuple[str, ...]
    """The IPv6 blocks that are associated with it."""
    unsure: frozenset[str]
    """What `vpc: true` may let in or not: AWS did not tell the state, or it depends on the provider."""
    gone: frozenset[str]
    """What AWS lists, and is not the VPC's any more."""


def vpc_blocks(vpc: AwsObject, provider: str = ALL_IPV6) -> Blocks:
    """Return the blocks of a VPC; `provider` is the oldest one that the module must work with."""
    states = {key: _states(vpc, key) for key in ("CidrBlock", "Ipv6CidrBlock")}
    fours, sixes = (tuple(block for block in each if each[block] == _OURS) for each in states.values())
    every = {block: state for each in states.values() for block, state in each.items()}
    unsure = {block for block, state in every.items() if state in {"", "associating"}}
    if version(provider) < version(ALL_IPV6):
        unsure |= {*sixes} ^ {*list(states["Ipv6CidrBlock"])[:1]}
    gone = frozenset(every.keys() - {*fours, *sixes} - unsure)
    return Blocks(ipv4=fours, ipv6=sixes, unsure=frozenset(unsure), gone=gone)


def _states(vpc: AwsObject, key: str) -> dict[str, str]:
    """Return the state of each block, in the order in which AWS lists them; the VPC's first block is always its own."""
    states: dict[str, str] = {}
    for each in vpc.get(f"{key}AssociationSet") or [{**vpc, f"{key}State": {"State": _OURS}}]:
        if block := each.get(key):
            state = str((each.get(f"{key}State") or {}).get("State") or "")
            states[as_stored(block)] = _OURS if states.get(as_stored(block)) == _OURS else state
    return states
