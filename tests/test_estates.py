"""Estates by chance: what is adopted of each renders, and has no drift at once; `make estates` tries 500."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from generator.authoring.adopt.adoption import AdoptOptions, adopt
from generator.generate import generate_source
from generator.hcl.memory import Cache
from generator.live import answers
from generator.live.locate import locate
from generator.live.match import match
from generator.live.preflight.checks import examine
from generator.live.verify.check import check
from generator.source import source
from tests.estates import estate
from tests.worlds import drift_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from generator.authoring.adopt.adoption import Adoption
    from generator.intent.intent import Intent
    from generator.live.estate import Estate
    from generator.live.locate import Located

USUAL = 100
"""How many are tried where `--estates` does not say it."""


def test_what_was_adopted_renders_and_has_no_drift(request: pytest.FixtureRequest) -> None:
    """Of each estate all is adopted but what is marked, its module says just that, and `drift` finds nothing."""
    first, count = (int(request.config.getoption(name)) for name in ("--seed", "--estates"))
    cache = Cache(None)
    wrong = {seed: said for seed in range(first, first + (count or USUAL)) if (said := _wrong(seed, cache))}
    assert wrong == {}


def _wrong(seed: int, cache: Cache) -> list[str]:
    """Return what was left out for no reason of chance's, and the drift of the rest."""
    made = estate(Random(seed))
    if not made.adoptable:
        return []
    found = answers.read([("x.json", "\n".join(map(json.dumps, made.documents())))], made.region)
    vpc = str(made.answers["Vpcs"][0]["VpcId"])
    adopted = adopt(found, AdoptOptions(vpc=vpc, name="x", path="x.yaml", own_security_groups=seed % 2 == 1))
    left_out = {each["VpcEndpointId"]: why for each, why, _ in adopted.selection.left_out}
    generated = generate_source(source.parse(adopted.spec, "x.yaml"), cache)
    return [
        *(why for identifier, why in left_out.items() if identifier in made.adoptable),
        *drift_of(adopted, generated.intent, found),
        *_otherwise_without_imports(adopted, generated.intent, found),
    ]


def _otherwise_without_imports(adopted: Adoption, intent: Intent, found: Estate) -> Iterator[str]:
    """Yield what `verify` and `preflight` say once the import blocks are away, and did not say beside them."""
    keys = {str(each.live["VpcEndpointId"]): key for key, each in adopted.endpoints.items()}
    located = locate(intent, found)
    (beside,), (alone,) = match([replace(located, keys=keys)]), match([located])
    yield from map(str, _said(alone) - _said(beside))


def _said(spec: Located) -> Counter[tuple[str, str]]:
    """Return how often what fails or warns is said of a service: which twin has which key is not told."""
    rows = ((row, each) for row in check(spec).rows for each in row.checks if each.outcome == "failed")
    outcome, services = examine(spec), {each.endpoint.key: each.target for each in spec.endpoints}
    found = Counter((row.service, each.what) for row, each in rows)
    for each in outcome.matters:  # one sentence may be of several endpoints, as of each alone
        keys = re.findall(r"(?:^|, |; also )([a-z][a-z0-9_]*):", each.message) or [""]
        found.update((services.get(key, ""), str(each.code)) for key in keys)
    return found
