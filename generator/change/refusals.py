"""Why `render` refuses an edit: what Terraform can't apply, or leaves as it is, though every file is right.

Each check yields findings, each with the name by which `--allow` lets it pass; empty where nothing does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from generator.catalog.defaults import DEFAULTS, as_stated
from generator.change.edit import ENDPOINT, GROUP, Edit, has_lifecycle, is_same, refers, replacing
from generator.hcl.hcl import Block
from generator.intent.endpoints import ARGUMENTS
from generator.source.diagnostics import Code, Diagnostic, Place

OLD_ORDER = Code("E501")
NAME_TAKEN = Code("E502")
LEFT_BEHIND = Code("E504")
PROTECTED = Code("E505")
UNUSED = Code("E506")

ALLOWANCE = re.compile(r"keep:(\*|[A-Za-z_][\w-]*)\.(\*|[a-z_]+(\.[a-z_]+)?)")
"""What `--allow` takes: `keep:KEY.field`, with `*` in place of either."""
Refusals = Iterator[tuple[Diagnostic, str]]


def refusals(edits: Iterable[Edit], allow: Iterable[str] = ()) -> tuple[Diagnostic, ...]:
    """Return what forbids these edits, but for what is allowed; to allow what no edit does is a finding too."""
    found: list[Diagnostic] = []
    used, patterns = set[str](), tuple(dict.fromkeys(allow))
    for finding, name in (each for edit in edits for check in _CHECKS for each in check(edit)):
        matching = {pattern for pattern in patterns if name and fnmatchcase(name, pattern)}
        used |= matching
        found += [] if matching else [finding]
    unused = (pattern for pattern in patterns if pattern not in used)
    return (*found, *(UNUSED.at(Place(f"--allow {each}"), "nothing that changes needs it") for each in unused))


def _old_order(edit: Edit) -> Refusals:
    """Yield what Terraform would destroy while it is in use: it takes the order of objects from its state."""
    for old, new in (*edit.pairs(GROUP), *edit.pairs(ENDPOINT)):
        if is_same(old, new) or has_lifecycle(old, "create_before_destroy"):
            continue
        users = [each.label for each, now in edit.pairs(ENDPOINT) if is_same(each, now) and refers(each, old)]
        key, name = (new or old).label, (new or old).arguments.get("name")
        if old.labels[0] == GROUP and users:
            groups = (("endpoints", users[0], "security_groups"), ("security_groups",))
            place, what = edit.place(*edit.created(name), *groups), f"security group {old.arguments.get('name')}"
        elif users or old.arguments.get("vpc_endpoint_type") == "GatewayLoadBalancer":
            place, what = edit.place(("endpoints", key), ("endpoints",)), f"endpoint {old.label}"
        else:
            continue
        message = f"{what} would be destroyed while in use by {', '.join(users) or 'routes'}"
        yield OLD_ORDER.at(place, message), ""


def _name_taken(edit: Edit) -> Refusals:
    """Yield the created groups that are made anew under a name that is taken until the old one is gone."""
    groups = {block.arguments.get("name"): block for block in edit.after.values() if block.labels[0] == GROUP}
    for old, new in edit.pairs(GROUP):
        name = old.arguments.get("name")
        other = groups.get(name)
        if other is None or "vpc_id" in replacing(old, other) or (other is new and is_same(old, new)):
            continue
        reason, fix = "AWS can't change its description", "write a new name together with the new description"
        if other is not new:
            reason, fix = f"it is no longer {old.address}", f"write was: {old.label}, or a new name"
        message = f"security group {name}: {reason}, and takes no second group of one name"
        yield NAME_TAKEN.at(edit.place(*edit.created(name)), message, fix), ""


def _left_behind(edit: Edit) -> Refusals:
    """Yield what an endpoint states no longer and AWS keeps, since Terraform plans nothing for it."""
    data: Any = edit.spec.data
    for old, new in edit.pairs(ENDPOINT):
        if new is None or not is_same(old, new):
            continue
        gone = [group for group, now in edit.pairs(GROUP) if refers(old, group) and not is_same(group, now)]
        stated = {**data, **(data.get("endpoints") or {}).get(new.label, {})}
        for field in DEFAULTS:
            if not _has(old, field) or _has(new, field) or stated.get(field) == "unmanaged":
                continue
            default = as_stated(field, new.arguments)
            name = "" if field == "security_groups" and gone else f"keep:{new.label}.{field}"
            ways = [f"write {default}"] if default else []
            ways += [f"let AWS keep it: --allow {name}"] if name else []
            ways += ["write policy: unmanaged"] if field == "policy" else []
            message = f"endpoint {new.label} states no {field} any more: Terraform plans nothing, and AWS keeps it"
            yield LEFT_BEHIND.at(edit.place(("endpoints", new.label)), message, ", or ".join(ways)), name


def _protected(edit: Edit) -> Refusals:
    """Yield the protected endpoints that go: Terraform drops `prevent_destroy` together with the block."""
    for old, new in edit.pairs(ENDPOINT):
        is_kept = new is not None and (is_same(old, new) or has_lifecycle(new, "prevent_destroy"))
        if has_lifecycle(old, "prevent_destroy") and not is_kept:
            place = edit.place(("endpoints", old.label), ("endpoints",))
            yield PROTECTED.at(place, f"endpoint {old.label} is protected, and Terraform would destroy it"), ""


def _has(block: Block, field: str) -> bool:
    """Tell whether an endpoint has the argument, or the block, that a field of the spec sets."""
    head, _, option = field.partition(".")
    inner = block.nested(head)
    return (
        any(option in each.arguments for each in inner)
        if option
        else bool(inner) or ARGUMENTS.get(field, field) in block.arguments
    )


_CHECKS = (_old_order, _name_taken, _left_behind, _protected)
