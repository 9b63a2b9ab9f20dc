"""Every code that a finding can have, gathered from the modules that declare them."""

from __future__ import annotations

from importlib import import_module

from generator.diagnostics import Code

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
    "spec.decode",
    "wanted",
    "lookups",
    "routes",
    "security_groups",
    "policies",
    "resolve",
    "outputs",
    "rules.fields",
    "rules.provider",
    "rules.offers",
    "rules.ignores",
    "manifest",
    "tree",
    "difference",
    "render",
    "facts",
    "check",
)


def codes() -> dict[str, Code]:
    """Return every code by its name, in order: errors first, warnings last."""
    found = {
        value.code: value
        for name in _MODULES
        for value in vars(import_module(f"generator.{name}")).values()
        if isinstance(value, Code)
    }
    return dict(sorted(found.items()))
