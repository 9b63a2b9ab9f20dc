"""What an edit will do to the objects in AWS, as data: the one verdict for `diff`, `render`, `check` and `--dry-run`.

It speaks of endpoints, of security groups and of their rules. What stands in the way of the edit (`faults`) is told
with the object that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.change.change import ORDER, Action, Change
from generator.change.edit import ENDPOINT, GROUP, Edit
from generator.change.faults import LEFT_BEHIND, NEW_KEY, Fault, faults, subject
from generator.change.replaces import doubts, effects, replacing, source
from generator.hcl.hcl import Block, Value

_TARGET = ("service_name", "resource_configuration_arn", "service_network_arn")
_LIKE = ("vpc_id", "vpc_endpoint_type", "service_region", *_TARGET)
_NOT_IN_AWS = {"lifecycle", "timeouts", "depends_on"}


def changes(edit: Edit) -> tuple[Change, ...]:
    """Return what an edit does, what hurts first."""
    found = [*_renamed(edit, [*planned(edit)])]
    for each in faults(edit):
        found = [*_hindered(edit, found, each)]
    return tuple(sorted(found, key=lambda each: ORDER.index(each.action)))


def planned(edit: Edit) -> Iterator[Change]:
    """Yield what Terraform will plan for each resource, whatever stands in the way of it."""
    yield from _gone_or_kept(edit)
    yield from _made(edit)


def _gone_or_kept(edit: Edit) -> Iterator[Change]:
    """Yield what becomes of each resource on disk."""
    for kind in dict.fromkeys(block.labels[0] for block in edit.before.values() if block.type == "resource"):
        for old, new in edit.pairs(kind):
            if new is None:
                yield _change(edit, "destroy", old)
            elif forced := replacing(edit, old, new):
                yield replace(_change(edit, "replace", new, arguments=forced), source=source(kind, forced[0]))
            elif changed := tuple(dict.fromkeys((*_differing(old, new), *effects(edit, old, new)))):
                yield replace(_change(edit, "update", new, arguments=changed), means=doubts(edit, old, new))
            elif old.address != new.address:
                yield _change(edit, "move", new, before=old.address)


def _made(edit: Edit) -> Iterator[Change]:
    """Yield the resources that nothing on disk becomes."""
    kept = {edit.now(address).partition("[")[0] for address in edit.before}
    for address, block in edit.after.items():
        if block.type == "resource" and address not in kept:
            yield _change(edit, "create", block)


def _renamed(edit: Edit, found: list[Change]) -> Iterator[Change]:
    """Yield the changes, with one in place of each two by which an endpoint goes and its like is made."""
    made = {each.address: each for each in found if each.action == "create" and each.address in edit.after}
    for each in found:
        old = edit.before.get(each.address)
        is_endpoint = each.action == "destroy" and old is not None and old.labels[0] == ENDPOINT
        like = next((new for new in made if is_endpoint and _is_like(edit, old, edit.after[new])), None)
        if like is None or old is None:
            continue
        new = made.pop(like)
        fix = f"{new.key}: {{was: {each.key}}}"
        yield replace(each, action="rename", address=like, before=each.address, fix=fix, place=new.place)
        found = [other for other in found if other not in (each, new)]
    yield from found


def _is_like(edit: Edit, old: Block | None, new: Block) -> bool:
    """Tell whether two endpoints are for one service, of one type and in one VPC."""
    if (
        old is None
        or new.labels[0] != ENDPOINT
        or edit.before.get("data.aws_vpc.this") != edit.after.get("data.aws_vpc.this")
    ):
        return False
    return all(old.arguments.get(name) == new.arguments.get(name) for name in _LIKE)


def _hindered(edit: Edit, found: list[Change], fault: Fault) -> Iterator[Change]:
    """Yield the changes, with what stands in the way of one of them in its place, or beside them."""
    finding, block, allowance = fault
    now = (edit.now(block.address), block.address)
    at = next((each for each in found if {each.address, each.before} & {*now} and not each.code), None)
    yield from (each for each in found if each is not at or at.action in {"update", "move", "create"})
    if at is not None and at.action == "rename" and finding.code == NEW_KEY.code:
        yield replace(at, code=finding.code, means=(finding.message, *at.means))
        return
    is_left = finding.code == LEFT_BEHIND.code
    yield replace(
        at or _change(edit, "refused", block),
        action="refused",
        key=allowance.removeprefix("keep:"),
        arguments=(allowance.partition(".")[2],) if is_left else at.arguments if at else (),
        means=(finding.message, *(at.means if at and not is_left else ())),
        fix=finding.fix,
        code=finding.code,
        place=finding.place,
    )


def _change(edit: Edit, action: Action, block: Block, *, arguments: tuple[str, ...] = (), before: str = "") -> Change:
    is_endpoint = block.labels[0] == ENDPOINT
    target = next((block.arguments[name] for name in _TARGET if name in block.arguments), "")
    return Change(
        module=edit.module,
        action=action,
        address=block.address,
        before=before,
        subject=subject(block),
        key=block.label if block.labels[0] in {ENDPOINT, GROUP} else "",
        what=f"{target}, {block.arguments.get('vpc_endpoint_type', 'Gateway')}" if is_endpoint else "",
        arguments=arguments,
        place=edit.place(block),
    )


def _differing(old: Block, new: Block) -> tuple[str, ...]:
    """Return the arguments, those of blocks inside included, that differ."""
    before, after = _flat(old), _flat(new)
    return tuple(name for name in dict.fromkeys((*after, *before)) if before.get(name) != after.get(name))


def _flat(block: Block) -> Mapping[str, Value]:
    found: dict[str, Value] = {name: value for name, value in block.arguments.items() if name not in _NOT_IN_AWS}
    for inner in block.blocks:
        if inner.type not in _NOT_IN_AWS:
            found |= {f"{inner.type}.{name}": value for name, value in inner.arguments.items()}
    return found
