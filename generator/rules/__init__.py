"""What AWS or the provider would refuse, or regret: one object a rule, with code, reason, source, fix and function.

A module of this package that makes a `Rule` has registered it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from pkgutil import iter_modules

from generator.intent.intent import Intent
from generator.rules.ignores import without_ignored
from generator.rules.rule import Rule
from generator.source.diagnostics import MOST, Diagnostic

__all__ = ["RULES", "Rule", "findings", "without_ignored"]

RULES: tuple[Rule, ...] = tuple(
    value
    for module in iter_modules(__path__)
    for value in vars(import_module(f"{__name__}.{module.name}")).values()
    if isinstance(value, Rule)
)


def findings(intent: Intent) -> Iterator[Diagnostic]:
    """Yield what the rules find in a spec: once what many endpoints have of it, and so many errors of one rule."""
    found = ((rule(intent), None if rule.code.startswith("W") else MOST) for rule in RULES)
    yield from dict.fromkeys(finding for several, most in found for finding in islice(several, most))
