"""What AWS says of condition keys: which the requests of callers in a VPC have, of what values, and which they choose.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html has those of all services, each
with the requests that have it and what it may be (checked 2026-11-28).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CALLER, ACCOUNT = "aws:principalarn", "aws:principalaccount"
DIRECT: Mapping[str, tuple[str, ...]] = {
    "aws:securetransport": ("true",),
    "aws:principalisawsservice": ("false",),
    "aws:viaawsservice": ("false",),
    "s3:tlsversion": ("1.2", "1.3"),
    **dict.fromkeys(("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "kms:viaservice"), ()),
    **dict.fromkeys(("aws:principalservicename", "aws:principalservicenameslist"), ()),
    **dict.fromkeys(("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"), ()),
}
"""What the requests of callers in a VPC have of keys; none has those of no text, which those of AWS's services have.

https://aws.amazon.com/blogs/security/tls-1-2-required-for-aws-endpoints/ (TLS 1.2 or later; checked 2026-11-28)
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service (2026-11-28)
"""
ALWAYS: Mapping[str, tuple[str, ...]] = dict.fromkeys(("aws:securetransport", "aws:viaawsservice"), ("true", "false"))
"""What any request has, whoever makes it."""
CHOSEN = re.compile(
    r"aws:(principal(arn|account|orgid|orgpaths|type|tag/.+)|resource(account|orgid|orgpaths)|userid|username)"
    r"|ec2:(roledelivery|sourceinstancearn)|glue:(roleassumedby|credentialissuingservice)|lambda:sourcefunctionarn"
    r"|codebuild:(buildarn|projectarn)|ssm:sourceinstancearn|identitystore:userid"
)
"""The keys of which callers have or give any value, whatever they do."""
_OF_ACTIONS = re.compile(r"(?!aws:).+|aws:(requesttag/.+|resourcetag/.+|tagkeys)")
SEVERAL = re.compile(r"aws:(tagkeys|calledvia|principalservicenameslist|(principal|resource|vpce|source)orgpaths)")
"""The keys of AWS that may have several values at once."""
ACCOUNT_ID = ("?" * 12,)
_ORGANIZATION, _PATH = ("o-?*",), ("o-?*/r-?*/",)
FORMS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("aws:resourceaccount", "s3:resourceaccount", "s3:dataaccesspointaccount"), ACCOUNT_ID),
    "kms:calleraccount": ACCOUNT_ID,
    **dict.fromkeys(("aws:principalorgid", "aws:resourceorgid"), _ORGANIZATION),
    **dict.fromkeys(("aws:principalorgpaths", "aws:resourceorgpaths"), _PATH),
    "aws:principaltype": ("Account", "User", "FederatedUser", "AssumedRole", "Anonymous"),
    **dict.fromkeys(("ec2:sourceinstancearn", "ssm:sourceinstancearn"), ("arn:{partition}:ec2:*:*:instance/?*",)),
    "ec2:roledelivery": ("1.0", "2.0"),
    "lambda:sourcefunctionarn": ("arn:{partition}:lambda:*:*:function:?*",),
    "codebuild:buildarn": ("arn:{partition}:codebuild:*:*:build/?*",),
    "codebuild:projectarn": ("arn:{partition}:codebuild:*:*:project/?*",),
    "s3:authtype": ("REST-HEADER", "REST-QUERY-STRING", "POST"),
    "s3:signatureversion": ("AWS", "AWS4-HMAC-SHA256"),
    "s3:dataaccesspointarn": ("arn:{partition}:s3*:*:*:accesspoint/?*",),
}
"""What all values of a key are within, as the ids of organizations and accounts are.

https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html (both of its keys; 2026-11-28)
https://docs.aws.amazon.com/service-authorization/latest/reference/ has the others of services (checked 2026-11-28)
"""


def is_of_actions(key: str) -> bool:
    """Tell whether some requests alone have a key: for the actions and resources of which AWS lists it."""
    return bool(_OF_ACTIONS.fullmatch(key)) and key not in DIRECT and not CHOSEN.fullmatch(key)


def is_own(key: str, services: frozenset[str]) -> bool:
    """Tell whether a key is of some services, of which AWS may list no more; of STS are those of identity providers."""
    service = key.partition(":")[0]
    is_provider = "sts" in services and ("." in service or service == "saml")
    return service in services or is_provider or key.startswith("aws:resourcetag/")
