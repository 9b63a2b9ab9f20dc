"""The example specs, and the modules that they render to."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from generator import spec
from generator.catalog.catalog import Catalog
from generator.generate import Generated, generate
from generator.hcl.cache import Cache
from generator.module import resolve
from generator.source import source

if TYPE_CHECKING:
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
    read = source.parse(text, "spec.yaml")
    return resolve.resolve(spec.decode(read), read, Catalog.load(), {})
