"""The rendered examples, and for each the network that it is for and the providers that it is proven with."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import hcl2
import pytest

from . import providers
from .network import Network

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

    from .providers import Provider

OUT = Path(__file__).parents[2] / "out"
MODULES = {file.parent.name: file.parent for file in sorted(OUT.glob("*/versions.tf"))}

BAND_UP = Network(
    region="ap-southeast-1",
    vpc="band-up-vpc",
    subnets={"private-app-subnet-1": "a", "private-app-subnet-2": "b"},
    route_tables={"private": ("private-app-subnet-1", "private-app-subnet-2")},
)
APP = Network(region="eu-west-1", vpc="app", subnets={"private-a": "a", "private-b": "b"})
_CLIENTS = ("build-agents", "relays", "mailers")

NETWORKS = {
    "all-types": replace(
        APP,
        subnets={**APP.subnets, "firewall-a": "a"},
        route_tables={"private": ("private-a",)},
    ),
    "any-region": replace(
        APP,
        tags={
            "vpc/app": {"Environment": "production", "Tier": "core"},
            "subnet/private-a": {"Tier": "private"},
            "subnet/private-b": {"Tier": "private"},
        },
    ),
    "any-region-ecr": replace(
        APP,
        tags={
            "vpc/app": {"Environment": "production", "Tier": "core"},
            "subnet/private-a": {"Tier": "private"},
            "subnet/private-b": {"Tier": "private"},
        },
    ),
    "arguments": replace(APP, route_tables={"private": ("private-b",)}, security_groups=("endpoints",), has_ipv6=True),
    "band-up": BAND_UP,
    "band-up-bundle": BAND_UP,
    "china": replace(APP, region="cn-north-1"),
    "default-security-group": BAND_UP,
    "eks-private": APP,
    "endpoint-policies": replace(APP, route_tables={"private": ("private-a", "private-b")}),
    "existing-security-group": replace(BAND_UP, security_groups=("https-from-vpc",)),
    "ignored-warning": APP,
    "ids": replace(
        APP,
        route_tables={"private": ()},
        security_groups=("endpoints",),
        ids={
            "vpc-0a1b2c3d4e5f60718": "vpc/app",
            "subnet-0a1b2c3d4e5f60718": "subnet/private-a",
            "subnet-0a1b2c3d4e5f60719": "subnet/private-b",
            "rtb-0a1b2c3d4e5f60718": "route_table/private",
            "sg-0a1b2c3d4e5f60718": "security_group/endpoints",
        },
    ),
    "input-region": replace(
        APP,
        tags={"subnet/private-b": {"Tier": "private"}},
        route_tables={"private": ("private-a",)},
        security_groups=("clients",),
        prefix_lists=("office",),
        inputs={"region": "eu-west-1", "payments_service_name": "com.amazonaws.eu-west-1.sns"},
    ),
    "inputs": replace(
        APP,
        route_tables={"private": ()},
        security_groups=("clients", "more"),
        prefix_lists=("office",),
        inputs={
            "vpc_id": "vpc/app",
            "subnet_ids": ("subnet/private-a", "subnet/private-b"),
            "route_table_ids": ("route_table/private",),
            "security_group_ids": ("security_group/more",),
            "client_security_group_id": "security_group/clients",
            "office_prefix_list_id": "prefix_list/office",
        },
    ),
    "policy-values": replace(
        APP,
        route_tables={"private": ("private-a", "private-b")},
        inputs={"organization_id": "o-a1b2c3d4e5", "bucket": "app-data", "team": "payments"},
        tags={"subnet/private-b": {"Tier": "private"}},
        has_ipv6=True,
    ),
    "provider-3-39": BAND_UP,
    "provider-6-28": replace(APP, security_groups=("endpoints",)),
    "renamed": APP,
    "security-groups": replace(
        APP,
        region="us-east-1",
        security_groups=_CLIENTS,
        prefix_lists=("corporate",),
        ids={
            "sg-0a1b2c3d4e5f60718": "security_group/relays",
            "sg-0a1b2c3d4e5f60719": "security_group/mailers",
        },
    ),
    "text": replace(
        APP,
        vpc='quote " backslash \\ and ${path.module}',
        subnets={"日本 %{ if true }": "a"},
        security_groups=("<<EOT",),
    ),
}
"""The network that each example is for; `all-types` has one table associated and one subnet on the main table."""


def floor(module: Path) -> str:
    """Return the oldest provider that a module asks for, as `>= 5.0`."""
    text = (module / "versions.tf").read_text(encoding="utf-8")
    body = hcl2.loads(text)["terraform"][0]["required_providers"][0]
    return str(body["aws"]["version"]).strip('"')


@dataclass(frozen=True, slots=True)
class Case:
    """An example, and the provider that it is proven with."""

    name: str
    version: str

    @property
    def module(self) -> Path:
        """The folder of the rendered module."""
        return MODULES[self.name]

    @property
    def network(self) -> Network:
        """The network that the example is for."""
        return NETWORKS[self.name]


def cases(here: tuple[Provider, ...] | None = None) -> list[ParameterSet]:
    """Return each example with the newest provider here that serves it, and with the oldest where that is another.

    Without `here` they are this machine's. An example that no provider here serves is skipped and says so; without any
    provider the fixture fails instead.
    """
    here = providers.found() if here is None else here
    found: list[ParameterSet] = []
    for name, module in MODULES.items():
        serving = [provider for provider in here if provider.serves(floor(module))]
        versions = sorted({provider.version for provider in serving[:1] + serving[-1:]})
        found += [pytest.param(Case(name, version), id=f"{name}-{version}") for version in versions]
        if not serving:
            found.append(_unserved(name, floor(module), here))
    return found


def _unserved(name: str, asked: str, here: tuple[Provider, ...]) -> ParameterSet:
    newest = here[-1].version if here else "none"
    reason = f"{name} asks for provider {asked}; the newest on this machine is {newest}: set {providers.SETTING}"
    return pytest.param(Case(name, newest), id=f"{name}-unserved", marks=[pytest.mark.skip(reason)] if here else [])


def _kinds(module: Path) -> frozenset[tuple[str, ...]]:
    """Return the types of a module's resources, and whether it states an order."""
    text = "".join(file.read_text(encoding="utf-8") for file in module.glob("*.tf"))
    return frozenset(re.findall(r'(?m)^resource "(\w+)"|^ +(depends_on) ', text))


FIRST = {_kinds(module): name for name, module in reversed(MODULES.items())}.values()
"""The examples that are the first of all that are made of the same kinds of things."""
