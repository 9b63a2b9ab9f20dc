"""What Terraform plans for the modules of a root, read by what reads plans for `diff --plan`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.source.terraform_json import Plan, PlannedChange, read_plan

from .root import LIMIT, parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .root import Root


def planned(root: Root, *options: str) -> Plan:
    """Return what Terraform would do in a root."""
    root.terraform.must("plan", "-input=false", "-out=plan", *options, timeout=LIMIT)
    file = root.folder / "plan.json"
    file.write_text(root.terraform.must("show", "-json", "plan").output, encoding="utf-8")
    return read_plan(str(file))


def by_module(plan: Plan) -> Mapping[str, Mapping[str, PlannedChange]]:
    """Return what Terraform would do to each resource of each module, by the address in it."""
    found: defaultdict[str, dict[str, PlannedChange]] = defaultdict(dict)
    for each in plan.changes:
        module, address = parts(each.resource.address)
        found[module][address] = each
    return found


def forcing(change: PlannedChange) -> set[str]:
    """Return the arguments for which Terraform says that it makes a new object."""
    return {".".join(part for part in path if isinstance(part, str)) for path in change.replace_paths}
