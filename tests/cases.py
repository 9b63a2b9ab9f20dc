"""The example specs, and the modules that they render to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.cache import Cache
from generator.generate import Generated, generate

ROOT = Path(__file__).parent.parent
SPECS = sorted((ROOT / "specs").glob("*.yaml"))
KEPT = Cache(None)  # one for all tests: a shape is parsed once in a test run


@cache
def generated(spec: Path) -> Generated:
    """Return what a spec renders to."""
    return generate(str(spec), KEPT)
