"""The second reading of rendered files: it refuses what says anything else than the spec, whatever the module says."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import gen_endpoints
from generator.generate import generate
from generator.hcl.facts import Facts
from generator.module import resolve
from generator.module.lookups import Found, Lookups
from generator.module.proof import meaning
from generator.source.diagnostics import ExitCode, Refused
from tests.cases import KEPT, ROOT, generated

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.hcl.hcl import Block, Value
    from generator.intent.intent import Intent
    from generator.module.module import Module

BAND_UP = ROOT / "specs" / "band-up.yaml"


def _first_subnet(block: Block) -> Block:
    ids = block.arguments.get("subnet_ids")
    return _with(block, subnet_ids=ids[:1]) if isinstance(ids, tuple) else block


def _with(block: Block, **arguments: Value) -> Block:
    known = {name: value for name, value in arguments.items() if name in block.arguments}
    return replace(block, arguments={**block.arguments, **known})


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (_first_subnet, "subnet_ids"),
        (lambda block: _with(block, private_dns_enabled=False), "private_dns_enabled"),
        (lambda block: _with(block, vpc_endpoint_type="Interface"), "vpc_endpoint_type"),
    ],
    ids=["the first subnet alone", "private DNS off", "always Interface"],
)
def test_a_wrong_edit_before_the_templates_is_refused(
    edit: Callable[[Block], Block], field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the module and the templates agree on is still compared with the spec: G1's three wrong edits."""
    right = resolve.resolve

    def wrong(intent: Intent) -> Module:
        module = right(intent)
        return replace(module, endpoints=tuple(map(edit, module.endpoints)))

    monkeypatch.setattr(resolve, "resolve", wrong)
    with pytest.raises(Refused) as refused:
        generate(str(BAND_UP), KEPT)
    assert refused.value.exit_code is ExitCode.BUG
    findings = refused.value.diagnostics
    assert {finding.code for finding in findings} == {"E907"}
    assert all(f": {field}: wanted " in finding.message and ", found " in finding.message for finding in findings)
    assert all(finding.message.startswith("endpoints.") for finding in findings)


@pytest.mark.parametrize("spec", ["ids", "inputs", "band-up"])
def test_the_vpc_has_one_label_in_every_module(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By it `diff` knows the lookup of the VPC again, even where nothing else in the module refers to it."""
    right = Lookups.look_up

    def wrong(lookups: Lookups, kind: str, label: str, *more: Any, **others: Any) -> Found:
        return right(lookups, kind, f"{label}x" if kind == "aws_vpc" else label, *more, **others)

    monkeypatch.setattr(Lookups, "look_up", wrong)
    with pytest.raises(Refused, match="E907"):
        generate(str(ROOT / "specs" / f"{spec}.yaml"), KEPT)


@pytest.mark.parametrize("spec", ["all-types", "any-region", "arguments", "inputs", "provider-3-39"])
def test_nothing_that_is_rendered_is_left_unread(spec: str) -> None:
    """Each argument and each block that is taken out, and each block of a type that nobody reads, is a disagreement."""
    case = generated(ROOT / "specs" / f"{spec}.yaml")
    for path in ("main.tf", "data.tf", "security_groups.tf", "variables.tf"):
        blocks = case.facts.blocks.get(path, ())
        for index, block in enumerate(blocks):
            without = [
                replace(block, arguments=_all_but(block, name)) for name in block.arguments if name != "description"
            ]
            without += [
                replace(block, blocks=tuple(b for b in block.blocks if b is not inner)) for inner in block.blocks
            ]
            for changed in [*without, replace(block, type="other"), None]:
                kept = () if changed is None else (changed,)
                facts = Facts(
                    {**case.facts.blocks, path: (*blocks[:index], *kept, *blocks[index + 1 :])}, case.facts.readme
                )
                assert meaning.disagreements(case.intent, facts), f"{path}: {block.labels}: {changed}"


def _all_but(block: Block, name: str) -> dict[str, Value]:
    return {other: value for other, value in block.arguments.items() if other != name}


def test_the_second_reading_shares_no_code_with_what_it_proves() -> None:
    """It imports nothing that settles endpoints, references, groups or routes."""
    proved = {"endpoints", "groups", "bundles", "resolve", "lookups", "routes", "security_groups", "guards", "outputs"}
    for path in (ROOT / "generator" / "module" / "proof").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
                forbidden = {f"generator.{package}.{name}" for package in ("intent", "module") for name in proved}
                assert not names & forbidden, path


def test_wrong_edits_of_what_settles_a_module_are_refused() -> None:
    """A sample of the mutants of `make mutants`: each is refused, or known to mean the same."""
    words = [
        sys.executable,
        "scripts/mutate_meaning.py",
        "--sample",
        "10",
        "--seed",
        "8",
        "--enough",
        "2",
        "--jobs",
        "1",
    ]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


VPCS = ["{name: app}", "{id: vpc-0a1b2c3d}", "{tags: {Tier: app}}", "{variable: vpc_id}"]
SUBNETS = ["[{name: a}, {name: b}]", "[{id: subnet-0a1b2c3d}, {id: subnet-0a1b2c3e}]", "[{tags: {Tier: private}}]"]
TABLES = ["of_subnets", "[{main: true}]", "[{tags: {Tier: private}}]", "[{name: a}, {subnet: {name: a}}]"]
SAME_WORDS = "[{prefix_list: {name: x}, description: Office}, {security_group: {name: x}}, {cidr_ipv4: 10.0.0.0/16}]"
GROUPS = [
    "[{vpc: true}]",
    SAME_WORDS,
    f"[{{vpc: true, ports: [443, 4195/udp, icmp, 8/icmp, icmpv6, all]}}, {SAME_WORDS[1:]}",
]
GATEWAY, QUEUE = "  s3: {service: s3, type: Gateway}\n", "  sqs: {service: sqs, name: q}\n"
ELSEWHERE = "  sqs: {service: sqs, name: q, subnets: [{name: c}, {name: d}]}\n"
ENDPOINTS = [GATEWAY, QUEUE, ELSEWHERE, GATEWAY + QUEUE, GATEWAY + ELSEWHERE]


@pytest.mark.parametrize("number", range(144))
def test_what_is_right_is_never_refused(number: int) -> None:
    """Any two forms of reference go together: where `validate` accepts, `render` does; each pair comes up."""
    floor = [">= 5.0", ">= 4.0"][number % 2]
    vpc, subnets, tables, group = (
        each[number // size % len(each)] for size, each in ((1, VPCS), (3, SUBNETS), (4, TABLES), (5, GROUPS))
    )
    spec = (
        f'name: x\nregion: eu-west-1\naws_provider: "{floor}"\nvpc: {vpc}\nsubnets: {subnets}\nroute_tables: {tables}\n'
        f"security_groups: [{{create: {{name: g, ingress: {group}}}}}]\nendpoints:\n{ENDPOINTS[number // 7 % 5]}"
    )
    rendered = gen_endpoints.render(gen_endpoints.parse("x.yaml", spec), cache=KEPT)

    assert rendered.meaning.endpoints
