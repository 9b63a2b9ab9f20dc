"""JSON documents of which all is sought once: thousands of endpoints and targets may have the same policy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec, TypeVar

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class JsonDocument(dict[str, Any]):
    """A JSON document that nobody changes."""

    __slots__ = ("_digest",)

    @property
    def digest(self) -> bytes:
        """What only documents have that are the same, in their order."""
        if not hasattr(self, "_digest"):
            self._digest = _digest_of(dict(self))
        return self._digest


def once(
    answer: Callable[Concatenate[object, _Asked], _Answer],
) -> Callable[Concatenate[object, _Asked], _Answer]:
    """Return a function of a document that is asked once of what is the same."""
    known: dict[bytes, _Answer] = {}

    @wraps(answer)
    def found(document: object, /, *asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        key = document.digest if isinstance(document, JsonDocument) else _digest_of(document)
        if asked or named:
            key = _digest_of((key, asked, named))
        if key not in known:
            known[key] = answer(document, *asked, **named)
        return known[key]

    return found


def _digest_of(value: object) -> bytes:
    return sha256(repr(value).encode(errors="surrogatepass")).digest()
