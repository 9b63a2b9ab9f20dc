"""What exists in one Region, in the shapes in which the EC2 API describes it; `answers` lets in what it is made of.

A kind that was never asked for is not the same as one of which there is nothing: `knows` tells them apart.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/OperationList-query.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from shlex import quote
from typing import Any, TypeVar

from generator.catalog.wildcards import finder, is_pattern
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.text import one_line, with_blanks

AwsObject = Mapping[str, Any]
"""One object as AWS describes it: a VPC, a subnet, an endpoint …"""
TARGETS = ("ServiceName", "ResourceConfigurationArn", "ServiceNetworkArn")
"""The fields of which one says what an endpoint leads to."""
_Sorted = Mapping[Any, tuple[AwsObject, ...]]
_Made = TypeVar("_Made")

KINDS: Mapping[str, tuple[str, str]] = {
    "Vpcs": ("VpcId", "aws ec2 describe-vpcs"),
    "Subnets": ("SubnetId", "aws ec2 describe-subnets"),
    "RouteTables": ("RouteTableId", "aws ec2 describe-route-tables"),
    "SecurityGroups": ("GroupId", "aws ec2 describe-security-groups"),
    "SecurityGroupRules": ("SecurityGroupRuleId", "aws ec2 describe-security-group-rules"),
    "VpcEndpoints": ("VpcEndpointId", "aws ec2 describe-vpc-endpoints"),
    "NetworkInterfaces": ("NetworkInterfaceId", "aws ec2 describe-network-interfaces"),
    "NetworkAcls": ("NetworkAclId", "aws ec2 describe-network-acls"),
    "DhcpOptions": ("DhcpOptionsId", "aws ec2 describe-dhcp-options"),
    "PrefixLists": ("PrefixListId", "aws ec2 describe-managed-prefix-lists"),
    "ServiceDetails": ("ServiceId", "aws ec2 describe-vpc-endpoint-services"),
    "HostedZoneSummaries": ("HostedZoneId", "aws route53 list-hosted-zones-by-vpc"),
    "Quotas": ("QuotaCode", "aws service-quotas list-service-quotas --service-code vpc"),
}
"""The kinds by the key of AWS's answer: the field that identifies one, and the command that shows them."""

ATTRIBUTES = {"EnableDnsSupport": "enableDnsSupport", "EnableDnsHostnames": "enableDnsHostnames"}
"""A VPC's DNS attributes by the key of AWS's answer, and their names for `aws ec2 describe-vpc-attribute`."""

VPC_ATTRIBUTES = "VpcAttributes"
"""What stands for both among the kinds."""

ACCOUNT = "Account"
"""The key of `aws sts get-caller-identity` that has the caller's account."""

