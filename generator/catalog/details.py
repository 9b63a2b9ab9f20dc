"""What AWS answers to DescribeVpcEndpointServices, let in whole by `live.answers`, made into a list.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceDetail.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from generator.catalog.lists import KIND, MOST, NAME, Offer, RegionalList, too_many
from generator.source.diagnostics import Code, Place, Refused

COMMAND = "aws ec2 describe-vpc-endpoint-services --region {region} --output json"
"""What prints a Region's services with the AWS CLI, which brings all pages together by itself."""

NO_ANSWER = Code("E277")
_OWNER = "amazon"


def list_services(
    details: Sequence[Any], *, region: str, taken: date, source: str, place: Place
) -> tuple[RegionalList, int]:
    """Return the list of AWS's own services, and how many services of others were left out.

    Which services of others there are depends on the account, so they are no facts of the Region. Raises Refused
    (E277) where there are none, for those of another Region, and for what is no name of a service or a type.
    """
    fix = f"give all that this prints: {COMMAND.format(region=region)}"
    if findings := [NO_ANSWER.at(place, why, fix) for why in _objections(details, region)]:
        raise Refused(findings)
    own = _own(details)
    services: dict[str, dict[str, Offer]] = {}
    for detail in own:
        for kind in _types(detail):
            services.setdefault(detail["ServiceName"], {})[kind] = _offer(detail)
    if len(services) > MOST:
        raise Refused([NO_ANSWER.at(place, too_many(len(services)), fix)])
    return RegionalList(region=region, taken=taken, source=source, services=services), len(details) - len(own)


def _objections(details: Sequence[Any], region: str) -> Iterator[str]:
    if wrong := [each for each in details if not NAME.fullmatch(each["ServiceName"]) or not _types(each)]:
        yield f"ServiceDetails: {wrong[0]['ServiceName']!r} is not the name of a service with types of endpoints"
        return
    elsewhere = sorted({str(detail["ServiceRegion"]) for detail in details if "ServiceRegion" in detail} - {region})
    if elsewhere:
        yield f"it lists services of {', '.join(elsewhere)}, not of {region} alone"
    elif not any(f".{region}." in detail["ServiceName"] for detail in _own(details)):
        yield f"none of its {len(details)} services is AWS's own and has {region} in its name"


def _own(details: Sequence[Any]) -> list[Any]:
    public = (detail for detail in details if ".vpce-svc-" not in detail["ServiceName"])
    return [detail for detail in public if detail.get("Owner", _OWNER) == _OWNER]


def _types(detail: Mapping[str, Any]) -> tuple[str, ...]:
    names = (each["ServiceType"] for each in detail["ServiceType"])
    return tuple(name for name in names if KIND.fullmatch(name))


def _offer(detail: Mapping[str, Any]) -> Offer:
    """Return the facts of a detail; a field that AWS left out, or that is not printable, is unknown."""
    return Offer(
        acceptance_required=detail["AcceptanceRequired"],
        availability_zone_ids=_texts(detail.get("AvailabilityZoneIds")),
        availability_zones=_texts(detail["AvailabilityZones"]),
        private_dns_names=_private_dns_names(detail),
        supported_ip_address_types=_texts(detail.get("SupportedIpAddressTypes")),
        vpc_endpoint_policy_supported=detail.get("VpcEndpointPolicySupported"),
    )


def _private_dns_names(detail: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the private DNS names; the older field holds but one of them."""
    if "PrivateDnsNames" in detail:
        return _texts([each["PrivateDnsName"] for each in detail["PrivateDnsNames"]])
    return _texts([detail["PrivateDnsName"]]) if "PrivateDnsName" in detail else None


def _texts(value: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if value is None or not all(map(str.isprintable, value)) else tuple(sorted(set(value)))
