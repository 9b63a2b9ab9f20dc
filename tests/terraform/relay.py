"""Stands between Terraform and a provider that runs for many commands, and keeps its two dearest answers.

A provider with 1500 resources takes seconds of CPU for its schema, and as many each time that its own configuration is
validated, twice a plan, since it looks through all that schema again. Both answers follow from the question alone, so
the first one is given again; all else is asked of the provider each time, byte for byte. Of the schema Terraform gets
what is about networks alone, as it is: reading the other 1400 resources is most of what a command of Terraform costs.
A module of a resource that is left out is refused, as one of a resource that the provider does not have.
https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

grpc: Any = import_module("grpc")
pb: Any = import_module("tf.gen.tfplugin_pb2")
SCHEMA = frozenset({"GetSchema", "GetProviderSchema"})
"""The methods of protocols 5 and 6 that answer with the schema; its fields have the same numbers in both."""
KEPT = SCHEMA | {"PrepareProviderConfig", "ValidateProviderConfig"}
"""The methods whose answer is kept."""
_OF_NETWORKS = re.compile(
    r"aws_(vpc|subnet|route|security_group|network_interface|ec2_|managed_prefix_list|prefix_list"
    r"|region$|partition$|caller_identity$|iam_policy_document$|ssm_parameter$)"
)
"""What is about networks, or in a module of the tests; one of another type fails there as `Invalid resource type`."""
_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_AT_ONCE = 64  # each command holds a stream or two, and asks ten things at once


def of_networks(schema: bytes) -> bytes:
    """Return the answer that is a provider's schema with those of its types that are about networks."""
    answer = pb.GetProviderSchema.Response.FromString(schema)
    for types in (answer.resource_schemas, answer.data_source_schemas):
        for name in [each for each in types if not _OF_NETWORKS.match(each)]:
            del types[name]
    return bytes(answer.SerializeToString())


class _Relay:
    """What answers any method of any service."""

    def __init__(self, provider: Any) -> None:
        self.provider = provider
        self.kept: dict[tuple[str, bytes], bytes] = {}

    def service(self, call: Any) -> Any:
        """Return how a method is answered."""
        answers = self._kept if call.method.rpartition("/")[2] in KEPT else self._passed

        def answer(questions: Iterator[bytes], context: Any) -> Iterator[bytes]:
            try:
                yield from answers(call.method, questions, context)
            except grpc.RpcError as error:
                context.abort(error.code(), error.details())

        return grpc.stream_stream_rpc_method_handler(answer)

    def _kept(self, method: str, questions: Iterator[bytes], _: Any) -> Iterator[bytes]:
        for question in questions:
            if (method, question) not in self.kept:
                answer = self.provider.unary_unary(method)(question)
                is_schema = method.rpartition("/")[2] in SCHEMA
                self.kept[method, question] = of_networks(answer) if is_schema else answer
            yield self.kept[method, question]

    def _passed(self, method: str, questions: Iterator[bytes], context: Any) -> Iterator[bytes]:
        answers = self.provider.stream_stream(method)(questions)
        context.add_callback(answers.cancel)  # Terraform went away
        yield from answers


@contextlib.contextmanager
def relayed(attached: str) -> Iterator[str]:
    """Yield what attaches Terraform to the provider that `attached` tells of, through the relay."""
    ((name, where),) = json.loads(attached).items()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_AT_ONCE) as pool:
        socket = str(Path(folder) / "socket")
        with grpc.insecure_channel(f"unix:{where['Addr']['String']}", options=_UNLIMITED) as channel:
            server = grpc.server(pool, handlers=[_Relay(channel)], options=_UNLIMITED)
            server.add_insecure_port(f"unix:{socket}")
            server.start()
            try:
                yield json.dumps({name: {**where, "Addr": {"Network": "unix", "String": socket}}})
            finally:
                server.stop(None).wait()