NOT_ASKED = Code("E405")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """What is known of one Region."""

    region: str
    objects: Mapping[str, tuple[AwsObject, ...]] = field(default_factory=dict)
    vpc_attributes: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """`EnableDnsSupport` and `EnableDnsHostnames`, by VPC id."""
    account: str | None = None
    """The account of the caller, where that is known."""
    refused: Mapping[str, Diagnostic] = field(default_factory=dict)
    """Why AWS did not say something that can be done without, by kind."""
    _known: dict[object, Any] = field(default_factory=dict, init=False, compare=False)

    def knows(self, kind: str) -> bool:
        """Tell whether AWS has said anything of a kind, the account or the attributes of VPCs."""
        others = {ACCOUNT: self.account is not None, VPC_ATTRIBUTES: bool(self.vpc_attributes)}
        return others.get(kind, kind in self.objects)

    def all(self, kind: str, vpc_id: str | None = None) -> tuple[AwsObject, ...]:
        """Return the objects of a kind, those of one VPC if it is named."""
        return self.objects.get(kind, ()) if vpc_id is None else self.having(kind, "VpcId", vpc_id)

    def one(self, kind: str, identifier: str) -> AwsObject | None:
        """Return the object with an id, or None."""
        return next(iter(self.having(kind, KINDS[kind][0], identifier)), None)

    def having(self, kind: str, key: str, value: str) -> tuple[AwsObject, ...]:
        """Return the objects of a kind with a value in a field, by which they are sorted once."""
        return self._sorted(kind, key, lambda each: (each.get(key),)).get(value, ())

    def tagged(self, kind: str, wanted: Mapping[str, str], vpc_id: str | None = None) -> tuple[AwsObject, ...]:
        """Return the objects of a kind, or of one VPC, that have all of these tags, whose values may be patterns."""
        if any(map(is_pattern, wanted.values())):
            has_all = finder(wanted)
            return tuple(each for each in self.all(kind, vpc_id) if has_all(tags(each)))
        where = "" if vpc_id is None else "VpcId"
        by_tag = self._sorted(kind, f"Tags {where}", lambda one: ((one.get(where), *tag) for tag in tags(one).items()))
        found = min((by_tag.get((vpc_id, *each), ()) for each in wanted.items()), key=len)
        return found if len(wanted) == 1 else tuple(each for each in found if wanted.items() <= tags(each).items())

    def named(self, kind: str, wanted: str, vpc_id: str | None = None) -> tuple[AwsObject, ...]:
        """Return the objects of a kind with a name, by which a lookup finds them: their Name tag, or a list's own."""
        if kind != "PrefixLists":
            return self.tagged(kind, {"Name": wanted}, vpc_id)
        has_name = finder({"PrefixListName": wanted})
        return tuple(each for each in self.all(kind) if has_name(each))

    def tables(self, vpc_id: str, subnet_id: str | None = None) -> tuple[AwsObject, ...]:
        """Return the route tables of a VPC that are associated with a subnet; where none is named, the main one.

        Each VPC has a main one, so none is not told.
        https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html#main-route-table (checked 2026-11-27)
        """

        def used_by(table: AwsObject) -> Iterable[str | None]:
            its = [*filter(is_associated, table["Associations"])]
            return {*(None for each in its if each["Main"]), *(each.get("SubnetId") or "" for each in its)}

        found = self._sorted("RouteTables", "Associations", used_by).get(subnet_id, ())
        return tuple(each for each in found if each["VpcId"] == vpc_id)

    def once(self, what: object, make: Callable[[], _Made]) -> _Made:
        """Return what is made of all that is known, once for all who ask for it by `what` it is."""
        if what not in self._known:
            self._known[what] = make()  # whole: others may ask at the same time
        made: _Made = self._known[what]
        return made

    def _sorted(self, kind: str, key: str, values: Callable[[AwsObject], Iterable[Any]]) -> _Sorted:
        def sort() -> _Sorted:
            there: dict[Any, list[AwsObject]] = {}
            for each in self.all(kind):
                for value in values(each):
                    there.setdefault(value, []).append(each)
            return {value: tuple(found) for value, found in there.items()}

        return self.once((kind, key), sort)

    def knows_dns(self, vpc_id: str) -> bool:
        """Tell whether AWS has said both DNS attributes of a VPC, or that one is off, which is enough."""
        said = self.vpc_attributes.get(vpc_id, {})
        return ATTRIBUTES.keys() <= said.keys() or False in said.values()

    def dns_off(self, vpc_id: str) -> dict[str, str]:
        """Return the DNS attributes that a VPC has off, each with the command that turns it on."""
        off = (key for key, is_on in self.vpc_attributes.get(vpc_id, {}).items() if not is_on)
        command = f"aws ec2 modify-vpc-attribute --region {self.region} --vpc-id {vpc_id} --enable-dns-"
        return {key: f"{command}{key.removeprefix('EnableDns').lower()}" for key in off}


def tags(found: AwsObject) -> dict[str, str]:
    """Return an object's tags; network interfaces call them TagSet."""
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags") or found.get("TagSet") or ()}


def name(found: AwsObject) -> str | None:
    """Return an object's Name tag."""
    return tags(found).get("Name")


def arguments_of(live: AwsObject, region: str) -> dict[str, Any]:
    """Return the arguments of a live endpoint on which defaults depend."""
    keys = {"vpc_endpoint_type": "VpcEndpointType", "service_name": "ServiceName", "ip_address_type": "IpAddressType"}
    kept = {name: live[key] for name, key in keys.items() if live.get(key)}
    return {**kept, "private_dns_enabled": live.get("PrivateDnsEnabled"), "region": region}


