"""The check can fail: whatever is damaged in a rendered module is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator import check, facts
from generator.diagnostics import Refused
from tests.cases import KEPT, SPECS, generated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from generator.generate import Generated


def _noticed(module: Generated, files: Mapping[str, str]) -> bool:
    try:
        said = facts.read_back(files, known=dict(KEPT.known))
    except Refused:
        return True
    return bool(check.check(module.module, said))


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
            damaged = {**module.files, path: "".join(lines[:number] + lines[number + 1 :])}
            if not _noticed(module, damaged):
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
