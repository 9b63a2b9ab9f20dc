"""The check can fail: whatever is damaged in a rendered module is noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from generator.generate import generate
from generator.hcl import facts
from generator.module import check, render
from generator.source.diagnostics import Refused
from tests.cases import KEPT, SPECS, generated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.generate import Generated


HEAD = "name: x\nregion: eu-west-1\nvpc: {name: a}\nsubnets: [{name: b}]\nsecurity_groups: [{name: c}]\n"


READ = dict(KEPT.known)
"""What was read in damaged files: apart from `KEPT`, and once for all tests."""


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
    """A module that lacks any one line, blank ones included, does not pass."""
    module = generated(spec)
    unnoticed = []
    for path, text in module.files.items():
        lines = text.splitlines(keepends=True)
        for number, line in _compared(path, text):
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


def test_tests_of_endpoints_and_guards_have_names_of_their_own(tmp_path: Path) -> None:
    """An endpoint may bear the name of a test that the module has anyway."""
    path = tmp_path / "spec.yaml"
    names = ("refuses_another_region", "refuses_a_vpc_without_dns", "refuses_a_vpc_without_dns_")
    services = ("sqs", "sns", "logs")
    endpoints = "".join(f"  {name}: {{service: {service}}}\n" for name, service in zip(names, services, strict=True))
    path.write_text(f"{HEAD}endpoints:\n{endpoints}", encoding="utf-8")

    runs = [block.label for block in generate(str(path), KEPT).module.tests if block.type == "run"]

    assert len(runs) == len(set(runs)) == 5
