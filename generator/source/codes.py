"""Every code that a finding can have, gathered from the modules that declare them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from generator.source.diagnostics import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODULES = (
    "source.text",
    "source.draft",
    "source.source",
    "understand",
    "catalog.lists",
    "catalog.details",
    "live.aws",
    "catalog.services",
    "generate",
    "cli.views.endpoints",
    "authoring.first_spec",
    "spec.decode",
    "intent.bundles",
    "intent.endpoints",
    "module.lookups",
    "module.routes",
    "module.security_groups",
    "intent.policy_parts",
    "intent.policies",
    "module.resolve",
    "module.outputs",
    "live.estate",
    "live.locate",
    "live.preflight",
    "live.preflight.network",
    "live.preflight.services",
    "live.preflight.clashes",
    "live.preflight.quotas",
    "live.preflight.groups",
    "live.drift.scene",
    "authoring.adopt.choose",
    "authoring.adopt.described",
    "authoring.adopt.groups",
    "authoring.adopt.proof",
    "authoring.adopt.adopted",
    "cost.prices",
    "cost.cost",
    "rules.fields",
    "rules.provider",
    "intent.names",
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
    "output.manifest",
    "output.tree",
    "output.difference",
    "module.render",
    "hcl.facts",
    "module.check",
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
