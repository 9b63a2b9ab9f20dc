"""Estates by chance, adopted and rendered: real Terraform imports all of each, and changes nothing.

`make estates` tries 500; many are in one root, since a run of Terraform costs more than what is in it.
"""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

from generator.hcl.memory import Cache
from tests.estates import estate

from .estates import Making, adopted, put, read_all
from .network import provider_block
from .root import AT_ONCE

if TYPE_CHECKING:
    import pytest

    from .bench import Bench

REGION = "eu-west-1"
IN_ONE_ROOT = 50
USUAL = 25
"""How many are tried where `--estates` does not say it."""
_CHANGE = re.compile(r"^  # .* will be (?!imported)|^ +[~+-]|Plan: ")


def _differences(bench: Bench, seeds: range, cache: Cache) -> list[str]:
    """Return what a plan would change of estates in one root, or does not import."""
    root = bench.folder / f"root-{seeds.start}"
    root.mkdir()
    (root / "provider.tf").write_text(provider_block(bench.aws.url, REGION), encoding="utf-8")
    bench.aws.forget()
    client = bench.aws.ec2(REGION)
    wanted = {seed: estate(Random(seed), REGION, plain=True) for seed in seeds}
    made = {seed: Making(client, each).everything() for seed, each in wanted.items() if each.adoptable}
    found, expected = read_all(client, REGION), 0
    for seed, vpc_id in made.items():
        adoption = adopted(found, vpc_id, f"e{seed}", own=seed % 2 == 1)
        put(adoption, f"e{seed}", root, cache)
        expected += len(adoption.handover.blocks)
    terraform = bench.terraform(root)
    terraform.must("init")
    run = terraform.must("plan", AT_ONCE)
    if f"Plan: {expected} to import, 0 to add, 0 to change, 0 to destroy." in run.text:
        return []
    lines = run.output.splitlines()
    return [f"seeds {seeds}", *(each for each in lines if _CHANGE.search(each)), lines[-1]]


def test_what_was_adopted_is_imported_as_it_is(bench: Bench, request: pytest.FixtureRequest) -> None:
    """All of each estate is imported, and nothing is added, changed or destroyed."""
    first, count = (int(request.config.getoption(name)) for name in ("--seed", "--estates"))
    cache = Cache(None)
    after = first + (count or USUAL)
    for start in range(first, after, IN_ONE_ROOT):
        seeds = range(start, min(start + IN_ONE_ROOT, after))
        differences = _differences(bench, seeds, cache)
        assert not differences, "\n".join(differences)
