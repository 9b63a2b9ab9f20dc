"""What AWS or the provider would refuse, or regret: one function a rule, each with its code, its source and the fix.

A rule takes an `Intent`, and one of its endpoints if it is about endpoints, and yields what it finds. It asks neither
AWS nor the network, and what nobody knows (None) it lets pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.intent.intent import Intent
from generator.rules import (
    addresses,
    dns,
    fields,
    groups,
    ingress,
    inputs,
    names,
    offers,
    placement,
    policy,
    policy_reach,
    policy_union,
    policy_use,
    provider,
    tags,
)
from generator.rules.ignores import without_ignored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.intent.endpoints import Endpoint
    from generator.source.diagnostics import Diagnostic

__all__ = ["ENDPOINT_RULES", "SPEC_RULES", "Intent", "findings", "without_ignored"]

SPEC_RULES: tuple[Callable[[Intent], Iterator[Diagnostic]], ...] = (
    provider.spec_newer,
    offers.old_list,
    names.unknown_region,
    placement.table_twice,
    placement.subnet_twice,
    placement.twice,
    placement.over_quota,
    addresses.no_block,
    addresses.open_to_all,
    addresses.address_twice,
    dns.dns_twice,
    dns.records_beside_gateway,
    groups.no_group_name,
    groups.labels_alike,
    groups.group_count,
    groups.default_group,
    groups.group_twice,
    ingress.ports,
    ingress.two_alike,
    ingress.rule_count,
    inputs.variable_twice,
    inputs.reserved_variable,
    inputs.subnets_unknown,
    groups.named_default,
    tags.name_in_tags,
    tags.not_a_tag,
    tags.too_many_of_group,
    tags.name_twice,
    policy_reach.out_of_reach,
)
ENDPOINT_RULES: tuple[Callable[[Intent, Endpoint], Iterator[Diagnostic]], ...] = (
    fields.not_taken,
    fields.needed,
    fields.other_region,
    fields.one_subnet,
    fields.wrong_target,
    provider.argument_newer,
    provider.defect,
    names.no_name,
    names.name_elsewhere,
    names.name_of_other_type,
    names.unknown_name,
    names.not_across,
    names.arn_elsewhere,
    placement.one_zone,
    placement.many_subnets,
    addresses.no_address,
    addresses.address_missing,
    addresses.other_subnet,
    inputs.no_addresses,
    dns.no_private_dns,
    dns.record_type,
    dns.inbound_only,
    dns.preference,
    dns.no_gateway,
    dns.hides,
    ingress.port_closed,
    ingress.port_unknown,
    tags.too_many_tags,
    policy.malformed,
    policy.gateway_principal,
    policy.too_long,
    policy.not_one_id,
    policy.not_supported,
    policy.no_version,
    policy.short_text,
    policy_reach.perimeter,
    policy_union.cancelled,
    policy_use.nothing,
    policy_use.stops,
    offers.not_offered,
    offers.name_not_listed,
)


def findings(intent: Intent) -> Iterator[Diagnostic]:
    """Yield what the rules find in a spec and in each of its endpoints; once what many endpoints have of the spec."""
    found = [finding for rule in SPEC_RULES for finding in rule(intent)]
    found += [finding for endpoint in intent.endpoints for rule in ENDPOINT_RULES for finding in rule(intent, endpoint)]
    yield from dict.fromkeys(found)
