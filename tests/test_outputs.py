"""The outputs of a module: what its callers use keeps its name, its type and its keys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.hcl.hcl import literal
from tests.cases import ROOT, SPECS, generated

BEFORE = json.loads((ROOT / "tests/data/outputs_1a05c3a.json").read_text(encoding="utf-8"))
"""Output → key → expression, by example, as rendered at commit 1a05c3a."""


def _outputs(name: str) -> dict[str, dict[str, Any]]:
    found = generated(ROOT / f"specs/{name}.yaml").facts.blocks["outputs.tf"]
    values: dict[str, Any] = {block.label: block.arguments["value"] for block in found}
    return values


@pytest.mark.parametrize("name", BEFORE)
def test_outputs_stay(name: str) -> None:
    """An output that a released module had is still there, with the same expression under each key."""
    now = _outputs(name)

    for output, values in BEFORE[name].items():
        assert {key: " ".join(literal(value).split()) for key, value in now[output].items()} == {
            key: " ".join(text.split()) for key, text in values.items()
        }


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_each_dns_name_has_its_zone(spec: Any) -> None:
    """`dns_zone_ids[key][n]` is the zone of `dns_names[key][n]`: the same entries, in one order."""
    now = _outputs(spec.stem)
    names = {key: literal(value).replace(".dns_name", ".hosted_zone_id") for key, value in now["dns_names"].items()}

    assert {key: literal(value) for key, value in now["dns_zone_ids"].items()} == names
