"""What AWS answers to DescribeVpcEndpointServices, from its API or as its CLI prints it, made into a list.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceDetail.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from generator.catalog.lists import KIND, NAME, Offer, RegionalList
from generator.source.diagnostics import Code, Place, Refused

COMMAND = "aws ec2 describe-vpc-endpoint-services --region {region} --output json"
"""What prints a Region's services with the AWS CLI, which brings all pages together by itself."""

NO_ANSWER = Code("E277")
_OWNER = "amazon"


def read_answer(text: bytes, file: str, region: str) -> list[Any]:
    """Return the details in what the AWS CLI printed; UTF-16, as PowerShell writes it, is read too.

    Raises Refused (E277) for what is not JSON, or not the whole of the answer.
    """
    fix = f"give what this prints: {COMMAND.format(region=region)}"
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise Refused([NO_ANSWER.at(place, f"not JSON: {error.msg}", fix)]) from error
    except (ValueError, RecursionError) as error:
        raise Refused([NO_ANSWER.at(Place(file), "not JSON", fix)]) from error
    if isinstance(data, dict) and data.get("NextToken"):
        why = "it has a NextToken, so it is only a part of the answer"
        raise Refused([NO_ANSWER.at(Place(file), why, f"{fix} (without --max-items and --no-paginate)")])
    details = data.get("ServiceDetails") if isinstance(data, dict) else data
    if not isinstance(details, list) or not details:
        raise Refused([NO_ANSWER.at(Place(file), "it has no ServiceDetails", fix)])
    return details


def list_services(
    details: Sequence[Any], *, region: str, taken: date, source: str, place: Place
) -> tuple[RegionalList, int]:
    """Return the list of AWS's own services, and how many services of others were left out.

    Which services of others there are depends on the account, so they are no facts of the Region. Raises Refused
    (E277) for details without a name or a type, and for those of another Region.
    """
    fix = f"give what this prints: {COMMAND.format(region=region)}"
    if findings := [NO_ANSWER.at(place, why, fix) for why in _objections(details, region)]:
        raise Refused(findings)
    public = (detail for detail in details if ".vpce-svc-" not in detail["ServiceName"])
    own = [detail for detail in public if detail.get("Owner", _OWNER) == _OWNER]
    services: dict[str, dict[str, Offer]] = {}
    for detail in own:
        for kind in _types(detail):
            services.setdefault(detail["ServiceName"], {})[kind] = _offer(detail)
    return RegionalList(region=region, taken=taken, source=source, services=services), len(details) - len(own)


def _objections(details: Sequence[Any], region: str) -> Iterator[str]:
    for number, detail in enumerate(details, 1):
        name = detail.get("ServiceName") if isinstance(detail, dict) else None
        if not isinstance(name, str) or not NAME.fullmatch(name) or not _types(detail):
            yield f"ServiceDetails: number {number} has no ServiceName, or no ServiceType"
            return
    elsewhere = sorted({str(detail["ServiceRegion"]) for detail in details if "ServiceRegion" in detail} - {region})
    if elsewhere:
        yield f"it lists services of {', '.join(elsewhere)}, not of {region} alone"
    elif not any(f".{region}." in detail["ServiceName"] for detail in details):
        yield f"none of its {len(details)} services has {region} in its name"


def _types(detail: Mapping[str, Any]) -> tuple[str, ...]:
    listed_types = detail.get("ServiceType")
    if not isinstance(listed_types, list):
        return ()
    names = (each.get("ServiceType") for each in listed_types if isinstance(each, dict))
    return tuple(name for name in names if isinstance(name, str) and KIND.fullmatch(name))


def _offer(detail: Mapping[str, Any]) -> Offer:
    """Return the facts of a detail; a field that AWS left out, or that is not of its documented form, is unknown."""
    return Offer(
        acceptance_required=_flag(detail.get("AcceptanceRequired")),
        availability_zone_ids=_texts(detail.get("AvailabilityZoneIds")),
        availability_zones=_texts(detail.get("AvailabilityZones")),
        private_dns_names=_private_dns_names(detail),
        supported_ip_address_types=_texts(detail.get("SupportedIpAddressTypes")),
        vpc_endpoint_policy_supported=_flag(detail.get("VpcEndpointPolicySupported")),
    )


def _private_dns_names(detail: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the private DNS names; the older field holds but one of them."""
    listed_names = detail.get("PrivateDnsNames")
    if isinstance(listed_names, list):
        return _texts([each.get("PrivateDnsName") for each in listed_names if isinstance(each, dict)])
    name = detail.get("PrivateDnsName")
    return (name,) if isinstance(name, str) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _texts(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.isprintable() for item in value):
        return None
    return tuple(sorted(set(value)))
