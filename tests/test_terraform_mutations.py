"""A state or a plan that was changed at random is read or refused, and what is read of it can be told."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

import gen_endpoints as ge
from generator.authoring.adopt.sayable import unsayable
from generator.authoring.adopt.state import State, hand_over
from generator.cli.harmless import harmless
from generator.cli.views.diff import lines
from generator.generate import understand
from generator.hcl.hcl import Block, Expression
from generator.live import estate
from generator.live.applied import applied
from generator.live.drift.compare import compare
from generator.live.drift.comparison import Comparison
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands
from generator.live.locate import locate
from generator.source.diagnostics import Refused
from generator.source.terraform_json import read_state
from tests.applied_state import state_of
from tests.cases import KEPT, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.source.terraform_json import Resource

DRIFT = ROOT / "tests" / "drift"
ESTATE: dict[str, Any] = json.loads((DRIFT / "estate.json").read_text(encoding="utf-8"))
IDS = [each["VpcEndpointId"] for each in ESTATE["VpcEndpoints"]] + [
    each["GroupId"] for each in ESTATE["SecurityGroups"]
]
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        10**30,
        1.5,
        "",
        "a\u202eb\x1b[31m",
        "\ud800",
        "a\n::error::b",
        "vpce-1",
        "aws_vpc_endpoint.x",
    ),
    *([], [None], [[]], [1], ["a"], {}, {"a": None}, {"a": {"b": [1]}}, [{"a": 1}], ["create"], "${x}"),
)
SPEC = """name: x
region: eu-west-1
vpc: {id: vpc-0a1b2c3d}
subnets: [{id: subnet-0a1b2c3d}]
security_groups: [{create: {name: logs, ingress: [{vpc: true}]}}]
endpoints:
  logs: {service: logs}
  s3: {service: s3, type: Gateway, route_tables: [{id: rtb-0a1b2c3d}]}
"""


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each object and list with each of its keys."""
    for key, each in [*value.items()] if isinstance(value, dict) else [*enumerate(value)]:
        yield value, key
        yield from _places(each) if isinstance(each, dict | list) else ()


def _mutant(found: Any, rng: random.Random) -> Any:
    """Return a copy in which up to three values are others, are gone, or are in a list."""
    mutant = copy.deepcopy(found)
    for _ in range(rng.choice((1, 1, 2, 3))):
        holder, key = rng.choice([*_places(mutant)])
        if rng.random() < 0.2:
            holder.pop(key)
        else:
            holder[key] = copy.deepcopy(rng.choice((*VALUES, [holder[key]])))
    return mutant


def _plan() -> dict[str, Any]:
    """Return a plan in which endpoints, groups and rules come, go, change and move."""
    values: dict[str, Any] = {
        "id": "vpce-1",
        "service_name": "com.amazonaws.eu-west-1.logs",
        "vpc_endpoint_type": "Interface",
    }
    values |= {"subnet_ids": ["a"], "tags": {"a": "b"}, "dns_options": [{"dns_record_ip_type": "ipv4"}], "policy": "{}"}
    values |= {"cidr_ipv4": "10.0.0.0/8", "from_port": 443, "ip_protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]}
    changes = []
    for kind in ("aws_vpc_endpoint", "aws_security_group", "aws_vpc_security_group_ingress_rule"):
        for name, *actions in (("logs", "delete", "create"), ("s3", "update"), ("old", "delete"), ("new", "create")):
            sides = {"before": {**values, "id": "x"}, "after": values, "after_unknown": {"id": True}}
            change = {**sides, "actions": actions, "replace_paths": [["service_name"], ["dns_options", 0, "x"]]}
            found = {"address": f"module.x.{kind}.{name}", "mode": "managed", "type": kind, "change": change}
            changes.append({**found, "previous_address": f"module.x.{kind}.was"})
    call = {"module_calls": {"x": {"source": "./out/x", "module": {"module_calls": {"y": {"source": "../y"}}}}}}
    return {"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": call}}


def _diff(path: str) -> None:
    rendered = ge.render(ge.parse("x.yaml", text=SPEC), cache=KEPT)
    found = ge.planned({Path("out/x"): rendered}, path, before={Path("out/x"): rendered.files}, cache=KEPT)
    assert harmless("\n".join([*lines(found.changes), *map(str, found.findings)]))


def _drift(path: str) -> None:
    located = locate(understand(str(DRIFT / "spec.yaml")), estate.of([ESTATE], "eu-west-1"))
    commands = Commands(spec="spec.yaml", out="out", region="eu-west-1")
    known = applied([read_state(path)])
    located = replace(located, applied=known)
    compare([Comparison.of(located, commands=commands, rendered=RenderedDifferences())], unsayable=unsayable)


