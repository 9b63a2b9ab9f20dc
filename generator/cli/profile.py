"""By which AWS profile a project asks for a target."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.cli.scope import Scope
from generator.source.diagnostics import Diagnostic, Place, Refused

if TYPE_CHECKING:
    from generator.fleet.overlays import Target


def profile_of(scope: Scope, target: Target, region: str) -> str | None:
    """Return the profile by which the project asks for a target, None where it says none; raises Refused (E156)."""
    from generator.fleet.made import fill

    if not (scope.project and scope.project.profile):
        return None
    known = {name: value for name, value in target.values.items() if name == "account"} | {"region": region}
    found = fill(scope.project.profile.format, known, target.row if target.label else Place(target.source.file))
    if isinstance(found, Diagnostic):
        add = "account: text to values, and account to each row" if target.label else "values: {account: NAME}"
        fix = f"the profile in {scope.file} takes it: add {add}, or --profile NAME"
        raise Refused([replace(found, fix=fix)])
    return found
