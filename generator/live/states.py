"""The states of an endpoint: which are gone or dead, what each means, and what to do.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html (checked 2026-11-22)
https://docs.aws.amazon.com/vpc/latest/privatelink/accept-reject-endpoint-requests.html (checked 2026-11-24)
"""

from __future__ import annotations

import shlex
from collections.abc import Collection

from generator.intent.claims import service_in
from generator.intent.iam_same import document
from generator.intent.iam_use import nothing_of
from generator.live.estate import AwsObject, Estate, command, state_of
from generator.live.locate import Located, LocatedEndpoint

_GONE = frozenset({"deleting", "deleted"})
_DEAD = frozenset({"rejected", "failed", "expired"})
_PENDING = frozenset({"pending", "pendingacceptance"})
DEAD = "it carries no traffic"
PARTIAL = "only a part of it is available"
_MEANINGS = {
    "available": ("", ""),
    "pending": ("AWS is making it", "wait: verify --wait asks again until it is available"),
    "pendingacceptance": (
        "the owner of the service has not accepted it yet",
        "the owner runs: aws ec2 accept-vpc-endpoint-connections {accept}",
    ),
    "rejected": (
        "the owner of the service rejected it",
        "ask the owner, then replace it: {replace}",
    ),
    "expired": (
        "the owner of the service did not accept it in time",
        "replace it, and have it accepted: {replace}",
    ),
    "failed": ("AWS could not make it", "mend what AWS says of it, then replace it: {replace}"),
    "partial": (
        f"{PARTIAL}, and AWS documents no more of this state",
        "mend what {shows} shows of it; else replace it: {replace}",
    ),
}
_OTHER = (
    "this state is not known here",
    "not told whether it works: {shows} shows all of it",
)


def state(endpoint: AwsObject) -> str:
    """Return the state of an endpoint, in small letters."""
    return state_of(endpoint)


def is_gone(endpoint: AwsObject) -> bool:
    """Tell whether an endpoint is deleted, or about to be."""
    return state(endpoint) in _GONE


def is_dead(endpoint: AwsObject) -> bool:
    """Tell whether an endpoint carries no traffic and never will: AWS still lists it until it is deleted."""
    return state(endpoint) in _DEAD


def is_failing(endpoint: AwsObject) -> bool:
    """Tell whether an endpoint is dead, or AWS says that only a part of it is available.

    `adopt` leaves it out unless it is selected, and `drift` counts it where a spec has it.
    """
    return is_dead(endpoint) or state(endpoint) == "partial"


def is_known(endpoint: AwsObject) -> bool:
    """Tell whether AWS documents the state of an endpoint; of another nothing says whether it works."""
    return state(endpoint) in _MEANINGS or is_gone(endpoint)


def is_ill(endpoint: AwsObject) -> bool:
    """Tell whether an endpoint fails, or nothing says whether it works: no apply changes that."""
    return is_failing(endpoint) or not is_known(endpoint)


def is_pending(endpoint: AwsObject) -> bool:
    """Tell whether AWS, or the owner of the service, is not done with an endpoint yet."""
    return state(endpoint) in _PENDING


def services(estate: Estate, vpc_id: str, serving: frozenset[str] | None = None) -> frozenset[str]:
    """Return the types and services of the endpoints of a VPC that may carry traffic, or surely do not fail to.

    These are `serving` what uses some route tables, by their ids. By `service_in`.
    """

    def find() -> frozenset[str]:
        lives = (each for each in estate.all("VpcEndpoints", vpc_id) if not (is_gone(each) or is_dead(each)))
        kept = (each for each in lives if serving is None or _may_serve(each, serving))
        several = {(str(each["VpcEndpointType"]), str(each.get("ServiceName"))) for each in kept}  # of many the same
        return frozenset(service_in(kind, name, estate.region) for kind, name in several)

    return estate.once((services, vpc_id, serving), find)


def _may_serve(live: AwsObject, tables: Collection[str]) -> bool:
    """Tell whether an endpoint is available, led to by private DNS or one of some tables, and its policy allows any.

    Where no table is told, each may be one of them.
    """
    own = live.get("RouteTableIds")
    is_led_to = (
        own is None or bool({*own} & {*tables} if tables else own)
        if live["VpcEndpointType"] == "Gateway"
        else bool(live.get("PrivateDnsEnabled", True))
    )
    policy = document(live.get("PolicyDocument"))
    return state(live) == "available" and is_led_to and not (isinstance(policy, dict) and nothing_of(policy))


def explain(live: AwsObject, located: LocatedEndpoint, spec: Located, *, shows: str = "") -> tuple[str, str]:
    """Return what the state of an endpoint means, and what to do, by what `shows` it: else the AWS CLI's line."""
    meaning, fix = _MEANINGS.get(state(live), _OTHER)
    service = (located.service_name or "").rpartition(".")[2]
    if "{accept}" in fix and not service.startswith("vpce-svc-"):
        return meaning, "ask the owner to accept it"
    if state(live) == "failed" and not failure(live):
        fix = "replace it, for AWS names no reason: {replace}"
    shows = shows or command("VpcEndpoints", spec.estate.region, f"--vpc-endpoint-ids {live['VpcEndpointId']}")
    where = live.get("ServiceRegion") or spec.estate.region
    accept = f"--service-id {service} --vpc-endpoint-ids {live['VpcEndpointId']} --region {where}"
    return meaning, fix.format(accept=accept, replace=replacement(located, spec), shows=shows)


def replacement(located: LocatedEndpoint, spec: Located) -> str:
    """Return the command that makes an endpoint anew, where an apply sees no difference, or does so by itself."""
    if located.live and spec.is_managed(str(located.live["VpcEndpointId"])) is False:
        return "terraform apply makes another, for Terraform's state lacks it"
    address = spec.address(f"aws_vpc_endpoint.{located.endpoint.key}")
    _, first = unreplaceable(located, spec) or ("", "")
    if located.endpoint.type == "Gateway" and first and not located.endpoint.is_protected:
        return first
    return f"{first}{first and ', then '}{shlex.join(('terraform', 'apply', f'-replace={address}'))}"


def unreplaceable(located: LocatedEndpoint, spec: Located) -> tuple[str, str] | None:
    """Return why an apply that replaces an endpoint fails, and how it is made anew; None where it works.

    Of what is protected Terraform refuses the plan: "Instance cannot be destroyed". Of a gateway it makes the new one
    first, on tables whose route to the service AWS has for the old one.
    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle (checked 2026-11-28)
    """
    key = located.endpoint.key
    if located.endpoint.is_protected:
        return "protect: true refuses that it is replaced", f"take protect away from {key} and render"
    if located.live is None or not located.shared_tables(located.live):
        return None
    destroy = shlex.join(("terraform", "destroy", f"-target={spec.address(f'aws_vpc_endpoint.{key}')}"))
    return "AWS refuses its routes to a new one, which Terraform makes first", f"{destroy}, then terraform apply"


def failure(endpoint: AwsObject) -> str:
    """Return why AWS, or the owner of the service, did not make an endpoint, where the answer says it."""
    error = endpoint.get("LastError", {})
    return str(endpoint["FailureReason"] or ": ".join(filter(None, map(error.get, ("Code", "Message")))))
