"""AWS's answers as the cases of `tests/` have them: what a later file has takes the place of the same in an earlier.

The tool refuses one object that two files describe in two ways; a case has only what differs from its folder's estate.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from generator.live import estate
from generator.live.answer_fields import table
from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS
from generator.live.filling import Level, fill
from generator.live.locate import locate
from generator.live.match import match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.intent.intent import Intent
    from generator.live.answer_fields import Field
    from generator.live.estate import AwsObject, Estate
    from generator.live.locate import Located

_SINGLES = {*ATTRIBUTES, ACCOUNT}


def matched(
    intent: Intent,
    there: Estate,
    inputs: Mapping[str, tuple[str, ...]] | None = None,
    applied: Mapping[str, AwsObject] | None = None,
) -> Located:
    """Return a spec alone as commands take it, with the live endpoint that each of its endpoints is."""
    return match([replace(locate(intent, there, inputs), applied=applied)])[0]


def documents(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON documents of a text, one after the other."""
    decoder, position = json.JSONDecoder(), 0
    while rest := text[position:].lstrip():
        document, position = decoder.raw_decode(text, len(text) - len(rest))
        yield document


def overlaid(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the files, each without what a later one has too."""
    seen: set[tuple[object, ...]] = set()
    files = []
    for name, text in reversed(list(texts)):
        answers = list(documents(text))
        kept = [left for answer in answers if (left := _without(answer, seen))]
        seen |= {key for answer in answers for key in _keys(answer)}
        files.append((name, "\n".join(map(json.dumps, kept))))
    return files[::-1]


def _without(answer: dict[str, Any], seen: set[tuple[object, ...]]) -> dict[str, Any]:
    left = dict(answer)
    for kind in answer.keys() & KINDS.keys():
        left[kind] = [each for each in answer[kind] if (kind, each.get(KINDS[kind][0])) not in seen]
    is_again = any((single, answer.get("VpcId")) in seen for single in answer.keys() & _SINGLES)
    return {} if is_again else left


def _keys(answer: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for kind in answer.keys() & KINDS.keys():
        yield from ((kind, each.get(KINDS[kind][0])) for each in answer[kind])
    yield from ((single, answer.get("VpcId")) for single in answer.keys() & _SINGLES)


_USUAL = {
    "id": "x-0a1b2c3d",
    "account": "111122223333",
    "text": "some",
    "code": "L-29",
    "protocol": "-1",
    "cidr": "10.0.0.0/16",
    "address": "10.0.0.9",
    "flag": False,
    "count": 443,
    "size": 251,
    "IpAddressType": "ipv4",
    "DnsRecordIpType": "ipv4",
    "PolicyDocument": '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}',
}
"""By the field, or else by its type."""


def whole(kind: str, *objects: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with objects that have all that AWS always sends, where they do not state it."""
    return {kind: [_whole(each, table()[kind]) for each in objects]}


def of(answers: Iterable[dict[str, Any]], region: str) -> Estate:
    """Return the estate of answers whose objects lack what no test needs, with all that AWS sends and leaves out."""
    made = [
        {kind: whole(kind, *each[kind])[kind] if kind in KINDS else each[kind] for kind in each} for each in answers
    ]
    for kind, objects in (item for each in made for item in each.items() if item[0] in KINDS):
        for found in objects:
            _ = [*fill(found, table(is_live=True)[kind])]  # what is wrong is the gate's affair
    return estate.of(made, region)


def _whole(stated: dict[str, Any], fields: Mapping[str, Field], above: Level | None = None) -> dict[str, Any]:
    found = dict(stated) if isinstance(stated, dict) else {}
    level = Level([found], above, owners=[0])
    for name, row in fields.items():
        if name in found and row.fields:
            within = found[name] if row.is_list else [found[name]]
            filled = [_whole(each, row.fields, level) for each in within]
            found[name] = filled if row.is_list else filled[0]
        elif name not in found and level.requires(row) == [True]:
            usual = _USUAL.get(name, _USUAL.get(row.type))
            found[name] = [] if row.is_list else _whole({}, row.fields, level) if row.type == "object" else usual
    return found
