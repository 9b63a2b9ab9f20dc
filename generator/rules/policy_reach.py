"""What a policy keeps out though the spec needs it: buckets that AWS owns, which no perimeter may be drawn around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.intent.iam import Answer, allows
from generator.intent.names import service_of
from generator.intent.policies import region_of
from generator.rules.policy_causes import denial
from generator.source.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.catalog.policy_needs import Need
    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent

_PERIMETER = "https://github.com/aws-samples/data-perimeter-policy-examples/blob/main/service_owned_resources.md"
OUT_OF_REACH = Code(
    "W240",
    "a policy that keeps out what another endpoint needs",
    "Amazon ECR hands out image layers from a bucket that AWS owns, through the S3 endpoint of the VPC. Where its "
    "policy does not let anybody read there, `docker pull` fails though both ECR endpoints work.",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms",
)
PERIMETER = Code(
    "W241",
    "a perimeter around a bucket that AWS owns",
    "AWS's buckets belong to none of your accounts, and some are read with URLs that AWS signs, or with no identity at "
    "all: a condition on your organization, or on your accounts, is never met there.",
    _PERIMETER,
)
MAY_BE_MISSED = Code(
    "W245",
    "a policy that keeps out what another endpoint may need",
    "Not everybody uses what these buckets hold; whoever does finds that it can't be downloaded.",
    _PERIMETER,
)
_AROUND = {"aws:principalorgid", "aws:resourceorgid", "aws:principalorgpaths", "aws:resourceorgpaths"}
_AROUND |= {"aws:principalaccount"}


def out_of_reach(intent: Intent) -> Iterator[Diagnostic]:
    """Warn of policies of Amazon S3 that keep out the buckets that other endpoints need."""
    if not intent.policies.documents:
        return
    ids = {
        endpoint.key: service.id if (service := service_of(intent, endpoint)) else "" for endpoint in intent.endpoints
    }
    s3 = [endpoint for endpoint in intent.endpoints if ids[endpoint.key] == "s3"]
    for endpoint in [endpoint for endpoint in s3 if endpoint.type == "Gateway"] or s3:
        for need in intent.policies.needs if endpoint.key in intent.policies.documents else ():
            users = [key for key, service_id in ids.items() if need.is_of(service_id)]
            if users:
                yield from _kept_out(intent, endpoint, need, " and ".join(users))


def _kept_out(intent: Intent, endpoint: Endpoint, need: Need, users: str) -> Iterator[Diagnostic]:
    """Yield a finding for the first bucket of a need that a policy does not surely let everybody reach."""
    region = region_of(endpoint, intent.spec)
    for action, arn in need.requests(region, intent.catalog):
        answer = allows(intent.policies.documents[endpoint.key], action, arn)
        if answer is not Answer.YES:
            bucket = arn.rpartition(":")[2].partition("/")[0]
            fails = f"{need.fails} {'may' if answer else 'will'} fail"
            fix = f"add the preset {need.preset.name} to the policy of {endpoint.key}"
            place, fix = (
                intent.place(endpoint, "policy"),
                fix if region else f"let everybody use {action} on {_open(arn)}",
            )
            if denier := denial(intent, endpoint, action, arn):
                place, fix = denier[0], f"{denier[1]} denies it: leave {_open(arn)} out of that"
            yield (OUT_OF_REACH if need.fails else MAY_BE_MISSED).at(
                place,
                f"{users}: {fails if need.fails else f'{need.preset.title} may not be reached'}: the policy of "
                f"{endpoint.key} {'lets' if answer else 'does not let'} {action} reach {bucket}"
                f"{' only in some cases' if answer else ''}",
                fix,
            )
            return


def _open(arn: str) -> str:
    return arn.replace("<region>", "*")


def perimeter(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of a statement that names buckets of AWS and asks for the spec's own organization or accounts."""
    for part in intent.policies.parts.get(endpoint.key, ()):
        for path, statement, bucket, preset in part.buckets_of_aws() if part.preset is None else ():
            if _conditions(statement) & _AROUND:
                message = f"{endpoint.key}: {bucket} is AWS's own, and the statement has a condition on whose it is"
                fix = f"take it out there, and add the preset {preset.name}"
                yield PERIMETER.at(part.place(*path, "Resource"), message, fix)


def _conditions(statement: dict[str, Any]) -> set[str]:
    """Return the keys of an Allow statement's conditions, in small letters."""
    stated = statement.get("Condition")
    if not isinstance(stated, dict) or statement.get("Effect") != "Allow":
        return set()
    return {key.casefold() for keys in stated.values() if isinstance(keys, dict) for key in keys}
