"""Which modules can't be beside each other, since both have what a VPC takes once."""

from __future__ import annotations

from collections.abc import Iterable

from generator.cli.batch import Batch, refuse_warnings
from generator.cli.made import Made
from generator.cli.printing import print_diagnostics
from generator.fleet.told import fold
from generator.intent.claims import MAYBE_TWIN, TWIN, Owners, twins
from generator.source.diagnostics import Code, Diagnostic, Refused


def without_twins(found: Iterable[Made], batch: Batch, *, strict: bool) -> list[Made]:
    """Return the modules without, kept as refused, those with what another surely has in their VPC; print the warnings.

    Where nothing tells whether two VPCs are one, that is a warning.
    """
    owners, left, warnings = Owners(), list[Made](), list[tuple[str, Iterable[Diagnostic]]]()
    for each in found:
        sure, unsure = _twins(each, each.vpc, owners, TWIN), _twins(each, each.alike, owners, MAYBE_TWIN)
        with batch.kept(each):
            if sure:
                raise Refused(sure)
            refuse_warnings(unsure, strict=strict)
            left.append(each)
            warnings.append((each.label, (*each.warnings, *unsure)))
    print_diagnostics(fold(warnings))
    return left


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
