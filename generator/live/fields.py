"""One table of an endpoint's fields: where AWS's answer has each, and what AWS takes where the spec says nothing.

`drift` and `verify` compare by it, `adopt` writes by it and is proven by it; tests/test_fields.py finds what it lacks.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from generator.catalog.defaults import DEFAULTS
from generator.intent.endpoints import TAKES, Endpoint
from generator.intent.iam_same import document, says_the_same
from generator.live.answer_regions import service_region
from generator.live.change import Change, difference, tag_changes
from generator.live.estate import AwsObject, arguments_of
from generator.live.locate import Located, LocatedEndpoint
from generator.live.untold import is_told
from generator.source.frozen import frozen
from generator.spec.policy_text import Known, filled

UNKNOWN_POLICY = ("not compared: it has text that only Terraform knows", "say what its inputs give: --var NAME=TEXT")


@frozen(kw_only=True)
class Pair:
    """An endpoint of the spec and the live one that it is."""

    located: LocatedEndpoint
    live: AwsObject
    spec: Located

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint as the spec says it."""
        return self.located.endpoint

    @property
    def changes(self) -> dict[str, Change]:
        """What `changes` yields, by field."""
        return {change.field: change for change in changes(self)}

    @property
    def policy(self) -> Any:
        """The stated policy; None where there is none, or it has text that is not known here."""
        known = {Known("variable", name): ",".join(texts) for name, texts in self.spec.inputs.items()}
        known[Known("vpc")] = self.spec.vpc_id
        if owner := self.live["OwnerId"]:
            known[Known("account")] = str(owner)
        try:
            return filled(self.spec.intent.policies.documents.get(self.endpoint.key), known.__getitem__)
        except KeyError:
            return None


def _plain(value: Any) -> Any:
    """Return a value as it is compared: AWS lists in any order, and an empty list is none."""
    return sorted(set(value)) or None if isinstance(value, list | tuple) else value


def _lower(value: Any) -> Any:
    return None if value is None else str(value).lower()


@frozen()
class Field:
    """A field of the spec's endpoint; one of its DNS options is `dns_options.NAME`."""

    name: str
    key: str
    """Where AWS's answer has it, as `DnsOptions.DnsRecordIpType`; of a list, in each of its items."""
    normal: Callable[[Any], Any] = _plain
    """The form in which both sides are compared, and in which the spec states it."""
    default: Callable[[AwsObject, str], Any] = lambda _live, _region: None
    """What AWS takes where nothing is stated; None: nothing of its own."""
    absence: Callable[[AwsObject, str], Any] = lambda _live, _region: None
    """What AWS means where its answer lacks the key; None: that is not told, whatever AWS takes by itself."""
    wanted_by: Callable[[LocatedEndpoint], Any] | None = None
    """What the spec means, in AWS's terms, where that is not simply what it states; None: the module leaves it out."""
    differences: Callable[[Field, Pair], Iterator[Change]] | None = None
    """The comparison of a field that is more than one value."""

    def expected(self, located: LocatedEndpoint) -> Any:
        """Return what the spec means; None where the module leaves the field out, and Terraform what AWS has."""
        value = self.wanted_by(located) if self.wanted_by else _stated(located, self.name)
        return None if value is None else self.normal(value)

    def raw(self, live: AwsObject) -> Any:
        """Return what AWS's answer has; None where it does not say."""
        value: Any = live if is_told(live.get(self.key.partition(".")[0])) else {}
        for part in self.key.split("."):
            value = [each.get(part) for each in value] if isinstance(value, list) else (value or {}).get(part)
        return None if value == "" else value

    def found(self, live: AwsObject, region: str) -> Any:
        """Return what an endpoint in a Region has, by AWS's answer."""
        value = self.absence(live, region) if (raw := self.raw(live)) is None else raw
        return None if value is None else self.normal(value)

    def is_told(self, live: AwsObject, region: str) -> bool:
        """Tell whether AWS's answer says what an endpoint in a Region has, be it by an absence."""
        return self.raw(live) is not None or self.absence(live, region) is not None

    def beyond_default(self, live: AwsObject, region: str) -> Any:
        """Return what an endpoint has, unless AWS takes it by itself: None there, and for what is not one value."""
        found = None if self.differences else self.found(live, region)
        return None if found == self.default(live, region) else found

    def is_taken_by(self, endpoint_type: str) -> bool:
        """Tell whether endpoints of a type have the field."""
        return endpoint_type in TAKES.get(self.name.partition(".")[0], {endpoint_type})


def changes(pair: Pair, *, with_defaults: bool = False) -> Iterator[Change]:
    """Yield the fields in which a live endpoint differs from the one of the spec that it is.

    A field that the module leaves out is compared only `with_defaults`: else Terraform keeps there what AWS has.
    """
    for field in FIELDS:
        if field.is_taken_by(pair.located.endpoint.type):
            if field.differences is not None:
                yield from field.differences(field, pair)
                continue
            wanted, region = field.expected(pair.located), pair.spec.estate.region
            known, is_left = field.is_told(pair.live, region), wanted is None
            if is_left and not (with_defaults and known):
                continue
            wanted, found = field.default(pair.live, region) if is_left else wanted, field.found(pair.live, region)
            if not (wanted is False and found is None):  # AWS may leave a flag out that is off
                yield from difference(field.name, wanted, found, known=known)


def _tags(field: Field, pair: Pair) -> Iterator[Change]:
    """Return the tags that differ; the Name tag, which is the first, is the field `name`."""
    found = tag_changes(pair.located.endpoint.tags, pair.live, pair.spec.ignored_tags)
    if field.name == "name":
        return (replace(each, field="name") for each in islice(found, 1) if each.field == "tags.Name")
    return (each for each in found if each.field != "tags.Name")


