"""Each finding in one line, as a pipe has it, and whole, as a terminal: of every command that finds something.

The commands are found by listing: one that is added fails here until it says what it finds.
"""

from __future__ import annotations

import os
import re
import shutil
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest

from generator.cli import commands
from tests import forked
from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LINE = re.compile(r"(?P<file>[^\s:][^:]*)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<code>[EW]\d{3}) (?P<message>\S.*)")
"""A finding, as docs/ci.md tells editors and problem matchers to read it."""
HINT = "to see fixes: the same again, with --output full at its end"
FILES = {
    "wrong.yaml": "findings/wrong.yaml",
    "preflight.yaml": "preflight/E402-vpc.yaml",
    "preflight.json": "preflight/E402-vpc.json",
    "adopt.json": "adopt/refused-group.json",
    "services/eu-west-2.json": "adopt/nothing.json",
}
AWS = "--region eu-west-1 --from adopt.json"
INIT = "init app --region eu-west-1 --vpc app --subnet a --bundle ssm-session@1 -o app.yaml"
EDITED = (INIT, "render app.yaml", "edit")
FINDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "adopt": ((f"adopt {AWS} --vpc app -o x.yaml --own-security-groups",),),
    "bundles": (),
    "check": (("check wrong.yaml",), (*EDITED, "check app.yaml")),
    "cost": (("cost wrong.yaml",),),
    "diff": (("diff wrong.yaml",), (INIT, "diff app.yaml")),
    "draw": (("draw wrong.yaml",),),
    "drift": ((f"drift wrong.yaml {AWS}",),),
    "explain": (),
    "init": ((INIT,),),
    "page": (("page wrong.yaml -o site",),),
    "policies": (),
    "preflight": ((f"preflight wrong.yaml {AWS}",), ("preflight preflight.yaml --from preflight.json",)),
    "render": (
        ("render wrong.yaml",),
        (*EDITED, "render app.yaml"),
        (*EDITED, "render app.yaml --dry-run"),
    ),
    "schema": (("schema --rules wrong.yaml",),),
    "services": (("services --region eu-west-2",),),
    "services_refresh": (("services refresh --region eu-west-1 --from wrong.yaml",),),
    "show": (("show wrong.yaml",),),
    "targets": (("targets wrong.yaml --changed",), ("targets add x a=b wrong.yaml",)),
    "templates": (),
    "validate": (("validate wrong.yaml",), (INIT, "validate app.yaml"), (INIT, "validate app.yaml --strict")),
    "verify": ((f"verify wrong.yaml {AWS}",),),
}
"""By the command what is run: the last is looked at, and those before it make what it finds."""
RUNS = [run for runs in FINDS.values() for run in runs]


def _printed(run: tuple[str, ...], folder: Path, *end: str) -> list[list[str]]:
    """Return the lines that the last command of a run prints into a pipe, to standard output and to the other.

    It has some words at its end.
    """
    folder.mkdir()
    (folder / "services").mkdir()
    for name, file in FILES.items():
        shutil.copy(ROOT / "tests" / file, folder / name)
    for command in run[:-1]:
        if command == "edit":
            (folder / "out" / "app" / "main.tf").write_text("# by hand\n", encoding="utf-8")
        else:
            forked.run(*command.split(), folder=folder, environment=os.environ)
    done = forked.run(*run[-1].split(), *end, folder=folder, environment=os.environ | {"GEN_ENDPOINTS_OUTPUT": ""})
    assert done.returncode < 3 or done.returncode == 4, done.stderr
    return [done.stdout.splitlines(), done.stderr.splitlines()]


def test_every_command_is_here() -> None:
    """One that is added says what it finds."""
    assert sorted(FINDS) == sorted(module.name for module in iter_modules(commands.__path__))


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run[-1])
def test_a_pipe_gets_the_line_alone(run: tuple[str, ...], tmp_path: Path) -> None:
    """The first line is that of `full`, which has the line of the spec and the fix besides; all else is the same."""
    concise, full = _printed(run, tmp_path / "a"), _printed(run, tmp_path / "b", "--output", "full")

    assert any(LINE.fullmatch(line) for lines in concise for line in lines)
    more = list[str]()
    for one, whole in zip(concise, full, strict=True):
        lines = iter([line for line in one if line != HINT])
        wanted, is_under = next(lines, None), False
        for line in whole:
            if line == wanted:
                wanted, is_under = next(lines, None), bool(LINE.fullmatch(line))
            else:
                assert is_under
                assert re.match(r" {4}| *\d+ \| ", line)
                more.append(line)
        assert wanted is None
    assert more
    codes = [found["code"] for lines in concise for line in lines if (found := LINE.fullmatch(line))]
    is_told = any(code.startswith("E") for code in codes) or "--strict" in run[-1]
    assert (concise[1].count(HINT), concise[1][-1:] == [HINT], full[1].count(HINT)) == (is_told, is_told, 0)


def test_a_matcher_reads_each_part_of_a_line(tmp_path: Path) -> None:
    """File, line, column, code and message, as a pipe has them where nothing else is said."""
    _, said = _printed(("validate wrong.yaml",), tmp_path / "a")
    found = LINE.fullmatch(said[0])

    assert found
    assert found.groups() == ("wrong.yaml", "3", "27", "E101", "vpc has no key colour")
    assert said[1:] == ["wrong.yaml:7:25: E101 endpoints.logs has no key private_dns", "", "refused: 2 errors", HINT]
