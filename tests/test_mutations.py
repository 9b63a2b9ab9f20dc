"""Damaged answers, by chance: whatever AWS or a file says, no command ends as if it were our bug.

Each mutation changes one place of a recorded answer: half in files, half as a server of AWS's APIs sends it.
`make mutations` makes 10,000, from a seed that it prints; `--seed` makes the same again.
"""

from __future__ import annotations

import copy
import json
import re
import time
from functools import cache, partial
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import typer
from botocore.config import Config

from generator.cli.boundary import boundary
from generator.live.aws import client
from generator.live.aws.client import Access
from generator.source.diagnostics import ExitCode
from tests.served import as_bytes, bodies, serving
from tests.worlds import from_file, from_server, worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree import ElementTree as ET

    from tests.worlds import World

Capture: TypeAlias = "pytest.CaptureFixture[str]"
JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 5, 1.5, 10**20, 1e308, "", "x", "vpc-1", "10.0.0.0/8", "::/0", "\ud800", "\x1b[2J"),
    *(
        [],
        [[]],
        [None],
        ["x"],
        {},
        {"Key": "Name"},
        {"VpcId": []},
        "${x}",
        "%{ if true }",
        "{",
        '{"Statement": 5}',
        "]",
    ),
    *(
        '{"Statement": [{"Effect": "Allow", "Action": 5, "Principal": [1], "Condition": {"x": 1}}]}',
        "[[",
        "null",
        "9" * 5,
    ),
)
SLOWEST = 5  # seconds
WHOLE = (b"", b"<a/>", b"<html><body>Sign in</body></html>", b"{}", b"null", b"\xff\xfe", b"<a><b></a>")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Return the seed, which the head of the run says."""
    return int(request.config.getoption("--seed"))


@pytest.fixture
def count(request: pytest.FixtureRequest) -> int:
    """Return how many mutations half of them is."""
    return int(request.config.getoption("--mutations")) // 2


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in a value: what holds it, and the key or the index."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield value, key
        yield from _places(each)


def _mutate(chance: Random, value: Any) -> str:
    """Change one place of a value, and return what was done."""
    places = [*_places(value)]
    holder, key = chance.choice(places)
    done = chance.choice(("delete", "retype", "duplicate", "null", "swap"))
    before = json.dumps(holder[key])[:80]
    match done:
        case "delete":
            del holder[key]
        case "duplicate" if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        case "swap":
            other, at = chance.choice(places)
            holder[key] = copy.deepcopy(other[at])
        case "null":
            holder[key] = None
        case _:
            holder[key] = copy.deepcopy(chance.choice(JUNK))
    return f"{done} {key}: {before}"


def _mutate_element(chance: Random, root: ET.Element) -> str:
    """Change one element of an answer in XML, and return what was done."""
    parent, index = chance.choice([(parent, index) for parent in root.iter() for index, _ in enumerate(parent)])
    done, found = chance.choice(("delete", "retype", "duplicate", "empty", "rename")), parent[index]
    match done:
        case "delete":
            parent.remove(found)
        case "duplicate":
            parent.insert(index, copy.deepcopy(found))
        case "empty":
            found.clear()
        case "rename":
            found.tag = "other"
        case _:
            found.clear()
            found.text = chance.choice([each for each in JUNK if isinstance(each, str) and each.isprintable()])
    return f"{done} {found.tag}"


def _outcome(name: str, said: Capture, say: Callable[[], str]) -> str:
    """Return how a command ends, as the first code that it says; fails where that is our bug, or takes long."""
    began, code = time.monotonic(), ExitCode.FINE
    try:
        with boundary():
            say()
    except typer.Exit as ended:
        code = ExitCode(ended.exit_code)
    told = said.readouterr().err
    assert (code in {ExitCode.FINE, ExitCode.REFUSED}, time.monotonic() - began < SLOWEST) == (True, True), (name, told)
    return code.name if code is ExitCode.FINE else re.findall(r": ([EW]\d{3}) ", told)[0]


def test_no_damaged_file_is_our_bug(seed: int, count: int, capsys: Capture) -> None:
    """In each command that reads AWS; some are refused, and some change nothing that it needs."""
    seen: set[str] = set()
    for number in range(count):
        chance = Random(f"{seed} {number}")
        world = chance.choice(worlds())
        given = world.answers()
        name = f"{number}: {world.command} after {_mutate(chance, given)}"
        text = "\n".join(map(json.dumps, given))
        seen.add(_outcome(name, capsys, partial(from_file, world, text)))
    assert {"FINE", "E401", "E406", "E407"} <= seen


def test_no_damaged_answer_of_a_server_is_our_bug(
    seed: int, count: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its XML or JSON comes: without an element, with another, another text; or something else altogether."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setattr(client, "_CONFIG", Config(retries={"total_max_attempts": 1}))
    sent: dict[str, bytes] = {}
    seen: set[str] = set()
    with serving(lambda asked: (200, next((body for key, body in sent.items() if key in asked), b"<a/>"))) as url:
        reached = cache(lambda region: Access(region=region, endpoint_url=url))
        for number in range(count):
            chance = Random(f"{seed} server {number}")
            world = chance.choice(worlds())
            sent, what = _damaged(chance, world)
            seen.add(
                _outcome(
                    f"{number}: {world.command} after {what}",
                    capsys,
                    partial(from_server, world, reached(world.region)),
                )
            )
    assert {"FINE", "E278"} <= seen


def _damaged(chance: Random, world: World) -> tuple[dict[str, bytes], str]:
    """Return what a server sends of a world, with one place changed."""
    sent = bodies(world.answers())
    key = chance.choice([each for each, body in sent.items() if as_bytes(body) not in WHOLE])
    body, texts = sent[key], {each: as_bytes(body) for each, body in sent.items()}
    if chance.random() < 1 / 10:
        texts[key] = chance.choice((*WHOLE, texts[key][: len(texts[key]) // 2]))
        return texts, f"{key} is {texts[key][:20]!r}"
    if isinstance(body, dict):
        what = _mutate(chance, body)
    elif len(body):
        what = _mutate_element(chance, body)
    else:
        body.tag, what = "other", "another root"
    return {**texts, key: as_bytes(body)}, f"{key}: {what}"
