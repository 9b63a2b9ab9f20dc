"""What Terraform can't apply of an edit, or leaves as it is, though every file is right."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from generator.catalog.catalog import Catalog
from generator.catalog.defaults import DEFAULTS, as_stated
from generator.change.edit import ENDPOINT, GROUP, REGION, VPC, Edit, has_lifecycle, names_in, used_by
from generator.change.meaning import write_was
from generator.change.replaces import effects, is_same, replacing, stays
from generator.change.rules import rivals
from generator.hcl.hcl import Block, literal
from generator.intent.endpoints import ARGUMENTS
from generator.intent.targets import full_name, target_of
from generator.module.security_groups import name_taken
from generator.source.diagnostics import Code, Diagnostic
from generator.spec.policy import UNMANAGED

OLD_ORDER = Code("E501")
RULE_ELSEWHERE = Code("E503")
LEFT_BEHIND = Code("E504")
PROTECTED = Code("E505")
NEW_KEY = Code("E507")
KEPT = Code("E511")
LOOKED_UP = Code("E513")
ANOTHER_REGION = Code("E516")
ANOTHER_VPC = Code("E517")
_INSISTED = re.compile(r'== "([a-z0-9-]+)"')


class Fault(NamedTuple):
    """One finding: the object that it is about, and the name by which `--allow` lets it pass; empty: nothing does."""

    finding: Diagnostic
    block: Block
    allowance: str = ""


Faults = Iterator[Fault]


def faults(edit: Edit) -> Faults:
    """Yield what is wrong with an edit; of one to another Region or VPC nothing else, which is beside the point."""
    another = [*_another_region(edit), *_another_vpc(edit)]
    yield from another
    for check in _CHECKS if not another else ():
        yield from check(edit)


def _another_region(edit: Edit) -> Faults:
    """Yield that the module insists on another Region of the provider."""
    guards = [blocks[REGION].blocks if REGION in blocks else () for blocks in (edit.before, edit.after)]
    stated = ([literal(inner.arguments.get("condition")) for each in of for inner in each.blocks] for of in guards)
    old, new = ("".join(_INSISTED.findall("".join(texts))[-1:]) for texts in stated)
    if old and new and old != new:
        allowance = f"destroy:{edit.module}/*"
        message = f"another Region ({old} -> {new}) is another set of endpoints: no plan passes for a provider of {old}"
        other = "give each Region a spec and a name of its own"
        other = f"add a row of another key for {new}" if edit.spec.row else other
        fix = f"write region: {old}, and {other}"
        fix += f"; or leave behind what there is: --allow '{allowance}'"
        yield Fault(ANOTHER_REGION.at(edit.spec.key_place(("region",)), message, fix), edit.before[REGION], allowance)


def _another_vpc(edit: Edit) -> Faults:
    """Yield that a folder was renamed to one of another account or VPC."""
    old, new = edit.before.get(VPC), edit.after.get(VPC)
    was = edit.baseline.renamed if edit.spec.row and edit.spec.row.was and old and new else ""
    lookups = [(each.arguments, each.nested("filter")) for each in (old, new) if each]
    is_elsewhere = bool(was and edit.spec.row and edit.baseline.account not in {"", edit.spec.row.account})
    if old and was and (is_elsewhere or lookups[0] != lookups[-1]):
        where = "account" if is_elsewhere else "VPC"
        message = f"{edit.module} was {was}, of another {where}, which is another set of endpoints"
        fix = f"take was out of the row, and let a row {was} be retired"
        way = "if it is the same VPC, have its name by a value that the row keeps, as {vpc}, not by {name}; else "
        yield Fault(ANOTHER_VPC.at(edit.spec.place_of_was, message, ("" if is_elsewhere else way) + fix), old)


def _old_order(edit: Edit) -> Faults:
    """Yield what Terraform would destroy while it is in use: it takes the order of objects from its state."""
    in_use = defaultdict[str, list[str]](list)
    for old, _ in (each for each in edit.pairs[ENDPOINT] if is_same(edit, *each)):
        for address in used_by(old):
            in_use[address].append(old.label)
    for old, new in (*edit.pairs[GROUP], *edit.pairs[ENDPOINT]):
        if is_same(edit, old, new) or has_lifecycle(old, "create_before_destroy"):
            continue
        users = [*in_use[old.address]]
        users += ["routes"] if old.arguments.get("vpc_endpoint_type") == "GatewayLoadBalancer" else []
        if users:
            message = f"{subject(old)} would be destroyed while in use by {', '.join(users)}"
            yield Fault(OLD_ORDER.at(edit.place(new or old), message), old)


def _name_taken(edit: Edit) -> Faults:
    """Yield the created groups that are made anew under a name that is taken until the old one is gone."""
    made = [block for address, block in edit.after.items() if address.startswith(f"{GROUP}.")]
    for old, new in edit.pairs[GROUP]:
        for other in (each for each in made if each.arguments.get("name") == old.arguments.get("name")):
            if "vpc_id" not in replacing(edit, old, other) and not (other is new and is_same(edit, old, new)):
                fix = "" if replacing(edit, old, other) else f"write was: {old.label}, or a new name"
                yield Fault(name_taken(str(old.arguments.get("name")), edit.place(other), fix), old)


def _rule_elsewhere(edit: Edit) -> Faults:
    """Yield the groups that stay and have a rule that comes to another address, with the first of them."""
    for group, new in edit.pairs[GROUP]:
        for there, here in islice(rivals(edit, group), int(is_same(edit, group, new))):
            code = RULE_ELSEWHERE if has_lifecycle(group, "create_before_destroy") else OLD_ORDER
            message = f"{subject(group)}: AWS may refuse {here} while {there} exists"
            yield Fault(code.at(edit.place(group), message), group)


def _left_behind(edit: Edit) -> Faults:
    """Yield what an endpoint states no longer and AWS keeps, since Terraform plans nothing for it."""
    data: Any = edit.spec.data
    for old, new in edit.pairs[ENDPOINT]:
        if new is None or replacing(edit, old, new):
            continue
        stated = {**data, **((data.get("endpoints") or {}).get(new.label) or {})}
        lost = names_in(old) - names_in(new)
        for field in DEFAULTS:
            is_lost = ARGUMENTS.get(field, field) in lost and stays(new, field)
            if not is_lost or stated.get(field) == UNMANAGED:
                continue
            name, default = f"keep:{new.label}.{field}", as_stated(field, new.arguments)
            fix = f"{f'write {default}, or ' if default else ''}let AWS keep it: --allow {name}"
            fix += f", or write policy: {UNMANAGED}" if field == "policy" else ""
            message = f"endpoint {new.label} states no {field} any more: Terraform plans nothing, and AWS keeps it"
            yield Fault(LEFT_BEHIND.at(edit.place(new, [field]), message, fix), old, name)


def _protected(edit: Edit) -> Faults:
    """Yield the protected endpoints that go: Terraform drops `prevent_destroy` together with the block."""
    for old, new in edit.pairs[ENDPOINT]:
        if has_lifecycle(old, "prevent_destroy") and not is_same(edit, old, new):
            message = f"{subject(old)} is protected, and Terraform would destroy it"
            yield Fault(PROTECTED.at(edit.place(old, ["protect"]), message), old)


def _new_key(edit: Edit) -> Faults:
    """Yield the endpoints that go, or become others, while their like is made, of which AWS has one in a VPC."""
    is_one_vpc = edit.before.get(VPC) == edit.after.get(VPC)
    pairs = edit.pairs[ENDPOINT] if is_one_vpc else ()
    stay = {new.address for old, new in pairs if new is not None and is_same(edit, old, new)}
    made = defaultdict[str, list[Block]](list)
    for address, block in edit.after.items():
        if address.startswith(f"{ENDPOINT}.") and address not in stay:
            made[_only_one(block)].append(block)
    for old, new in (each for each in pairs if not is_same(edit, *each)):
        for like in (each for each in made[_only_one(old)] if each is not new and _only_one(each)):
            message = f"endpoint {like.label} would be made beside {old.label}, and AWS refuses two such endpoints"
            fix = f"{write_was(edit, old.label, like.label)}; if it is another, render and apply without both first"
            yield Fault(NEW_KEY.at(edit.place(like), message, fix), old)


def _kept(edit: Edit) -> Faults:
    """Yield the endpoints that would be for another service where the module keeps the name of the first."""
    for old, new in edit.pairs[ENDPOINT]:
        if new is not None and effects(edit, old, new).get("service_name") == "kept":
            was, now = (str(target_of(each.arguments)).replace("<region>", "us-east-1") for each in (old, new))
            if full_name(was, Catalog.load()).id != full_name(now, Catalog.load()).id:
                message = f"{subject(new)} would be for another service, and the module's own condition fails the plan"
                yield Fault(KEPT.at(edit.place(new, ["service_name"]), message), old)


def _looked_up(edit: Edit) -> Faults:
    """Yield the created groups that go while the module still uses them, by their name: AWS keeps what is in use."""
    used = {each for name, block in edit.after.items() if name.startswith(f"data.{GROUP}.") for each in _names(block)}
    for old in (old for old, new in edit.pairs[GROUP] if new is None and used & {*_names(old)}):
        allowance = f"destroy:{edit.module}/{old.label}"
        message = f"{subject(old)} would be destroyed, and the module still looks it up by its name"
        fix = f"put create: back; or if it was taken out of the state (terraform state rm): --allow {allowance}"
        yield Fault(LOOKED_UP.at(edit.place(old), message, fix), old, allowance)


def _names(group: Block) -> Iterator[tuple[str, str]]:
    """Yield by what a group can be looked up: its name, and its Name tag."""
    tags = group.arguments.get("tags")
    pairs = ("name", group.arguments.get("name")), ("Name", tags.get("Name") if isinstance(tags, Mapping) else None)
    yield from ((kind, literal(name)) for kind, name in pairs if name is not None)


def _only_one(endpoint: Block) -> str:
    """Return by what an endpoint is the only one, as text, if it is: its route, or its private name."""
    names = ("vpc_id", "service_name", "vpc_endpoint_type")
    has_name = endpoint.arguments.get("private_dns_enabled") is True
    is_route = endpoint.arguments.get("vpc_endpoint_type") == "Gateway"
    return literal(tuple(endpoint.arguments.get(name) for name in names)) if has_name or is_route else ""


def subject(block: Block) -> str:
    """Return what a reader calls an endpoint or a created group."""
    names = {
        ENDPOINT: f"endpoint {block.label}",
        GROUP: f"security group {block.arguments.get('name')}",
        "aws_region": "the Region",
    }
    return names.get(block.labels[0], block.address)


_CHECKS = (_old_order, _name_taken, _rule_elsewhere, _left_behind, _protected, _new_key, _kept, _looked_up)
