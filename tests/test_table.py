"""The one table of the command line: columns that line up, and fit the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner
from wcwidth import wcswidth

from generator import cli
from generator.cli.harmless import harmless
from generator.cli.views.data import as_json
from generator.cli.views.table import lines, prose, table
from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (
    ("Endpoint", "Name", "Service", "Subnets"),
    (
        "ecr_dkr",
        "日本語の endpoint",
        "com.amazonaws.ap-southeast-1.ecr.dkr",
        "private-app-subnet-1, private-app-subnet-2",
    ),
    ("e\u0301", "👨\u200d👩\u200d👧 family", "com.amazonaws.ap-southeast-1.s3", "-"),
)


@pytest.mark.parametrize("room", [60, 80, 100, 120, 160])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(room: int) -> None:
    """Cells are counted, not characters; what does not fit is folded between words, or each row becomes a list."""
    text = table(ROWS, room=room)

    assert max(map(wcswidth, text.splitlines())) <= room
    assert {word for row in ROWS for cell in row for word in cell.split()} <= set(text.split())


def test_with_room_enough_each_row_is_one_line() -> None:
    """As wide as it needs to be, and each column begins in one cell."""
    text = table(ROWS, room=200).splitlines()

    assert len(text) == len(ROWS)
    assert {wcswidth(line.partition("com.")[0]) for line in text[1:]} == {wcswidth(text[0].partition("Service")[0])}


@pytest.mark.parametrize(
    "command",
    [
        "show specs/band-up.yaml",
        "show specs/inputs.yaml",
        "cost specs/band-up.yaml",
        "services ecr",
        "bundles",
        "policies",
    ],
)
def test_a_pipe_is_80_cells_wide(command: str) -> None:
    """In every command: a row that does not fit is folded, or a list; a URL is one word."""
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    run = [sys.executable, "-m", "generator", *command.split()]
    printed = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    assert [line for line in printed.splitlines() if len(line) > 80 and " " in line.strip()] == []


@pytest.mark.parametrize("room", [60, 80, 120, 200])
@pytest.mark.parametrize(
    "command",
    [
        "adopt/ adopt --region eu-west-1 --vpc app --from many.json --imports {}/x.tf -o {}/x.yaml",
        "verify/ verify band-up.yaml --from network.json --from dns.json --from endpoints.json",
    ],
)
def test_a_table_of_what_aws_said_fits_any_terminal(
    command: str, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to what is said of each by itself: that is prose, as all that `drift`, `preflight` and `diff` print."""
    folder, *arguments = command.format(tmp_path, tmp_path).split()
    monkeypatch.chdir(ROOT / "tests" / folder)
    monkeypatch.setenv("COLUMNS", str(room))
    printed = CliRunner().invoke(cli.application(), arguments).stdout.partition("left out:")[0]

    assert len(printed.splitlines()) > 8
    rows = [line for line in printed.splitlines() if not line.startswith(("band-up in", "band-up:"))]
    # beside the name of its column a word may be longer than the terminal is wide
    assert [line for line in rows if wcswidth(line) > room and len(line.split()) > 2] == []


@pytest.mark.parametrize("form", ["table", "json"])
def test_show_prints_texts_as_the_spec_has_them(tmp_path: Path, form: str) -> None:
    """Whatever HCL makes of them: a name with `%{` is neither a template nor the repr of one."""
    names = {name: f"{name}%{{if}} ${{x}}" for name in ("endpoint", "subnet", "group")}
    spec = {
        "name": "x",
        "region": "eu-west-1",
        "vpc": {"name": "app"},
        "subnets": [{"name": names["subnet"]}],
        "security_groups": [{"name": names["group"]}],
        "endpoints": {"sqs": {"service": "sqs", "name": names["endpoint"]}},
    }
    path = tmp_path / "x.json"
    path.write_text(json.dumps(spec), encoding="utf-8")
    run = [sys.executable, "-m", "generator", "show", str(path), "--format", form]
    printed = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "Expression(" not in printed
    assert [name for name in names.values() if name not in printed] == []


def test_a_folded_row_is_one_text() -> None:
    """So that more may be said under it; numbers stand to the right."""
    assert lines((("What", "USD"), ("one two three", "9")), room=10, right={1}) == [
        "What   USD",
        "one      9\ntwo\nthree",
    ]
    assert lines((("a b c", "d e"),), room=7, has_head=False) == ["a   d\nb   e\nc"]
    assert lines((("a b c", "d e"),), room=8, has_head=False, whole={0}) == ["a b c  d\n       e"]


def test_a_row_without_a_head_that_does_not_fit_is_folded_as_a_line() -> None:
    """As it has no names of columns by which to be a list."""
    assert lines((("", "one", "b" * 12), ("", "two", "c")), room=14, has_head=False) == [
        f"  one\n    {'b' * 12}",
        "  two  c",
    ]


def test_prose_is_folded_at_its_own_indent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is as long as a line stays, and a word that is longer than the terminal is not cut."""
    monkeypatch.setenv("COLUMNS", "12")
    assert prose("one two three\n  four five six\n\n" + "x" * 13) == "one two\nthree\n  four five\n  six\n\n" + "x" * 13
    assert prose("  one two three", hang=4) == "  one two\n      three"


@pytest.mark.parametrize(
    "command",
    [
        *("aws ec2 delete-vpc-endpoints --region eu-west-1", "terraform import module.a.aws_vpc_endpoint.b vpce-1"),
        *("terraform apply -replace=aws_vpc_endpoint.b", "terraform state rm module.a", "terraform show -json > FILE"),
        *("gen-endpoints render a.yaml --out out", "gen-endpoints adopt --region eu-west-1 --vpc app"),
    ],
)
def test_a_command_is_not_folded(command: str) -> None:
    """It can be copied, by itself, in a sentence or in a cell."""
    said = f"next: it is there for ever: {command}; or leave it"

    assert prose(f"  {said}\n", 20, hang=4) == f"  {said}\n"
    assert said in table([("a", "b"), (said, "c" * 30)], room=40)


def test_a_cell_is_one_line_and_steers_nothing() -> None:
    """Whatever a tag or a file holds."""
    assert table((("Name",), ("a\x1b[2J\nb\tc",))) == "Name\na\ufffd[2J b c"


@pytest.mark.parametrize("text", ["a\x1b[31m", "a\rb", "a\u202eb", "a\x9bb", "a\u2028b", "\ufffe"])
def test_what_steers_a_terminal_is_not_printed(text: str) -> None:
    """It is replaced in text, and in JSON escaped, so that nothing is lost."""
    assert harmless(text) == "".join(each if each.isprintable() else "\ufffd" for each in text)
    assert harmless(as_json([text])) == as_json([text])
    assert json.loads(as_json([text])) == [text]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("::error::x", "\ufffd::error::x"),
        (
            "a\n  ::add-mask::x\n::warning file=a,line=1::x",
            "a\n\ufffd  ::add-mask::x\n\ufffd::warning file=a,line=1::x",
        ),
        ("a ##[error]b", "a ##\ufffd[error]b"),
        ("##vso[task.complete]", "##\ufffdvso[task.complete]"),
        *((text, text) for text in ("::/0", "::1, ::2", "a ::error::b", "::ffff:10.0.0.0/104 ::/0", "## [a]", "##x")),
    ],
)
def test_what_steers_ci_is_not_printed(text: str, printed: str) -> None:
    """Addresses are printed as they are, and JSON loses nothing."""
    assert harmless(text) == printed
    assert harmless(as_json([text])) == as_json([text])
    assert json.loads(as_json([text])) == [text]
