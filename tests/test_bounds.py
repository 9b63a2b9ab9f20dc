"""An AWS whose answers have no end is not read for ever: each call says so, and what it asked for is not known."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, cycle, repeat
from threading import Event
from typing import TYPE_CHECKING

import pytest

from generator.live.aws import bounds, reading
from generator.live.aws.client import NOT_AWS, Access, explained
from generator.live.estate import KINDS
from generator.source.diagnostics import Refused
from tests.served import as_bytes, bodies, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

REGION = "eu-west-1"
ARGUMENTS = {"HostedZoneSummaries": {"VPCId": "vpc-1", "VPCRegion": REGION}, "Quotas": {"ServiceCode": "vpc"}}
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "s"), ("EC2_METADATA_DISABLED", "true")):
        monkeypatch.setenv(f"AWS_{name}", value)


def _paged(tokens: Iterable[str], padding: int = 0) -> Callable[[str], tuple[int, bytes]]:
    """Return an AWS that has nothing of a kind, page after page."""
    empty = {key: as_bytes(body).decode() for kind in KINDS for key, body in bodies([{kind: []}]).items()}
    more = iter(tokens)

    def answer(asked: str) -> tuple[int, bytes]:
        key = max((key for key in empty if key in asked), key=len)
        body, token = empty[key] + " " * padding, next(more)
        name = "NextToken" if "hostedzones" in key else "nextToken"
        body = body.replace("[]}", f'[], "NextToken": "{token}"}}').replace(" />", f" /><{name}>{token}</{name}>")
        return 200, body.encode()

    return answer


def _said(url: str, kind: str) -> str:
    with pytest.raises(Refused) as refused:
        reading.read_all(Access(region=REGION, endpoint_url=url), kind, **ARGUMENTS.get(kind, {}))
    (finding,) = refused.value.diagnostics
    assert (finding.code, finding.place.file, finding.fix) == ("E278", f"AWS {REGION}", NOT_AWS)
    return finding.message


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (repeat("again"), "the answer has no end: its pages name the same next page twice"),
        (cycle("abc"), "the answer has no end: its pages name the same next page twice"),
        (map(str, count()), "the answer has more than 9 pages"),
    ],
    ids=["same", "round", "new"],
)
def test_pages_have_an_end(kind: str, tokens: Iterator[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever they name as the next one."""
    monkeypatch.setattr(bounds, "MOST_PAGES", 9)
    with serving(_paged(tokens)) as url:
        assert _said(url, kind) == said


def test_pages_are_as_large_as_a_file_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no later than a call may take."""
    monkeypatch.setattr(bounds, "LARGEST_PRINTED", 2**20)
    with serving(_paged(map(str, count()), 2**18)) as url:
        assert _said(url, "Subnets") == "the answer is larger than 1 MiB"
        monkeypatch.setattr(bounds, "LONGEST_CALL", 0.0)
        assert _said(url, "Subnets") == "the answer has more pages than come in 0 s"


def test_what_has_no_end_is_not_known() -> None:
    """Where a command can do without, it goes on, and says why."""
    vpcs = as_bytes(bodies([{"Vpcs": []}])["Action=DescribeVpcs&"])
    paged = _paged(repeat("again"))
    with serving(lambda asked: (200, vpcs) if "DescribeVpcs&" in asked else paged(asked)) as url:
        access = Access(region=REGION, endpoint_url=url)
        found = reading.read(access, [], lambda _: ["vpc-1"], optional=["Quotas", "HostedZoneSummaries"])

    assert [kind for kind in KINDS if found.knows(kind)] == ["Vpcs"]
    assert [each.message.partition(":")[0] for each in found.refused.values()] == ["the answer has no end"] * 2


@pytest.fixture
def sending() -> Iterator[Callable[[bytes, bytes, float], str]]:
    """Return what serves bytes that never end, to all who ask, and returns the URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor() as threads:
        is_over = Event()

        def send(head: bytes, each: bytes, pause: float) -> None:
            with suppress(OSError), listening.accept()[0] as asking:
                asking.recv(2**16)
                asking.sendall(head)
                while not is_over.wait(pause):
                    asking.sendall(each)

        def start(head: bytes, each: bytes, pause: float) -> str:
            threads.submit(send, head, each, pause)
            return f"http://127.0.0.1:{listening.getsockname()[1]}"

        yield start
        is_over.set()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ((HEAD, b"10000\r\n" + b" " * 2**16 + b"\r\n", 0), "is larger than 2 MiB"),
        ((HEAD.replace(b"200 OK", b"403 No"), b"1000\r\n" + b"<" * 2**12 + b"\r\n", 0), "is larger than 2 MiB"),
        ((HEAD, b"1\r\n \r\n", 0.05), "took more than 0.5 s"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ", 0.05), "took more than 0.5 s"),
        ((b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.05), "took more than 0.5 s"),
    ],
    ids=["flood", "refusal", "chunks", "bytes", "headers"],
)
@pytest.mark.parametrize(
    "asked",
    [
        ("ec2", "describe_vpcs", {}),
        ("ec2", "describe_vpc_attribute", {"VpcId": "vpc-1", "Attribute": "enableDnsSupport"}),
        ("route53", "list_hosted_zones_by_vpc", ARGUMENTS["HostedZoneSummaries"]),
        ("service-quotas", "list_service_quotas", ARGUMENTS["Quotas"]),
        ("sts", "get_caller_identity", {}),
    ],
    ids=lambda asked: asked[1],
)
def test_an_answer_has_an_end(
    sent: tuple[bytes, bytes, float],
    said: str,
    asked: tuple[str, str, dict[str, str]],
    sending: Callable[[bytes, bytes, float], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In size and in time, whatever is asked, and is not asked for again."""
    monkeypatch.setattr(bounds, "LARGEST_PRINTED", 2 * 2**20)
    monkeypatch.setattr(bounds, "LONGEST_ANSWER", 0.5 if sent[2] else 60.0)
    access, (service, call, arguments) = Access(region=REGION, endpoint_url=sending(*sent)), asked
    with pytest.raises(Refused, match=f"E278 the answer {said}"), explained(access, "a:Call"):
        getattr(access.client(service), call)(**arguments)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a/>" * 50, "has more text, lists, objects and values than 300 MiB of memory hold"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares entities of XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16").decode("latin-1"), "declares entities of XML"),
    ],
    ids=["elements", "entities", "utf-16"],
)
def test_what_takes_much_more_memory_than_it_is_long_is_not_read(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a file; what all pages of a call say counts together."""
    monkeypatch.setattr(bounds, "HEAVIEST", 5_000)
    with serving(lambda _: (200, text.encode("latin-1"))) as url:
        assert _said(url, "Subnets").startswith(f"the answer {said}")
    with serving(_paged(map(str, count()))) as url:
        assert _said(url, "Subnets").startswith("the answer has more text, lists, objects and values")
