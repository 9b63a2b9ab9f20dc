"""What exists in a Region, asked of AWS: read-only calls, all of them in `generator.live.aws.ACTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.live import estate
from generator.live.aws import ACTIONS
from generator.live.aws.client import Access, explained
from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS, AwsObject, Estate
from generator.source.diagnostics import Refused

_OF_A_VPC = frozenset({"Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints", "NetworkInterfaces"})


def read(
    access: Access,
    kinds: Iterable[str],
    choose: Callable[[Estate], Iterable[str]],
    *,
    optional: Iterable[str] = (),
    everywhere: Iterable[str] = (),
) -> Estate:
    """Return the estate of the VPCs that `choose` picks by their ids from those of the Region.

    `kinds` are keys of `estate.KINDS`, or `Account`; the VPCs, and the DNS attributes of those that are picked, come
    always. Of `optional` kinds AWS may refuse to speak: `Estate.refused` says why. Of the kinds that are `everywhere`
    too, those of other VPCs come as well. Raises Refused (E278) where AWS does not answer.
    """
    vpcs = {"Vpcs": read_all(access, "Vpcs")}
    picked = tuple(choose(estate.of([vpcs], access.region)))
    answers: list[AwsObject] = [vpcs]
    answers += _attributes(access, picked)
    refused: dict[str, str] = {}
    of_picked = _OF_A_VPC - set(everywhere)
    for kind in kinds:
        if kind != "Vpcs":
            answers.append(_answer(access, kind, picked, answers, of_picked=kind in of_picked))
    for kind in optional:
        try:
            answers.append(_answer(access, kind, picked, answers, of_picked=kind in of_picked))
        except Refused as error:
            refused[kind] = " ".join(error.diagnostics[0].message.split())
    return replace(estate.of(answers, access.region), refused=refused)


def _answer(
    access: Access, kind: str, picked: Iterable[str], answers: Iterable[AwsObject], *, of_picked: bool
) -> Mapping[str, Any]:
    """Return what AWS answers for a kind; `of_picked` leaves out what is in other VPCs."""
    if kind == ACCOUNT:
        with explained(access, ACTIONS[kind]):
            return {kind: _client(access, "sts").get_caller_identity()[kind]}
    if kind == "HostedZoneSummaries":
        return {kind: [zone for vpc in picked for zone in _zones(access, vpc)]}
    if kind == "Quotas":
        return {kind: read_all(access, kind, ServiceCode="vpc")}
    if kind == "SecurityGroupRules":
        groups = [str(group["GroupId"]) for answer in answers for group in answer.get("SecurityGroups", ())]
        return {kind: read_all(access, kind, Filters=[{"Name": "group-id", "Values": groups}]) if groups else []}
    if of_picked:  # AWS refuses a filter without values
        return {kind: read_all(access, kind, Filters=[{"Name": "vpc-id", "Values": list(picked)}]) if picked else []}
    return {kind: read_all(access, kind)}


def _client(access: Access, service: str) -> Any:
    session: Any = access.session()  # boto3's stubs know no service by a name that is not literal
    return session.client(service, endpoint_url=access.endpoint_url, config=access.config)


def read_all(access: Access, kind: str, **arguments: Any) -> list[AwsObject]:
    """Return every object of a kind, from all pages of what its command in KINDS calls; raises Refused (E278)."""
    service, call = KINDS[kind][1].split()[1:3]
    with explained(access, ACTIONS[kind]):
        pages = _client(access, service).get_paginator(call.replace("-", "_")).paginate(**arguments)
        return [each for page in pages for each in page[kind]]


def _attributes(access: Access, vpcs: Iterable[str]) -> Iterator[AwsObject]:
    for vpc in vpcs:
        for attribute in ATTRIBUTES.values():
            with explained(access, "ec2:DescribeVpcAttribute"):
                yield _client(access, "ec2").describe_vpc_attribute(VpcId=vpc, Attribute=attribute)


def _zones(access: Access, vpc: str) -> Iterator[AwsObject]:
    """Yield the private hosted zones of a VPC; this call has no paginator."""
    with explained(access, ACTIONS["HostedZoneSummaries"]):
        client, arguments = _client(access, "route53"), {"VPCId": vpc, "VPCRegion": access.region}
        while True:
            answer = client.list_hosted_zones_by_vpc(**arguments)
            yield from answer["HostedZoneSummaries"]
            if not answer.get("NextToken"):
                return
            arguments["NextToken"] = answer["NextToken"]
