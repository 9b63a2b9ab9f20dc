"""The way up: what was rendered at 1a05c3a and applied takes today's text, and nobody is shut out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .examples import OUT
from .gaps import gaps
from .root import Root, parts
from .together import made_for, put_all, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.golden import Golden

    from .bench import Bench
    from .examples import Case
    from .network import Made

OLD = Path(__file__).parent / "rendered" / "1a05c3a"
GROUPS = together(lambda case: (OLD / case.name).is_dir())


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_takes_todays_text(group: list[Case], bench: Bench, golden: Golden) -> None:
    """Over what 1a05c3a made, today's text changes what the golden file says; a second plan is empty."""
    names = {case.name: case for case in group}
    root = Root(bench, {name: made_for(case, bench) for name, case in names.items()}, group[0].version)
    put_all(root, OLD, names)
    root.terraform.must("init")
    before = root.applied("-auto-approve")

    put_all(root, OUT, names)
    root.terraform.must("plan", "-input=false", "-out=up")
    planned = json.loads(root.terraform.must("show", "-json", "up").output)
    text = root.stated("\n".join([*_changes(planned), *_outputs(planned)]))
    for made in root.made.values():
        text = text.replace(_ipv6(made), "IPv6")
    actions = sorted(text.splitlines())
    golden(OLD.parent / f"1a05c3a-{group[0].version}-{group[0].network.region}.txt", "\n".join([*actions, ""]))
    assert [each for each in actions if "delete" in each] == []
    calls = root.applied("up")
    for name, made in root.made.items():
        assert (name, gaps(calls, made.vpc_id, before[-1].vpcs[made.vpc_id])) == (name, [])
    assert root.pending() == []


def _ipv6(made: Made) -> str:
    """Return the IPv6 block of a VPC, which AWS chooses."""
    (vpc,) = made.client.describe_vpcs(VpcIds=[made.vpc_id])["Vpcs"]
    return vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]


def _changes(planned: dict[str, Any]) -> Iterator[str]:
    """Yield what a plan does to each resource: where it moves, and which arguments change in place."""
    for each in planned["resource_changes"]:
        change, address = each["change"], ".".join(parts(each["address"]))
        if "previous_address" in each:
            yield f"{address} was {parts(each['previous_address'])[1]}"
        if change["actions"] == ["update"]:
            before, after, unknown = (change[key] for key in ("before", "after", "after_unknown"))
            changed = sorted(key for key in before if before[key] != after.get(key) or unknown.get(key))
            yield f"{address} update {', '.join(changed)}"
        elif change["actions"] not in (["no-op"], ["read"]):
            yield f"{address} {' '.join(change['actions'])}"


def _outputs(planned: dict[str, Any]) -> Iterator[str]:
    """Yield the outputs that a plan adds to a module or takes out of it, and those that it changes."""
    for name, each in planned.get("output_changes", {}).items():
        before, after, unknown = (each[key] or {} for key in ("before", "after", "after_unknown"))
        after = {**after, **unknown} if isinstance(unknown, dict) else after
        yield from (f"{name} output {key} comes" for key in after.keys() - before.keys())
        yield from (f"{name} output {key} goes" for key in before.keys() - after.keys())
        yield from (f"{name} output {key} changes" for key in before.keys() & after.keys() if before[key] != after[key])
