"""What Terraform's state has of endpoints and groups, in the shapes in which AWS describes them.

A state has what AWS had when Terraform last applied or refreshed: what differs from the spec in the same way in both is
not applied, what differs in AWS alone was changed since, by somebody else.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from generator.intent.endpoints import ARGUMENTS
from generator.live.addresses import split
from generator.live.estate import TARGETS, AwsObject
from generator.live.fields import FIELDS
from generator.live.ingress import SOURCES
from generator.live.marks import Marked, Marks
from generator.module import ingress_rules
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.terraform_json import Resource, Values
from generator.source.terraform_shapes import RULES
from generator.source.text import TOO_LARGE

IN_TWO_STATES = Code("E408")
Applied = Mapping[str, AwsObject]
"""What a state has of endpoints and groups, by id, each with its `Address` there."""
_DNS = "DnsOptions."
_KEYS = {each.key: ARGUMENTS.get(each.name, each.name) for each in FIELDS if each.key.isalpha()}
_DNS_KEYS = {each.key.removeprefix(_DNS): each.name.partition(".")[2] for each in FIELDS if each.key.startswith(_DNS)}
_FACTS = {
    "aws_vpc_endpoint": tuple(("VpcId", "VpcEndpointType", each) for each in TARGETS),
    "aws_security_group": (("VpcId", "GroupName"),),
}
"""The fields by which what a state has is an object of a spec."""
_ARGUMENTS = _KEYS | {"VpcId": "vpc_id", "GroupName": "name"}
_Rules = Mapping[Any, list[Resource]]
"""Rules by the ids of their groups."""
Lost = Mapping[tuple[Any, ...], list[str]]
"""The ids of what a state has and AWS has not, by names and values of the fields that tell what it is."""
MOST = 100_000
"""So many of states are judged in seconds: one of 64 MiB has some 20,000, as the AWS provider has them."""


class _Applied(Marked):
    """Endpoints and groups by id, each made when it is asked for: states may have a hundred thousand."""

    states = filled = 0
    """How many they are, and how many of them have anything."""

    def __init__(
        self, found: dict[str, tuple[int, Resource]], rules: Mapping[Any, list[Resource]], marks: Marks
    ) -> None:
        self.resources = {identifier: each for identifier, (_, each) in found.items()}
        self._roots = {identifier: root for identifier, (root, _) in found.items() if root}  # of most it is the first
        self.rules, self.marks = rules, marks
        self._last: tuple[str | None, AwsObject] = None, {}
        self._ids, self._more = defaultdict[Any, dict[str, str]](dict), defaultdict[tuple[Any, str], list[str]](list)
        for identifier, each in self.resources.items():
            at, vpc_id = split(each.address)[1], each.values.get("vpc_id")
            if self._ids[vpc_id].setdefault(at, identifier) != identifier:
                self._more[vpc_id, at].append(identifier)

    @cached_property
    def at_rules(self) -> frozenset[str]:
        """The whole addresses of the rules."""
        return frozenset(each.address for several in self.rules.values() for each in several)

    def at(self, resource: str, vpc_id: str) -> Iterator[str]:
        """Yield the ids of what is at an address of a module in a VPC, or in one that is not told."""
        for its in (vpc_id, None):
            if first := self._ids[its].get(resource):
                yield from (first, *self._more.get((its, resource), ()))

    def within(self, vpc_id: str) -> Iterator[tuple[str, str]]:
        """Yield the ids and whole addresses of what is in a VPC, or in one that is not told."""
        for its in (vpc_id, None):
            for at, first in self._ids[its].items():
                yield from ((each, self.resources[each].address) for each in (first, *self._more.get((its, at), ())))

    def where(self, identifier: str) -> tuple[int | None, str]:
        """Return which of the states has something, and its whole address there; None and nothing where none has it."""
        each = self.resources.get(identifier)
        return (self._roots.get(identifier, 0), each.address) if each else (None, "")

    def __getitem__(self, identifier: str) -> AwsObject:
        if self._last[0] != identifier:  # one thing is asked for several times in a row
            self._last = identifier, self._made(identifier)
        return self._last[1]

    def _made(self, identifier: str) -> AwsObject:
        each = self.resources[identifier]
        shared = {"Address": each.address, "VpcId": each.values.get("vpc_id"), "Tags": [*_tags(each.values)]}
        shared["Root"] = self._roots.get(identifier, 0)
        if each.type == "aws_vpc_endpoint":
            return {**_endpoint(each.values), **shared}
        own = [_permission(rule.values, identifier) for rule in self.rules.get(identifier, ())]
        named = {"GroupName": each.values.get("name"), "Description": each.values.get("description")}
        return {**shared, **named, "IpPermissions": own}

    def __contains__(self, identifier: object) -> bool:
        return identifier in self.resources

    def __iter__(self) -> Iterator[str]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)


def having(known: Applied, resource: str, vpc_id: str) -> Iterator[str]:
    """Yield the ids of what states have at an address of a module in a VPC, or in one that they do not tell."""
    return known.at(resource, vpc_id) if isinstance(known, _Applied) else iter(())


def within(known: Applied, vpc_id: str) -> Iterator[tuple[str, str]]:
    """Yield the ids and whole addresses of what states have in a VPC, or in one that they do not tell."""
    return known.within(vpc_id) if isinstance(known, _Applied) else iter(())


def states_of(known: Applied) -> tuple[int, int]:
    """Return how many states are given, and how many of them have any endpoint, group or rule."""
    return (known.states, known.filled) if isinstance(known, _Applied) else (1, 1)


def addresses(known: Applied, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the paths of modules below which states have resources of a kind, and the addresses of these there."""
    yield from (split(each.address) for each in getattr(known, "resources", {}).values() if each.type == kind)


