"""Golden files: what a case must give. `pytest --write` writes them, and git shows what changed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """Compares what a test was given with a file, or writes the file."""

    test: str
    """The test's id, as pytest takes it."""
    write: bool

    def __call__(self, path: Path, text: str | None) -> None:
        """Fail where the file holds anything else than `text`; None stands for no file."""
        before = path.read_text(encoding="utf-8") if path.exists() else None
        if text == before:
            return
        if not self.write:
            diff = unified_diff(
                (before or "").splitlines(), (text or "").splitlines(), path.name, "now", n=2, lineterm=""
            )
            pytest.fail("\n".join([*diff, "", f"if this is right: pytest --write '{self.test}'"]), pytrace=False)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
