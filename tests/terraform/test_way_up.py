"""The way up: what was rendered at 1a05c3a and applied takes today's text, and nobody is shut out."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .examples import OUT, Case, cases
from .gaps import gaps
from .root import Root, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.golden import Golden

    from .bench import Bench
    from .network import Made, Network

OLD = Path(__file__).parent / "rendered" / "1a05c3a"
_ALL = [each.values[0] for each in cases() if not each.marks]
_CASES = [case for case in _ALL if isinstance(case, Case) and (OLD / case.name).is_dir()]


def _key(case: Case) -> tuple[str, str]:
    return case.version, case.network.region


GROUPS = [[*group] for _, group in groupby(sorted(_CASES, key=_key), _key)]
"""The examples that one run of Terraform takes: of one provider and one Region."""


@pytest.mark.parametrize("group", GROUPS, ids=[f"{each[0].version}-{each[0].network.region}" for each in GROUPS])
def test_takes_todays_text(group: list[Case], bench: Bench, golden: Golden) -> None:
    """Over what 1a05c3a made, today's text changes what the golden file says; a second plan is empty."""
    names = {case.name: case for case in group}
    root = Root(bench, {name: _made(case, bench) for name, case in names.items()}, group[0].version)
    _put(root, OLD, names)
    root.terraform.must("init")
    before = root.applied("-auto-approve")

    _put(root, OUT, names)
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


def _made(case: Case, bench: Bench) -> Made:
    """Make an example's network, with IPv6 and a name of the VPC that no other example's has."""
    made = replace(case.network, has_ipv6=True).make(bench.aws)
    if _is_renamed(case.network):
        tags: Any = [{"Key": "Name", "Value": f"{case.network.vpc} of {case.name}"}]
        made.client.create_tags(Resources=[made.vpc_id], Tags=tags)
    return made


def _ipv6(made: Made) -> str:
    """Return the IPv6 block of a VPC, which AWS chooses."""
    (vpc,) = made.client.describe_vpcs(VpcIds=[made.vpc_id])["Vpcs"]
    return vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]


def _is_renamed(network: Network) -> bool:
    return network.vpc.replace("-", "").isalpha()


def _put(root: Root, modules: Path, cases: dict[str, Case]) -> None:
    """Put each example's text from a folder of modules, for the name of its VPC."""
    for name, case in cases.items():
        vpc = case.network.vpc
        text = {file.name: file.read_text(encoding="utf-8") for file in (modules / name).glob("*.tf")}
        if _is_renamed(case.network):
            text = {file: each.replace(f'Name = "{vpc}"', f'Name = "{vpc} of {name}"') for file, each in text.items()}
        root.put(name, text)


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
