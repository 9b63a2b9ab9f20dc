"""Which modules can't be beside each other, since both have what a VPC takes once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from generator.cli.batch import Batch, Item, refuse_warnings
from generator.cli.made import Made
from generator.cli.printing import print_diagnostics
from generator.fleet.told import fold
from generator.intent.claims import MAYBE_TWIN, MISSING, TWIN, Owners, still_missing, twins
from generator.source.diagnostics import Code, Diagnostic, Refused

if TYPE_CHECKING:
    from generator.fleet.overlays import Target

Warnings = tuple[Diagnostic, ...]


def without_twins(found: Iterable[Made], batch: Batch, *, strict: bool) -> list[Made]:
    """Return the modules without, kept as refused, those with what another surely has in their VPC; print the warnings.

    Where nothing tells whether two VPCs are one, that is a warning.
    """
    owners, left, warnings = Owners(), list[Made](), list[tuple[str, Iterable[Diagnostic]]]()
    found = [*found]
    told = without_found({each: (each.near, each.services, each.warnings) for each in found})
    for each in found:
        sure, unsure = _twins(each, each.vpc, owners, TWIN), _twins(each, each.alike, owners, MAYBE_TWIN)
        with batch.kept(each):
            if sure:
                raise Refused(sure)
            refuse_warnings((*(one for one in told[each] if one.code in MISSING), *unsure), strict=strict)
            left.append(each)
            warnings.append((each.label, (*told[each], *unsure)))
    print_diagnostics(fold(warnings))
    return left


def without_found(specs: Mapping[Item, tuple[str, Iterable[str], Iterable[Diagnostic]]]) -> dict[Item, Warnings]:
    """Return the warnings of each spec but that it lacks what another has, of what may be their one VPC.

    Given are that VPC, the types and services of the endpoints, and all warnings.
    """
    there = defaultdict[str, set[str]](set)
    for near, services, _ in specs.values():
        there[near].update(services if near else ())
    return {each: tuple(still_missing(warnings, there[near])) for each, (near, _, warnings) in specs.items()}


def print_warnings(warnings: Mapping[Target, Warnings]) -> None:
    """Print the warnings of specs, each once for all targets that share it."""
    print_diagnostics(fold((target.label, each) for target, each in warnings.items()))


def twins_of(new: Made, others: Iterable[Made]) -> tuple[Diagnostic, ...]:
    """Return what others surely or perhaps have in the VPC of a new module."""
    owners = Owners()
    sure, unsure = [
        [_twins(each, each.vpc, owners, TWIN), _twins(each, each.alike, owners, MAYBE_TWIN)] for each in (*others, new)
    ][-1]
    return (*sure, *unsure)


def _twins(each: Made, vpc: str, owners: Owners, code: Code) -> tuple[Diagnostic, ...]:
    """Return what others have that a module claims in a VPC, of a target at its row."""
    claims = ((what, each.named if each.label else place) for what, place in each.claims)
    return twins(each.path, claims, vpc, owners, code)
