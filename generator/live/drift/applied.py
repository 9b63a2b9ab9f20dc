"""What Terraform's state has of endpoints and groups, in the shapes in which AWS describes them.

A state has what AWS had when Terraform last applied or refreshed: what differs from the spec in the same way in both is
not applied, what differs in AWS alone was changed since, by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.intent.endpoints import ARGUMENTS
from generator.intent.iam_same import says_the_same
from generator.live.change import Change
from generator.live.drift.row import Kind
from generator.live.estate import AwsObject
from generator.live.fields import FIELDS
from generator.source.terraform_json import Resource, Values

_DNS = "DnsOptions."
_RULES = {"aws_vpc_security_group_ingress_rule", "aws_security_group_rule"}
_SOURCES = {
    ("IpRanges", "CidrIp"): ("cidr_ipv4", "cidr_blocks"),
    ("Ipv6Ranges", "CidrIpv6"): ("cidr_ipv6", "ipv6_cidr_blocks"),
    ("PrefixListIds", "PrefixListId"): ("prefix_list_id", "prefix_list_ids"),
    ("UserIdGroupPairs", "GroupId"): ("referenced_security_group_id", "source_security_group_id"),
}
"""Where an IpPermission names its sources, and the arguments of a rule that do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What the state has, by id."""

    objects: Mapping[str, AwsObject]
    addresses: Mapping[str, str]

    def kind(self, change: Change, in_state: Iterable[Change]) -> Kind:
        """Return who made a difference, where the state differs from the spec in some ways."""
        same = (each for each in in_state if (each.field, each.wanted) == (change.field, change.wanted))
        is_same = any(
            each.found == change.found or (change.field == "policy" and says_the_same(each.found, change.found))
            for each in same
        )
        return Kind.NOT_APPLIED if is_same else Kind.CHANGED


def applied(resources: Iterable[Resource]) -> Applied:
    """Return what a state has of endpoints and groups."""
    resources = tuple(resources)
    rules = [each.values for each in resources if each.type in _RULES and each.values.get("type") != "egress"]
    found: dict[str, AwsObject] = {}
    for each in resources:
        values, identifier = each.values, str(each.values.get("id"))
        if each.type == "aws_vpc_endpoint":
            found[identifier] = _endpoint(values)
        elif each.type == "aws_security_group":
            own = [_permission(rule, identifier) for rule in rules if rule.get("security_group_id") == identifier]
            found[identifier] = {
                "VpcId": values.get("vpc_id"),
                "GroupName": values.get("name"),
                "Description": values.get("description"),
                "IpPermissions": own,
                "Tags": [*_tags(values)],
            }
    return Applied(objects=found, addresses={str(each.values.get("id")): each.address for each in resources})


def _endpoint(values: Values) -> AwsObject:
    """Return an endpoint, by the table of fields."""
    dns = (values.get("dns_options") or [{}])[0]
    return {
        **{each.key: values.get(ARGUMENTS.get(each.name, each.name)) for each in FIELDS if each.key.isalpha()},
        "VpcId": values.get("vpc_id"),
        "OwnerId": values.get("owner_id"),
        "NetworkInterfaceIds": values.get("network_interface_ids"),
        "Groups": [{"GroupId": each} for each in values.get("security_group_ids") or ()],
        "DnsOptions": {
            each.key.removeprefix(_DNS): dns.get(each.name.partition(".")[2])
            for each in FIELDS
            if each.key.startswith(_DNS)
        },
        "Tags": [*_tags(values)],
    }


def _tags(values: Values) -> Iterator[dict[str, str]]:
    for key, value in (values.get("tags_all") or values.get("tags") or {}).items():
        yield {"Key": key, "Value": value}


def _permission(rule: Values, group: str) -> AwsObject:
    ports: dict[str, Any] = {"FromPort": rule.get("from_port"), "ToPort": rule.get("to_port")}
    said, itself = {"Description": rule.get("description")}, [group] if rule.get("self") else []
    sources: dict[str, list[dict[str, Any]]] = {}
    for (kind, key), arguments in _SOURCES.items():
        values = (rule.get(argument) for argument in arguments)
        flat = [one for value in values if value for one in (value if isinstance(value, list) else [value])]
        sources[kind] = [{key: one, **said} for one in (*flat, *(itself if key == "GroupId" else ()))]
    kept = {key: value for key, value in ports.items() if value is not None}
    return {"IpProtocol": rule.get("ip_protocol") or rule.get("protocol"), **kept, **sources}
