"""Edits that `render` refuses, and those that it does not: what is on disk, the spec now, and exactly what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import gen_endpoints
from generator.source.reading import contents
from tests.cases import KEPT
from tests.golden import Golden

CASES = sorted(path.parent for path in (Path(__file__).parent / "change").glob("*/after.yaml"))


def _write_before(case: Path, folder: Path) -> None:
    """Put on disk what a case begins with: what a spec renders to, or text of an earlier version."""
    if (case / "before.yaml").exists():
        rendered = gen_endpoints.render(gen_endpoints.parse(str(case / "before.yaml")), cache=KEPT)
        gen_endpoints.write(rendered, folder)
    else:
        folder.mkdir()
        (folder / "main.tf").write_text(contents(str(case / "before.tf")).decode(), encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_edit_that_hurts_is_refused(
    case: Path, golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each finding is at the line of the spec that it is about; nothing is told of an edit that Terraform can apply."""
    _write_before(case, tmp_path / "x")
    monkeypatch.chdir(case)
    allow = (case / "allow.txt").read_text(encoding="utf-8").split() if (case / "allow.txt").exists() else []
    rendered = gen_endpoints.render(gen_endpoints.parse("after.yaml"), cache=KEPT)
    found = gen_endpoints.refusals({tmp_path / "x": rendered}, allow=allow, cache=KEPT)

    golden(case / "expected.txt", "".join(f"{finding}\n" for finding in found))
