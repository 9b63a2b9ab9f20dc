"""What makes a new object is what Terraform plans: each row of the table, and each argument that is in no row."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from generator.change.changes import steps
from generator.change.edit import Edit, edit
from generator.change.meaning import is_quiet
from generator.change.replaces import TABLE, Effect, Row, effects
from generator.hcl import layout
from generator.hcl.facts import Facts, readable
from generator.hcl.hcl import Block, Expression, lines
from generator.source.source import parse
from tests.cases import KEPT

from .examples import MODULES
from .network import Network
from .planning import by_module, forcing, planned
from .root import Root
from .schema import of_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.source.terraform_json import PlannedChange

    from .bench import Bench

ROWS: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "replaces" / "rows.yaml").read_text(encoding="utf-8")
)
NETWORK = Network(
    region="eu-west-1",
    vpc="rows",
    subnets={"a": "a", "b": "b"},
    route_tables={"private": ()},
    security_groups=("one", "two"),
    ids={
        "vpc-0a1b2c3d4e5f60718": "vpc/rows",
        "subnet-0a1b2c3d4e5f60718": "subnet/a",
        "subnet-0a1b2c3d4e5f60719": "subnet/b",
        "rtb-0a1b2c3d4e5f60718": "route_table/private",
        "sg-0a1b2c3d4e5f60718": "security_group/one",
        "sg-0a1b2c3d4e5f60719": "security_group/two",
    },
)
_OLDEST = "3.39.0"
_UNSURE = {"private_dns_enabled", "security_group_id"}
"""What text alone does not decide: the provider's release does, or whether an id is that of a resource."""
_BLOCKS = {"dns_options", "subnet_configuration"}
_NOT_IN_AWS = {"for_each", "depends_on", "timeouts", "lifecycle"}


class Object(NamedTuple):
    """One object of `rows.yaml`, before and after, and the arguments that change."""

    before: Block
    after: Block
    changed: frozenset[str]


def objects(version: str) -> Iterator[Object]:
    """Yield the objects that a release of the provider takes."""
    numbers = count(1000)
    for kind, name, each in ((kind, name, each) for kind, kinds in ROWS.items() for name, each in kinds.items()):
        for index, changes in enumerate(each["changes"]):
            number, labels = next(numbers), (kind, f"{name.replace('-', '_')}_{index}")
            before, after = (_block(labels, number, has) for has in (each["has"], {**each["has"], **changes}))
            if version != _OLDEST or not each.get("newer"):
                names = {*_arguments(before), *_arguments(after)}
                changed = (name for name in names if _argument(before, name) != _argument(after, name))
                yield Object(before, after, frozenset(changed))


def _block(labels: tuple[str, ...], number: int, has: Mapping[str, Any]) -> Block:
    stated = {name: _value(value, number) for name, value in has.items() if value is not None}
    inside = tuple(Block(type=name, arguments=value) for name, value in stated.items() if name in _BLOCKS)
    arguments = {name: stated[name] for name in stated if name not in _BLOCKS}
    return Block(type="resource", labels=labels, arguments=arguments, blocks=inside)


def _value(value: Any, number: int) -> Any:
    if isinstance(value, list):
        return tuple(_value(each, number) for each in value)
    if isinstance(value, dict):
        return {name: _value(each, number) for name, each in value.items()}
    if not isinstance(value, str) or value == "#":
        return number if value == "#" else value
    return Expression(value[1:]) if value.startswith("=") else value.replace("#", str(number))


def _arguments(block: Block) -> list[str]:
    """Return the names of a resource's arguments, `dns_options.dns_record_ip_type` too."""
    inside = (f"{each.type}.{name}" for each in block.blocks for name in each.arguments if each.type in _BLOCKS)
    return [*(name for name in block.arguments if name not in _NOT_IN_AWS), *inside]


def _argument(block: Block, name: str) -> object:
    head, _, option = name.partition(".")
    return [each.arguments.get(option) for each in block.nested(head)] if option else block.arguments.get(head)


