"""Every code that a finding can have, gathered from the modules that declare them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import walk_packages

import generator
from generator.source.diagnostics import Code

_WITHOUT = ("generator.__main__", "generator.live.aws.")


@cache
def codes() -> dict[str, Code]:
    """Return every code by its name, in order; modules that need an optional library declare none."""
    found: dict[str, Code] = {}
    for module in walk_packages(generator.__path__, "generator."):
        if not module.name.startswith(_WITHOUT):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Code):
                    found.setdefault(value.code, value)
    return dict(sorted(found.items()))
