"""What a user would take instead: cookiecutter and copier, rendering the same files from a template, unproven."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

from benchmarks.measure import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COOKIECUTTER, COPIER = ((sys.executable, "-m", name) for name in ("cookiecutter", "copier"))


def cookiecutter(module: Path, scratch: Path, environment: Mapping[str, str]) -> Work:
    """Return cookiecutter at work on a template that renders the files of `module`."""
    template, out = scratch / "cookiecutter", scratch / "cookiecutter-out"
    _copy(module, template / "{{cookiecutter.name}}", "{{ cookiecutter.name }}", "")
    (template / "cookiecutter.json").write_text(json.dumps({"name": module.name}), encoding="utf-8")
    command = (*COOKIECUTTER, "--no-input", "-o", str(out), str(template))
    return Work(command=command, folder=scratch, environment=environment, before=lambda: _gone(out))


def copier(module: Path, scratch: Path, environment: Mapping[str, str]) -> Work:
    """Return copier at work on a template that renders the files of `module`."""
    template, out = scratch / "copier", scratch / "copier-out"
    _copy(module, template, "{{ name }}", ".jinja")
    (template / "copier.yml").write_text(f"name: {{type: str, default: {module.name}}}\n", encoding="utf-8")
    command = (*COPIER, "copy", "--defaults", "--quiet", str(template), str(out))
    return Work(command=command, folder=scratch, environment=environment, before=lambda: _gone(out))


def compare(ours: Path, theirs: Path) -> None:
    """Raise RuntimeError unless a peer has rendered the very files that we have."""
    for file in (each for each in ours.rglob("*") if each.is_file() and not each.name.startswith(".")):
        if file.read_bytes() != (theirs / file.relative_to(ours)).read_bytes():
            message = f"{file.name} is not what the peer renders"
            raise RuntimeError(message)


def _gone(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _copy(module: Path, template: Path, variable: str, suffix: str) -> None:
    for file in module.rglob("*"):
        if file.is_file() and not file.name.startswith("."):
            target = template / file.relative_to(module).with_name(file.name + suffix)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8").replace(module.name, variable)
            target.write_text(text, encoding="utf-8")
