"""What an edit will do to the objects in AWS, as data: the one verdict for `diff`, `render`, `check` and `--dry-run`.

    Edit ──steps──▶ what Terraform does to each resource ──as_changes──▶ Changes ──faults──▶ what is in the way

It speaks of endpoints, of security groups and of their rules together. A plan has steps of its own (`plan`).
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.change import meaning
from generator.change.around import around
from generator.change.change import ORDER, Change, Step, Values
from generator.change.edit import ENDPOINT, GROUP, VPC, Edit, has_lifecycle
from generator.change.faults import ANOTHER_REGION, KEPT, NEW_KEY, Fault, faults, subject
from generator.change.replaces import is_of_new, is_same, replacing, source
from generator.change.rules import compare
from generator.hcl.hcl import Block, Value

_SHORT = re.compile(r'\[(?:(")?(?P<value>(?(1)[^"\\\n]{0,60}|(?:true|false|\d+)))(?(1)"))?\]')
_ABSENT = {
    (ENDPOINT, "vpc_endpoint_type"): '["Gateway"]',
    (ENDPOINT, "private_dns_enabled"): "[false]",
    (ENDPOINT, "dns_options.private_dns_only_for_inbound_resolver_endpoint"): "[false]",
    (GROUP, "description"): '["Managed by Terraform"]',
}


def changes(edit: Edit, known: Iterable[Fault] | None = None) -> tuple[Change, ...]:
    """Return what an edit does, what hurts first; `known` are its faults, of who has asked for them already."""
    found = [each for each in planned(edit) if not (edit.unread and each.action == "create")]  # it may be there
    for each in faults(edit) if known is None else known:
        found = [*_hindered(edit, found, each)]
    return tuple(sorted((*found, *around(edit)), key=lambda each: ORDER.index(each.action)))


def planned(edit: Edit) -> list[Change]:
    """Return what Terraform will plan for the resources, whatever stands in the way of it."""
    return as_changes(edit, steps(edit))


def steps(edit: Edit) -> Iterator[Step]:
    """Yield what Terraform does to each resource of the module."""
    for kind in dict.fromkeys(block.labels[0] for block in edit.before.values() if block.type == "resource"):
        for old, new in edit.pairs[kind]:
            if edit.group_of(old) is None:
                yield from _step(edit, old, new)
    for address, block in edit.after.items():
        is_there = address in edit.origins or address in edit.arrivals
        if block.type == "resource" and not is_there and edit.group_of(block) is None:
            yield Step("create", None, block)
    yield from (Step("move", edit.before[each], None, address=to) for each, to in edit.departures.items())


def _step(edit: Edit, old: Block, new: Block | None) -> Iterator[Step]:
    if new is None:
        yield Step("destroy", old, None)
    elif forced := replacing(edit, old, new):
        yield Step("replace", old, new, forced)
    elif changed := tuple(_differing(edit, old, new)):
        yield Step("update", old, new, changed)
    elif old.address != new.address:
        yield Step("move", old, new)
    if old.labels[0] == GROUP and is_same(edit, old, new):
        yield from together(Step(action, old, new, (), (words,), at) for action, at, words in compare(edit, old))


def together(rules: Iterable[Step]) -> Iterator[Step]:
    """Yield steps of rules, those of one group to which the same is done as one step."""
    found = dict[tuple[str, str], tuple[Step, dict[str, None]]]()
    for each in rules:
        _, lets_in = found.setdefault((each.action, each.block.address), (each, {}))
        lets_in.update(dict.fromkeys(each.lets_in))
    yield from (first._replace(lets_in=tuple(lets_in)) for first, lets_in in found.values())


def as_changes(edit: Edit, found: Iterable[Step]) -> list[Change]:
    """Return steps as changes: an endpoint that goes while its like is made is one, with what was to be written."""
    given = [*found]
    made = defaultdict[tuple[str, ...], deque[Step]](deque)
    for each in given if edit.before.get(VPC) == edit.after.get(VPC) else ():
        if each.action == "create" and each.block.labels[0] == ENDPOINT:
            made[edit.like(each.block, is_old=False)].append(each)
    for index, each in enumerate(given) if made else ():
        is_lost = each.action == "destroy" and each.block.labels[0] == ENDPOINT
        if is_lost and (like := made[edit.like(each.block, is_old=True)]):
            given[index] = each._replace(action="rename", new=like.popleft().new)
    renamed = {each.block.address for each in given if each.action == "rename"}
    return [_change(edit, each) for each in given if each.action != "create" or each.block.address not in renamed]


def _hindered(edit: Edit, found: list[Change], fault: Fault) -> Iterator[Change]:
    """Yield the changes, with what stands in the way of one of them in its place, or beside it."""
    finding, block, allowance = fault
    now = (edit.now(block.address), block.address)
    found = found if finding.code != ANOTHER_REGION.code else []
    field = "service_name" if finding.code == KEPT.code else allowance.partition(".")[2]
    at = next((each for each in found if not {each.address, each.before}.isdisjoint(now) and not each.code), None)
    stays = at is not None and at.action in {"update", "move", "create"}
    if at is not None and stays and field:
        left = tuple(name for name in at.arguments if name != field)
        found = [replace(each, arguments=left) if each is at else each for each in found if each is not at or left]
    yield from (each for each in found if each is not at or stays)
    if at is not None and at.action == "rename" and finding.code == NEW_KEY.code:
        yield replace(at, code=finding.code, means=(finding.message, *at.means), fix=finding.fix)
        return
    yield replace(
        at or _change(edit, Step("refused", block, edit.after.get(now[0]))),
        action="refused",
        key=allowance.removeprefix("keep:").rpartition("/")[2],
        arguments=(field,) if field else at.arguments if at and not stays else (),
        means=(finding.message, *(at.means if at and not stays else ())),
        fix=finding.fix,
        code=finding.code,
        place=finding.place,
    )


def _change(edit: Edit, step: Step) -> Change:
    block, old, is_rules = step.block, step.old, bool(step.lets_in)
    kind, address = block.labels[0], step.address or block.address
    is_elsewhere = old is not None and old.address != address and not is_rules
    change = Change(
        module=edit.module,
        action=step.action,
        address=address,
        before=old.address if old and is_elsewhere else "",
        subject=f"rules of {subject(block)}" if is_rules else subject(block),
        key=(old or block).label if kind in {ENDPOINT, GROUP} and not is_rules else "",
        what=meaning.what(edit, step),
        arguments=step.lets_in or step.arguments,
        values=() if is_rules or step.address else tuple(_values(edit, step)),
        source=source(kind, step.arguments[0]) if step.action == "replace" and step.arguments and not is_rules else "",
        means=tuple(meaning.means(edit, step)),
        fix=meaning.fix(edit, step),
        place=edit.place(block, step.arguments if not is_rules else ()),
    )
    is_lost = kind == ENDPOINT and step.action in ORDER[:3] and bool(edit.after) and not edit.spec.is_retired
    return replace(change, fix=_ways(change, edit)) if is_lost else change


def _ways(lost: Change, edit: Edit) -> str:
    """Return how an endpoint is kept, and how it is let go where `render` refuses that."""
    way = edit.ways.get(lost.address, "") if lost.action == "destroy" else ""
    keep = lost.fix or (f"{way}, or put it back" if way else "put it back")
    instead = "if it is another, let it go" if lost.action == "rename" else "or let it go"
    return f"{keep}; {instead}: render --allow {lost.allowance}" if not edit.baseline.lacks else keep


def _values(edit: Edit, step: Step) -> Iterator[Values]:
    """Yield the arguments of a step whose values before and after are literals that fit a line."""
    sides = [_flat(edit, block, is_old=block is step.old) if block else {} for block in (step.old, step.new)]
    for name in step.arguments:
        before, after = (_SHORT.fullmatch(side.get(name, "[]")) for side in sides)
        if before and after and before[0] != after[0]:
            yield Values(name, before["value"], after["value"])


def _differing(edit: Edit, old: Block, new: Block) -> Iterator[str]:
    """Yield the arguments, those of blocks inside included, that differ."""
    before, after = _flat(edit, old, is_old=True), _flat(edit, new, is_old=False)
    for name in dict.fromkeys((*after, *before)):
        absent = _ABSENT.get((old.labels[0], name))
        if before.get(name, absent) != after.get(name, absent) or is_of_new(edit, new.arguments.get(name)):
            yield name


def _flat(edit: Edit, block: Block, *, is_old: bool) -> Mapping[str, str]:
    """Return what a resource states but for its VPC, which is told once; by name, as text."""
    found: dict[str, list[Value]] = {"prevent_destroy": [has_lifecycle(block, "prevent_destroy")]}
    for inner in (block, *block.blocks):
        prefix = "" if inner is block else f"{inner.type}."
        for name, value in inner.arguments.items() if inner.type != "lifecycle" else ():
            if name == "tags" and isinstance(value, Mapping):
                found |= {f"tags.{tag}": [text] for tag, text in value.items()}
            elif inner.type == "subnet_configuration":
                found.setdefault(inner.type, []).append(inner.arguments)
            elif name not in {"vpc_id", "depends_on", "for_each"}:
                found[prefix + name] = [value]
    return {name: edit.says(tuple(values), is_old=is_old) for name, values in found.items()}