def _addresses(_field: Field, pair: Pair) -> Iterator[Change]:
    """Yield the fixed addresses that the network interfaces do not have."""
    endpoint, spec = pair.located.endpoint, pair.spec
    its = (spec.estate.one("NetworkInterfaces", each) for each in pair.live["NetworkInterfaceIds"] or ())
    interfaces = {each["SubnetId"]: each for each in its if each and each["VpcId"] == spec.vpc_id}
    for index, fixed in enumerate(endpoint.fixed_addresses):
        path = endpoint.path("subnet_configuration", index, "subnet")
        for subnet in spec.follow("Subnets", fixed.subnet, path):
            field, there = f"subnet_configuration.{subnet['SubnetId']}", interfaces.get(subnet["SubnetId"], {})
            if not (known := bool(there)) and subnet["SubnetId"] not in (pair.live["SubnetIds"] or ()):
                continue  # for the subnets differ
            if fixed.ipv4:
                yield from difference(f"{field}.ipv4", fixed.ipv4, there.get("PrivateIpAddress"), known=known)
            if fixed.ipv6:
                found = next((each["Ipv6Address"] for each in there.get("Ipv6Addresses", ())), None)
                yield from difference(f"{field}.ipv6", fixed.ipv6, found, known=known)


def _policy(field: Field, pair: Pair) -> Iterator[Change]:
    """Yield the policy if it says something else than the stated one; as documents, where what is there is JSON."""
    if (wanted := pair.policy) is not None and not says_the_same(wanted, text := pair.live.get(field.key)):
        yield Change(field=field.name, wanted=wanted, found=document(text), known=text is not None)


def _stated(located: LocatedEndpoint, name: str) -> Any:
    head, _, option = name.partition(".")
    value = located.endpoint.stated.get(head)
    return getattr(value, option) if option and value is not None else value


def _all(objects: Iterable[AwsObject], key: str) -> list[str]:
    return [str(each[key]) for each in objects]


def _by_table(name: str) -> Callable[[AwsObject, str], Any]:
    return lambda live, region: DEFAULTS[name](arguments_of(live, region))


def _without_private_dns(key: str) -> Callable[[AwsObject, str], Any]:
    """Return whatever is there where private DNS is off: it means nothing, and no spec may state it (E248)."""
    return lambda live, _: None if live.get("PrivateDnsEnabled") else _plain((live.get("DnsOptions") or {}).get(key))


def _records(live: AwsObject, region: str) -> Any:
    """Return what the table says; the records of a gateway its service defines, and no spec need state that.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-dns-record-ip-type
    """
    if live["VpcEndpointType"] == "Gateway" and str(live.get("ServiceName")).endswith(".s3"):
        return _lower((live.get("DnsOptions") or {}).get("DnsRecordIpType"))  # which no spec may state (E247)
    return "service-defined" if live["VpcEndpointType"] == "Gateway" else _by_table(_RECORDS)(live, region)


_RECORDS = "dns_options.dns_record_ip_type"
_INBOUND = "dns_options.private_dns_only_for_inbound_resolver_endpoint"
FIELDS: tuple[Field, ...] = (
    *(
        Field(
            name,
            "ServiceName",
            wanted_by=lambda located: located.service_name,
            default=lambda live, _: live.get("ServiceName"),
        )
        for name in ("service", "service_name")
    ),
    Field("resource_configuration_arn", "ResourceConfigurationArn"),
    Field("service_network_arn", "ServiceNetworkArn"),
    Field("type", "VpcEndpointType", wanted_by=lambda located: located.endpoint.type, default=lambda *_: "Gateway"),
    Field("service_region", "ServiceRegion", _plain, _by_table("service_region"), lambda live, _: service_region(live)),
    Field("name", "Tags", differences=_tags),
    Field("subnets", "SubnetIds", wanted_by=lambda located: _all(located.subnets, "SubnetId")),
    Field(
        "security_groups",
        "Groups.GroupId",
        wanted_by=lambda located: [*_all(located.security_groups, "GroupId"), *located.absent_groups],
    ),
    Field("route_tables", "RouteTableIds", wanted_by=lambda located: _all(located.route_tables, "RouteTableId")),
    Field("ip_address_type", "IpAddressType", _lower, _by_table("ip_address_type")),
    Field("private_dns_enabled", "PrivateDnsEnabled", bool, wanted_by=lambda located: located.endpoint.has_private_dns),
    Field(_RECORDS, "DnsOptions.DnsRecordIpType", _lower, _records),
    Field(
        _INBOUND, "DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint", bool, _by_table(_INBOUND), _by_table(_INBOUND)
    ),
    *(
        Field(f"dns_options.{name}", f"DnsOptions.{key}", default=_without_private_dns(key))
        for name, key in (
            ("private_dns_preference", "PrivateDnsPreference"),
            ("private_dns_specified_domains", "PrivateDnsSpecifiedDomains"),
        )
    ),
    Field("subnet_configuration", "", differences=_addresses),
    Field("policy", "PolicyDocument", differences=_policy),
    Field("tags", "Tags", differences=_tags),
)
"""In the order in which `adopt` writes them."""

NOT_KEPT_BY_AWS: Mapping[str, str] = {
    "auto_accept": "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcEndpointConnections.html",
    "timeouts": "https://developer.hashicorp.com/terraform/language/resources/configure#operation-timeouts",
    "was": "https://developer.hashicorp.com/terraform/language/modules/develop/refactoring",
    "protect": "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy",
    "region": "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support",
}
"""The fields that no answer has, each with the source: what is done once, how long Terraform waits, whom it asks."""
