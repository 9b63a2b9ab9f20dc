"""The objects of AWS's answers, each with the place and the path from which it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from generator.live.answer_fields import Path
from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS
from generator.source.diagnostics import Code, Place
from generator.source.frozen import frozen

CONTRADICTION = Code("E407")
_FEW = 32


@frozen(kw_only=True)
class Answer:
    """What AWS answered, and where that is from."""

    place: Place
    value: dict[str, Any]


class AnswerObject(NamedTuple):
    """One object of an answer, with its place and its path there; of what is no list, the id is that of its VPC."""

    place: Place
    path: Path
    kind: str
    value: dict[str, Any]
    id: str


def as_json_path(path: Path) -> str:
    """Return the JSON path of a value in an answer, as `$.SecurityGroups[3].IpPermissions`."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def lists(answers: Iterable[Answer], *kinds: str) -> Iterator[tuple[Answer, str, list[dict[str, Any]]]]:
    """Yield the objects of some kinds, or of all, as the answers list them: they may be half a million."""
    for answer in answers:
        for kind, value in answer.value.items():
            if kinds and kind not in kinds:
                continue
            if kind in KINDS:
                yield answer, kind, value
            elif kind in {ACCOUNT, *ATTRIBUTES}:
                yield answer, kind, [{key: answer.value[key] for key in (kind, "VpcId") if key in answer.value}]


def objects(answers: Iterable[Answer], *kinds: str) -> Iterator[AnswerObject]:
    """Yield the same objects, each with its path."""
    for answer, kind, several in lists(answers, *kinds):
        for index, each in enumerate(several):
            yield object_of(answer, kind, index, each)


def object_of(answer: Answer, kind: str, index: int, value: dict[str, Any]) -> AnswerObject:
    """Return an object of such a list with its path."""
    path = (kind, index) if kind in KINDS else (kind,)
    return AnswerObject(answer.place, path, kind, value, str(value.get(key_of(kind), "the caller")))


def key_of(kind: str) -> str:
    """Return the field that identifies objects of a kind; of what is no list, that with its VPC's id."""
    return KINDS[kind][0] if kind in KINDS else "VpcId"


def as_set(several: list[str], known: dict[int, Any]) -> Any:
    """Return what a list has as a set, made once for all that are sought in it; of few the list, which is as fast."""
    if len(several) < _FEW:
        return several
    return known[id(several)] if id(several) in known else known.setdefault(id(several), frozenset(several))
