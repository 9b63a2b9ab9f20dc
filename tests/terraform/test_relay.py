"""The relay keeps the answers that follow from the question alone, and passes all else on each time, as it is.

Of a schema it passes on what is about networks, as it is.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from .relay import KEPT, SCHEMA, pb, relayed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

grpc: Any = import_module("grpc")
LARGE = bytes(8 * 2**20)  # twice what gRPC takes unless told: the schema of AWS's provider is larger still
SERVICE = "/tfplugin5.Provider/"
OF_NETWORKS = {"aws_vpc_endpoint": 3, "aws_subnet": 1, "aws_region": 0}
OTHERS = {"aws_s3_bucket": 2, "aws_regions": 1, "aws_lb": 0}


def _schema(types: Mapping[str, int], asked: int) -> Any:
    """Return the schema of types that are of some versions; its own version says how often it was asked for."""
    schemas = {name: pb.Schema(version=version) for name, version in types.items()}
    own = {"provider": pb.Schema(version=asked), "server_capabilities": {"plan_destroy": True}}
    return pb.GetProviderSchema.Response(**own, resource_schemas=schemas, data_source_schemas=schemas)


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
                asked = self.asked[method, question]
                known = _schema({**OF_NETWORKS, **OTHERS}, asked).SerializeToString()
                yield known if method in SCHEMA else question + str(asked).encode()
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


@pytest.mark.parametrize("method", sorted(KEPT - SCHEMA))
def test_what_follows_from_the_question_is_asked_once(ask: Callable[[str, bytes], list[bytes]], method: str) -> None:
    """The same question has the first answer, and another question its own."""
    assert [ask(method, question) for question in (b"a", b"a", b"b", b"a")] == [[b"a1"], [b"a1"], [b"b1"], [b"a1"]]
    assert ask(method, LARGE) == ask(method, LARGE) == [LARGE + b"1"]


@pytest.mark.parametrize("method", sorted(SCHEMA))
def test_of_a_schema_what_is_about_networks_arrives_as_it_is(
    ask: Callable[[str, bytes], list[bytes]], method: str
) -> None:
    """It is asked for once; all that it says but the types that no test has arrives."""
    given = [pb.GetProviderSchema.Response.FromString(each) for _ in range(2) for each in ask(method, b"")]

    assert given == [_schema(OF_NETWORKS, 1)] * 2


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
