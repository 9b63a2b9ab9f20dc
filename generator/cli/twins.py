"""Which modules can't be beside each other, since both have what a VPC takes once."""

from __future__ import annotations

from collections.abc import Iterable

from generator.cli.batch import Batch, refuse_warnings
from generator.cli.made import Made
from generator.cli.printing import print_diagnostics
from generator.fleet.told import fold
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.suggest import some

TWIN = Code("E035")
MAYBE_TWIN = Code("W035")


def without_twins(found: Iterable[Made], batch: Batch, *, strict: bool) -> list[Made]:
    """Return the modules without, kept as refused, those with what another surely has in their VPC; print the warnings.

    Where nothing tells whether two VPCs are one, that is a warning.
    """
    owners, left, warnings = dict[tuple[str, str], str](), list[Made](), list[tuple[str, Iterable[Diagnostic]]]()
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
    owners = dict[tuple[str, str], str]()
    sure, unsure = [
        [_twins(each, each.vpc, owners, TWIN), _twins(each, each.alike, owners, MAYBE_TWIN)] for each in (*others, new)
    ][-1]
    return (*sure, *unsure)


def _twins(each: Made, vpc: str, owners: dict[tuple[str, str], str], code: Code) -> tuple[Diagnostic, ...]:
    """Return what others have that a module claims in a VPC, of a target at its row; note what nobody had before."""
    at: dict[tuple[Place, str], list[str]] = {}
    for what, place in each.claims if vpc else ():
        if (owner := owners.setdefault((vpc, what), each.path)) != each.path:
            at.setdefault((each.named if each.label else place, owner), []).append(what)
    where = "in a VPC that nothing tells from this one" if code is MAYBE_TWIN else "in the same VPC"
    return tuple(code.at(place, f"{owner} has {some(what, 2)} {where}") for (place, owner), what in at.items())
