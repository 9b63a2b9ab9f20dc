"""How pydantic is loaded where the process is ours: without what takes a sixth of a first run and nobody uses.

- Its search for plugins reads the metadata of every installed package (and would run theirs). That it is off it looks
  up in a module that imports a parser of mail, of archives and more, so there is one without.
- The fields of its ninety TypedDicts are named as text, which Python 3.11 to 3.13 compile: they are made as what
  a TypedDict is when it runs, a dict.
- Its fifty dataclasses are made as ours are, without compiling a text for each of their methods, in releases tried so.

A program that imports `gen_endpoints` has a pydantic of its own, which is left alone.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

import generator
from generator.source.frozen import frozen, slotted

_TRIED = ("2.12.", "2.13.", "2.14.")
_dataclass: Any = dataclasses.dataclass


class _Dict(dict[str, Any]):
    """What a TypedDict makes: a dict, of whose fields nobody asks which types they have."""

    def __init_subclass__(cls, **_: object) -> None:
        """Take `total`, as a TypedDict does."""

    def __new__(cls, **fields: Any) -> Any:
        """Return the fields."""
        return fields


def _quick(cls: Any = None, /, **options: Any) -> Any:
    """Do what `dataclass` does, of a class that has slots and nothing special without compiling its methods."""
    if cls is None:
        return partial(_quick, **options)
    stated = {name: value for name, value in options.items() if name not in {"frozen", "slots"}}
    if not options.get("slots") or hasattr(cls, "__post_init__") or stated.keys() - {"kw_only", "eq", "order"}:
        return _dataclass(cls, **options)
    make: Any = frozen if options.get("frozen") else slotted
    return make(**stated)(cls)


@contextmanager
def _instead(name: str, value: object, *modules: ModuleType) -> Iterator[None]:
    """Have something else under a name of modules."""
    before = [vars(each)[name] for each in modules]
    try:
        for each in modules:
            vars(each)[name] = value
        yield
    finally:
        for each, own in zip(modules, before, strict=True):
            vars(each)[name] = own


if generator.is_command and "pydantic" not in sys.modules:
    import typing_extensions

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.modules["pydantic.plugin._loader"] = without = ModuleType("pydantic.plugin._loader")
    vars(without)["get_plugins"] = tuple
    with _instead("TypedDict", _Dict, typing, typing_extensions), _instead("dataclass", _quick, dataclasses):
        from pydantic.version import VERSION  # loads what has the TypedDicts, and no dataclass

        for name in ("main", "types", "functional_validators") if VERSION.startswith(_TRIED) else ():
            import_module(f"pydantic.{name}")