def lost(known: Applied, live: Collection[str]) -> Lost:
    """Return what a state has and AWS has not, of which only the facts are looked at."""
    found = defaultdict[tuple[Any, ...], list[str]](list)
    facts = {kind: [(_ARGUMENTS[keys[-1]], keys) for keys in of_it] for kind, of_it in _FACTS.items()}
    for identifier, each in known.resources.items() if isinstance(known, _Applied) else ():
        for last, keys in facts[each.type] if identifier not in live else ():
            if last in each.values and None not in (values := [each.values.get(_ARGUMENTS[key]) for key in keys]):
                found[*keys, *values].append(identifier)
    return found


def has_rule(known: Applied, address: str) -> bool:
    """Tell whether states have a rule at a whole address."""
    return isinstance(known, _Applied) and address in known.at_rules


def rules_of_group(known: Applied, group: str | None) -> Iterator[tuple[str, AwsObject]]:
    """Yield the rules of a group, or of none that is told: the address of each, and it as a group has it in AWS."""
    for each in known.rules.get(group, ()) if isinstance(known, _Applied) else ():
        yield each.address, {"IpPermissions": [_permission(each.values, str(group))]}


def applied(states: Iterable[Iterable[Resource]], files: Sequence[str] = ()) -> Applied:
    """Return what states, of a root each, have of endpoints and groups.

    Raises Refused for what is there twice (E408), and for more than is judged (E013). The `files` are those of the
    states, where these have any.
    """
    rules = defaultdict[Any, list[Resource]](list)
    found: dict[str, tuple[int, Resource]] = {}
    twice = dict[str, tuple[tuple[int, Resource], tuple[int, Resource]]]()
    marks = Marks(tainted=defaultdict(list), deposed={}, without_id=[])
    several, filled = [*states], set[int]()
    for root, each in _first(several, files):
        filled.add(root)
        is_rule = each.type in RULES and each.values.get("type") != "egress"
        identifier = str(each.values.get("security_group_id" if is_rule else "id"))
        if each.is_deposed:
            marks.deposed[identifier] = each.address
            continue
        if each.is_tainted and (is_rule or each.type in _FACTS):
            marks.tainted[identifier].append(each.address)
        if is_rule:
            rules[each.values.get("security_group_id")].append(each)
        elif each.type in _FACTS and not each.values.get("id"):
            marks.without_id.append(each.address)
        elif each.type in _FACTS:
            if identifier in found:
                twice[identifier] = found[identifier], (root, each)
            found[identifier] = root, each
    if twice:
        raise Refused([_twice(twice, files)])
    told = _Applied(found, rules, marks)
    told.states, told.filled = len(several), len(filled)
    return told


