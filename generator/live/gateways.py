"""The gateway of Amazon S3 that private DNS of it needs: for which endpoints it lacks, and which fail without it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.intent.claims import service_in
from generator.intent.endpoints import Endpoint
from generator.live.estate import AwsObject, Estate
from generator.live.locate import Located
from generator.live.states import is_dead, is_gone, services
from generator.rules.dns import needing_gateway


def lacking(spec: Located) -> Iterator[tuple[Endpoint, str]]:
    """Yield the endpoints whose private DNS needs a gateway that neither the VPC nor a spec has there, with the fix."""
    if "Gateway s3" not in services(spec.estate, spec.vpc_id) | spec.coming:
        yield from (each for each in needing_gateway(spec.intent) if each[0].service_region == spec.estate.region)


def users(live: AwsObject, specs: Iterable[Located], estate: Estate) -> Iterator[str]:
    """Yield the keys or ids of the endpoints whose private DNS of Amazon S3 needs a gateway: none if there is another.

    As E437 has it.
    """
    there = [each for each in estate.all("VpcEndpoints", live["VpcId"]) if not (is_gone(each) or is_dead(each))]
    if not _is_of_s3(live, "Gateway", estate) or any(
        _is_of_s3(each, "Gateway", estate) for each in there if each is not live
    ):
        return
    specs = tuple(specs)
    for spec in specs:
        yield from (each.key for each, _ in needing_gateway(spec.intent) if each.service_region == estate.region)
    own = {each.live["VpcEndpointId"] for spec in specs for each in spec.endpoints if each.live}
    for each in there:
        is_needing = each.get("DnsOptions", {}).get("PrivateDnsOnlyForInboundResolverEndpoint") is not False
        if each["VpcEndpointId"] not in own and _is_of_s3(each, "Interface", estate) and each["PrivateDnsEnabled"]:
            yield from [str(each["VpcEndpointId"])] * is_needing


def _is_of_s3(live: AwsObject, kind: str, estate: Estate) -> bool:
    return service_in(str(live["VpcEndpointType"]), str(live.get("ServiceName")), estate.region) == f"{kind} s3"
