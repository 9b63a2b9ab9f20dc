"""Whether the condition of a statement holds for the requests that come through an endpoint, as far as that is known.

Operators: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
Keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (both checked 2026-11-28)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from ipaddress import collapse_addresses, ip_network
from itertools import chain, product
from typing import Any, NamedTuple

from generator.intent.iam_pattern import Answer, covers
from generator.source.frozen import frozen
from generator.source.region import REGION_NAME
from generator.spec.policy_text import Known, as_text, parts

ANY_ADDRESS = ("0.0.0.0/0", "::/0")
MODULE_VPC = "<the module's VPC>"
"""What `{vpc: true}` is: no input of a module has such a name."""
_OF_CALLERS = ("aws:principal", "aws:resource")
_AROUND = re.compile(r"(forallvalues:|foranyvalue:)?(.*?)(ifexists)?")
_COMPARED = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"})


class _Test(NamedTuple):
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
    account: str = ""
    is_worst: bool = False
    """Whether what is not known of conditions is taken to be met of each deny, and of no allow."""

    def each_of(self, conditions: Iterable[object]) -> Iterator[Request]:
        """Yield what requests may be, by each value of what the conditions tell apart and is not known.

        It is each that is named, one that is none of them, and none. In the worst case they are as they are.
        """
        values, several = defaultdict[str, dict[str | None, None]](dict), set[str]()
        for test in () if self.is_worst else chain.from_iterable(map(_tests, conditions)):
            values[test.key] |= dict.fromkeys(test.values)
            several |= {test.key} if test.operator.startswith("for") or self._had(test) is not None else set()
        unknown = [key for key, named in values.items() if key not in several and None not in named]
        ways = [[(), ("\0",), *((str(each),) for each in values[key])] for key in unknown]
        for way in product(*ways):
            yield replace(self, context={**self.context, **dict(zip(unknown, way, strict=True))})

    def meets(self, condition: object, effect: str) -> Answer:
        """Tell whether they meet a condition: each of its tests, by one of the values.

        In the worst case it is met or not as is worst, but for what tells callers apart.
        """
        found = {test: self._answers(test) for test in _tests(condition)}
        least = min(map(_of_all, found.values()), default=Answer.YES)
        if least is not Answer.MAYBE or not self.is_worst:
            return least
        passes = Answer.YES if effect == "Allow" else Answer.NO
        unsure = {test: answers for test, answers in found.items() if _of_all(answers) is Answer.MAYBE}
        apart = (passes in answers or _tells_apart(test, effect) for test, answers in unsure.items())
        is_apart = all(apart) if effect == "Allow" else any(apart)
        return Answer.MAYBE if is_apart else Answer(Answer.YES - passes)

    def _answers(self, test: _Test) -> set[Answer]:
        """Return whether a test holds, for each of what they may have of its key."""
        found = _AROUND.fullmatch(test.operator)
        several, operator, if_exists = found.groups(default="") if found else ("", "", "")
        plain, had = operator.replace("not", ""), self._had(test)
        if had is not None and operator == "null":
            return {Answer.YES if str(not had).lower() in test.values else Answer.NO}
        if had is None or plain not in _COMPARED:
            return {Answer.MAYBE}
        if not had:
            is_met = bool(if_exists) or several == "forallvalues:" or (plain != operator and not several)
            return {Answer.YES if is_met else Answer.NO}
        values = [self.context.get(str(each), (each,))[0] for each in test.values]
        answers = {_compared(plain, each, values) for each in had}
        return answers if plain == operator else {Answer(Answer.YES - each) for each in answers}

    def _had(self, test: _Test) -> tuple[str, ...] | None:
        """Return what they may have of the key; of another account than its owner's an endpoint may have callers."""
        if test.key == "aws:principalarn" and self.account and self.is_worst:
            partitions = {str(each).split(":")[1] for each in test.values if str(each).startswith("arn:")} or {"aws"}
            return tuple(f"arn:{each}:iam::{self.account}:*" for each in sorted(partitions))
        if test.key == "aws:principalaccount" and self.account:
            return (self.account,) if self.is_worst or self.account in test.values else None
        return self.context.get(test.key)


def _of_all(answers: set[Answer]) -> Answer:
    return next(iter(answers)) if len(answers) == 1 else Answer.MAYBE


def _tells_apart(test: _Test, effect: str) -> bool:
    """Tell whether a test is of who calls for what, and how, so that some pass: all of an allow, one of a deny."""
    values = {str(each).lower() for each in test.values}
    if test.key == "aws:securetransport":
        return values == {"true" if effect == "Allow" else "false"}
    is_of_callers = test.key.startswith(_OF_CALLERS) and test.key != "aws:principalisawsservice"  # none in a VPC is
    return is_of_callers and all(value.strip("*") for value in values)


def through(*, endpoint: str, vpc: str, service: str, addresses: tuple[str, ...] = ANY_ADDRESS) -> dict[str, Any]:
    """Return the context of requests through an endpoint; its service's name has the Region that they are for.

    `addresses` are the blocks from which they come. No request through an endpoint has `aws:SourceIp`.
    """
    region = re.search(rf"\.({REGION_NAME})\.", service)
    return {
        "aws:sourcevpce": (endpoint,),
        "aws:sourcevpc": (vpc,),
        MODULE_VPC: (vpc,),
        "aws:sourceip": (),
        "aws:vpcsourceip": addresses,
        **({"aws:requestedregion": (region[1],)} if region else {}),
    }


def _tests(condition: object) -> Iterator[_Test]:
    """Yield the tests of a condition; what has not the form of one may be any."""
    operators: dict[Any, Any] = condition if isinstance(condition, dict) else {"": condition} if condition else {}
    for operator, keys in operators.items():
        for key, value in keys.items() if isinstance(keys, dict) and keys else [("", None)]:
            values = value if isinstance(value, list) else [value]
            yield _Test(str(operator).casefold(), str(key).casefold(), tuple(map(_text, values)))


def _text(value: object) -> str | None:
    if isinstance(value, bool | int):
        return str(value).lower()
    return MODULE_VPC if parts(value) == (Known("vpc"),) else as_text(value)


def _compared(operator: str, had: str, values: list[str | None]) -> Answer:
    """Tell whether what a request has, or all that it may have, is one of the values."""
    if operator == "ipaddress":
        return _is_in(had, values)
    return max((_is(operator, had, value) for value in values), default=Answer.NO)


def _is(operator: str, had: str, value: str | None) -> Answer:
    if value is None or "<" in f"{had}{value}":  # what Terraform alone knows
        return Answer.YES if value == had else Answer.MAYBE
    if operator == "stringequalsignorecase":
        had, value = had.casefold(), value.casefold()
    is_pattern = bool(re.search(r"[*?]", re.sub(r"\$\{[^}]*\}", "", value)))
    return Answer.NO if is_pattern and "equals" in operator and "arn" not in operator else covers(value, had)


def _is_in(had: str, values: list[str | None]) -> Answer:
    try:
        own: Any = ip_network(had)
        blocks: list[Any] = [ip_network(str(each), strict=False) for each in values]
    except ValueError:
        return Answer.MAYBE
    same = [*collapse_addresses(each for each in blocks if each.version == own.version)]
    if any(own.subnet_of(each) for each in same):
        return Answer.YES
    return Answer.MAYBE if any(own.overlaps(each) for each in same) else Answer.NO
