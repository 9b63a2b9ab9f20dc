"""An AWS that serves recorded answers in the forms of its APIs, by botocore's own model of them."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from xml.etree import ElementTree as ET

import botocore.session

from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.worlds import Answers

_OPERATIONS = {"".join(map(str.title, command.split()[2].split("-"))): kind for kind, (_, command) in KINDS.items()}


@cache
def _ec2() -> Any:
    return botocore.session.get_session().get_service_model("ec2")


def element(tag: str, value: Any, shape: Any) -> ET.Element:
    """Return a value of an answer as EC2 writes it."""
    made = ET.Element(tag)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                made.append(element(member.serialization.get("name", name), value[name], member))
    elif shape.type_name == "list":
        made.extend(element("item", each, shape.member) for each in value)
    else:
        made.text = str(value).lower() if isinstance(value, bool) else str(value)
    return made


def bodies(answers: Answers) -> dict[str, ET.Element | dict[str, Any]]:
    """Return what is answered to each request that has a text in it: the longer texts first."""
    found: dict[str, ET.Element | dict[str, Any]] = {"ListServiceQuotas": {"Quotas": []}}
    for kind in _OPERATIONS.values():
        found |= _body({kind: [each for answer in answers for each in answer.get(kind, ())]})
    for answer in answers:
        if ACCOUNT in answer or answer.keys() & ATTRIBUTES.keys():
            found |= _body(answer)
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _body(answer: dict[str, Any]) -> dict[str, ET.Element | dict[str, Any]]:
    for attribute, name in ATTRIBUTES.items():
        if attribute in answer:
            shape = _ec2().operation_model("DescribeVpcAttribute").output_shape
            return {f"Attribute={name}": element("DescribeVpcAttributeResponse", answer, shape)}
    if ACCOUNT in answer:
        caller = ET.Element("GetCallerIdentityResponse")
        ET.SubElement(ET.SubElement(caller, "GetCallerIdentityResult"), ACCOUNT).text = answer[ACCOUNT]
        return {"Action=GetCallerIdentity": caller}
    if "Quotas" in answer:
        return {"/quotas": answer}
    if "HostedZoneSummaries" in answer:
        zones = ET.Element("ListHostedZonesByVPCResponse")
        summaries = ET.SubElement(zones, "HostedZoneSummaries")
        for zone in answer["HostedZoneSummaries"]:
            each = ET.SubElement(summaries, "HostedZoneSummary")
            for name in ("HostedZoneId", "Name"):
                ET.SubElement(each, name).text = zone[name]
        return {"hostedzonesbyvpc": zones}
    operation = next(name for name, kind in _OPERATIONS.items() if kind in answer)
    operation = re.sub("Vpcs$|Vpc(?=[A-Z])", lambda found: found[0], operation)
    return {f"Action={operation}&": element("R", answer, _ec2().operation_model(operation).output_shape)}


class _Handler(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True
    answer: ClassVar[Callable[[str], tuple[int, bytes]]]

    def do_POST(self) -> None:
        """Answer a query; that of Service Quotas has its name in a header."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer("/quotas" if "X-Amz-Target" in self.headers else f"{asked}&")

    def do_GET(self) -> None:
        """Answer a request that is all path."""
        self._answer(self.path)

    def _answer(self, asked: str) -> None:
        status, body = type(self).answer(asked)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def serving(answer: Callable[[str], tuple[int, bytes]]) -> Iterator[str]:
    """Serve what a function answers to the text of a request; yields the URL."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def as_bytes(body: ET.Element | dict[str, Any]) -> bytes:
    """Return a body as it is sent."""
    return json.dumps(body).encode() if isinstance(body, dict) else ET.tostring(body)
