"""Every code that a finding can have, gathered from the modules that declare them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from generator.diagnostics import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODULES = (
    "text",
    "draft",
    "source",
    "understand",
    "regional.lists",
    "regional.details",
    "aws",
    "services",
    "generate",
    "overview",
    "first_spec",
    "spec.decode",
    "bundles.brought",
    "wanted",
    "lookups",
    "routes",
    "security_groups",
    "policy_parts",
    "policies",
    "resolve",
    "outputs",
    "live.estate",
    "live.locate",
    "live.scene",
    "prices",
    "cost",
    "rules.fields",
    "rules.provider",
    "rules.names",
    "rules.placement",
    "rules.addresses",
    "rules.dns",
    "rules.groups",
    "rules.tags",
    "rules.offers",
    "rules.ignores",
    "rules.policy",
    "rules.policy_reach",
    "rules.policy_union",
    "rules.policy_use",
    "manifest",
    "tree",
    "difference",
    "render",
    "facts",
    "check",
)
_RULES = "rules."


def codes() -> dict[str, Code]:
    """Return every code by its name, in order: errors first, warnings last."""
    found = {code.code: code for name in _MODULES for code in _declared(name)}
    return dict(sorted(found.items()))


def rules() -> dict[str, tuple[str, Code]]:
    """Return the codes of the rules by their names, in order, each with what it is about: its module's name."""
    of_rules = (name for name in _MODULES if name.startswith(_RULES))
    found = {code.code: (name.removeprefix(_RULES), code) for name in of_rules for code in _declared(name)}
    return dict(sorted(found.items()))


def _declared(name: str) -> Iterator[Code]:
    """Yield the codes that a module declares."""
    values = vars(import_module(f"generator.{name}")).values()
    return (value for value in values if isinstance(value, Code))
