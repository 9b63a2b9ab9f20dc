"""What requests have of each key that the conditions and principals of a policy are about, one of each kind."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

from generator.intent.iam_condition import ANY_ADDRESS, DIRECT, Request, Test, edges, numbers
from generator.intent.iam_pattern import Tries, covers, kinds
from generator.intent.iam_principal import CALLER, account_of

Had = tuple[str, ...] | None
"""What a request has of a key; None where that is not known."""
ACCOUNT = "aws:principalaccount"
_ADDRESS = "aws:vpcsourceip"
_CHOSEN = re.compile(
    r"aws:(principal(arn|account|orgid|orgpaths|type|servicename|servicenameslist|tag/.+)"
    r"|resource(account|orgid|orgpaths|tag/.+)|userid|username)"
    r"|ec2:(roledelivery|sourceinstancearn)|glue:(roleassumedby|credentialissuingservice)|lambda:sourcefunctionarn"
    r"|codebuild:(buildarn|projectarn)|ssm:sourceinstancearn|identitystore:userid"
)
"""The keys of which callers have or give any value, beside a service's own: what AWS lists of who asks, and for what.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (checked 2026-11-28)
"""
_ORGANIZATION, _PATH, _ACCOUNT_ID = "o-?*", "o-?*/r-?*/", "?" * 12
_FORMS = {
    "aws:resourceaccount": _ACCOUNT_ID,
    **dict.fromkeys(("aws:principalorgid", "aws:resourceorgid"), _ORGANIZATION),
    **dict.fromkeys(("aws:principalorgpaths", "aws:resourceorgpaths"), _PATH),
}
"""What all values of a key are within, as the ids of organizations and accounts are."""
_SEVERAL = re.compile(r"aws:(tagkeys|calledvia|principalservicenameslist|(principal|resource|vpce|source)orgpaths)")
"""The keys of AWS that may have several values at once."""
_MOST_VALUES, _MOST_READ = 6, 60_000


class Search(NamedTuple):
    """Whether a request is to be a sure one, with what the keys of its service begin, and how much may be tried."""

    sure: bool
    services: frozenset[str]
    tries: Tries

    def is_chosen(self, key: str) -> bool:
        """Tell whether callers have or give any value of a key; of STS so are those of identity providers."""
        service = key.partition(":")[0]
        is_provider = "sts" in self.services and ("." in service or service == "saml")
        return service in self.services or is_provider or bool(_CHOSEN.fullmatch(key))


def key_of(test: Test) -> str:
    """Return the key of a test; of its account a caller's ARN tells."""
    return CALLER if test.key == ACCOUNT else test.key


def read(key: str, had: Had) -> Had:
    """Return what a request has of a key, of its account what its caller's ARN has."""
    return (account_of(had),) if key == ACCOUNT and had else had


def values_of(key: str, every: list[Test], request: Request, search: Search) -> list[Had]:
    """Return what requests have of a key, one of each kind that the tests of all statements tell apart."""
    named = [test for test in every if key_of(test) == key]
    if key in request.context:
        return _known(key, request.context[key], named, sure=search.sure)
    if key == CALLER:
        return _callers(named, request, search)
    if search.sure and (key in DIRECT or not search.is_chosen(key)):
        return [(each,) for each in DIRECT.get(key, ())] or [None]
    found = _texts(named, search, _FORMS.get(key, "?*") if search.sure else "?*")
    if found is None:
        return [None]
    is_set = any(test.operator.startswith("for") for test in named) and (key[:4] != "aws:" or _SEVERAL.fullmatch(key))
    sizes = range(2, len(found) + 1 if is_set else 2)
    several: list[Had] = (
        [each for size in sizes for each in combinations(found, size)] if len(found) <= _MOST_VALUES else [None]
    )
    return [*((each,) for each in found), (), *(several if is_set else ())]


def _texts(named: list[Test], search: Search, within: str) -> list[str] | None:
    """Return texts of which one of each kind is or is not what tests compare with; None where these are too many."""
    listed = {text for test in named for text in test.values if text is not None and test.operator != "null"}
    counted = numbers(named)
    if counted and all(re.search("numeric|null", test.operator) for test in named):
        return [*counted]
    found = kinds(within, frozenset(listed), search.tries)
    extra = {text.swapcase() for text in listed} if any("ignorecase" in test.operator for test in named) else set()
    extra |= {"true", "false"} if any("bool" in test.operator for test in named) else set()
    extra |= {*counted}
    extra = {text for text in extra if covers(within, text)} | (set() if search.sure else listed & {""})
    if found and within == _ACCOUNT_ID:
        found = tuple(text for text in found if text not in listed or text.isdigit())
    is_much = found is None or len(found) * len(listed) > _MOST_READ
    return None if is_much else [*dict.fromkeys((*(found or ()), *sorted(extra)))]


def _known(key: str, had: tuple[str, ...], named: list[Test], *, sure: bool) -> list[Had]:
    """Return what is known: of addresses the VPC's blocks; that may be any of what a test tells apart."""
    if key == _ADDRESS and sure:
        had = tuple(each for each in had if each not in ANY_ADDRESS) or had
    elif key == _ADDRESS:
        had = edges(had, [each for test in named for each in test.values]) or had
    return [(each,) for each in had] or [()]


def _callers(named: list[Test], request: Request, search: Search) -> list[Had]:
    """Return ARNs of callers, of each account and partition that is named or that of the endpoint."""
    listed = {str(text) for test in named for text in test.values if test.operator != "null"}
    arns = frozenset(each for each in listed if each.startswith("arn:"))
    if (accounts := _texts([test for test in named if test.key == ACCOUNT], search, "?*")) is None:
        return [None]
    accounts += [found[2] for each in listed if (found := re.fullmatch(r"(arn:[^:]+:\w+::)?([0-9]{12})(:.*)?", each))]
    own = {request.account} if search.sure and request.account else {*accounts, "000000000000", request.account}
    partitions = sorted({part for each in arns if not re.search(r"[*?$]", part := each.split(":")[1])}) or ["aws"]
    forms = ("arn:{}:iam::{}:*",) if search.sure else ("arn:{}:iam::{}:*", "arn:{}:sts::{}:federated-user/*")
    reached = [
        kinds(form.format(part, each), arns, search.tries)
        for form in forms
        for part in partitions
        for each in sorted(own - {""})
    ]
    if None in reached:
        return [None]
    return [*((each,) for some in reached if some for each in some), *(() if search.sure else ((),))]
