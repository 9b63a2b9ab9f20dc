"""What an endpoint leads to: a service by its name, or something of VPC Lattice by its ARN; and what a name says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar, TypeAlias

from generator.catalog.catalog import Catalog, Service
from generator.hcl.hcl import Expression, Value
from generator.source.frozen import frozen
from generator.source.region import is_region

_IN_FILES = r"\$\{[^}]*\}"  # local.region, a module's input; data.aws_region.current.id until 0.1.0
_PREFIXES = (
    *("com.amazonaws", "cn.com.amazonaws", "aws.api", "api.aws", "aws.sagemaker", "eu.amazonaws"),
    *("gov.ic.c2s", "gov.ic.hci.csp", "gov.sgov.sc2s", "uk.adc-e.cloud"),
)
_OWNED = re.compile(r"(?:cn\.)?com\.amazonaws\.vpce\.(?P<region>[^.]+)\.(?P<id>.+)")


@frozen()
class ServiceName:
    """A service's name; where only the caller or the provider knows the Region, in the parts around the Region."""

    parts: tuple[str, ...]
    variable: str = ""
    """The module's input that gives the whole name; there are no parts then."""
    region: str = ""
    """Where the module has the Region that stands between the parts, as `local.region`."""
    argument: ClassVar[str] = "service_name"

    @classmethod
    def of_value(cls, value: Value) -> ServiceName:
        """Return the name that a value of HCL gives; an ARN is one without a Region of the provider's."""
        if not isinstance(value, Expression):
            return cls((str(value),))
        given = value.text.removeprefix("var.")
        return cls((), given) if given != value.text else cls(tuple(re.split(_IN_FILES, value.text.strip('"'))))

    @property
    def value(self) -> str | Expression:
        """The name as a value of HCL: text, or an expression of the provider's Region."""
        if self.variable:
            return Expression(f"var.{self.variable}")
        return self.parts[0] if len(self.parts) == 1 else Expression(f'"{self.in_region(f"${{{self.region}}}")}"')

    def in_region(self, region: str) -> str:
        """Return the name where the Region is `region`; of a name that the caller gives, what Terraform calls it."""
        return f"var.{self.variable}" if self.variable else region.join(self.parts)

    def __str__(self) -> str:
        """Return the name as people write it: `com.amazonaws.<region>.sqs` where the Region is open."""
        return self.in_region("<region>")


@frozen()
class Arn:
    """Something of VPC Lattice."""

    arn: str
    argument: ClassVar[str]
    type: ClassVar[str]
    """The type of endpoints that lead to it."""

    def in_region(self, _region: str) -> str:
        """Return the ARN, which is the same in every Region."""
        return self.arn


class ResourceConfiguration(Arn):
    """A resource configuration."""

    argument, type = "resource_configuration_arn", "Resource"


class ServiceNetwork(Arn):
    """A service network."""

    argument, type = "service_network_arn", "ServiceNetwork"


TARGETS = ("service_name", ResourceConfiguration.argument, ServiceNetwork.argument)
"""The arguments of which an endpoint has one, which says where it leads."""


Target: TypeAlias = ServiceName | Arn


def target_of(arguments: Mapping[str, Value]) -> ServiceName | None:
    """Return what the arguments of an `aws_vpc_endpoint` lead to, as a name; None where they lead nowhere."""
    names = (ServiceName.argument, ResourceConfiguration.argument, ServiceNetwork.argument)
    return next((ServiceName.of_value(arguments[name]) for name in names if name in arguments), None)


@frozen(kw_only=True)
class FullName:
    """What a service name says that a spec writes out in full."""

    region: str | None
    id: str
    """The service's short name, or the id of an endpoint service; empty where the name is of no known form."""
    owned: bool
    """Whether it is an endpoint service, which some account owns, and no service of AWS."""
    service: Service | None


@lru_cache
def full_name(name: str, catalog: Catalog) -> FullName:
    """Return what a service name says that a spec writes out in full."""
    if found := _OWNED.fullmatch(name):
        return FullName(region=found["region"], id=found["id"], owned=True, service=None)
    prefix = max((known for known in _PREFIXES if name.startswith(f"{known}.")), key=len, default=None)
    if prefix is None:
        return FullName(region=None, id="", owned=False, service=None)
    rest = name.removeprefix(f"{prefix}.")
    first, _, after = rest.partition(".")
    region, short = (first, after) if is_region(first) and after else (None, rest.removeprefix("global."))
    ids = (short, short.removesuffix(".cn"), f"sagemaker.{short}" if prefix == "aws.sagemaker" else short)
    service = next((there for known in ids if (there := catalog.services.get(known)) is not None), None)
    return FullName(region=region, id=short, owned=False, service=service)
