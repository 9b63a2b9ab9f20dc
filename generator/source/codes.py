"""Every code that a finding can have, gathered from the modules that declare them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import generator
from generator.source.diagnostics import Code

_RULES = "generator.rules."
_WITHOUT = ("generator.__main__", "generator.live.aws.")


def codes() -> dict[str, Code]:
    """Return every code by its name, in order: errors first, warnings last."""
    return {name: code for name, (_, code) in _declared().items()}


def rules() -> dict[str, tuple[str, Code]]:
    """Return the codes of the rules by their names, in order, each with what it is about: its module's name."""
    return {
        name: (module.removeprefix(_RULES), code)
        for name, (module, code) in _declared().items()
        if module.startswith(_RULES)
    }


def _declared() -> dict[str, tuple[str, Code]]:
    """Return each code with the module that declares it; those that need an optional library declare none."""
    found: dict[str, tuple[str, Code]] = {}
    for module in walk_packages(generator.__path__, "generator."):
        if not module.name.startswith(_WITHOUT):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Code):
                    found.setdefault(value.code, (module.name, value))
    return dict(sorted(found.items()))
