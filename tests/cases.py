"""The example specs, and the modules that they render to."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from generator.generate import Generated, generate, understand_text
from generator.hcl.memory import Cache
from generator.module import resolve

if TYPE_CHECKING:
    from generator.intent.intent import Intent
    from generator.module.module import Module

ROOT = Path(__file__).parent.parent
SPECS = sorted((ROOT / "specs").glob("*.yaml"))
KEPT = Cache(None)  # one for all tests: a shape is parsed once in a test run


@cache
def generated(spec: Path) -> Generated:
    """Return what a spec renders to."""
    return generate(str(spec), KEPT)


def module(text: str) -> Module:
    """Return the module that a spec's text means; raises Refused with what is wrong with it."""
    return resolve.resolve(intent(text))


def intent(text: str) -> Intent:
    """Return what a spec's text means; raises Refused with what is wrong with it."""
    return understand_text(text, "spec.yaml")
