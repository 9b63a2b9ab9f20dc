"""What a change means for who uses the endpoint or the group, in whole sentences; and what to write in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from generator.catalog.catalog import Catalog
from generator.catalog.defaults import DEFAULTS
from generator.change.change import Step
from generator.change.edit import ENDPOINT, GROUP, Edit, has_lifecycle, names_in, used_by
from generator.change.replaces import doubts, stays
from generator.change.rules import rules, words
from generator.hcl.hcl import Block, Call, literal
from generator.intent.endpoints import ARGUMENTS
from generator.intent.iam_same import is_default
from generator.intent.targets import full_name, target_of

_COMPUTED = {ARGUMENTS.get(field, field) for field in DEFAULTS}
ANOTHER_VPC = "put the VPC back; or, for another one, give the endpoints new keys and the groups new names"
_NOT_IN_AWS = ("prevent_destroy", "timeouts.")


def what(edit: Edit, step: Step) -> str:
    """Return what an endpoint leads to and its type; of a group that is made or goes, how many rules it has."""
    states = [_what(block) for block in (step.old, step.new) if block is not None and step.block.labels[0] == ENDPOINT]
    if states:
        return " -> ".join(dict.fromkeys(states))
    if step.block.labels[0] != GROUP or step.lets_in or step.action in {"update", "move"}:
        return ""
    number = len([*rules(edit.before if step.action == "destroy" else edit.after, step.block.address)])
    return f"and its {number} rule{'s' if number != 1 else ''}" if number else ""


def _what(endpoint: Block) -> str:
    return f"{target_of(endpoint.arguments)}, {_type(endpoint)}"


def means(edit: Edit, step: Step) -> Iterator[str]:
    """Yield what a step means, the worst first."""
    old, new, kind = step.old, step.new, step.block.labels[0]
    if step.lets_in and step.action in {"destroy", "replace"}:
        endpoints = (each for each in edit.after.values() if each.labels[:1] == (ENDPOINT,))
        users = ", ".join(each.label for each in endpoints if step.block.address in used_by(each))
        yield f"Who only these rules let in can't reach {users} any more." if users else "No endpoint uses the group."
    elif kind == GROUP and step.action == "replace" and new and has_lifecycle(new, "create_before_destroy"):
        yield "The new group and its rules are made first, the endpoints go over, then the old group goes."
    if kind != ENDPOINT:
        return
    if old and step.action in {"destroy", "rename"}:
        yield from _ends(old)
    elif old and new and step.action == "replace":
        yield from _replaced(old, new)
    elif new and step.action == "create":
        yield from _begins(new)
    elif old and new and step.action == "update":
        yield from _updated(edit, step, old, new)
    if old and new and old.label != new.label:
        yield f"The module's outputs have it under {new.label}, no longer under {old.label}."


def _ends(old: Block) -> Iterator[str]:
    """Yield what ends with an endpoint."""
    match _type(old):
        case "Gateway":
            yield f"Traffic to {_service(old)} goes by NAT, if it can, and NAT's price; open connections are cut."
        case "GatewayLoadBalancer":
            yield "Routes that lead to it drop what they get."
        case _ if old.arguments.get("private_dns_enabled") is True:
            yield f"{_private_names(old)} to AWS's public addresses again: without NAT, its callers stop."
        case _:
            yield "Its own DNS names and addresses end, and who uses them stops."


def _begins(new: Block) -> Iterator[str]:
    """Yield what begins with an endpoint."""
    if _type(new) == "Gateway":
        yield f"Open connections to {_service(new)} are cut when its routes come."
    elif new.arguments.get("private_dns_enabled") is True:
        yield f"{_private_names(new)} to it from the whole VPC: whom its security groups do not let in stops."


def _replaced(old: Block, new: Block) -> Iterator[str]:
    if old.arguments.get("service_name") != new.arguments.get("service_name"):
        yield from _ends(old)
    if all(has_lifecycle(each, "create_before_destroy") for each in (old, new)):
        yield "Terraform makes the new one, then destroys the old one; open connections are cut."
    else:
        yield "Terraform destroys it, then makes it anew: it is out for minutes, and open connections are cut."
    if _type(old) != "Gateway":
        yield f"Its addresses and its own DNS names {'end' if _type(new) == 'Gateway' else 'change'}."
    if _type(old) != "Gateway" and _type(new) == "Gateway":
        yield "Who comes from outside the VPC (VPN, peering, transit gateway) can't use a gateway."
    if _type(old) == "Gateway" and _type(new) == "Interface" and new.arguments.get("private_dns_enabled") is not True:
        yield "Without private DNS, only who asks for the endpoint's own DNS names uses it."


def _updated(edit: Edit, step: Step, old: Block, new: Block) -> Iterator[str]:
    """Yield what the changes of an endpoint that stays mean."""
    had, has = (each.arguments.get("private_dns_enabled") is True for each in (old, new))
    if had is not has:
        yield from _begins(new) if has else _ends(old)
    for name, text in _LESS.items():
        if name in step.arguments and _parts(edit, old, name, is_old=True) - _parts(edit, new, name, is_old=False):
            yield text.format(_service(new))
    if "security_group_ids" in step.arguments:
        lost = sorted(_let_in(edit, old, is_old=True) - _let_in(edit, new, is_old=False))
        yield from [f"The module's groups no longer let in {', '.join(lost)}."] if lost else ()
    yield from doubts(edit, old, new)
    if is_quiet(step):
        yield "Nothing changes in AWS, which keeps what it has."


_LESS = {
    "subnet_ids": "Its addresses in the subnets that are taken out end, and connections to them are cut.",
    "route_table_ids": "Subnets of the route tables that are taken out reach {} by NAT, if they can.",
}


def is_quiet(step: Step) -> bool:
    """Tell whether a step changes nothing in AWS."""
    return step.action == "update" and all(
        name.startswith(_NOT_IN_AWS) or (name in _COMPUTED and _is_as_before(step, name)) for name in step.arguments
    )


def _is_as_before(step: Step, name: str) -> bool:
    """Tell whether an argument is left out and stays, or is stated where it was not, as AWS has it by itself."""
    had, has = (block is not None and name in names_in(block) for block in (step.old, step.new))
    if had or not has or not step.new:
        return not has and stays(step.block, name)
    head, _, option = name.partition(".")
    inside = (each.arguments.get(option) for each in step.new.nested(head))
    value: Any = next(inside, step.new.arguments.get(head))
    if name == "policy" and isinstance(value, Call):
        return is_default(json.dumps(value.arguments[0], default=literal))
    default = DEFAULTS[name](step.new.arguments) if name in DEFAULTS else None
    return default is not None and value == default


def fix(edit: Edit, step: Step) -> str:
    """Return what to write in place of a rename, or of a replacement that has a way without a gap."""
    old, new = step.old, step.new
    if old is None or new is None or step.block.labels[0] != ENDPOINT:
        return ""
    if step.action == "replace" and _what(old) != _what(new):
        return f"keep {old.label} and give the other a key of its own; take {old.label} out later"
    instead = ANOTHER_VPC if "vpc_id" in step.arguments else ""
    return write_was(edit, old.label, new.label) if step.action == "rename" else instead


def write_was(edit: Edit, old: str, new: str) -> str:
    """Return the line that says that an endpoint had another key, in the form in which the spec writes it."""
    data: Any = edit.spec.data
    own = {**((data.get("endpoints") or {}).get(new) or {})}
    before = own.pop("was", None)
    keys = [*([before] if isinstance(before, str) else before or ()), old]
    was = f"[{', '.join(keys)}]" if len(keys) > 1 else old
    lines = {edit.spec.key_place(("endpoints", new, *path)).line for path in ((), *((name,) for name in own))}
    if own and all(isinstance(value, str) for value in own.values()) and len(lines) == 1:
        return f"write {new}: {{{', '.join(f'{name}: {value}' for name, value in own.items())}, was: {was}}}"
    return f"write under {new}: was: {was}"


def _let_in(edit: Edit, endpoint: Block, *, is_old: bool) -> set[str]:
    """Return what the groups of an endpoint that the module makes let in, in words."""
    blocks = edit.before if is_old else edit.after
    ids = literal(endpoint.arguments.get("security_group_ids"))
    groups = [name for name, each in blocks.items() if each.labels[:1] == (GROUP,) and f"{name}.id" in ids]
    return {words(edit, rule, is_old=is_old) for group in groups for rule in rules(blocks, group)}


def _parts(edit: Edit, block: Block, name: str, *, is_old: bool) -> set[str]:
    """Return the items of a list, as they are meant."""
    value = block.arguments.get(name)
    items = value if isinstance(value, tuple) else (value,)
    return {edit.says(each, is_old=is_old) for each in items}


def _type(endpoint: Block) -> str:
    return str(endpoint.arguments.get("vpc_endpoint_type", "Gateway"))


def _service(endpoint: Block) -> str:
    """Return what people call the service of an endpoint."""
    name = str(target_of(endpoint.arguments))
    known = full_name(name.replace("<region>.", ""), Catalog.load()).service
    return known.title if known else name


def _private_names(endpoint: Block) -> str:
    """Return which names lead, as far as a source says: the beginning of a sentence."""
    name = str(target_of(endpoint.arguments))
    found = full_name(name, Catalog.load())
    names = Catalog.load().private_names(found.service, found.region) if found.service else ()
    return (
        f"{' and '.join(names)} lead{'s' if len(names) == 1 else ''}" if names else f"The private names of {name} lead"
    )
