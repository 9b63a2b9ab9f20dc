"""What Terraform planned, in the same changes, and where its verdict and that of `changes` differ.

A module of the plan is one of ours by the folder that its call has as `source`, else by the addresses in it. What the
plan does to anything else is counted, and no more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from generator.catalog.ports import Port
from generator.change.change import ORDER, Action, Change, Planned, Step
from generator.change.changes import as_changes, steps, together
from generator.change.edit import ENDPOINT, GROUP, Edit, names_in
from generator.change.faults import subject
from generator.change.meaning import is_quiet
from generator.change.replaces import effects
from generator.change.rules import Rule, words
from generator.hcl.hcl import Block
from generator.module.ingress_rules import ARGUMENTS
from generator.source.diagnostics import Code, Diagnostic
from generator.source.terraform_json import Plan, PlannedChange, without_keys
from generator.source.terraform_shapes import RULES

DISAGREES = Code("E510")
_ACTIONS: Mapping[tuple[str, ...], Action] = {
    ("create",): "create",
    ("delete",): "destroy",
    ("update",): "update",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("create", "forget"): "create",
}


def planned(edits: Iterable[Edit], plan: Plan) -> Planned:
    """Return what a plan does to modules of which the edits are known."""
    edits, by_module = [*edits], defaultdict[str, list[PlannedChange]](list)
    for each in plan.changes:
        by_module[each.resource.module].append(each)
    found: list[Change] = []
    findings: list[Diagnostic] = []
    told = dict[str, frozenset[str]]()
    others, unplanned = 0, {edit.module: edit for edit in edits}
    known = _edits_of(by_module, edits, plan.sources)
    for module, of_it in by_module.items():
        edit = known.get(module)
        if edit is None:
            others += sum(each.actions not in {("no-op",), ("read",)} for each in of_it)
            continue
        unplanned.pop(edit.module, None)
        theirs = [*_steps(edit, module, of_it)]
        found += [_at(module, each) for each in as_changes(edit, theirs)]
        findings += _forgotten(edit, (each for each in of_it if "forget" in each.actions))
        taken = {each.resource.address for each in of_it if each.is_import or "forget" in each.actions}
        # of what comes from another module, the files of this one say nothing
        taken |= {each.resource.address for each in of_it if _module(each.previous_address or "", module) != module}
        wrong = _disagreements(edit, theirs, {each.removeprefix(f"{module}.") for each in taken})
        findings += wrong.values()
        kept = (each.resource for each in of_it if "forget" not in each.actions)
        named = {each.name for each in kept if each.type == ENDPOINT and f"{ENDPOINT}.{each.name}" not in wrong}
        told[edit.module] = told.get(edit.module, frozenset(named)) & named
    for edit in unplanned.values():
        if any(not is_quiet(step) for step in steps(edit)):
            message = f"the plan has no module that is rendered to {edit.module}, and it changes"
            findings.append(DISAGREES.at(edit.spec.key_place(()), message, "plan the root that calls it"))
    changes = tuple(sorted(found, key=lambda each: ORDER.index(each.action)))
    return Planned(changes=changes, findings=tuple(findings), others=others, told=told)


def _edits_of(
    modules: Mapping[str, list[PlannedChange]], edits: Iterable[Edit], sources: Mapping[str, str]
) -> Mapping[str, Edit]:
    """Return the edits of a plan's modules: by the folder that each is called from, else where only one fits one."""
    by_folder = {edit.module: edit for edit in edits}
    called = {module: sources.get(without_keys(module), "").partition("?")[0].rstrip("/") for module in modules}
    folders = {module: source.rpartition("/")[2] for module, source in called.items()}
    found = {module: by_folder[folder] for module, folder in folders.items() if folder in by_folder}
    taken = {edit.module for edit in found.values()}
    having = defaultdict[str, set[str]](set)
    for edit in by_folder.values():
        for address in (*edit.before, *edit.after) if edit.module not in taken else ():
            having[address].add(edit.module)
    fitting = dict[str, str]()
    for module, changes in modules.items():
        own = {f"{ENDPOINT}.{each.resource.name}" for each in changes if each.resource.type == ENDPOINT}
        fits = set.intersection(*(having[each] for each in own)) if own and module not in found else set()
        fitting |= {module: fits.pop()} if len(fits) == 1 else {}
    only = Counter(fitting.values())
    return found | {module: by_folder[folder] for module, folder in fitting.items() if only[folder] == 1}


def _at(module: str, change: Change) -> Change:
    prefix = f"{module}." if module else ""
    return replace(change, address=prefix + change.address, before=change.before and prefix + change.before)


def _steps(edit: Edit, module: str, changes: Iterable[PlannedChange]) -> Iterator[Step]:
    """Yield what a plan does to the resources of one module; of the rules of a group that stays, together."""
    rules, renewed = list[Step](), set[str]()
    for each in sorted(changes, key=lambda each: each.resource.type in RULES):
        step = _step(edit, module, each)
        if step is None:
            continue
        group = edit.group_of(step.block)
        if group is None:
            step = step._replace(lets_in=())
            renewed |= {step.block.address} if step.action in {"create", "destroy", "replace"} else set()
            yield step
        elif group.address not in renewed:
            old = edit.origins.get(group.address) or edit.before.get(group.address)
            rules.append(step._replace(old=old, new=edit.after.get(group.address), arguments=()))
    yield from together(rules)


