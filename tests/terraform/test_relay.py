"""The relay keeps the answers that follow from the question alone, and passes all else on each time, as it is."""

from __future__ import annotations

import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from .relay import KEPT, relayed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

grpc: Any = import_module("grpc")
LARGE = bytes(8 * 2**20)  # twice what gRPC takes unless told: the schema of AWS's provider is larger still
SERVICE = "/tfplugin5.Provider/"


class _Standing:
    """What stands in for a provider: it counts what it is asked, and tells how often with each answer."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, bytes]] = Counter()

    def service(self, call: Any) -> Any:
        """Return how a method is answered: the question `no` is refused, all others have an answer."""
        method = call.method.rpartition("/")[2]

        def answer(questions: Iterator[bytes], context: Any) -> Iterator[bytes]:
            for question in questions:
                self.asked[method, question] += 1
                if question == b"no":
                    context.abort(grpc.StatusCode.UNIMPLEMENTED, "not here")
                yield question + str(self.asked[method, question]).encode()
                if method == "Stream":
                    yield b"end"

        return grpc.stream_stream_rpc_method_handler(answer)


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[[str, bytes], list[bytes]]]:
    """Return what asks a provider through the relay."""
    limits = [(f"grpc.max_{way}_message_length", -1) for way in ("receive", "send")]
    with ThreadPoolExecutor() as pool:
        server = grpc.server(pool, handlers=[_Standing()], options=limits)
        server.add_insecure_port(f"unix:{tmp_path / 'own'}")
        server.start()
        place = {"Network": "unix", "String": str(tmp_path / "own")}
        with relayed(json.dumps({"aws": {"Pid": os.getpid(), "Addr": place}})) as attached:
            where = json.loads(attached)["aws"]
            assert where["Pid"] == os.getpid()
            with grpc.insecure_channel(f"unix:{where['Addr']['String']}", options=limits) as channel:
                yield lambda method, question: list(channel.stream_stream(SERVICE + method)(iter([question])))
        server.stop(None).wait()


@pytest.mark.parametrize("method", sorted(KEPT))
def test_what_follows_from_the_question_is_asked_once(ask: Callable[[str, bytes], list[bytes]], method: str) -> None:
    """The same question has the first answer, and another question its own."""
    assert [ask(method, question) for question in (b"a", b"a", b"b", b"a")] == [[b"a1"], [b"a1"], [b"b1"], [b"a1"]]
    assert ask(method, LARGE) == ask(method, LARGE) == [LARGE + b"1"]


@pytest.mark.parametrize("method", ["Configure", "ReadDataSource", "PlanResourceChange", "ValidateResourceTypeConfig"])
def test_all_else_is_asked_each_time(ask: Callable[[str, bytes], list[bytes]], method: str) -> None:
    """What AWS decides is never kept, however large."""
    assert [ask(method, b"a"), ask(method, b"a")] == [[b"a1"], [b"a2"]]
    assert ask(method, LARGE) == [LARGE + b"1"]


def test_streams_and_refusals_arrive_as_they_are(ask: Callable[[str, bytes], list[bytes]]) -> None:
    """A stream has all its answers, and a refusal its code and its words."""
    assert ask("Stream", b"a") == [b"a1", b"end"]
    for method in ("Stream", *KEPT):
        with pytest.raises(grpc.RpcError) as refused:
            ask(method, b"no")
        assert (refused.value.code(), refused.value.details()) == (grpc.StatusCode.UNIMPLEMENTED, "not here")
