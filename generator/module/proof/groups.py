"""The security groups that a spec creates: each with its rules, from every source, on the ports of its services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from generator.hcl.hcl import words
from generator.module.proof.reading import Meaning, Term
from generator.module.proof.references import References
from generator.spec import references as refs

PortRange = tuple[int, int, str]
_SINGLE_RULES = (4, 56)  # the provider that brought aws_vpc_security_group_ingress_rule: its pull request 29484
_HTTPS = (443, 443, "tcp")
_OLDER = {"resource": "aws_security_group_rule", "type": "ingress"}
_NEWER = {"resource": "aws_vpc_security_group_ingress_rule"}


def group(label: str, created: refs.Create, ports: Sequence[PortRange], references: References) -> Meaning:
    """Return a created group and its rules; `ports` are those of the services of all endpoints that share it."""
    tags = {"Name": created.name, **((references.spec.tags or {}) if created.tags is None else created.tags)}
    said = {"resource": "aws_security_group", "name": created.name, "description": created.description, "tags": tags}
    taken: set[str] = set()
    found: Meaning = {f"security_groups.{label}": said | {"vpc_id": references.vpc_id}}
    for ingress in created.ingress:
        whom, base = _named(ingress.source)
        for low, high, protocol in [_ports(text) for text in ingress.ports] or ports or [_HTTPS]:
            service = "HTTPS" if (low, high, protocol) == _HTTPS else f"{protocol.upper()} {low}"
            service += f" to {high}" if high != low else ""
            rule = {"security_group_id": Term(f"aws_security_group.{label}.id"), "from_port": low, "to_port": high}
            if ingress.description != "":
                rule["description"] = ingress.description or f"{service} from {whom}"
            port = f"{low}" if protocol == "tcp" else f"{low}_{protocol}"
            stem = _free(f"{label}_from_{words(base)}_{port}", taken)
            for suffix, source in _rules(ingress.source, references):
                name = "ip_protocol" if "type" not in source else "protocol"
                found[f"security_groups.{stem}{suffix}"] = {**rule, **source, name: protocol}
    return found


def _rules(source: refs.Source, references: References) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each rule of a source lets in, in the resource that the provider floor has, and its label's suffix."""
    is_older = tuple(map(int, re.findall(r"[0-9]+", references.spec.aws_provider))) < _SINGLE_RULES
    match source:
        case refs.VpcBlocks():
            ipv4 = Term(f"{references.vpc}.cidr_block_associations[*].cidr_block")
            ipv6 = Term(f"compact([{references.vpc}.ipv6_cidr_block])")
            if is_older or isinstance(references.spec.vpc, refs.ByInput):  # whose blocks may be unknown when planning
                yield "", {**_OLDER, "cidr_blocks": ipv4, "ipv6_cidr_blocks": ipv6}
                return
            for name, blocks in (("ipv4", ipv4), ("ipv6", ipv6)):
                yield f"_{name}", {**_NEWER, "for_each": Term(f"toset({blocks})"), f"cidr_{name}": Term("each.value")}
            return
        case refs.Ipv4Block(cidr):
            older, newer = {"cidr_blocks": [cidr]}, {"cidr_ipv4": cidr}
        case refs.Ipv6Block(cidr):
            older, newer = {"ipv6_cidr_blocks": [cidr]}, {"cidr_ipv6": cidr}
        case refs.MembersOf(members):
            given = references.one("security_group", members)
            older, newer = {"source_security_group_id": given}, {"referenced_security_group_id": given}
        case refs.BlocksOf(prefix_list):
            given = references.one("ec2_managed_prefix_list", prefix_list)
            older, newer = {"prefix_list_ids": [given]}, {"prefix_list_id": given}
        case _:
            assert_never(source)
    yield "", {**_OLDER, **older} if is_older else {**_NEWER, **newer}


def _free(label: str, taken: set[str]) -> str:
    """Return a rule's label, numbered where a source of another kind, or other ports, have it already."""
    number, free = 1, label  # said again here, as all of the proof is: it shares nothing with `Lookups.free`
    while free in taken:
        number += 1
        free = f"{label}_{number}"
    taken.add(free)
    return free


def _named(source: refs.Source) -> tuple[str, str]:
    """Return how a rule's description and how its label name a source."""
    match source:
        case refs.VpcBlocks():
            return "the VPC", "vpc"
        case refs.Ipv4Block(cidr, written) | refs.Ipv6Block(cidr, written):
            return cidr, written
        case refs.MembersOf(existing) | refs.BlocksOf(existing):
            whom = "the security group" if isinstance(source, refs.MembersOf) else "the prefix list"
            if isinstance(existing, refs.ByTags):
                return whom, "_".join(existing.tags.values())
            return whom, str(getattr(existing, next(iter(existing.__slots__))))
        case _:
            assert_never(source)


def _ports(text: str) -> PortRange:
    numbers, _, protocol = text.partition("/")
    low, _, high = numbers.partition("-")
    return int(low), int(high or low), protocol or "tcp"
