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


_FIX = re.compile(
    r":(\d+):(\d+): ([EW]\d+) (.+)\n    (?:write|did you mean) "
    r"([\[{].+?[\]}]|\"[^\"\n]+\"|[\w./:@-]+(?: or [\w./:@-]+)*)(?:\?|, or .+ for a Name tag)?$",
    re.MULTILINE,
)
"""A finding whose fix is what to write there and nothing else."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_what_is_to_be_written_is_taken(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the key or the value that is there: the same is not said again, nor is it another wrong value."""
    monkeypatch.chdir(tmp_path)
    text = case.read_text(encoding="utf-8")
    for line, column, code, message, fix in _FIX.findall(case.with_suffix(".txt").read_text(encoding="utf-8")):
        lines = text.split("\n")
        before, after = lines[int(line) - 1][: int(column) - 1], lines[int(line) - 1][int(column) - 1 :]
        shown, word = message.partition("; found ")[2], re.match(r"[\w.@-]+|\"[^\"]*\"|\[[^]]*\]|\{[^}]*\}", after)
        there = shown if shown and after.startswith(shown) else word[0] if word else ""
        for value in fix.split(" or ") if there else ():
            lines[int(line) - 1] = f"{before}{value}{after.removeprefix(there)}"
            told = _told("\n".join(lines), tmp_path)
            subject = message.partition(" takes ")[0]
            wrong = [each for each in told if each[:2] == (code, message)]
            under = tuple(f"{subject}{sign}" for sign in (" takes ", ".", "[", " has ")) if code == "E103" else ()
            wrong += [each for each in told if each[0] in {"E002", "E101", "E103"} and each[1].startswith(under)]
            assert not wrong, (value, wrong)


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
