"""The services that AWS has in a Region, as its API lists them now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore import exceptions
from botocore.config import Config

from generator.aws import NO_AWS
from generator.diagnostics import Place, Refused

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import ServiceDetailTypeDef

_CONFIG = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3})
_LOG_IN = "aws sso login or aws configure, then the same again, with --profile NAME for another profile"
_FIXES: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.ProfileNotFound, "aws configure list-profiles shows what there is"),
    (exceptions.NoCredentialsError, _LOG_IN),
    (exceptions.PartialCredentialsError, _LOG_IN),
    (exceptions.CredentialRetrievalError, _LOG_IN),
    (exceptions.SSOError, _LOG_IN),
    (exceptions.TokenRetrievalError, _LOG_IN),
    (exceptions.LoginError, _LOG_IN),
    (exceptions.ConnectionError, "check the Region's spelling, the network and the proxy"),
    (exceptions.ClientError, "the credentials must be valid, and allow ec2:DescribeVpcEndpointServices in the Region"),
)


def described(*, region: str, profile: str | None, endpoint_url: str | None) -> list[ServiceDetailTypeDef]:
    """Return the details of every service of a Region, from all pages of DescribeVpcEndpointServices.

    Raises Refused (E278) in boto3's words where AWS does not answer.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointServices.html
    """
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        client = session.client("ec2", endpoint_url=endpoint_url, config=_CONFIG)
        pages = client.get_paginator("describe_vpc_endpoint_services").paginate()
        return [detail for page in pages for detail in page["ServiceDetails"]]
    except (exceptions.BotoCoreError, exceptions.ClientError, ValueError) as error:  # ValueError: no such URL
        fix = next((fix for kind, fix in _FIXES if isinstance(error, kind)), "")
        raise Refused([NO_AWS.at(Place(f"AWS {region}"), str(error), fix)]) from error
