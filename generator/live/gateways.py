"""The gateway of Amazon S3 that private DNS of it needs: for which endpoints it lacks, and which fail without it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from generator.intent.claims import service_in
from generator.intent.endpoints import Endpoint
from generator.live.estate import AwsObject, Estate
from generator.live.locate import Located
from generator.live.owners import owner_of
from generator.live.states import is_dead, is_gone, services
from generator.rules.dns import needing_gateway
from generator.source.suggest import SHOWN, some

GATEWAY = "Gateway s3"
"""What `service_in` has of it."""


def lacking(spec: Located) -> Iterator[tuple[Endpoint, str]]:
    """Yield the endpoints whose private DNS needs a gateway that the VPC does not have yet, with the fix."""
    if GATEWAY not in services(spec.estate, spec.vpc_id):
        yield from (each for each in needing_gateway(spec.intent) if _is_here(each[0], spec.estate))


def need(live: AwsObject, specs: Iterable[Located], estate: Estate) -> str:
    """Return what needs a gateway of Amazon S3 that no spec has: empty where one of a spec, or another's, stays.

    As E437 has it. Of several that no spec has, one has to stay.
    """
    if not _is_of_s3(live, "Gateway", estate):
        return ""
    specs, vpc_id = tuple(specs), str(live["VpcId"])
    gateways, users = estate.once((need, vpc_id, *specs), lambda: _needed(vpc_id, specs, estate))
    if live["VpcEndpointId"] not in gateways or not users:
        return ""
    shown = [each for each in islice(gateways, SHOWN + 1) if each != live["VpcEndpointId"]]
    others = some(shown, count=len(gateways) - 1)
    return f"private DNS of {some(users)} needs it{others and f', or {others}'}"


def _needed(vpc_id: str, specs: tuple[Located, ...], estate: Estate) -> tuple[dict[str, None], list[str]]:
    """Return the gateways of a VPC of which one has to stay, none where one surely does; and what needs it."""
    own = {each.live["VpcEndpointId"] for spec in specs for each in spec.endpoints if each.live}
    serving = [each for each in estate.all("VpcEndpoints", vpc_id) if not (is_gone(each) or is_dead(each))]
    gateways = [each for each in serving if _is_of_s3(each, "Gateway", estate)]
    if any(each["VpcEndpointId"] in own or owner_of(each, estate) for each in gateways):
        return {}, []
    users = [each.key for spec in specs for each, _ in needing_gateway(spec.intent) if _is_here(each, estate)]
    for each in serving:
        is_needing = each.get("DnsOptions", {}).get("PrivateDnsOnlyForInboundResolverEndpoint") is not False
        if each["VpcEndpointId"] not in own and _is_of_s3(each, "Interface", estate) and each["PrivateDnsEnabled"]:
            users += [str(each["VpcEndpointId"])] * is_needing
    return dict.fromkeys(str(each["VpcEndpointId"]) for each in gateways), users


def _is_here(endpoint: Endpoint, estate: Estate) -> bool:
    return endpoint.service_region == estate.region


def _is_of_s3(live: AwsObject, kind: str, estate: Estate) -> bool:
    return service_in(str(live["VpcEndpointType"]), str(live.get("ServiceName")), estate.region) == f"{kind} s3"
