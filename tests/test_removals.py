"""Unknown stays unknown: of answers that have lost something, nothing is said that was not said of the whole ones.

For answers A and A with one key, element or page removed, each finding of the second is one of the first, or says that
it is not told; exits 0 and 4 never become each other, and 1 becomes 0 only where something is not told. That holds
for each key. An element that no other answer names
can't be missed: A without it is, to the letter, what AWS says of something smaller. Those are in SMALLER, each with why
nothing tells, and of them what is said anew is about what lost the element, or the endpoints that use it.
`make mutations` removes everything, the tests a sample.
"""

from __future__ import annotations

import copy
import json
import re
from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from generator.live.estate import KINDS, name
from tests.removals import BUG, Case, Finding, Said, cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path = tuple[str | int, ...]
REFUSALS = {"E401", "E405", "E406", "E407", "E414"}
"""Of which a refusal has one, whatever else it tells."""
SMALLER = {
    "Vpcs": "a VPC of which nothing else is told",
    "Subnets": "a subnet that no endpoint, table, network ACL or interface names",
    "RouteTables": "a table that no gateway has",
    "SecurityGroups": "a group that no endpoint has",
    "PrefixLists": "a list that no rule or route names",
    "SecurityGroupRules": "the last rule of a group that is told of by itself",
    "NetworkAcls": "another may be the one of its subnets",
    "NetworkInterfaces": "one of an endpoint that does not work, or with an address that a spec fixes",
    "VpcEndpoints": "one to which no route leads",
    "ServiceDetails": "a service that the account may not see",
    "HostedZoneSummaries": "zones are named by nothing",
    "Quotas": "the default is the quota, too",
    "Vpcs.CidrBlockAssociationSet": "a block in which no subnet is",
    "Vpcs.Ipv6CidrBlockAssociationSet": "a block in which no subnet is",
    "Subnets.Ipv6CidrBlockAssociationSet": "a subnet may have none",
    "RouteTables.Associations": "a subnet without one uses the main table",
    "RouteTables.Routes": "a table has what routes it has",
    "SecurityGroups.IpPermissions": "a group lets in whom it lets in",
    "SecurityGroups.IpPermissions.IpRanges": "the same",
    "SecurityGroups.IpPermissions.Ipv6Ranges": "the same",
    "SecurityGroups.IpPermissions.PrefixListIds": "the same",
    "SecurityGroups.IpPermissions.UserIdGroupPairs": "the same",
    "NetworkAcls.Entries": "what no entry lets in is denied",
    "NetworkAcls.Associations": "its subnet may be another's",
    "DhcpOptions.DhcpConfigurations": "none is needed",
    "DhcpOptions.DhcpConfigurations.Values": "one server is enough",
    "ServiceDetails.ServiceType": "AWS may offer other types alone",
    "ServiceDetails.AvailabilityZones": "a service is in the zones in which it is",
    "ServiceDetails.AvailabilityZoneIds": "the same",
    "ServiceDetails.SupportedIpAddressTypes": "a service has the types that it has",
    "ServiceDetails.PrivateDnsNames": "and the names",
    "VpcEndpoints.SubnetIds": "no interface that is told of is in it",
    "VpcEndpoints.RouteTableIds": "no route that is told of is in it",
    "VpcEndpoints.NetworkInterfaceIds": "of an endpoint that does not work",
    "VpcEndpoints.Groups": "no other answer has an endpoint's groups",
    "VpcEndpoints.DnsOptions.PrivateDnsSpecifiedDomains": "an endpoint has the domains that it has",
    **{f"{kind}.Tags": "an object has the tags that it has" for kind in KINDS if kind != "NetworkInterfaces"},
}
"""The lists of which an element that nothing else names is lost unseen, and why."""
MEANT = {"VpcEndpoints.IpAddressType": "a gateway without one has ipv4, as AWS takes"}
"""The keys whose absence means something, so that exit 1 may become 0 and nothing is not told."""


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of each key and element of a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield (*path, key)
        yield from _places(each, (*path, key))


def _without(answers: list[dict[str, Any]], path: Path) -> tuple[list[dict[str, Any]], Any]:
    """Return answers without what is at a path, and that."""
    left = copy.deepcopy(answers)
    holder: Any = left
    for key in path[:-1]:
        holder = holder[key]
    gone = holder[path[-1]]
    del holder[path[-1]]
    return left, gone


def _new(first: Said, second: Said) -> list[Finding]:
    """Return what is said of the second alone, and does not say that it is not told, or tell less of the same."""
    alike: dict[tuple[str, int], list[frozenset[str]]] = {}
    for each in first.findings:
        alike.setdefault((each.subject, each.severity), []).append(each.words)
    return [
        each
        for each in second.findings
        if not any(each.words <= words for words in alike.get((each.subject, each.severity), ()))
        and (each.known or (each.severity > 1 and second.exit != 1))
    ]