def _adopt(path: str) -> None:
    to = Expression("module.m.aws_vpc_endpoint.s3")
    wanted = [Block(type="import", arguments={"to": to, "id": each}) for each in IDS]
    for is_other in (True, False):
        hand_over(
            wanted, [State(file=path, resources=read_state(path), is_of_other_root=is_other)], "eu-west-1", "1", {}
        )


@pytest.mark.parametrize(
    ("found", "tell", "count"), [(_plan(), _diff, 40), (state_of(ESTATE), _drift, 100), (state_of(ESTATE), _adopt, 150)]
)
def test_what_is_changed_at_random_is_told_or_refused(
    found: Any, tell: Callable[[str], None], count: int, tmp_path: Path
) -> None:
    """Nothing else comes up, whatever is in the place of whatever."""
    rng, path, codes = random.Random(20261126), tmp_path / "mutant.json", list[str]()
    path.write_text(json.dumps(found), encoding="utf-8")
    tell(str(path))
    for _ in range(count):
        path.write_text(json.dumps(_mutant(found, rng)), encoding="utf-8")
        try:
            tell(str(path))
        except Refused as refusal:
            codes += [each.code for each in refusal.diagnostics]
    assert {*codes} <= {"E034", "E420"}
    assert 0 < len(codes) < count


@pytest.mark.parametrize("tell", [_drift, _adopt])
def test_a_state_may_lack_or_have_null_or_anything_in_each_attribute(
    tell: Callable[[str], None], tmp_path: Path
) -> None:
    """As of what is tainted: what is not there is not told, and what is of another type is no state."""
    path, codes = tmp_path / "state.json", list[str]()
    whole = state_of(ESTATE)
    (module,) = whole["values"]["root_module"]["child_modules"]
    for values in [each["values"] for each in module["resources"]]:
        for name, value in [*values.items()]:
            for at in range(6):
                values[name] = (None, [], {}, "", 0, True)[at]
                path.write_text(json.dumps(whole), encoding="utf-8")
                try:
                    tell(str(path))
                except Refused as refusal:
                    codes += [each.code for each in refusal.diagnostics]
            del values[name]
            path.write_text(json.dumps(whole), encoding="utf-8")
            tell(str(path))
            values[name] = value
    assert {*codes} == {"E034"}


def _large_plan(path: Path, number: int) -> Callable[[], object]:
    """Return what tells a plan in which so many endpoints go, and as many others come."""
    sides = {"delete": "before", "create": "after"}
    changes = [
        {
            "address": f"module.x.aws_vpc_endpoint.{action}_{each}",
            "mode": "managed",
            "type": "aws_vpc_endpoint",
            "change": {"actions": [action], side: {"service_name": f"{action}.{each}"}},
        }
        for each in range(number)
        for action, side in sides.items()
    ]
    path.write_text(json.dumps({**_plan(), "resource_changes": changes}), encoding="utf-8")
    return partial(_diff, str(path))


def _state(path: Path, number: int) -> tuple[Resource, ...]:
    """Return a state with so many groups, each with a rule, and of an endpoint that has as many policies."""
    kinds = {"aws_security_group": "id", "aws_security_group_rule": "security_group_id"}
    resources = [
        {"address": f"{kind}.x{each}", "mode": "managed", "type": kind, "values": {name: f"sg-{each}"}}
        for each in range(number)
        for kind, name in kinds.items()
    ]
    for each in range(number):
        kind, values = "aws_vpc_endpoint_policy", {"id": IDS[0], "vpc_endpoint_id": IDS[0]}
        resources.append({"address": f"{kind}.x{each}", "mode": "managed", "type": kind, "values": values})
    root = {"root_module": {"resources": resources}}
    path.write_text(json.dumps({"format_version": "1.0", "values": root}), encoding="utf-8")
    return read_state(str(path))


def _large_drift(path: Path, number: int) -> Callable[[], object]:
    return partial(applied, [_state(path, 5 * number)])


def _large_adopt(path: Path, number: int) -> Callable[[], object]:
    state = State(file=str(path), resources=_state(path, number), is_of_other_root=True)
    wanted = Block(type="import", arguments={"to": Expression("aws_vpc_endpoint.x"), "id": IDS[0]})
    return partial(hand_over, [wanted], [state], "eu-west-1", "1", {})


@pytest.mark.parametrize("prepare", [_large_plan, _large_drift, _large_adopt])
def test_time_grows_with_what_is_read(prepare: Callable[[Path, int], Callable[[], object]], tmp_path: Path) -> None:
    """Ten times as much takes some ten times as long, and not a hundred times."""
    seconds = []
    for number in (100, 1_000):
        work = prepare(tmp_path / "large.json", number)
        runs = []
        for _ in range(3):
            start = process_time()
            work()
            runs.append(process_time() - start)
        seconds.append(min(runs))
    assert seconds[1] < 40 * seconds[0]
