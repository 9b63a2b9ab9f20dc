"""Specs that are refused: each gives exactly the text beside it."""

import json
import re
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from generator import intent, rules, spec
from generator.generate import understand
from generator.source.diagnostics import Code, Refused
from tests.golden import Golden

FOLDER = Path(__file__).parent / "invalid"
CASES = sorted(FOLDER.glob("*.yaml"))
OF_SPECS = {
    value.code
    for package in (spec, intent, rules)
    for module in iter_modules(package.__path__)
    if module.name != "claims"  # of several specs
    for value in vars(import_module(f"{package.__name__}.{module.name}")).values()
    if isinstance(value, Code) and not value.code.startswith("E4")  # those are of a Region to ask AWS in
}
"""The codes of what a spec says and means, and of what the rules find in it."""
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_wrong_spec_gets_every_mistake_told(case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """All mistakes come in one run, each at its line and column, with the fix."""
    monkeypatch.chdir(FOLDER)
    try:
        found = understand(case.name, TODAY).warnings
    except Refused as refused:
        found = refused.diagnostics

    golden(case.with_suffix(".txt"), "".join(f"{finding}\n" for finding in found))


def _told(text: str, folder: Path) -> list[tuple[str, str, str]]:
    """Return the code, the message and the fix of what is wrong with a spec."""
    (folder / "spec.yaml").write_text(text, encoding="utf-8")
    try:
        found = understand("spec.yaml", TODAY).warnings
    except Refused as refused:
        found = refused.diagnostics
    return [(each.code, each.message, each.fix) for each in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_value_that_is_to_be_written_is_taken(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the one that is found there, where that is all of a line's value."""
    if not (
        fixes := re.findall(r":(\d+):(\d+): E103 .*; found (.+)\n    write (.+)", case.with_suffix(".txt").read_text())
    ):
        return
    monkeypatch.chdir(tmp_path)
    text = case.read_text(encoding="utf-8")
    for line, column, found, fix in fixes:
        lines = text.split("\n")
        before, after = lines[int(line) - 1][: int(column) - 1], lines[int(line) - 1][int(column) - 1 :]
        for value in (
            fix.split(" or ") if re.fullmatch(r"[\w.\"-]+( or [\w.\"-]+)*", fix) and after.startswith(found) else ()
        ):
            lines[int(line) - 1] = f"{before}{value}{after.removeprefix(found)}"
            key = re.split(r"[ :,{]+", before.rstrip(" :,{["))[-1]
            wrong = [each for each in _told("\n".join(lines), tmp_path) if f"found {value.strip(chr(34))}" in each[1]]
            assert not [each for each in wrong if each[0] == "E103" and key in each[1]], (value, wrong)


@pytest.mark.parametrize("code", sorted(OF_SPECS))
def test_each_code_has_a_case(code: str) -> None:
    """A code that no spec can cause is dead."""
    assert [case for case in CASES if code in case.with_suffix(".txt").read_text(encoding="utf-8")]


@pytest.mark.parametrize(("listed", "expected"), [("ecr.apj", {"E103", "E201"}), ("ecr.apx", {"E103"}), ("", {"E103"})])
def test_a_wrong_region_hides_no_service_that_is_none(listed: str, expected: set[str], tmp_path: Path) -> None:
    """It is told beside the Region, but for what a list of any Region has, or may have as it can't be read."""
    (tmp_path / "services").mkdir()
    of_region = {"region": "eu-west-1", "taken": "2026-11-20", "source": "api"}
    text = json.dumps({**of_region, "services": {f"com.amazonaws.eu-west-1.{listed}": {"Interface": {}}}})
    (tmp_path / "services" / "eu-west-1.json").write_text(text if listed else "{", encoding="utf-8")
    path = tmp_path / "a.yaml"
    path.write_text("name: a\nregion: []\nvpc: {id: vpc-1}\nendpoints: {api: {service: ecr.apx}}\n", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        understand(str(path), TODAY)

    assert {each.code for each in refused.value.diagnostics} == expected
