"""What a service name written out in full says: its Region, its service, and whether some account owns it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.source.region import is_region

if TYPE_CHECKING:
    from generator.catalog.catalog import Catalog, Service
    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent

_PREFIXES = (
    "com.amazonaws",
    "cn.com.amazonaws",
    "aws.api",
    "api.aws",
    "aws.sagemaker",
    "eu.amazonaws",
    "gov.ic.c2s",
    "gov.ic.hci.csp",
    "gov.sgov.sc2s",
    "uk.adc-e.cloud",
)
_OWNED = re.compile(r"(?:cn\.)?com\.amazonaws\.vpce\.(?P<region>[^.]+)\.(?P<id>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a full service name says."""

    region: str | None
    id: str
    """The service's short name, or the id of an endpoint service; empty where the name is of no known form."""
    owned: bool
    """Whether it is an endpoint service, which some account owns, and no service of AWS."""
    service: Service | None


def named(endpoint: Endpoint, catalog: Catalog) -> Named | None:
    """Return what the service name says that an endpoint writes out; None where it writes out none."""
    name = endpoint.service_name
    if endpoint.own.form != "service_name" or not isinstance(name, str):
        return None
    if found := _OWNED.fullmatch(name):
        return Named(region=found["region"], id=found["id"], owned=True, service=None)
    prefix = max((known for known in _PREFIXES if name.startswith(f"{known}.")), key=len, default=None)
    if prefix is None:
        return Named(region=None, id="", owned=False, service=None)
    rest = name.removeprefix(f"{prefix}.")
    first, _, after = rest.partition(".")
    region, short = (first, after) if is_region(first) and after else (None, rest.removeprefix("global."))
    ids = (short, short.removesuffix(".cn"), f"sagemaker.{short}" if prefix == "aws.sagemaker" else short)
    service = next((there for known in ids if (there := catalog.get(known)) is not None), None)
    return Named(region=region, id=short, owned=False, service=service)


def service_of(intent: Intent, endpoint: Endpoint) -> Service | None:
    """Return the AWS service of an endpoint, however the spec names it; None where it is unknown, or no AWS service."""
    if endpoint.service is not None:
        return endpoint.service
    name = named(endpoint, intent.catalog)
    return name.service if name else None
