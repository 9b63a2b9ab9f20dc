"""The script that tries the endpoints of a spec from within its VPC: an Intent in, a text for /bin/sh out.

What it does is in `data/probe.sh`; here is decided what it tries, and what it reports as not known.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator

from generator.catalog import policy_needs, presets
from generator.catalog.catalog import text_of
from generator.catalog.ports import Port
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent

_ANY_LABEL = "000000000000"
"""What replaces the `*` of a name: a wildcard record answers for any label, and this one has the form of an account.

https://www.rfc-editor.org/rfc/rfc4592
"""
_GATEWAYS = {"s3": "s3.{region}.amazonaws.com", "dynamodb": "dynamodb.{region}.amazonaws.com"}
"""The public names that a gateway endpoint serves, in the partition aws.

https://docs.aws.amazon.com/general/latest/gr/s3.html, …/ddb.html (checked 2026-11-24)
"""
_ODD = re.compile(r"[^\w.+-]")


def script(intent: Intent, region: str) -> str:
    """Return the script for a spec whose endpoints are in `region`."""
    lines = [line for endpoint in intent.endpoints for line in _lines(intent, endpoint, region)]
    checks = "\n".join(f"  {line}" for line in lines)
    name = _ODD.sub("_", intent.spec.name)
    return text_of("probe.sh").replace("@SPEC@", name).replace("@REGION@", region).replace("@CHECKS@", checks)


def _lines(intent: Intent, endpoint: Endpoint, region: str) -> Iterator[str]:
    if endpoint.type == "Interface":
        yield from _interface(intent, endpoint, endpoint.service_region or region)
    elif endpoint.type == "Gateway":
        yield from _gateway(intent, endpoint, endpoint.service_region or region)
    else:
        why = "" if endpoint.type == "GatewayLoadBalancer" else ": its owner chooses the names"
        yield _skip(endpoint, f"no script tries an endpoint of type {endpoint.type}{why}")


def _interface(intent: Intent, endpoint: Endpoint, region: str) -> Iterator[str]:
    """Yield the lines of one interface endpoint: each name that it is known to answer by, or why there is none."""
    if not endpoint.has_private_dns:
        yield _skip(endpoint, "no private DNS: only clients that call its own DNS names use it")
        return
    service, inbound = endpoint.service, endpoint.dns_option("private_dns_only_for_inbound_resolver_endpoint")
    if endpoint.service_id == "s3" and inbound is not False:
        yield _skip(endpoint, "its private DNS is for inbound Resolver endpoints, not for the VPC itself")
        return
    names = intent.catalog.private_names(service, region) if service else ()
    if service is None or not names:
        yield _skip(endpoint, f"no source says by which names {_title(endpoint)} is asked")
        return
    ports, untried = _tcp_ports(service.ports)
    yield from (shlex.join(("endpoint", endpoint.key, name.replace("*", _ANY_LABEL), *ports)) for name in names)
    if untried or not ports:
        yield _skip(endpoint, f"port {untried} is not tried" if untried else "no source says on which ports it listens")


def _tcp_ports(ports: Collection[Port]) -> tuple[list[str], str]:
    """Return the ports that a TCP connection tries, and those that it can't: ranges, and those of UDP."""
    tried = [port for port in ports if port.from_port == port.to_port and port.protocol == "tcp"]
    untried = (f"{str(port).partition('/')[0]}/{port.protocol}" for port in ports if port not in tried)
    return [*map(str, tried)], ", ".join(untried)


def _gateway(intent: Intent, endpoint: Endpoint, region: str) -> Iterator[str]:
    """Yield the lines of a gateway: its names stay public, so that only what is fetched through it can be tried."""
    known, service_id = intent.catalog.regions.get(region), endpoint.service_id
    unknown = _skip(endpoint, f"no source says by which name {_title(endpoint)} is asked")
    if known is None or service_id not in _GATEWAYS:
        yield unknown
        return
    found = False
    for need in policy_needs.needs() if service_id == "s3" else ():
        keys = intent.users(need)
        for _, arn in need.requests(region, intent.catalog) if keys and need.fails else ():
            found = True
            host = f"{presets.bucket_of(arn)}.s3.{region}.{known.dns_suffix}"
            if need.preset.is_verified(region, intent.catalog):
                yield shlex.join(("fetched", endpoint.key, host, f"{need.fails} through {' and '.join(keys)} need it"))
            else:
                yield _skip(endpoint, f"no source confirms {host}")
    if not found and known.partition == "aws":
        host = _GATEWAYS[service_id].replace("{region}", region)
        yield shlex.join(("fetched", endpoint.key, host, "by the gateway, or by another way out of the subnet"))
    elif not found:
        yield unknown


def _title(endpoint: Endpoint) -> str:
    return endpoint.catalog_service.id if endpoint.catalog_service else str(endpoint.service_name)


def _skip(endpoint: Endpoint, why: str) -> str:
    return shlex.join(("skips", f"{endpoint.key}: {why}"))
