"""One endpoint as AWS describes it → the fields by which a spec means the same. What a spec can't say is a finding.

`live.fields` is read backwards: what AWS has is stated, unless AWS takes it by itself where a spec says nothing. What
AWS does not keep is left out, and so are fixed addresses, which it does not tell from others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from generator.authoring.adopt.choose import service_of
from generator.authoring.adopt.references import reference
from generator.catalog.catalog import Service
from generator.catalog.presets import presets
from generator.intent.endpoints import TAKES
from generator.intent.iam_same import document, is_default, same_to_provider
from generator.live.answer_regions import service_region
from generator.live.change import own_tags
from generator.live.estate import ID_OPTIONS, AwsObject, Estate, command, label, tags
from generator.live.fields import FIELDS
from generator.live.untold import GIVE_ALL, is_told
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.frozen import frozen
from generator.spec.model import EndpointType

INEXPRESSIBLE = Code("E413")
NOT_KNOWN = Code("E414")
FULL_ACCESS = "full-access"
_LATTICE = frozenset({"Resource", "ServiceNetwork"})
_AROUND = {
    "subnets": ("Subnets", "subnet"),
    "security_groups": ("SecurityGroups", "security group"),
    "route_tables": ("RouteTables", "route table"),
}
"""The fields that are references: the kind of AWS's objects, and what one is called in messages."""


@frozen(kw_only=True)
class Description:
    """One endpoint: as AWS describes it, and as a spec would with no defaults."""

    live: AwsObject
    type: str
    service: Service | None
    """Its service, if the catalog knows it."""
    stated: Mapping[str, Any]
    around: Mapping[str, tuple[AwsObject, ...]]
    """Its subnets, security groups and route tables, by the field of the spec."""

    @property
    def id(self) -> str:
        """The endpoint's id."""
        return str(self.live["VpcEndpointId"])

    @property
    def target(self) -> str:
        """What it leads to, which is the first field of the table: the service's short or full name, or an ARN."""
        return str(next(iter(self.stated.values())))


def describe(live: AwsObject, estate: Estate) -> Description | tuple[Diagnostic, ...]:
    """Return an endpoint as a spec says it, or why no spec can."""
    endpoint_type = str(live["VpcEndpointType"])
    if endpoint_type not in get_args(EndpointType):
        return (_cannot(live, f"a spec has no endpoints of type {endpoint_type}"),)
    around, findings = _around(live, endpoint_type, estate)
    own, service = own_tags(live), service_of(live, estate.region)
    if own.get("Name") == "":
        findings.append(_cannot(live, "its Name tag is empty", "remove the tag, or give it a value"))
    if endpoint_type in TAKES["service_region"] and not service_region(live):
        findings.append(NOT_KNOWN.at(_place(live), f"the Region of {live['ServiceName']}: no ServiceRegion", GIVE_ALL))
    is_stated = not needs_no_policy(live, service)
    policy = document(live.get("PolicyDocument")) if is_stated else None
    if findings:
        return tuple(findings)
    if is_stated and same_to_provider(policy, presets()[FULL_ACCESS].attached[endpoint_type]):
        policy = FULL_ACCESS  # the provider sees AWS's own document
    worded: dict[str, Any] = {
        **{field: [reference(_AROUND[field][0], each, estate) for each in around[field]] for field in around},
        **_target(live, endpoint_type, service),
        "name": own.pop("Name", None),
        "tags": own,  # stated even if there are none: the spec's default tags must not reach it
        "policy": policy,
    }
    stated: dict[str, Any] = {}
    for field in FIELDS:
        value = worded[field.name] if field.name in worded else field.beyond_default(live, estate.region)
        if value is not None and field.is_taken_by(endpoint_type):
            head, _, option = field.name.partition(".")
            stated |= {head: {**stated.get(head, {}), option: value} if option else value}
    return Description(live=live, type=endpoint_type, service=service, stated=stated, around=around)


def _around(
    live: AwsObject, endpoint_type: str, estate: Estate
) -> tuple[dict[str, tuple[AwsObject, ...]], list[Diagnostic]]:
    """Return the subnets, groups and tables of an endpoint by name, then by id, and what is wrong with them."""
    around: dict[str, tuple[AwsObject, ...]] = {}
    findings: list[Diagnostic] = []
    for field in FIELDS:
        if field.name not in _AROUND or not field.is_taken_by(endpoint_type):
            continue
        kind, noun = _AROUND[field.name]
        found = {each: estate.one(kind, each) for each in field.found(live, estate.region) or ()}
        here = live["VpcId"]
        read = [each for each in found.values() if each is not None and each["VpcId"] == here]
        around[field.name] = tuple(sorted(read, key=lambda each: tags(each).get("Name", "~")))
        findings += [
            NOT_KNOWN.at(
                _place(live),
                f"its {noun} {each} is not among what was read: another VPC may have it",
                "give what this prints, with credentials of the account that has it: "
                + command(kind, estate.region, f"{ID_OPTIONS[kind]} {each}"),
            )
            for each, known in found.items()
            if known is None
        ] + [
            _cannot(live, f"its {noun} {each} is of another VPC, {known['VpcId']}")
            for each, known in found.items()
            if known is not None and known["VpcId"] != here
        ]
        if not found and not is_told(live.get(field.key.partition(".")[0])):
            findings.append(NOT_KNOWN.at(_place(live), f"its {noun}s, and it has one at least", GIVE_ALL))
        elif not found:
            fix = "give it one, or leave it out with --except"
            findings.append(_cannot(live, f"it has no {noun}, and an endpoint of a spec needs one", fix))
    return around, findings


def _target(live: AwsObject, endpoint_type: str, service: Service | None) -> dict[str, Any]:
    """Return the service by its short name, or else by its full one; and the type where that leaves it open."""
    if endpoint_type in _LATTICE:
        return dict.fromkeys(("service", "service_name", "type"))
    types = service.types if service else ("Interface",)
    return {
        "service": service.id if service else None,
        "service_name": None if service else str(live.get("ServiceName")),
        "type": None if types == (endpoint_type,) else endpoint_type,
    }


def needs_no_policy(live: AwsObject, service: Service | None) -> bool:
    """Tell whether a spec says nothing of the policy: there is none, or it is AWS's own and the service reads none.

    An endpoint service reads none, nor do some of AWS's.
    """
    text, name = live.get("PolicyDocument"), str(live.get("ServiceName"))
    if live["VpcEndpointType"] not in TAKES["policy"] or not text:
        return True
    is_read = ".vpce." not in name and (service is None or service.policy is not False)
    return is_default(text) and not is_read


def _cannot(live: AwsObject, message: str, fix: str = "leave it out with --except") -> Diagnostic:
    return INEXPRESSIBLE.at(_place(live), message, fix)


def _place(live: AwsObject) -> Place:
    return Place(label(live, "VpcEndpointId"))
