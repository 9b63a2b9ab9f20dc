"""What a spec names around its endpoints, as values: each reference is one of a union of types.

`forms` decodes them from YAML. Whoever reads one does so with `match` and `assert_never`, so that mypy names each
place that does not know a new type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias, assert_never

from generator.source.frozen import frozen


@frozen()
class ById:
    """The one thing that has this id."""

    id: str


@frozen()
class ByName:
    """The one thing that has this Name tag; of a prefix list, this name."""

    name: str


@frozen()
class ByTags:
    """What has these tags: one thing, or in a list all that have them."""

    tags: Mapping[str, str]

    def __hash__(self) -> int:
        """Return what is equal where the tags are."""
        return hash(frozenset(self.tags.items()))


@frozen()
class ByInput:
    """What an input of the module gives: an id, or in a list a list of ids."""

    variable: str


@frozen()
class Main:
    """The VPC's main route table."""


@frozen()
class OfSubnet:
    """The route table that a subnet uses: the associated one, else the VPC's main table."""

    subnet: Subnet


@frozen()
class OfSubnets:
    """The route tables that the spec's own subnets use; it is alone in its list."""


@frozen()
class Default:
    """The VPC's default security group."""


@frozen(kw_only=True)
class Create:
    """A security group that the module makes."""

    name: str
    description: str
    ingress: tuple[Ingress, ...]
    tags: Mapping[str, str] | None = field(hash=False)
    """Tags instead of the spec's; None where it states none."""
    name_tag: bool = True
    """Whether it has a Name tag."""
    key: str | None = None
    """Its Terraform label; None where the name makes it."""
    was: tuple[str, ...] = ()
    """The keys that it had before, the oldest first."""

    def tagged(self, default: Mapping[str, str] | None) -> dict[str, str]:
        """Return all its tags, in a spec with `default` ones."""
        own = (default or {}) if self.tags is None else self.tags
        return {**({"Name": self.name} if self.name_tag else {}), **own}


@frozen()
class VpcBlocks:
    """Every CIDR block of the VPC, or of the spec's own subnets, IPv6 too."""

    of_subnets: bool = False


@frozen()
class CidrBlock:
    """A CIDR block of `ipv4` or `ipv6` as AWS stores it; two texts of one block are equal."""

    family: str
    cidr: str
    written: str = field(compare=False)
    """The text of the spec."""


@frozen()
class MembersOf:
    """The members of a security group."""

    security_group: Existing


@frozen()
class BlocksOf:
    """The CIDR blocks of a prefix list."""

    prefix_list: Existing


@frozen(kw_only=True)
class Ingress:
    """Who may reach the endpoints: one source, on these ports."""

    source: Source
    ports: tuple[str, ...]
    """Ports instead of those of the services, as `1400-1499`, `8/icmp` or `all`; empty where none are stated."""
    description: str | None


Existing: TypeAlias = ById | ByName | ByTags | ByInput
"""A VPC, a security group or a prefix list that exists."""
Subnet: TypeAlias = ById | ByName | ByTags | ByInput
RouteTable: TypeAlias = ById | ByName | ByTags | ByInput | Main | OfSubnet | OfSubnets
SecurityGroup: TypeAlias = ById | ByName | ByTags | ByInput | Default | Create
Reference: TypeAlias = Existing | Subnet | RouteTable | SecurityGroup
Source: TypeAlias = VpcBlocks | CidrBlock | MembersOf | BlocksOf


def is_one(reference: Subnet) -> bool:
    """Tell whether a reference in a list is surely one thing: tags and inputs may be several."""
    match reference:
        case ById() | ByName():
            return True
        case ByTags() | ByInput():
            return False
        case _:
            assert_never(reference)


def as_written(reference: Reference) -> str:
    """Return a reference as the spec writes it: `{name: private-a}`."""
    match reference:
        case ById(text):
            return f"{{id: {text}}}"
        case ByName(text):
            return f"{{name: {text}}}"
        case ByTags(tags):
            return f"{{tags: {{{', '.join(f'{key}: {value}' for key, value in tags.items())}}}}}"
        case ByInput(text):
            return f"{{variable: {text}}}"
        case Main():
            return "{main: true}"
        case OfSubnet(subnet):
            return f"{{subnet: {as_written(subnet)}}}"
        case OfSubnets():
            return "of_subnets"
        case Default():
            return "{default: true}"
        case Create():
            return f"{{create: {{name: {reference.name}, …}}}}"
        case _:
            assert_never(reference)
