"""One endpoint as AWS describes it → the fields by which a spec says the same. What a spec can't say is a finding.

Left out is what AWS decides itself where a spec says nothing: ipv4 addresses, DNS records of the addresses' kind. Left
out too are `auto_accept` and `timeouts`, which AWS does not keep, and fixed addresses, which it does not tell from
others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.authoring.adopt.choose import service_id
from generator.authoring.adopt.references import reference
from generator.catalog.catalog import Catalog
from generator.catalog.presets import presets
from generator.intent.endpoints import TAKES, taken_by
from generator.intent.iam_same import is_default, same_to_provider
from generator.live.estate import tags
from generator.source.diagnostics import Code, Diagnostic, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.live.estate import AwsObject, Estate

INEXPRESSIBLE = Code(
    "E413",
    "something that exists and a spec can't say",
    "A spec that leaves it out would let Terraform change it, or make it otherwise the next time.",
)
NOT_KNOWN = Code(
    "E414",
    "something around an endpoint that is not known here",
    "What an endpoint is in must be among what was read, or it can't be named.",
)
FULL_ACCESS = "full-access"
_TYPES = frozenset(kind for kinds in TAKES.values() for kind in kinds)
_SINGLE_TYPE = {"Interface": "service_name", "Resource": "", "ServiceNetwork": ""}
_SURROUNDINGS = {
    "subnets": ("Subnets", "SubnetIds", "subnet"),
    "security_groups": ("SecurityGroups", "Groups", "security group"),
    "route_tables": ("RouteTables", "RouteTableIds", "route table"),
}
_OPTIONS = {
    "DnsRecordIpType": "dns_record_ip_type",
    "PrivateDnsOnlyForInboundResolverEndpoint": "private_dns_only_for_inbound_resolver_endpoint",
    "PrivateDnsPreference": "private_dns_preference",
    "PrivateDnsSpecifiedDomains": "private_dns_specified_domains",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One endpoint: as AWS describes it, and as a spec would with no defaults."""

    live: AwsObject
    type: str
    service: str | None
    """The catalog's short name of its service."""
    stated: Mapping[str, Any]
    around: Mapping[str, tuple[AwsObject, ...]] = field(default_factory=dict)
    """Its subnets, security groups and route tables, by the field of the spec."""

    @property
    def id(self) -> str:
        """The endpoint's id."""
        return str(self.live["VpcEndpointId"])


def describe(endpoint: AwsObject, estate: Estate) -> Described | tuple[Diagnostic, ...]:
    """Return an endpoint as a spec says it, or why no spec can."""
    kind = str(endpoint.get("VpcEndpointType") or "Gateway")
    if kind not in _TYPES:
        return (_cannot(endpoint, f"no spec has endpoints of type {kind}"),)
    around, findings = _around(endpoint, kind, estate)
    service = service_id(endpoint, estate.region)
    stated: dict[str, Any] = dict(_target(endpoint, kind, service, estate.region))
    own = {key: value for key, value in tags(endpoint).items() if not key.lower().startswith("aws:")}
    if own.get("Name") == "":
        findings += (_cannot(endpoint, "its Name tag is empty", "take the tag off, or give it a text"),)
    if own.get("Name"):
        stated["name"] = own["Name"]
    stated |= {name: [reference(_SURROUNDINGS[name][0], each, estate) for each in around[name]] for name in around}
    stated |= dict(_arguments(endpoint, kind, service))
    try:
        stated |= dict(_policy(endpoint, kind, service))
    except (ValueError, TypeError) as error:
        findings += (_cannot(endpoint, f"its policy is no JSON: {error}"),)
    stated["tags"] = {key: value for key, value in sorted(own.items()) if key != "Name"}
    if findings:
        return findings
    return Described(live=endpoint, type=kind, service=service, stated=stated, around=around)


def _around(
    endpoint: AwsObject, kind: str, estate: Estate
) -> tuple[dict[str, tuple[AwsObject, ...]], tuple[Diagnostic, ...]]:
    """Return the subnets, groups and tables of an endpoint by name, then by id, and what is wrong with them."""
    around: dict[str, tuple[AwsObject, ...]] = {}
    findings: list[Diagnostic] = []
    for name, (things, key, noun) in _SURROUNDINGS.items():
        if name not in taken_by(kind):
            continue
        listed = endpoint.get(key) or ()
        ids = sorted({str(each["GroupId"]) if isinstance(each, dict) else str(each) for each in listed})
        found = {each: estate.one(things, each) for each in ids}
        there = (each for each in found.values() if each is not None)
        around[name] = tuple(sorted(there, key=lambda each: tags(each).get("Name", "~")))
        findings += [
            NOT_KNOWN.at(_place(endpoint), f"its {noun} {each} is not among what was read", "read all of the VPC")
            for each, thing in found.items()
            if thing is None
        ]
        if not ids:
            fix = "give it one, or leave it out: name the others with --select"
            findings.append(_cannot(endpoint, f"it has no {noun}, and one of a spec has some", fix))
    return around, tuple(findings)