def _step(edit: Edit, module: str, planned: PlannedChange) -> Step | None:
    """Return what a plan does to one resource; its blocks are those of the files, where these have them."""
    resource, prefix = planned.resource, f"{module}." if module else ""
    address = resource.address.removeprefix(prefix)
    previous = (planned.previous_address or resource.address).removeprefix(prefix)
    action = _ACTIONS.get(planned.actions, "move" if planned.actions == ("no-op",) and previous != address else None)
    if action is None or planned.deposed:
        return None
    known = [edit.before.get(without_keys(previous)), edit.after.get(without_keys(address))]
    old, new = (
        None if action == without else block or _block(resource.type, at, values)
        for block, at, values, without in zip(
            known, (previous, address), (planned.before, resource.values), ("create", "destroy"), strict=True
        )
    )
    paths = (".".join(str(part) for part in path if isinstance(part, str)) for path in planned.replace_paths)
    arguments = tuple(paths) if action == "replace" else tuple(_updated(planned, new)) if action == "update" else ()
    lets_in = tuple(_lets_in(edit, planned.before if action == "destroy" else resource.values))
    return Step(action, old, new, arguments, lets_in if resource.type in RULES else (), address)


def _module(address: str, default: str) -> str:
    """Return the module of an address; a default where there is no address."""
    return re.split(r"\.?(?=aws_\w+\.)", address, maxsplit=1)[0] if address else default


def _block(kind: str, address: str, values: Mapping[str, Any]) -> Block:
    """Return a resource that the files do not have, with what the plan says of it."""
    stated = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Block(type="resource", labels=(kind, address.rpartition(f"{kind}.")[2]), arguments=stated)


def _updated(planned: PlannedChange, new: Block | None) -> Iterator[str]:
    """Yield the arguments that a plan changes in place, those of blocks inside included; lists are sets."""
    stated = names_in(new) if new else set()
    before, after = _flat(planned.before), _flat(planned.resource.values)
    for name in dict.fromkeys((*after, *before, *planned.unknown)):
        is_other = name in planned.unknown or before.get(name) != after.get(name)
        if is_other and name.partition(".")[0] in stated | {"tags", "policy"}:
            yield name


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by name, those of a block and tags each by itself."""
    found = {name: sorted(map(repr, value)) if isinstance(value, list) else value for name, value in values.items()}
    blocks = {"dns_options": [*(values.get("dns_options") or ()), {}][0], "tags": values.get("tags") or {}}
    inside = {f"{name}.{each}": value for name, block in blocks.items() for each, value in block.items()}
    return {name: value for name, value in found.items() if name not in blocks} | inside


def _lets_in(edit: Edit, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a rule lets in, in words."""
    for value in filter(None, map(values.get, chain.from_iterable(ARGUMENTS.values()))):
        for source in map(str, value if isinstance(value, list) else [value]):
            yield words(edit, Rule("", ("", Port.stated(values)), source, ""))


def _disagreements(edit: Edit, theirs: Iterable[Step], imported: Collection[str]) -> dict[str, Diagnostic]:
    """Return by address where a plan does something else than the files say, with what it does not import."""
    found = dict[str, Diagnostic]()
    ours = {step.block.address: step for step in steps(edit) if not is_quiet(step) and not step.lets_in}
    plans = {step.block.address: step for step in theirs if not step.lets_in}
    elsewhere = {*imported, *edit.departures}
    for address in (each for each in dict.fromkeys((*plans, *ours)) if each not in elsewhere):
        mine, plan = ours.get(address), plans.get(address)
        step = plan or mine
        if step is None or step.block.labels[0] not in {ENDPOINT, GROUP} or _agree(edit, mine, plan):
            continue
        message = f"{subject(step.block)}: the plan says {_verdict(plan)}, the files say {_verdict(mine)}"
        found[address] = DISAGREES.at(edit.place(step.block), message)
    return found


def _forgotten(edit: Edit, changes: Iterable[PlannedChange]) -> Iterator[Diagnostic]:
    """Yield what a plan takes out of the state, as `removed` blocks do."""
    for each in changes:
        block = _block(each.resource.type, f"{each.resource.type}.{each.resource.name}", each.before)
        message = f"{subject(block)}: the plan has Terraform forget it, and it stays in AWS, where nobody manages it"
        yield DISAGREES.at(edit.place(block), message, "take out the `removed` block, unless that is what you want")


def _agree(edit: Edit, mine: Step | None, plan: Step | None) -> bool:
    """Tell whether two verdicts are one; where only the plan can know, any is."""
    if mine is not None and mine.old and mine.new and "perhaps" in effects(edit, mine.old, mine.new).values():
        return True
    if mine is None or plan is None or mine.action != plan.action:
        return False
    return mine.action != "replace" or {*mine.arguments} <= {*plan.arguments}


def _verdict(step: Step | None) -> str:
    if step is None:
        return "nothing"
    return f"{step.action} ({', '.join(step.arguments)})" if step.arguments else step.action
