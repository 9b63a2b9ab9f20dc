"""The check can fail: whatever is damaged in a rendered module is noticed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from generator import rules
from generator.generate import generate, generate_source
from generator.hcl import facts
from generator.hcl.hcl import Block, Expression
from generator.hcl.shapes import shape
from generator.module import check, render
from generator.source import source
from generator.source.diagnostics import Refused
from generator.spec import json_schema
from tests.cases import KEPT, SPECS, generated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.generate import Generated


HEAD = "name: x\nregion: eu-west-1\nvpc: {name: a}\nsubnets: [{name: b}]\nsecurity_groups: [{name: c}]\n"


READ = dict(KEPT.known)
"""What was read in damaged files: apart from `KEPT`, and once for all tests."""


TRIED: set[tuple[str, str, int]] = set()
"""The lines that were deleted: the file, the shape of the block and the line in it, whatever names and texts it has."""


def _noticed(module: Generated, files: Mapping[str, str]) -> bool:
    try:
        said = facts.read_back(files, known=READ)
    except Refused:
        return True
    return bool(check.check(module.module, said))


def is_damage_noticed(module: Generated, path: str, text: str) -> bool:
    """Tell whether it is noticed that one file holds another text; the others are read as they were."""
    try:
        said = facts.read_back({path: text}, known=READ)
    except Refused:
        return True
    if path == "README.md":
        return bool(check.check(module.module, replace(module.facts, readme=said.readme)))
    return bool(check.check(module.module, replace(module.facts, blocks={**module.facts.blocks, **said.blocks})))


def _lines_of_shapes(path: str, text: str) -> Iterator[tuple[str, str, int]]:
    """Yield of each line of a file what makes it another than those of blocks that are like its own."""
    for piece in re.split(r"(?m)(?<=^}\n)", text):
        found = None if path == "README.md" else shape(piece)
        yield from ((path, found.text if found else text, number) for number in range(piece.count("\n")))


def _compared(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that mean something: all but comments and the README's paragraphs."""
    in_fence = False
    for number, line in enumerate(text.splitlines(keepends=True)):
        is_fence = path == "README.md" and line.startswith("```")
        in_fence ^= is_fence
        is_comment = line.lstrip().startswith("#") and path != "README.md"
        is_paragraph = path == "README.md" and not (in_fence or is_fence or line.startswith(("|", "#")))
        if not is_comment and not is_paragraph:
            yield number, line


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_rendered_module_is_what_the_spec_means(spec: Path) -> None:
    """An undamaged module raises no alarm."""
    assert not _noticed(generated(spec), generated(spec).files)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_each_deleted_line_is_noticed(spec: Path) -> None:
    """A module that lacks any one line, blank ones included, does not pass; of blocks of one shape one is tried."""
    module = generated(spec)
    unnoticed = []
    for path, text in module.files.items():
        lines, kinds = text.splitlines(keepends=True), [*_lines_of_shapes(path, text)]
        for number, line in _compared(path, text):
            if kinds[number] in TRIED:
                continue
            TRIED.add(kinds[number])
            if not is_damage_noticed(module, path, "".join(lines[:number] + lines[number + 1 :])):
                unnoticed.append(f"{path}:{number + 1}: {line.rstrip()}")

    assert unnoticed == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_each_missing_file_is_noticed(spec: Path) -> None:
    """A module that lacks any one file does not pass."""
    module = generated(spec)
    unnoticed = [
        path
        for path in module.files
        if not _noticed(module, {other: text for other, text in module.files.items() if other != path})
    ]

    assert unnoticed == []


def test_a_file_too_many_is_noticed() -> None:
    """A file that the module does not have does not pass."""
    module = generated(SPECS[0])

    assert _noticed(module, {**module.files, "more.tf": 'output "x" {\n  value = 1\n}\n'})


@pytest.mark.parametrize("field", ["endpoints", "security_groups", "variables", "outputs", "lookups", "tests"])
def test_one_address_for_two_things_is_noticed(field: str) -> None:
    """A module that means two blocks of one address is our mistake, however faithfully its files say it."""
    spec = next(spec for spec in SPECS if getattr(generated(spec).module, field))
    module = generated(spec).module
    block = getattr(module, field)[-1 if field == "tests" else 0]
    doubled: dict[str, Any] = {field: (*getattr(module, field), block)}
    twice = replace(module, **doubled)
    said = facts.read_back(render.render(twice), known=dict(KEPT.known))

    assert {finding.code for finding in check.check(twice, said)} == {"E906"}


