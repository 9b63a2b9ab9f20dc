"""The names that editors and shells offer to complete, each with its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.catalog import bundles
from generator.catalog.catalog import Catalog
from generator.catalog.presets import presets


def _services() -> dict[str, str]:
    return {name: each.title for name, each in Catalog.load().services.items()}


def _bundles() -> dict[str, str]:
    return {each.pinned: each.title for versions in bundles.load().values() for each in versions.values()}


def _presets() -> dict[str, str]:
    return {name: each.title for name, each in presets().items()}


def _regions() -> dict[str, str]:
    return {name: each.name for name, each in Catalog.load().regions.items()}


KINDS: Mapping[str, Callable[[], dict[str, str]]] = {
    "BundleVersion": _bundles,
    "PresetName": _presets,
    "RegionName": _regions,
    "ServiceId": _services,
}
"""What there is of each kind, by the name that `generator.spec` gives the kind; names beside these may be right too."""


def names() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return all names, by kind."""
    return tuple((kind, tuple(find().items())) for kind, find in KINDS.items())
