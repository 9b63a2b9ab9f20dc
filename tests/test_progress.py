"""What takes longer than a second says on a terminal what it does, in one line that is cleared at the end."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from itertools import count
from typing import TYPE_CHECKING

import pytest

from generator.cli import progress
from generator.cli.batch import outcomes
from generator.cli.printing import note
from tests.cases import ROOT
from tests.served import serving
from tests.terminals import drawn_on_terminal

if TYPE_CHECKING:
    from pathlib import Path

WAIT = 1.5
REGION = "eu-west-1"
DRIFT = str(ROOT / "tests" / "drift" / "spec.yaml")
KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_CONFIG_FILE": os.devnull}
REFUSED = (
    b"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>"
)


class Terminal(io.StringIO):
    """What a terminal gets."""

    def isatty(self) -> bool:
        """Be one."""
        return True


@pytest.mark.parametrize(
    "command",
    [
        f"adopt --region {REGION} --vpc app -o new.yaml",
        f"drift {DRIFT}",
        f"init app --region {REGION} --from-aws",
        f"preflight {DRIFT}",
        f"services refresh --region {REGION} --dir .",
        f"verify {DRIFT}",
    ],
)
def test_who_asks_aws_says_so(command: str, tmp_path: Path) -> None:
    """Where AWS takes its time: the Region, and for how long; the finding then stands on a line of its own."""

    def answer(_: str) -> tuple[int, bytes]:
        time.sleep(WAIT)
        return 403, REFUSED

    with serving(answer) as url:
        shown = drawn_on_terminal(*command.split(), "--endpoint-url", url, cwd=tmp_path, **KEYS)

    assert re.search(rf"\rworking, \d+ s: (0 of 1, )?asking AWS {REGION}", shown)
    assert f"\rAWS {REGION}: " in shown
    assert not any("working" in line.rpartition("\r")[2] for line in shown.split("\n"))


def test_one_slow_account_of_several_is_named(tmp_path: Path) -> None:
    """With how many have answered."""
    number, spec = count(), (ROOT / "tests" / "drift" / "spec.yaml").read_text(encoding="utf-8")
    for region in (REGION, "eu-north-1"):
        text = spec.replace(REGION, region).replace("name: drift", f"name: {region}")
        (tmp_path / f"{region}.yaml").write_text(text, encoding="utf-8")

    def answer(_: str) -> tuple[int, bytes]:
        time.sleep(WAIT if next(number) else 0)
        return 403, REFUSED

    with serving(answer) as url:
        shown = drawn_on_terminal("verify", ".", "--endpoint-url", url, cwd=tmp_path, **KEYS)

    told = re.findall(r"\rworking, \d+ s: ([01]) of 2, asking AWS (eu-[a-z]*-1) *(?=\r)", shown)
    assert len({region for _, region in told}) == 1


def test_the_line_is_cleared_before_anything_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cut to the terminal, and nothing of it is left; while the user is asked there is none."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setattr(progress, "INTERVAL", 0.02)
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.setenv("NO_COLOR", "1")

    def work(item: int) -> None:
        time.sleep(0.1)
        note(f"did {item}")

    with progress.progress():
        outcomes(range(2), work)
        with progress.still("logging in"):
            time.sleep(0.1)
    shown = terminal.getvalue()

    assert "\rworking, 0 s: 0 of 2\r" in shown
    assert "\rworking, 0 s: 1 of 2\r" in shown
    assert f"\r{' ' * 20}\rdid 0\n" in shown
    assert f"\r{' ' * 20}\rdid 1\n" in shown
    assert shown.endswith(f"\rlogging in\r{' ' * 10}\r")


@pytest.mark.parametrize(("terminal", "term"), [(io.StringIO(), "xterm"), (Terminal(), "dumb")])
def test_only_a_terminal_gets_it(terminal: io.StringIO, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log does not fill with it."""
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "INTERVAL", 0.02)
    monkeypatch.setenv("TERM", term)
    with progress.progress():
        outcomes("ab", lambda _: time.sleep(0.1))
        with progress.still("logging in"):
            time.sleep(0.1)

    assert terminal.getvalue() == ""
