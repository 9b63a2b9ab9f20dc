"""Which endpoints fail without one that no spec has: it is not to be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.intent.claims import service_in
from generator.live.estate import AwsObject, Estate
from generator.live.locate import Located
from generator.live.states import is_dead, is_gone
from generator.rules.dns import needing_gateway


def users(live: AwsObject, specs: Iterable[Located], estate: Estate) -> Iterator[str]:
    """Yield the keys or ids of the endpoints whose private DNS of Amazon S3 needs a gateway: none if there is another.

    As E437 has it.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns
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