WORDS = {"name", "tags", "description", "private_dns_specified_domains", "ignore"}
"""The keys of a spec that take any text."""
OF_FLEETS = {"Target", "extends", "format", "rules", "templates", "values", "where"}
"""What takes any text and is in no module: a spec is made or judged with it; what a format gives is text of others."""
TEXTS = """\
name: x
region: eu-west-1
aws_provider: ">= 6.28"
vpc: {tags: {TEXT: TEXT}}
subnets: [{name: TEXT}, {tags: {TEXT: TEXT}}]
route_tables: [{name: TEXT}, {tags: {TEXT: TEXT}}, {subnet: {name: TEXT}}, {variable: tables}]
security_groups:
  - create:
      name: TEXT
      description: TEXT
      tags: {TEXT: TEXT}
      ingress:
        - {vpc: true, description: TEXT}
        - {prefix_list: {name: TEXT}, ports: [444]}
        - {security_group: {tags: {TEXT: TEXT}}}
  - {name: TEXT}
tags: {TEXT: TEXT}
ignore: {W203: TEXT}
endpoints:
  s3: {service: s3, type: Gateway, name: TEXT, policy: {Version: "2012-10-17", Statement: [STATEMENT]}}
  sqs: {service: sqs, subnets: [{name: TEXT}, {tags: {TEXT: TEXT}}], name: TEXT, tags: {TEXT: TEXT}}
  lattice:
    service_network_arn: arn:aws:vpc-lattice:eu-west-1:123456789012:servicenetwork/sn-0a1b2c3d4e5f60718
    dns_options: {private_dns_preference: SPECIFIED_DOMAINS_ONLY, private_dns_specified_domains: [TEXT]}
    private_dns_enabled: true
"""
SCHEMA_KEYS = ("items", "properties", "additional", "pattern", "^", "anyOf", "oneOf")
STATEMENT = (
    '{Sid: TEXT, Effect: Allow, Principal: "*", Action: TEXT, Resource: [TEXT], Condition: {TEXT: {TEXT: TEXT}}}'
)
LIKE_REFERENCES = [
    "see (var.env)",
    "data.aws_vpc.this",
    "[local.x]",
    "${var.x}",
    "$${var.tables}",
    "${var.tables} var.y",
]
LIKE_REFERENCES += [
    "data.aws_vpc.this.id local.zone_ids",
    "aws_vpc_endpoint.s3.id",
    "$aws_security_group.x.id",
    "1 == var.x",
]


def _takes_text(node: Any, key: str = "") -> Iterator[str]:
    """Yield the keys of a JSON Schema whose values, or their items, are any text."""
    if isinstance(node, dict):
        if node.get("type") == ["string", "number", "boolean"]:
            yield key
        for name, inner in node.items():
            yield from _takes_text(inner, key if name.startswith(SCHEMA_KEYS) else name)
    for inner in node if isinstance(node, list) else ():
        yield from _takes_text(inner, key)


@pytest.mark.parametrize("text", LIKE_REFERENCES)
def test_text_that_looks_like_a_reference_is_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever field it stands, it is neither something undeclared nor the use of an input."""
    assert {*_takes_text(json_schema())} == WORDS | OF_FLEETS
    spec = TEXTS.replace("STATEMENT", STATEMENT).replace("TEXT", json.dumps(text))
    monkeypatch.setattr(rules, "without_ignored", lambda *_, **__: ())  # the rules refuse it in some of them
    found = generate_source(source.parse(spec, "spec.yaml"), KEPT)
    unused = Block(type="variable", labels=("env",), arguments={"description": "", "type": Expression("string")})
    module = replace(found.module, variables=(*found.module.variables, unused))
    said = facts.read_back(render.render(module), known=dict(KEPT.known))

    assert [finding.message for finding in check.check(module, said)] == ["var.env is never used"]


def test_tests_of_endpoints_and_guards_have_names_of_their_own(tmp_path: Path) -> None:
    """An endpoint may bear the name of a test that the module has anyway."""
    path = tmp_path / "spec.yaml"
    names = ("refuses_another_region", "refuses_a_vpc_without_dns", "refuses_a_vpc_without_dns_")
    services = ("sqs", "sns", "logs")
    endpoints = "".join(f"  {name}: {{service: {service}}}\n" for name, service in zip(names, services, strict=True))
    path.write_text(f"{HEAD}endpoints:\n{endpoints}", encoding="utf-8")

    runs = [block.label for block in generate(str(path), KEPT).module.tests if block.type == "run"]

    assert len(runs) == len(set(runs)) == 5