def _first(states: Iterable[Iterable[Resource]], files: Sequence[str]) -> Iterator[tuple[int, Resource]]:
    """Yield the endpoints, groups and rules of states, each with the index of its state; raises Refused for more."""
    ours = (both for both in ((root, each) for root, state in enumerate(states) for each in state) if _is_ours(both[1]))
    for number, (root, each) in enumerate(ours):
        if number == MOST:
            message = f"the states have more than {MOST:,} endpoints, security groups and rules"
            fix = "give the states of the specs' roots alone, and fewer specs at a time"
            raise Refused([TOO_LARGE.at(Place(files[root] if files else "state"), message, fix)])
        yield root, each


def _is_ours(each: Resource) -> bool:
    return each.type in _FACTS or each.type in RULES or each.is_deposed


def _twice(twice: Mapping[str, Iterable[tuple[int, Resource]]], files: Sequence[str]) -> Diagnostic:
    """Return that states have one thing at two addresses, so that two applies, or one, would each have it their way."""
    identifier, both = next(iter(twice.items()))
    (_, first), (root, last) = both
    at = " and ".join(f"{each.address}{f' in {files[of]}' if files else ''}" for of, each in both)
    more = f"; so have they {len(twice) - 1} more" if twice.keys() - {identifier} else ""
    message = f"Terraform's states have {identifier} twice: {at}{more}"
    ways = " or ".join(
        shlex.join(("terraform", "state", "rm", each)) for each in dict.fromkeys((last.address, first.address))
    )
    fix = f"give the state of each root once; where two addresses have one thing, let one of them go: {ways}, there"
    return IN_TWO_STATES.at(Place(files[root] if files else "state"), message, fix)


def _endpoint(values: Values) -> AwsObject:
    """Return an endpoint, by the table of fields."""
    dns, groups = (values.get("dns_options") or [{}])[0], values.get("security_group_ids")
    return {
        **{key: values.get(argument) for key, argument in _KEYS.items()},
        "OwnerId": values.get("owner_id"),
        "NetworkInterfaceIds": values.get("network_interface_ids"),
        "Groups": groups and [{"GroupId": each} for each in groups],
        "DnsOptions": {key: dns.get(argument) for key, argument in _DNS_KEYS.items()},
    }


def _tags(values: Values) -> Iterator[dict[str, str]]:
    for key, value in (values.get("tags_all") or values.get("tags") or {}).items():
        yield {"Key": key, "Value": value}


def _permission(rule: Values, group: str) -> AwsObject:
    """Return a rule, of either resource, as AWS has it; without ports where it has none."""
    sources: dict[str, list[dict[str, Any]]] = {}
    for (kind, key), arguments in zip(SOURCES.items(), ingress_rules.ARGUMENTS.values(), strict=True):
        values = [rule.get(argument) for argument in arguments]
        values += [group] if rule.get("self") and key == "GroupId" else []
        flat = [one for value in values if value for one in (value if isinstance(value, list) else [value])]
        sources[kind] = [{key: one, "Description": rule.get("description") or ""} for one in flat]
    ports = {key: rule.get(name) for key, name in (("FromPort", "from_port"), ("ToPort", "to_port"))}
    kept = {key: value for key, value in ports.items() if value is not None}
    return {"IpProtocol": rule.get("ip_protocol") or rule.get("protocol"), **kept, **sources}
