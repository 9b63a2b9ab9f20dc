"""Whether AWS's answers can be of one Region and one account, and agree on each object."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from generator.live.answer_references import made_for, of_references
from generator.live.answer_regions import of_caller, of_regions, owners, part
from generator.live.estate import ACCOUNT, command
from generator.live.ingress import Rule, rules_of, single_rule
from generator.live.objects import (
    CONTRADICTION,
    Answer,
    AnswerObject,
    as_json_path,
    key_of,
    lists,
    object_of,
    objects,
)
from generator.live.single import doubles
from generator.source.diagnostics import MOST, Diagnostic


def contradictions(answers: Collection[Answer], region: str) -> Iterator[Diagnostic]:
    """Yield what is of another Region than was asked for, or of another account, and where answers disagree.

    Of half a million objects nothing is held but what they are found by: they are gone through again and again.
    """
    known: dict[str, dict[str, dict[str, Any]]] = {}
    differing = [*islice(_differing(answers, known), MOST + 1)]  # of so many that not all are noted no more is told
    for answer in answers:
        yield from of_caller(answer, region)
    yield from of_regions(answers, region)
    yield from _of_interfaces(answers, region, known.get("VpcEndpoints", {}))
    yield from _of_accounts(answers, known.get("VpcEndpoints", {}))
    yield from _of_objects(answers, differing)
    yield from _of_services(answers, region)
    yield from of_references(answers, region, known)
    yield from _of_rules(answers)
    for place, path, what in doubles(answers):
        message = f"{as_json_path(path)} {what}, and AWS has but one"
        yield CONTRADICTION.at(place, message, "give what the command prints now, once")


def _of_interfaces(
    answers: Collection[Answer], region: str, endpoints: Mapping[str, dict[str, Any]]
) -> Iterator[Diagnostic]:
    """Yield the network interfaces of an endpoint that the answers lack, though they have others of its VPC, or none.

    In shared subnets, too, endpoints are of whoever sees their network interfaces.
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    vpcs = {each["VpcId"] for each in endpoints.values()}
    if not any("VpcEndpoints" in answer.value for answer in answers):
        return
    for answer, kind, several in lists(answers, "NetworkInterfaces"):
        for index, value in enumerate(several):
            endpoint = made_for(value)
            if endpoint and endpoint not in endpoints and (value["VpcId"] in vpcs or not endpoints):
                message = f"{as_json_path((kind, index))} is of {endpoint}, which the answers with VpcEndpoints lack"
                fix = f"give all that this prints now: {command('VpcEndpoints', region)}"
                yield CONTRADICTION.at(answer.place, message, fix)


def _of_accounts(answers: Collection[Answer], endpoints: Mapping[str, dict[str, Any]]) -> Iterator[Diagnostic]:
    """Yield an endpoint where all are of another account than the caller's, and a quota of another account.

    Shared subnets are another's: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    """
    caller, first = (next(objects(answers, kind), None) for kind in (ACCOUNT, "VpcEndpoints"))
    if not caller:
        return
    account, others = caller.value[ACCOUNT], list[tuple[AnswerObject, str]]()
    if first and all(each["OwnerId"] != account for each in endpoints.values()):
        others.append((first, first.value["OwnerId"]))
    told = ((each, part(each.value.get("QuotaArn"), 4)) for each in objects(answers, "Quotas"))
    others += islice((both for both in told if both[1] not in {"", account}), 1)
    for each, other in others:
        message = f"{as_json_path(each.path)} is of account {other}, and the caller is {account} in {caller.place}"
        yield CONTRADICTION.at(each.place, message, "give the answers to one caller")


def _differing(answers: Iterable[Answer], known: dict[str, dict[str, dict[str, Any]]]) -> Iterator[AnswerObject]:
    """Note all objects by kind and id, and yield those that differ from the first with their id."""
    for answer, kind, several in lists(answers):
        there, key = known.setdefault(kind, {}), key_of(kind)
        for index, value in enumerate(several):
            other = there.setdefault(str(value.get(key, "the caller")), value)
            if other is not value and other != value and _in_order(other) != _in_order(value):
                yield object_of(answer, kind, index, value)


def _of_objects(answers: Iterable[Answer], differing: Collection[AnswerObject]) -> Iterator[Diagnostic]:
    """Yield the objects that two answers describe in two ways; the order of a list is not one."""
    ids, first = {(each.kind, each.id) for each in differing}, dict[tuple[str, str], AnswerObject]()
    for each in objects(answers, *{kind for kind, _ in ids}) if ids else ():
        if (each.kind, each.id) in ids:
            first.setdefault((each.kind, each.id), each)
    for each in differing:
        other = first[each.kind, each.id]
        where = f"{as_json_path(other.path)} in {other.place}"
        message = f"{as_json_path(each.path)} describes {each.id} in another way than {where}"
        yield CONTRADICTION.at(each.place, message, "give what the command prints now, once")


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_order(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def _of_services(answers: Iterable[Answer], region: str) -> Iterator[Diagnostic]:
    """Yield the answers with the names of services that none describes: AWS tells each service in both lists."""
    described = {each["ServiceName"] for answer in answers for each in answer.value.get("ServiceDetails", ())}
    for answer in answers:
        names = answer.value.get("ServiceNames") if described else None
        told = map(str, names) if isinstance(names, list) else ()
        if lacks := min((each for each in told if each not in described), default=""):
            message = f"$.ServiceNames has {lacks}, which the answers with ServiceDetails lack"
            fix = f"give all that this prints now: {command('ServiceDetails', region)}"
            yield CONTRADICTION.at(answer.place, message, fix)


def _of_rules(answers: Collection[Answer]) -> Iterator[Diagnostic]:
    single: dict[str, dict[Rule, str]] = {}
    groups = {each.id: each.value["OwnerId"] for each in objects(answers, "SecurityGroups")}
    for each in objects(answers, "SecurityGroupRules"):
        value = each.value
        if value["GroupId"] not in groups:
            continue
        own = groups[value["GroupId"]]
        if others := owners(value) - {own}:
            message = f"{as_json_path(each.path)} is of account {min(others)}, and {value['GroupId']} of {own}"
            yield CONTRADICTION.at(each.place, message, "give what both commands print now")
        rule = {} if value["IsEgress"] else {single_rule(value): value["Description"]}
        single.setdefault(value["GroupId"], {}).update(rule)
    for each in objects(answers, "SecurityGroups") if single else ():
        if each.id in single and single[each.id] != rules_of(each.value):
            message = f"{as_json_path(each.path)} has other inbound rules than SecurityGroupRules have of {each.id}"
            yield CONTRADICTION.at(each.place, message, "give what both commands print now")