def is_associated(association: AwsObject) -> bool:
    """Tell whether an association of a route table holds, or soon will; one without a state, as older tools have, does.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociationState.html (checked 2026-11-27)
    """
    state = association.get("AssociationState")
    return state is None or state_of(state) in {"associating", "associated"}


def state_of(found: AwsObject, key: str = "State") -> str:
    """Return the state of an object in small letters: the API spells it Available, and answers with available."""
    return str(found[key]).lower()


def label(found: AwsObject, key: str) -> str:
    """Return how an object is spoken of: its Name tag with the id beside it, or the id alone."""
    called = name(found)
    return one_line(f"{with_blanks(called)} ({found[key]})" if called else str(found[key]))


def require(
    estate: Estate, kinds: Iterable[str], place: Place, optional: Iterable[str] = (), folder: str = "DIR"
) -> None:
    """Raise Refused (E405) for the kinds that AWS was not asked for, with the commands that ask.

    What is `optional` and not known is told with them, so that all is learnt at once; by itself it is not refused.
    """
    lacks = [kind for kind in kinds if not estate.knows(kind)]
    more = [kind for kind in optional if not estate.knows(kind) and kind not in lacks]
    if lacks:
        lines = [line for kind in lacks for line in to_files(kind, estate.region, folder)]
        lines += ["and, so that nothing stays unknown:"] if more else []
        lines += [line for kind in more for line in to_files(kind, estate.region, folder)]
        message = f"the files have no {', '.join(f'`{kind}`' for kind in lacks)}"
        raise Refused([NOT_ASKED.at(place, message, "\n    ".join(lines))])


def of(answers: Iterable[AwsObject], region: str) -> Estate:
    """Return the estate that AWS's answers make together; what is in several of them is in it once."""
    objects: dict[str, dict[str, AwsObject]] = {}
    attributes: dict[str, dict[str, bool]] = {}
    account: str | None = None
    for answer in answers:
        account = answer.get(ACCOUNT) or account
        for kind in answer.keys() & KINDS.keys():
            known = objects.setdefault(kind, {})
            known.update({str(each.get(KINDS[kind][0]) or each): each for each in answer[kind]})
        for attribute in answer.keys() & ATTRIBUTES.keys():
            attributes.setdefault(str(answer.get("VpcId")), {})[attribute] = bool(answer[attribute].get("Value"))
    return Estate(
        region=region,
        objects={kind: tuple(known.values()) for kind, known in objects.items()},
        vpc_attributes=attributes,
        account=account,
    )


ID_OPTIONS = {
    "Vpcs": "--vpc-ids",
    "Subnets": "--subnet-ids",
    "RouteTables": "--route-table-ids",
    "SecurityGroups": "--group-ids",
    "VpcEndpoints": "--vpc-endpoint-ids",
    "ServiceDetails": "--service-names",
    "NetworkInterfaces": "--network-interface-ids",
}
"""The AWS CLI's option that names objects of a kind."""


def command(kind: str, region: str, options: str = "", vpc: str = "VPC") -> str:
    """Return the AWS CLI's line that shows objects of a kind, of hosted zones those of a VPC."""
    where = f"--vpc-id {vpc} --vpc-region {region}" if kind == "HostedZoneSummaries" else f"--region {region}"
    return " ".join(filter(None, (KINDS[kind][1], options, where)))


def commands(kind: str, region: str, vpc: str = "VPC") -> dict[str, str]:
    """Return the AWS CLI's lines that show all of a kind, the account or the attributes of a VPC, by what they ask."""
    if kind == VPC_ATTRIBUTES:
        line = f"aws ec2 describe-vpc-attribute --vpc-id {vpc} --attribute"
        return {each: f"{line} {each} --region {region}" for each in ATTRIBUTES.values()}
    line = command(kind, region, vpc=vpc) if kind in KINDS else "aws sts get-caller-identity"
    return {line.split()[2].partition("-")[2]: line}


def to_files(kind: str, region: str, folder: str = "DIR", vpc: str = "VPC") -> tuple[str, ...]:
    """Return the same lines, each with the file of a folder for `--from` that it is to write."""
    lines = commands(kind, region, vpc).items()
    return tuple(f"{line} --output json > {quote(f'{folder}/{name}.json')}" for name, line in lines)
