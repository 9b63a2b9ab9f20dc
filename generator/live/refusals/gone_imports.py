"""What import blocks take in that AWS does not have: of these Terraform makes no plan."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from generator.live.ingress import rules_of
from generator.live.locate import Located
from generator.live.marks import Marked
from generator.live.match import UNTIL_GONE
from generator.live.roots import holds, is_read
from generator.live.states import is_gone, state
from generator.live.untold import NOT_CHECKED, NOT_TOLD, lacking, undescribed, unseen
from generator.source.diagnostics import Code, Diagnostic
from generator.source.suggest import some

IMPORTS_NOTHING = Code("E445")
_KINDS = {"vpce": "VpcEndpoints", "sg": "SecurityGroups", "sgr": "SecurityGroupRules"}
_ID = re.compile(rf"({'|'.join(_KINDS)})-[0-9a-f]+")


class _Why(NamedTuple):
    """Why blocks of a file are in the way, or may be: what is told alike of several."""

    file: str
    code: Code
    said: str
    fix: str


def gone_imports(spec: Located) -> Iterator[Diagnostic]:
    """Yield which import blocks take in what AWS does not have, or may not; nothing for what a state has already.

    Terraform makes no plan then ("Cannot import non-existent remote object"), and passes over a block to an address
    that its state has. Seen with Terraform 1.11.4.
    """
    found = defaultdict[_Why, list[str]](list)
    for (identifier, to), file in (spec.imports or {}).items() if spec.vpc else ():
        kind = _ID.fullmatch(identifier)
        if kind and is_read(spec, file) and not holds(spec, to) and (why := _why(spec, _KINDS[kind[1]], identifier)):
            found[_Why(file, *why)].append(identifier)
    place = spec.intent.source.place(("name",))
    for each, ids in found.items():
        yield each.code.at(place, f"{each.file} takes in {some(ids)}, {each.said}", each.fix)


def first_away(spec: Located) -> str:
    """Return what is to be done before an apply makes anything, for import blocks of what is gone; else nothing."""

    def find() -> str:
        told = (each for each in gone_imports(spec) if each.code != NOT_CHECKED.code)
        return "; ".join(f"{each.message}: first {each.fix.partition(':')[0]}" for each in told)

    return spec.estate.once((first_away, spec), find)


def _why(spec: Located, kind: str, identifier: str) -> tuple[Code, str, str] | None:
    live = spec.estate.one(kind, identifier)
    if live is not None:
        if kind != "VpcEndpoints" or not is_gone(live):
            return None
        if state(live) == "deleting":
            said = "which AWS is deleting, and it is not told whether Terraform still takes it in, and makes no other"
            return NOT_TOLD, said, f"take the block away, and {UNTIL_GONE}"
    elif untold := _untold(spec, kind, identifier):
        return NOT_CHECKED, f"and it is not told whether AWS has that: {untold[0]}", untold[1]
    away = "take the block away: Terraform makes no plan of it"
    if not isinstance(spec.applied, Marked):
        return NOT_TOLD, "which AWS does not have, and it is not told whether Terraform's state has it", away
    return IMPORTS_NOTHING, "which AWS does not have", away


def _untold(spec: Located, kind: str, identifier: str) -> tuple[str, str] | None:
    """Return why it is not told that AWS does not have something, and what tells; None where it is told."""
    if not spec.estate.knows(kind):
        return lacking([kind], spec.estate)
    if kind == "SecurityGroupRules":  # of the groups of one answer, or of some
        told = {each["GroupId"] for each in spec.estate.all(kind)}
        names = {group.name for _, group in spec.intent.made()}
        lives = [each for each in spec.estate.all("SecurityGroups", spec.vpc_id) if each["GroupName"] in names]
        if any(rules_of(each) and each["GroupId"] not in told for each in lives):
            return lacking([kind], spec.estate)
    elif kind == "SecurityGroups" and identifier in undescribed(spec.estate, kind, spec.vpc_id):
        return f"{identifier} is named and not described", "give all that AWS says"
    return unseen(spec.vpc, spec.estate)