def _objection(first: Said, second: Said) -> str:
    """Return in what the second breaks the property; empty where it does not."""
    if second.codes:
        return "" if second.codes & REFUSALS else f"refused: {sorted(second.codes)}"
    if {first.exit, second.exit} == {0, 4}:
        return f"exit {first.exit} became {second.exit}"
    if first.exit and not second.exit and all(each.known for each in second.findings):
        return f"exit {first.exit} became 0, and nothing is not told"
    return "; ".join(f"{each.subject} {each.text}" for each in _new(first, second))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
    elif isinstance(value, str) and value:
        yield value


def _is_about(case: Case, first: Said, second: Said, told: Iterable[str]) -> bool:
    """Tell whether all that is said anew is about some texts: it has one, or its subject is or uses what has one."""
    texts = [*told]
    users = [key for key, reach in case.reach.items() if any(json.dumps(text)[1:-1] in reach for text in texts)]
    about = [*texts, *users]
    return all(
        each.subject in about or any(_has(each.text.casefold(), json.dumps(text)[1:-1].casefold()) for text in about)
        for each in _new(first, second)
    )


def _has(said: str, text: str) -> bool:
    """Tell whether a text is in what is said, as it is or by a pattern for names."""
    patterns = (each for each in re.findall(r"[\w*?-]+", said) if {*each} & {*"*?"} and len(each.strip("*?")) > 1)
    return text in said or any(fnmatchcase(text, each) for each in patterns)


def _top(answers: list[dict[str, Any]], path: Path) -> Iterator[str]:
    """Yield the texts by which the object is known that has what is at a path."""
    index, kind, *rest = path
    answer = answers[int(index)]
    if kind in KINDS and rest:
        found = answer[str(kind)][int(rest[0])]
        keys = (KINDS[str(kind)][0], "GroupName", "GroupId", "ServiceName", "Name", "PrefixListName", "VpcId")
        yield from (str(found[key]) for key in keys if key in found and (key != "VpcId" or kind == "Vpcs"))
        yield from filter(None, [name(found), str(found.get("ServiceName", "")).split(".", 3)[-1]])
        others = [
            each for other in answers for each in other.get(str(kind), ()) if name(found) and name(found) == name(each)
        ]
        yield from (str(each[KINDS[str(kind)][0]]) for each in others)  # of which it could be told apart
        if kind == "NetworkAcls":
            yield from (each["SubnetId"] for each in found["Associations"])


def _check(case: Case, first: Said, path: Path) -> str:
    """Return what is wrong with what is said of answers without what is at a path."""
    left, gone = _without(case.answers, path)
    second = case.said(left)
    assert second.exit != BUG, (case.name, path)
    if not (wrong := _objection(first, second)):
        return ""
    pattern = ".".join(each for each in path if isinstance(each, str))
    if pattern in MEANT and (first.exit, second.exit) == (1, 0) and not _new(first, second):
        return ""
    # AWS leaves out tags that a VPC has not; and a kind that other answers have, too, is a page
    is_element = isinstance(path[-1], int) or pattern == "Vpcs.Tags" or len(path) == 2
    if is_element and pattern in SMALLER and _is_about(case, first, second, [*_top(case.answers, path), *_texts(gone)]):
        return ""
    return f"{case.name}: without {path}: {wrong}"


def test_what_is_removed_is_not_taken_for_what_does_not_exist(request: pytest.FixtureRequest) -> None:
    """Each key, element and answer; of a sample, unless all are asked for."""
    every = [(case, path) for case in cases() for path in _places(case.answers) if len(path) > 1]
    count = int(request.config.getoption("--mutations"))
    chosen = every if count >= 10_000 else Random(request.config.getoption("--seed")).sample(every, count)
    first = {case.name: case.said() for case in cases()}
    wrong = [found for case, path in chosen if (found := _check(case, first[case.name], path))]

    assert len(every) > 30_000
    assert wrong == [], f"{len(wrong)} of {len(chosen)}"


@pytest.mark.parametrize("command", ["adopt many", "drift", "preflight fine", "verify all-pass-json"])
def test_a_page_that_is_removed_is_told_or_of_something_smaller(command: str) -> None:
    """The last one is told by the token before it; that another came before, no page says."""
    case = next(each for each in cases() if each.name == command)
    first = case.said()
    for index, answer in enumerate(case.answers):
        for kind in (each for each in answer.keys() & KINDS.keys() if answer[each]):
            pages = [{kind: [each], "NextToken": f"{number}"} for number, each in enumerate(answer[kind])]
            rest = {key: value for key, value in answer.items() if key != kind}
            others = [*case.answers[:index], *([rest] if rest else []), *case.answers[index + 1 :]]
            del pages[-1]["NextToken"]
            assert case.said([*pages, *others]) == first
            for gone in pages if len(pages) > 1 else ():
                second = case.said([*(each for each in pages if each is not gone), *others])
                is_last = gone is pages[-1]
                about = [*_top([gone], (0, kind, 0)), *_texts(gone)]
                assert (
                    second.codes == {"E406"}
                    if is_last
                    else (not _objection(first, second) or _is_about(case, first, second, about))
                )
