"""The services that AWS has in a Region, as its API lists them now."""

from __future__ import annotations

from types_boto3_ec2.type_defs import ServiceDetailTypeDef

from generator.live.aws.client import Access, explained


def describe_services(*, region: str, profile: str | None, endpoint_url: str | None) -> list[ServiceDetailTypeDef]:
    """Return the details of every service of a Region, from all pages of DescribeVpcEndpointServices.

    Raises Refused (E278) in boto3's words where AWS does not answer.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointServices.html
    """
    access = Access(region=region, profile=profile, endpoint_url=endpoint_url)
    with explained(access, "ec2:DescribeVpcEndpointServices"):
        client = access.session().client("ec2", endpoint_url=endpoint_url, config=access.config)
        pages = client.get_paginator("describe_vpc_endpoint_services").paginate()
        return [detail for page in pages for detail in page["ServiceDetails"]]
