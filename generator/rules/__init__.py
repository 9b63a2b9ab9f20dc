"""What AWS or the provider would refuse, or regret: one function a rule, each with its code, its source and the fix.

A rule takes a `Case`, and one of its endpoints if it is about endpoints, and yields what it finds. It asks neither AWS
nor the network, and what nobody knows (None) it lets pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.rules import fields, offers, provider
from generator.rules.case import Case
from generator.rules.ignores import heeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.diagnostics import Diagnostic
    from generator.wanted import Wanted

__all__ = ["ENDPOINT_RULES", "SPEC_RULES", "Case", "findings", "heeded"]

SPEC_RULES: tuple[Callable[[Case], Iterator[Diagnostic]], ...] = (provider.spec_newer, offers.old_list)
ENDPOINT_RULES: tuple[Callable[[Case, Wanted], Iterator[Diagnostic]], ...] = (
    fields.not_taken,
    fields.needed,
    provider.argument_newer,
    fields.other_region,
    fields.one_subnet,
    fields.wrong_target,
    fields.no_private_dns,
    offers.not_offered,
    offers.name_not_listed,
)


def findings(case: Case) -> Iterator[Diagnostic]:
    """Yield what the rules find in a spec and in each of its endpoints."""
    for rule in SPEC_RULES:
        yield from rule(case)
    for wish in case.endpoints:
        for of_endpoint in ENDPOINT_RULES:
            yield from of_endpoint(case, wish)
