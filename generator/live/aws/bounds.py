"""How much is read of what answers as AWS, and for how long: a server may send what has no end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing
from threading import Thread
from time import monotonic
from typing import Any, TypeAlias, cast

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError
from botocore.response import StreamingBody

from generator.source.frozen import frozen
from generator.source.printed import HEAVIEST, LARGEST_PRINTED, TOO_HEAVY, weight

LONGEST_ANSWER = 60.0
"""The seconds that one answer may take, with its headers: one that comes byte by byte is never silent."""
LONGEST_CALL = 300.0
"""The seconds after which no further page of a call is asked for."""
MOST_PAGES = 1_000
_CHUNK = 2**16
_SIZE = "BodySize"
_Send: TypeAlias = Callable[[AWSPreparedRequest], AWSResponse]


class EndlessAnswerError(BotoCoreError):
    """What answers goes on for longer than is waited for; botocore does not try it again."""

    fmt = "the answer {reason}"


class SlowAnswerError(EndlessAnswerError):
    """What answers takes too long."""


@frozen()
class _Body:
    """What AWSResponse reads the text of an answer from, with the errors that botocore raises for it."""

    raw: Any

    def stream(self) -> Iterator[bytes]:
        """Yield the text; raises EndlessAnswerError where it is larger than a file may be."""
        read, any_length = 0, cast("Any", None)
        with closing(self.raw):
            for chunk in StreamingBody(self.raw, any_length).iter_chunks(_CHUNK):
                read += len(chunk)
                _check(read)
                yield chunk


class _Handed(Future[AWSResponse]):
    """What a thread hands over: an answer, or what is raised in its `with`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.set_exception(error)
        return True


class _BoundedClient(BaseClient):
    """A base of each client's class; `creating-client-class`, boto3's way to extend one, brings it in.

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html
    """

    _endpoint: Any  # botocore has no event between the headers of an answer and its text, nor one for its session

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        """Make a client as botocore does."""
        super().__init__(*arguments, **keywords)
        session = self._endpoint.http_session
        session.send = _bounded(session.send)


def bound(session: boto3.Session) -> None:
    """Bound what the clients of a session read."""
    for event, handler in (("creating-client-class", _extend), ("after-call", _note_size)):
        session.events.register(event, handler, unique_id=f"gen-endpoints {event}")


def _extend(base_classes: list[type], **_: Any) -> None:
    base_classes.insert(0, _BoundedClient)


def _note_size(http_response: AWSResponse, parsed: dict[str, Any], **_: Any) -> None:
    parsed[_SIZE] = _size(http_response)


def pages(ask: Callable[..., Mapping[str, Any]], arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each page of what a call answers; raises EndlessAnswerError where they have no end."""
    start, size, heavy, tokens = monotonic(), 0, 0, dict[str, None]()
    more: dict[str, str] = {}
    while True:
        page = ask(**arguments, **more)
        size, heavy = size + page[_SIZE][0], heavy + page[_SIZE][1]
        _check(size, heavy)
        yield page
        if not (token := page.get("NextToken")):
            return
        if token in tokens:
            raise EndlessAnswerError(reason="has no end: its pages name the same next page twice")
        if len(tokens) + 1 >= MOST_PAGES:
            raise EndlessAnswerError(reason=f"has more than {MOST_PAGES:,} pages")
        if monotonic() - start > LONGEST_CALL:
            raise EndlessAnswerError(reason=f"has more pages than come in {LONGEST_CALL:g} s")
        tokens[token] = None
        more = {"NextToken": token}


def _size(answer: AWSResponse) -> tuple[int, int]:
    """Return how long the text of an answer is, and how much memory what it says takes."""
    return len(answer.content), weight(answer.content)


def _check(size: int, heavy: int = 0) -> None:
    if size > LARGEST_PRINTED:
        raise EndlessAnswerError(reason=f"is larger than {LARGEST_PRINTED >> 20} MiB")
    if heavy > HEAVIEST:
        raise EndlessAnswerError(reason=TOO_HEAVY)


def _bounded(send: _Send) -> _Send:
    """Return what sends a request, and ends in time: in a thread, since a timeout of a socket is one of each byte."""

    def read(request: AWSPreparedRequest, answer: _Handed) -> None:
        with answer:
            response = send(request)
            response.raw = _Body(response.raw)
            _check(*_size(response))  # which reads it here, in time
            if b"<!ENTITY" in response.content.replace(b"\0", b""):
                raise EndlessAnswerError(
                    reason="declares entities of XML, each of which may be a hundred times as long"
                )
            answer.set_result(response)

    def send_bounded(request: AWSPreparedRequest) -> AWSResponse:
        request.stream_output = True  # the text is for _Body to read
        answer = _Handed()
        Thread(target=read, args=(request, answer), daemon=True).start()
        try:
            return answer.result(LONGEST_ANSWER)
        except TimeoutError as error:
            raise SlowAnswerError(reason=f"took more than {LONGEST_ANSWER:g} s") from error

    return send_bounded
