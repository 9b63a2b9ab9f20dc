"""What drift says of the DNS attributes of a VPC that private DNS needs: no module has them, so no difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.intent.intent import Intent
from generator.live.applied import Applied
from generator.live.change import Change
from generator.live.drift.comparison import Comparison
from generator.live.drift.row import Drift, Kind
from generator.live.estate import VPC_ATTRIBUTES
from generator.live.owners import OF_OWNERS
from generator.live.refusals.destroyed import of_destroyed
from generator.live.refusals.network import dns_off
from generator.live.rule_ids import of_rules
from generator.live.untold import lacking


def optional_kinds(intent: Intent, applied: Applied | None = None) -> tuple[str, ...]:
    """Return the kinds of answers that a spec would like to have, beside a state: what AWS refuses is unknown."""
    has_private_dns = any(each.has_private_dns for each in intent.endpoints)
    has_routes = any(each.route_tables for each in intent.endpoints)  # that may lead to a service by its prefix list
    return (
        *OF_OWNERS,
        *of_rules(intent),
        *of_destroyed(intent, applied),
        *([VPC_ATTRIBUTES] if has_private_dns else []),
        *(["PrefixLists"] if has_routes else []),
    )


def unresolved(spec: Comparison) -> Iterator[Drift]:
    """Yield what `preflight` refuses (E421) and `verify` fails, or that it is not told, as worth knowing."""
    located = spec.located
    for each in dns_off(located):
        yield _row(spec, each.message, each.fix.partition("\n")[0])
    if located.with_private_dns and not located.estate.knows_dns(located.vpc_id):
        why, fix = lacking([VPC_ATTRIBUTES], located.estate, located.vpc_id)
        untold = f"not told whether the VPC has the DNS attributes that private DNS needs: {why}"
        yield replace(_row(spec, untold, fix), known=False)
    for kind in of_rules(located.intent):
        if kind in located.estate.refused:  # which commands and import blocks have
            why, fix = lacking([kind], located.estate)
            yield replace(_row(spec, f"not told which ids the rules of groups have: {why}", fix), known=False)


def _row(spec: Comparison, found: str, step: str) -> Drift:
    return spec.row(Kind.INFO, spec.located.vpc_id, Change(field="", wanted=None, found=found), step)
