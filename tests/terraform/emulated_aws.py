"""AWS, emulated: moto in a process of its own, with an EC2 that is as truthful and as strict about endpoints as AWS.

    EmulatedAws    the process, from the tests' side: its URL, and a client of its EC2
    └── serve      the process from within: moto's server
        └── Desk   (emulated_desk) what tests ask beside AWS's API: the log of calls, a copy of all there is
        └── Api    (emulated_api) parameters in, answer out
            └── Ec2    (emulated_ec2) what there is: moto's EC2 with endpoints as `endpoint` has them
                └── REFUSALS    (refuse_…) what AWS refuses and moto lets pass
        └── Quotas    (emulated_quotas) moto's Service Quotas, with a list of them
        └── stacks    (emulated_stacks) moto's CloudFormation, with these endpoints

What is not emulated: states other than `available`, acceptance of an endpoint by its service, in which zones a service
is, whether an ARN of VPC Lattice leads anywhere, quotas, and the traffic itself.
"""

from __future__ import annotations

import contextlib
import fnmatch
import http.client
import logging
import multiprocessing
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

import boto3
from botocore.config import Config
from botocore.loaders import JSONFileLoader
from moto.ec2 import utils
from moto.ec2.models import ec2_backends, vpcs
from moto.ec2.models.subnets import Subnet
from moto.moto_server.werkzeug_app import DomainDispatcherApplication as Server
from moto.server import ThreadedMotoServer

from .emulated_desk import DESK
from .emulated_ec2 import Ec2, ipv6_block, is_like, subnet_arn
from .emulated_quotas import serve_quotas
from .emulated_stacks import serve_stacks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from types_boto3_ec2 import EC2Client

    from .emulated_log import Call

CREDENTIAL = "emulated"
"""Access key and secret key alike: the emulated AWS asks for some, and takes any."""


def serve(pipe: Connection) -> None:
    """Serve until the other end of the pipe is closed, be it by a kill; say the port first."""
    logging.getLogger("werkzeug").disabled = True  # it has a line on each request
    ec2_backends.backend = Ec2
    patch.object(vpcs, "random_ipv6_cidr", ipv6_block).start()
    patch.object(utils, "fnmatch", SimpleNamespace(fnmatch=is_like, translate=fnmatch.translate)).start()
    patch.object(Server, "get_backend_for_host", cache(Server.get_backend_for_host)).start()  # it lists moto's folders
    patch.object(Subnet, "arn", property(subnet_arn)).start()
    serve_quotas()
    serve_stacks()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    pipe.send(server.get_host_and_port()[1])
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(DESK[pipe.recv()]())


@dataclass(frozen=True, slots=True)
class EmulatedAws:
    """The emulated AWS as tests see it."""

    url: str
    pipe: Connection
    """The way to what is no part of AWS."""

    def ec2(self, region: str) -> EC2Client:
        """Return a client of EC2 in a Region; it asks no proxy and reads no settings of the machine."""
        return _client(self.url, region)

    @contextlib.contextmanager
    def recorded(self) -> Iterator[list[Call]]:
        """Record the calls that may change something; the list has them when the block is left."""
        calls: list[Call] = []
        self._ask("record")
        try:
            yield calls
        finally:
            calls.extend(self._ask("calls"))

    def keep(self) -> None:
        """Keep a copy of all there is, in the place of the copy before."""
        self._ask("keep")

    def restore(self) -> None:
        """Let there be what there was when it was kept."""
        self._ask("restore")

    def _ask(self, what: str) -> list[Call]:
        self.pipe.send(what)
        answer: list[Call] = self.pipe.recv()
        return answer

    def forget(self) -> None:
        """Begin again with nothing: no VPC but the default ones."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        connection.request("POST", "/moto-api/reset")
        status = connection.getresponse().status
        connection.close()
        if status != http.client.OK:
            message = f"moto's reset ended with {status}"
            raise RuntimeError(message)


@cache
def _client(url: str, region: str) -> EC2Client:
    """Return the one client of a URL and a Region: one is made in the time of fifty calls."""
    config = Config(proxies={}, retries={"total_max_attempts": 1})
    session = boto3.Session(aws_access_key_id=CREDENTIAL, aws_secret_access_key=CREDENTIAL)
    return session.client("ec2", region_name=region, endpoint_url=url, config=config)


@contextlib.contextmanager
def emulated_aws() -> Iterator[EmulatedAws]:
    """Run an emulated AWS in a process of its own, so that nothing of it is seen by other tests.

    While it runs, boto3 reads each of its models once, and not once a session: that is most of what a client costs.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        with patch.object(JSONFileLoader, "load_file", staticmethod(cache(JSONFileLoader().load_file))):
            yield EmulatedAws(f"http://127.0.0.1:{ours.recv()}", ours)
    finally:
        ours.close()
        process.terminate()
        process.join()
