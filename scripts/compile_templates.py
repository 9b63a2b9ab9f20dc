"""Compile the module's templates to Python, which a start of the tool then need not do: `make templates`.

They are right for their texts and for one release of Jinja; beside others the tool compiles them on each start.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import jinja2

from generator.module.render import compiled, environment, names, templates
from generator.source.diagnostics import ExitCode


def main() -> ExitCode:
    """Write them anew, or with `--check` say whether they are what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 4 where something would be written")
    is_check = parser.parse_args().check
    folder = templates()
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch, compiled(folder).name)
        known = names(folder)
        environment(jinja2.FileSystemLoader(folder)).compile_templates(
            made, zip=None, ignore_errors=False, filter_func=lambda name: name in known
        )
        before, after = _texts(compiled(folder).parent), _texts(made.parent)
        if before != after and not is_check:
            shutil.rmtree(compiled(folder).parent, ignore_errors=True)
            shutil.copytree(made, compiled(folder))
    if before != after:
        print(f"{'out of date' if is_check else 'written'}: {compiled(folder).parent}")
    return ExitCode.STALE if is_check and before != after else ExitCode.FINE


def _texts(folder: Path) -> dict[str, str]:
    return {each.relative_to(folder).as_posix(): each.read_text(encoding="utf-8") for each in folder.rglob("*.py")}


if __name__ == "__main__":
    raise SystemExit(main())
