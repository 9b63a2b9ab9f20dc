"""Whether the condition of a statement holds for the requests that come through an endpoint, as far as that is known.

Operators: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
Keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (both checked 2026-11-28)
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import UTC, date, datetime
from functools import cache
from ipaddress import collapse_addresses, ip_network
from itertools import pairwise
from math import isfinite
from typing import Any, NamedTuple

from generator.intent.iam_pattern import Answer, covers
from generator.source.frozen import frozen
from generator.source.region import REGION_NAME
from generator.spec.policy_text import Known, as_text, parts

ANY_ADDRESS = ("0.0.0.0/0", "::/0")
MODULE_VPC = "<the module's VPC>"
"""What `{vpc: true}` is: no input of a module has such a name."""
_AROUND = re.compile(r"(forallvalues:|foranyvalue:)?(.*?)(ifexists)?")
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "equals": operator.eq,
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
}
_ORDERED = {f"{kind}{order}": compare for kind in ("numeric", "date") for order, compare in _ORDERS.items()}
_COMPARED = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress", "bool", *_ORDERED}
)
_DAY = re.compile(r"<(\d{4}-\d\d-\d\d)>")
"""Some time of a day, in UTC: a name and no pattern."""
_SECONDS_OF_DAY = 86400


class Test(NamedTuple):
    """One test of a condition, its operator and key in small letters; a value that is not known is None."""

    operator: str
    key: str
    values: tuple[str | None, ...]


@frozen(kw_only=True)
class Request:
    """What is known of requests; of an `account`, anybody is one of it."""

    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What each may have of a key, which is in small letters: one of these texts, in which `*` is any, or of blocks.

    No text: none has the key. `MODULE_VPC` has the text in place of which policies of a spec have it.
    """
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What none of them has of a key, though it may be any other text."""
    account: str = ""

    def meets(self, condition: object) -> Answer:
        """Tell whether they meet a condition: each of its tests, by one of the values."""
        return min((self._answer(test) for test in tests(condition)), default=Answer.YES)

    def _answer(self, test: Test) -> Answer:
        """Tell whether a test holds for what they may have of its key."""
        had = self.context.get(test.key)
        if test.key == "aws:principalaccount" and self.account in test.values:
            had = (self.account,)
        if had is None:
            return Answer.MAYBE
        answers = {self.holds(test, (each,)) for each in had} or {self.holds(test, ())}
        return answers.pop() if len(answers) == 1 else Answer.MAYBE

    def holds(self, test: Test, had: tuple[str, ...]) -> Answer:
        """Tell whether a test holds for all that one request has of its key."""
        found = _AROUND.fullmatch(test.operator)
        several, compared, if_exists = found.groups(default="") if found else ("", "", "")
        plain = compared.replace("not", "")
        if compared == "null":
            return Answer.YES if str(not had).lower() in test.values else Answer.NO
        if plain not in _COMPARED:
            return Answer.MAYBE
        if not had:
            is_met = bool(if_exists) or several == "forallvalues:" or (plain != compared and not several)
            return Answer.YES if is_met else Answer.NO
        values = test.values
        if MODULE_VPC in values:
            own = had if test.key == "aws:sourcevpc" else self.context.get(MODULE_VPC, (MODULE_VPC,))
            values = tuple(own[0] if each == MODULE_VPC else each for each in values)
        if others := self.others.get(test.key):
            values = tuple(each for each in values if each not in others)
        answers = [_compared(plain, each, values) for each in had]
        if plain != compared:
            answers = [Answer(Answer.YES - each) for each in answers]
        return min(answers) if several == "forallvalues:" else max(answers)


def through(
    *, endpoint: str, vpc: str, service: str, addresses: tuple[str, ...] = ANY_ADDRESS, day: date | None = None
) -> dict[str, Any]:
    """Return the context of requests through an endpoint; its service's name has the Region that they are for.

    `addresses` are the blocks from which they come, and `day` is when. No request through an endpoint has
    `aws:SourceIp`.
    """
    region = re.search(rf"\.({REGION_NAME})\.", service)
    times = ("aws:currenttime", "aws:epochtime") if day else ()
    return {
        "aws:sourcevpce": (endpoint,),
        "aws:sourcevpc": (vpc,),
        MODULE_VPC: (vpc,),
        "aws:sourceip": (),
        "aws:vpcsourceip": addresses,
        **dict.fromkeys(times, (f"<{day}>",)),
        **({"aws:requestedregion": (region[1],)} if region else {}),
    }


def tests(condition: object) -> Iterator[Test]:
    """Yield the tests of a condition; what has not the form of one may be any."""
    operators: dict[Any, Any] = condition if isinstance(condition, dict) else {"": condition} if condition else {}
    for name, keys in operators.items():
        for key, value in keys.items() if isinstance(keys, dict) and keys else [("", None)]:
            values = value if isinstance(value, list) else [value]
            yield Test(str(name).casefold(), str(key).casefold(), tuple(map(_text, values)))


def _text(value: object) -> str | None:
    return MODULE_VPC if parts(value) == (Known("vpc"),) else as_text(value)


def _compared(way: str, had: str, values: tuple[str | None, ...]) -> Answer:
    """Tell whether what a request has, or all that it may have, is one of the values."""
    if way == "ipaddress":
        return _is_in(had, values)
    if way in _ORDERED:
        return max((_is_so(way, had, value) for value in values), default=Answer.NO)
    if way == "bool" and had not in {"true", "false"}:
        return Answer.MAYBE
    return max((_is(way, had, value) for value in values), default=Answer.NO)


def _is(way: str, had: str, value: str | None) -> Answer:
    if value is None or "<" in f"{had}{value}":  # what Terraform alone knows
        return Answer.YES if value == had else Answer.MAYBE
    if way in {"stringequalsignorecase", "bool"}:
        had, value = had.casefold(), value.casefold()
    is_pattern = bool(re.search(r"[*?]", re.sub(r"\$\{[^{}]*+\}", "", value)))
    return Answer.NO if is_pattern and "equals" in way and "arn" not in way else covers(value, had)


def _is_so(way: str, had: str, value: str | None) -> Answer:
    read = _seconds if way.startswith("date") else float
    try:
        own, other = _seconds(had) if _DAY.fullmatch(had) else read(had), read(value or "")
    except (ValueError, OverflowError):  # what is no number or time here is not known
        return Answer.MAYBE
    if _DAY.fullmatch(had) and 0 <= other - own <= _SECONDS_OF_DAY:
        return Answer.MAYBE
    return Answer.YES if _ORDERED[way](own, other) else Answer.NO


def _seconds(text: str) -> float:
    """Return when a text says it is, or a day begins, in seconds since 1970; ValueError where it is no time."""
    if re.fullmatch(r"\d{9,}", text):
        return float(text)
    found = datetime.fromisoformat(_DAY.sub(r"\1", text) if "-" in text else "")  # fewer digits may be a day or seconds
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _is_in(had: str, values: tuple[str | None, ...]) -> Answer:
    own, blocks = _block(had), _blocks(values)
    if own is None or blocks is None:
        return Answer.MAYBE
    same = blocks[own.version]
    # They are in order and apart: only the last that begins before `own` ends may reach into it, or have it whole.
    at = bisect_right(same, own.broadcast_address, key=lambda each: each.network_address)
    if not at or not own.overlaps(same[at - 1]):
        return Answer.NO
    return Answer.YES if own.subnet_of(same[at - 1]) else Answer.MAYBE


@cache
def _block(text: str | None, *, strict: bool = True) -> Any:
    try:
        return ip_network(str(text), strict=strict)
    except ValueError:
        return None


@cache
def _blocks(values: tuple[str | None, ...]) -> dict[int, list[Any]] | None:
    """Return blocks by their version, in order, none within another; None where one is not known."""
    found = [_block(each, strict=False) for each in values]
    if None in found:
        return None
    return {version: [*collapse_addresses(each for each in found if each.version == version)] for version in (4, 6)}


def numbers(named: Iterable[Test]) -> tuple[str, ...]:
    """Return numbers from 0 on of which one of each kind is or is not what tests compare with, in order."""
    found = set[float]()
    for text in (text for test in named if "numeric" in test.operator for text in test.values):
        with suppress(ValueError):
            found.add(float(text or ""))
    listed = sorted(each for each in found if isfinite(each))
    between = [(low + high) / 2 for low, high in pairwise(listed)]
    near = (*listed, *between, *(at + by for at in (*listed[:1], *listed[-1:]) for by in (-1, 1)))
    return tuple(f"{each:.15g}" for each in sorted({*near}) if each >= 0)


def edges(blocks: tuple[str, ...], tested: Iterable[str | None]) -> tuple[str, ...]:
    """Return addresses of some blocks, of which one of each kind is or is not in the blocks that tests name."""
    inside = [block for each in blocks if (block := _block(each, strict=False))]
    found = [*inside, *(block for each in tested if (block := _block(each, strict=False)))]
    near = [each[at] + by for each in found for at, by in ((0, 0), (-1, 0), (0, -1), (-1, 1)) if _exists(each, at, by)]
    return tuple(dict.fromkeys(str(each) for each in near if any(each in block for block in inside)))


def _exists(block: Any, at: int, by: int) -> bool:
    return bool(0 <= int(block[at]) + by < 1 << block.max_prefixlen)