def _target(endpoint: AwsObject, kind: str, service: str | None, region: str) -> Iterator[tuple[str, Any]]:
    """Yield what an endpoint leads to, its type where that leaves it open, and the Region of the target."""
    arns = {"Resource": "resource_configuration_arn", "ServiceNetwork": "service_network_arn"}
    if kind in arns:
        keys = {"Resource": "ResourceConfigurationArn", "ServiceNetwork": "ServiceNetworkArn"}
        yield arns[kind], str(endpoint.get(keys[kind]) or "")
        return
    yield ("service", service) if service else ("service_name", str(endpoint.get("ServiceName")))
    known = Catalog.load().services[service].types if service else ("Interface",)
    if known != (kind,):
        yield "type", kind
    if kind == "Interface" and endpoint.get("ServiceRegion") not in {None, "", region}:
        yield "service_region", str(endpoint["ServiceRegion"])


def _arguments(endpoint: AwsObject, kind: str, service: str | None) -> Iterator[tuple[str, Any]]:
    """Yield the address type, private DNS and the DNS options, where they are not what AWS takes by itself."""
    addresses = str(endpoint.get("IpAddressType") or "ipv4").lower()
    if addresses != "ipv4":
        yield "ip_address_type", addresses
    has_private_dns = bool(endpoint.get("PrivateDnsEnabled"))
    if "private_dns_enabled" in taken_by(kind):
        yield "private_dns_enabled", has_private_dns
    if "dns_options" in taken_by(kind):
        options = dict(_dns_options(endpoint, kind, has_private_dns=has_private_dns, is_s3=service == "s3"))
        if options:
            yield "dns_options", options


def _dns_options(endpoint: AwsObject, kind: str, *, has_private_dns: bool, is_s3: bool) -> Iterator[tuple[str, Any]]:
    """Yield the DNS options that AWS would not choose itself.

    The records are of the addresses' kind, a gateway's defined by the service; of Amazon S3's private DNS it is always
    said whom it serves, since the provider takes silence for everybody.
    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-dns-record-ip-type
    """
    found = {ours: value for key, ours in _OPTIONS.items() if (value := (endpoint.get("DnsOptions") or {}).get(key))}
    usual = "service-defined" if kind == "Gateway" else str(endpoint.get("IpAddressType") or "ipv4").lower()
    if found.get("dns_record_ip_type") == usual:
        del found["dns_record_ip_type"]
    inbound = "private_dns_only_for_inbound_resolver_endpoint"
    if is_s3 and kind == "Interface" and has_private_dns:
        found[inbound] = bool(found.get(inbound))
    if not has_private_dns:
        found.pop("private_dns_preference", None)
    yield from found.items()


def _policy(endpoint: AwsObject, kind: str, service: str | None) -> Iterator[tuple[str, Any]]:
    """Yield the policy: full access by its name where it is AWS's own document, and else the document.

    Where nobody reads a policy, full access goes without saying.
    """
    text = endpoint.get("PolicyDocument")
    if "policy" not in taken_by(kind) or not text:
        return
    document = json.loads(text) if isinstance(text, str) else text
    if not isinstance(document, dict):
        raise TypeError("a document is a mapping")
    if not is_default(document) or is_heeded(str(endpoint.get("ServiceName")), service):
        yield "policy", FULL_ACCESS if same_to_provider(document, presets()[FULL_ACCESS].attached[kind]) else document


def is_heeded(service_name: str, service: str | None) -> bool:
    """Tell whether a policy means anything to a service: to an endpoint service, and to some of AWS's, it does not."""
    return ".vpce." not in service_name and (service is None or Catalog.load().services[service].policy is not False)


def _cannot(endpoint: AwsObject, message: str, fix: str = "leave it out: name the others with --select") -> Diagnostic:
    return INEXPRESSIBLE.at(_place(endpoint), message, fix)


def _place(endpoint: AwsObject) -> Place:
    named = tags(endpoint).get("Name")
    return Place(f"{endpoint['VpcEndpointId']} ({named})" if named else str(endpoint["VpcEndpointId"]))
