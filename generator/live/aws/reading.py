"""What exists in a Region, asked of AWS: read-only calls, all of them in `generator.live.aws.ACTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from botocore.parsers import ResponseParserError

from generator.live import answers as gate
from generator.live.aws import ACTIONS, NO_AWS
from generator.live.aws.bounds import pages
from generator.live.aws.client import NOT_AWS, Access, explained
from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS, VPC_ATTRIBUTES, AwsObject, Estate
from generator.live.objects import Answer
from generator.live.untold import NOT_TOLD, naming
from generator.source.diagnostics import Diagnostic, Refused

_OF_A_VPC = frozenset({"Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints", "NetworkInterfaces", "NetworkAcls"})


def read(
    access: Access,
    kinds: Iterable[str],
    choose: Callable[[Estate], Iterable[str]],
    *,
    optional: Iterable[str] = (),
    everywhere: Iterable[str] = (),
) -> Estate:
    """Return the estate of the VPCs that `choose` picks by their ids from those of the Region.

    Where it picks an empty id too, for a VPC that is not there, what may name it comes of all VPCs.

    `kinds` are keys of `estate.KINDS`, `VpcAttributes` or `Account`; the VPCs come always. Of `optional` kinds AWS may
    refuse to speak: `Estate.refused` says why. Of the kinds that are `everywhere` too, those of other VPCs come as
    well. Raises Refused (E278) where AWS does not answer.
    """
    vpcs = {"Vpcs": read_all(access, "Vpcs")}
    wanted = tuple(choose(_admitted(access, [vpcs])))
    picked = tuple(filter(None, wanted))
    answers: list[dict[str, Any]] = [vpcs]
    refused: dict[str, Diagnostic] = {}
    of_picked = _OF_A_VPC - {*everywhere, *(naming("Vpcs") if "" in wanted else ())}
    for kind in kinds:
        if kind != "Vpcs":
            answers += _answers(access, kind, picked, answers, of_picked=kind in of_picked)
    for kind in dict.fromkeys(optional):
        try:
            answers += _answers(access, kind, picked, answers, of_picked=kind in of_picked)
        except Refused as error:
            (refused[kind],) = error.diagnostics
    return replace(_admitted(access, answers), refused=refused)


def read_services(access: Access) -> Estate:
    """Return what AWS says of the services of a Region; raises Refused (E278) where it does not answer."""
    return _admitted(access, [{"ServiceDetails": read_all(access, "ServiceDetails")}])


def _admitted(access: Access, answers: Iterable[dict[str, Any]]) -> Estate:
    """Return the estate that answers make; raises Refused (E278) for what AWS does not answer, or only in part."""
    place = access.place
    try:
        return gate.admit([Answer(place=place, value=each) for each in answers], access.region, is_live=True)
    except Refused as refused:
        raise Refused(
            NO_AWS.at(place, each.message, NOT_AWS) if each.code == NOT_TOLD.code else each
            for each in refused.diagnostics
        ) from refused


def _part(answer: Mapping[str, Any], key: str) -> Any:
    """Return what an answer has; raises what boto3 raises for one that it can't read."""
    if key not in answer:
        message = f"the answer has no {key}"
        raise ResponseParserError(message)
    return answer[key]


def _answers(
    access: Access, kind: str, picked: Iterable[str], answers: Iterable[AwsObject], *, of_picked: bool
) -> tuple[dict[str, Any], ...]:
    """Return what AWS answers for a kind: of the attributes of VPCs, one answer for each."""
    if kind == VPC_ATTRIBUTES:
        return tuple(_attributes(access, picked))
    return (_answer(access, kind, picked, answers, of_picked=of_picked),)


def _answer(
    access: Access, kind: str, picked: Iterable[str], answers: Iterable[AwsObject], *, of_picked: bool
) -> dict[str, Any]:
    """Return what AWS answers for a kind; `of_picked` leaves out what is in other VPCs."""
    if kind == ACCOUNT:
        with explained(access, ACTIONS[kind]):
            return {kind: _part(access.client("sts").get_caller_identity(), kind)}
    if kind == "HostedZoneSummaries":
        zones: dict[str, Any] = {}  # AWS does not tell of which VPCs one is
        for vpc in picked:
            for zone in read_all(access, kind, VPCId=vpc, VPCRegion=access.region):
                zones.setdefault(str(zone.get("HostedZoneId")), {**zone, "VPCs": []})["VPCs"].append(vpc)
        return {kind: [*zones.values()]}
    if kind == "Quotas":
        return {kind: read_all(access, kind, ServiceCode="vpc")}
    if kind == "SecurityGroupRules":
        described = (group for answer in answers for group in answer.get("SecurityGroups", ()))
        groups = [str(group["GroupId"]) for group in described if "GroupId" in group]  # the gate tells of one without
        return {kind: read_all(access, kind, Filters=[{"Name": "group-id", "Values": groups}]) if groups else []}
    if of_picked:  # AWS refuses a filter without values
        return {kind: read_all(access, kind, Filters=[{"Name": "vpc-id", "Values": list(picked)}]) if picked else []}
    return {kind: read_all(access, kind)}


def read_all(access: Access, kind: str, **arguments: Any) -> list[AwsObject]:
    """Return every object of a kind, from all pages of what its command in KINDS calls; raises Refused (E278)."""
    service, call = KINDS[kind][1].split()[1:3]
    with explained(access, ACTIONS[kind]):
        ask = getattr(access.client(service), call.replace("-", "_"))
        return [each for page in pages(ask, arguments) for each in _part(page, kind)]


def _attributes(access: Access, vpcs: Iterable[str]) -> Iterator[dict[str, Any]]:
    for vpc in vpcs:
        for key, attribute in ATTRIBUTES.items():
            with explained(access, "ec2:DescribeVpcAttribute"):
                answer = access.client("ec2").describe_vpc_attribute(VpcId=vpc, Attribute=attribute)
                yield {"VpcId": _part(answer, "VpcId"), key: _part(answer, key)}
