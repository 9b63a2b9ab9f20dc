"""The process that Terraform is attached to: it says how on its first line, and serves until it is killed.

https://developer.hashicorp.com/terraform/plugin/debugging
"""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

from tests.terraform.providers import ADDRESS

from .protocol import Calls

grpc: Any = import_module("grpc")
_VERSION = 5
"""The AWS provider's version of the protocol."""


def serve() -> None:
    """Serve, and end with the process that started this one."""
    parent = os.getppid()  # before anything is said, for who hears it may be gone at once
    calls = {
        name: grpc.unary_unary_rpc_method_handler(
            lambda request, _, call=call: call(request), takes.FromString, lambda message: message.SerializeToString()
        )
        for name, (call, takes) in Calls().table().items()
    }
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(f"tfplugin{_VERSION}.Provider", calls)])
    port = server.add_insecure_port("127.0.0.1:0")  # a socket in a folder would stay when this process is killed
    server.start()
    print(f"TF_REATTACH_PROVIDERS='{json.dumps({ADDRESS: _attachment(port)})}'", flush=True)
    while os.getppid() == parent:
        time.sleep(0.5)


def _attachment(port: int) -> dict[str, object]:
    return {
        "Protocol": "grpc",
        "ProtocolVersion": _VERSION,
        "Pid": os.getpid(),
        "Test": True,
        "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
    }
