"""How a spec names what stands around the endpoints: VPC, subnets, route tables, security groups, prefix lists."""

from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from generator.spec.scalars import WORD, Identifier, Model, Ports, Tags, Text, Yes


class Choice(Model):
    """Exactly one of the fields in `choices`; without `choices`, exactly one of all."""

    choices: ClassVar[tuple[str, ...]] = ()
    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        names = self.choices or tuple(type(self).model_fields)
        given = [name for name in names if name in self.model_fields_set]
        if len(given) != 1:
            stands = f"here stand {' and '.join(given)}" if given else "here stands none"
            raise PydanticCustomError(
                "exactly_one", "takes exactly one of {names}; {stands}", {"names": ", ".join(names), "stands": stands}
            )
        return self

    @property
    def form(self) -> str:
        """The name of the one field that is given."""
        return next(name for name in self.choices or type(self).model_fields if name in self.model_fields_set)


class Reference(Choice):
    """Something that exists: by id, by Name tag, by tags, or as an input of the module."""

    name: Annotated[Text | None, Field(description="Its Name tag, which must be unique in the VPC.")] = None
    tags: Annotated[
        Tags | None,
        Field(min_length=1, description="Tags that it carries; where a list stands they may match several."),
    ] = None
    variable: Annotated[
        Identifier | None,
        Field(description="The input of the module that gives its id; where a list stands, a list of ids."),
    ] = None


class VpcReference(Reference):
    """The VPC."""

    id: Annotated[str | None, Field(pattern=r"^vpc-[0-9a-f]{8,17}$", description="The VPC's id."), WORD] = None


class SubnetReference(Reference):
    """A subnet of the VPC."""

    id: Annotated[str | None, Field(pattern=r"^subnet-[0-9a-f]{8,17}$", description="The subnet's id."), WORD] = None


class RouteTableReference(Reference):
    """A route table of the VPC."""

    id: Annotated[str | None, Field(pattern=r"^rtb-[0-9a-f]{8,17}$", description="The route table's id."), WORD] = None
    main: Annotated[Yes | None, Field(description="`true`: the VPC's main route table.")] = None
    subnet: Annotated[
        SubnetReference | None,
        Field(description="The route table that this subnet uses: the associated one, else the VPC's main table."),
    ] = None


class ExistingSecurityGroup(Reference):
    """A security group that exists."""

    id: Annotated[str | None, Field(pattern=r"^sg-[0-9a-f]{8,17}$", description="The security group's id."), WORD] = (
        None
    )


class PrefixListReference(Reference):
    """A managed prefix list."""

    id: Annotated[str | None, Field(pattern=r"^pl-[0-9a-f]{8,17}$", description="The prefix list's id."), WORD] = None
    name: Annotated[Text | None, Field(description="The prefix list's name.")] = None


class Ingress(Choice):
    """Who may reach the endpoints: exactly one source, on the ports of the services unless `ports` says otherwise."""

    choices: ClassVar[tuple[str, ...]] = ("vpc", "cidr_ipv4", "cidr_ipv6", "security_group", "prefix_list")
    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [source]} for source in choices]},
    )

    vpc: Annotated[Yes | None, Field(description="`true`: every CIDR block of the VPC, IPv6 too.")] = None
    cidr_ipv4: Annotated[
        str | None, Field(pattern=r"^[0-9]+(\.[0-9]+){3}/[0-9]+$", description="An IPv4 CIDR block."), WORD
    ] = None
    cidr_ipv6: Annotated[
        str | None, Field(pattern=r"^[0-9a-fA-F:.]+:[0-9a-fA-F:.]*/[0-9]+$", description="An IPv6 CIDR block."), WORD
    ] = None
    security_group: Annotated[
        ExistingSecurityGroup | None, Field(description="The members of this security group.")
    ] = None
    prefix_list: Annotated[PrefixListReference | None, Field(description="The CIDR blocks of this prefix list.")] = None
    ports: Annotated[
        list[Ports] | None,
        Field(min_length=1, description="Ports instead of those of the services: `443`, `1400-1499`, `4195/udp`."),
    ] = None
    description: Annotated[
        Text | None,
        Field(max_length=255, description='The rule\'s description, "" for none. Default: the port and the source.'),
    ] = None


class CreatedSecurityGroup(Model):
    """A security group that the module makes."""

    name: Annotated[Text, Field(min_length=1, max_length=255, description="The group's name and its Name tag.")]
    description: Annotated[
        Text,
        Field(
            min_length=1, max_length=255, description="The group's description; AWS replaces the group when it changes."
        ),
    ] = "Access to VPC endpoints"
    ingress: Annotated[list[Ingress], Field(min_length=1, description="Who may reach the endpoints.")]
    tags: Annotated[Tags | None, Field(description="Tags instead of the spec's default tags.")] = None


class SecurityGroupReference(ExistingSecurityGroup):
    """A security group for the endpoints' network interfaces."""

    default: Annotated[
        Yes | None, Field(description="`true`: the VPC's default security group, which lets in its own members alone.")
    ] = None
    create: Annotated[CreatedSecurityGroup | None, Field(description="A security group that the module makes.")] = None
