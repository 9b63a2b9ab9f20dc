"""The names that editors and shells offer to complete, each with its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.catalog import bundles
from generator.catalog.catalog import Catalog
from generator.catalog.presets import presets

KINDS: Mapping[str, Callable[[], dict[str, str]]] = {
    "BundleVersion": lambda: {each.pinned: each.title for of_it in bundles.load().values() for each in of_it.values()},
    "PresetName": lambda: {name: each.title for name, each in presets().items()},
    "RegionName": lambda: {name: each.name for name, each in Catalog.load().regions.items()},
    "ServiceId": lambda: {name: each.title for name, each in Catalog.load().services.items()},
}
"""What there is of each kind, by the name that `generator.spec` gives the kind; names beside these may be right too."""


def names() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return all names, by kind."""
    return tuple((kind, tuple(find().items())) for kind, find in KINDS.items())