def text(version: str, blocks: list[Block]) -> Mapping[str, str]:
    """Return the module of some objects for a release of the provider."""
    provider = {"source": "hashicorp/aws", "version": f">= {version}"}
    needs = Block(type="required_providers", arguments={"aws": provider})
    found = {"versions.tf": [Block(type="terraform", blocks=(needs,))], "main.tf": blocks}
    return {file: layout.format("\n\n".join("\n".join(lines(each)) for each in found[file]) + "\n") for file in found}


def read(files: Mapping[str, str]) -> Facts:
    """Return what files say, each of which reads beyond doubt."""
    facts = readable(files, KEPT.known)
    assert facts.blocks.keys() == files.keys()
    return facts


def disagreements(change: Edit, plan: Mapping[str, PlannedChange]) -> list[str]:
    """Return the objects of which the table says another thing than the plan."""
    updated = {step.block.address for step in steps(change) if step.action == "update" and not is_quiet(step)}
    found = {address: effects(change, change.before[address], change.after[address]) for address in plan}
    return [
        f"{address}: {each.actions} for {forcing(each)}, and not {found[address]}"
        for address, each in plan.items()
        if not _is_as_said(each, found[address], is_changed=address in updated)
    ]


def _is_as_said(change: PlannedChange, found: Mapping[str, Effect], *, is_changed: bool) -> bool:
    sure = {name for name, effect in found.items() if effect == "replace"}
    if not {*found} - sure <= _UNSURE:
        return False
    if sure or "delete" not in change.actions:
        actions = {"delete", "create"} if sure else {"update"} if is_changed else {"no-op"}
        return actions == {*change.actions} and sure == forcing(change)
    return bool(found) and forcing(change) <= found.keys()


@pytest.mark.parametrize("version", [_OLDEST, "5.100.0"])
def test_terraform_plans_each_row(version: str, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table says of each object what Terraform plans; with a row less, or one more, it does not."""
    every = [*objects(version)]
    before, after = text(version, [each.before for each in every]), text(version, [each.after for each in every])
    root = Root(bench, {"rows": NETWORK.make(bench.aws)}, version)
    root.put("rows", before)
    root.terraform.must("init")
    root.applied("-auto-approve", "-parallelism=20")
    root.put("rows", after)
    plan = by_module(planned(root, "-refresh=false"))["rows"]
    change = edit(parse("name: rows", "rows.yaml"), read(before), read(after))

    assert len(plan) == len(every)
    assert disagreements(change, plan) == []
    for kind, rows in TABLE.items():
        changed = {name for each in every for name in each.changed if each.before.labels[0] == kind}
        less = {row.argument: tuple(each for each in rows if each is not row) for row in rows if not row.is_from_source}
        more = {name: (*rows, Row(name, "")) for name in changed - {row.argument for row in rows}}
        for name in changed & {*less, *more}:
            with monkeypatch.context() as patch:
                patch.setitem(TABLE, kind, (less | more)[name])
                assert disagreements(change, plan), f"{name} of {kind}"


def test_each_argument_is_changed() -> None:
    """Each argument that a rendered module has is changed once, whether it is in the table or not."""
    changed = {(each.before.labels[0], name) for each in objects("5.100.0") for name in each.changed}
    rendered = set[tuple[str, str]]()
    for module in MODULES.values():
        files = {file.name: file.read_text(encoding="utf-8") for file in module.glob("*.tf")}
        resources = (each for blocks in read(files).blocks.values() for each in blocks if each.type == "resource")
        rendered |= {(block.labels[0], name) for block in resources for name in _arguments(block)}
    from_source = {(kind, row.argument) for kind, rows in TABLE.items() for row in rows if row.is_from_source}

    assert rendered - changed - from_source == set()
    assert {(kind, row.argument) for kind, rows in TABLE.items() for row in rows} - changed - from_source == set()


def test_each_row_is_in_the_newest_schema() -> None:
    """What is from the source alone is at least an argument of 6.62, where the table has it."""
    for kind, name in ((kind, row.argument) for kind, rows in TABLE.items() for row in rows):
        schema: Any = of_type("resource", kind)
        head, _, option = name.partition(".")
        assert (option or head) in (schema["blocks"][head] if option else schema)["attributes"], name
