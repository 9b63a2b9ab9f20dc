"""How a spec writes references, and how each is decoded to a value of `references`.

A pydantic model here is only a form: it has the JSON Schema and finds the mistakes. What it holds behind the door is
the value that its `value` returns.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from generator.source.ids import ID
from generator.source.region import REGION_NAME
from generator.spec import references
from generator.spec.addresses import as_stored
from generator.spec.scalars import (
    WORD,
    DecodeAs,
    Flag,
    FormerKeys,
    Identifier,
    InSchema,
    Model,
    OptionalWord,
    Ports,
    Tags,
    Text,
    Yes,
    about,
    document,
)

REGION = f"^{REGION_NAME}$"
IPV4_BLOCK = r"^[0-9]+(\.[0-9]+){3}/[0-9]+$"
IPV6_BLOCK = r"^[0-9a-fA-F:.]+:[0-9a-fA-F:.]*/[0-9]+$"


class Choice(Model):
    """Exactly one of the fields in `choices`; without `choices`, exactly one of all."""

    choices: ClassVar[tuple[str, ...]] = ()
    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = self._written_fields()
        if len(given) != 1:
            found = f"{' and '.join(given)} are given" if given else "none is given"
            raise PydanticCustomError(
                "exactly_one" if given else "none",
                "takes exactly one of {names}; {found}",
                {"names": ", ".join(self.choices or type(self).model_fields), "found": found},
            )
        return self

    def _written_fields(self) -> list[str]:
        return [name for name in self.choices or type(self).model_fields if name in self.model_fields_set]

    def value(self) -> Any:
        """Return what is written, as a value of `references`; a field without a type there is a KeyError."""
        (name,) = self._written_fields()
        return _TYPES[name](getattr(self, name))


class Reference(Choice):
    """Something that exists: by id, by Name tag, by tags, or as an input of the module."""

    name: Text | None = about("Its Name tag, which must be unique in the VPC.", min_length=1)
    tags: Tags | None = about("Its tags; in a list, they may match several.", min_length=1)
    variable: Identifier | None = about("The module's input that gives its id; in a list, a list of ids.")


class VpcReference(Reference):
    """The VPC."""

    id: OptionalWord = about("The VPC's id.", pattern=f"^vpc-{ID}$")


class SubnetReference(Reference):
    """A subnet of the VPC."""

    id: OptionalWord = about("The subnet's id.", pattern=f"^subnet-{ID}$")


Subnet: TypeAlias = Annotated[references.Subnet, DecodeAs(SubnetReference, SubnetReference.value)]


class RouteTableReference(Reference):
    """A route table of the VPC."""

    id: OptionalWord = about("The route table's id.", pattern=f"^rtb-{ID}$")
    main: Yes | None = about("`true`: the VPC's main route table.")
    subnet: Subnet | None = about(
        "The route table that this subnet uses: the associated one, else the VPC's main table."
    )


class Input(Model):
    """An input of the module."""

    variable: Annotated[Identifier, Field(description="The module's input that gives it.")]


class ExistingSecurityGroup(Reference):
    """A security group that exists."""

    id: OptionalWord = about("The security group's id.", pattern=f"^sg-{ID}$")


class PrefixListReference(Reference):
    """A managed prefix list."""

    id: OptionalWord = about("The prefix list's id.", pattern=f"^pl-{ID}$")
    name: Text | None = about("The prefix list's name.", min_length=1)


_Group: TypeAlias = Annotated[references.Existing, DecodeAs(ExistingSecurityGroup, ExistingSecurityGroup.value)]
_PrefixList: TypeAlias = Annotated[references.Existing, DecodeAs(PrefixListReference, PrefixListReference.value)]


class Ingress(Choice):
    """Who may reach the endpoints: exactly one source, on the ports of the services unless `ports` says otherwise."""

    choices = ("vpc", "subnets", "cidr_ipv4", "cidr_ipv6", "security_group", "prefix_list")
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [source]} for source in choices]})

    vpc: Yes | None = about(
        "`true`: every CIDR block that is associated with the VPC; of IPv6, the first alone on providers before 6.57."
    )
    subnets: Yes | None = about("`true`: the CIDR blocks of the spec's `subnets`, IPv6 too.")
    cidr_ipv4: OptionalWord = about("An IPv4 CIDR block.", pattern=IPV4_BLOCK)
    cidr_ipv6: OptionalWord = about("An IPv6 CIDR block.", pattern=IPV6_BLOCK)
    security_group: _Group | None = about("The members of this security group.")
    prefix_list: _PrefixList | None = about("The CIDR blocks of this prefix list.")
    ports: list[Ports] | None = about(
        "Ports instead of those of the services: `443`, `1400-1499`, `4195/udp`, `8/icmp`, `icmp`, `icmpv6`, `all`.",
        min_length=1,
    )
    description: Text | None = about(
        'The rule\'s description, "" for none. Default: the port and the source.', max_length=255
    )

    def value(self) -> references.Ingress:
        """Return the rule with its one source."""
        return references.Ingress(source=super().value(), ports=tuple(self.ports or ()), description=self.description)


class CreatedSecurityGroup(Model):
    """A security group that the module makes."""

    name: Annotated[
        Text, Field(min_length=1, max_length=255, description="The group's name; its Name tag, unless `tags` has one.")
    ]
    description: Annotated[
        Text,
        Field(
            min_length=1, max_length=255, description="The group's description; AWS replaces the group when it changes."
        ),
    ] = "Access to VPC endpoints"
    ingress: Annotated[
        list[Annotated[references.Ingress, DecodeAs(Ingress, Ingress.value)]],
        Field(min_length=1, description="Who may reach the endpoints."),
    ]
    tags: Tags | None = about("Tags instead of the spec's default tags.")
    name_tag: Annotated[Flag, Field(description="Whether it has a Name tag. Default: true.")] = True
    key: Identifier | None = about(
        "Its Terraform label, which stays when the name changes. Default: the name in small letters, digits and `_`."
    )
    was: FormerKeys | None = about(
        "The key that it had before, or a list of these, the oldest first, as of an endpoint."
    )

    def value(self) -> references.Create:
        """Return the group."""
        lists = {"ingress": tuple(self.ingress), "was": tuple(self.was or ())}
        return references.Create(**{**dict(self), **lists})


class SecurityGroupReference(ExistingSecurityGroup):
    """A security group for the endpoints' network interfaces."""

    default: Yes | None = about("`true`: the VPC's default security group, which lets in its own members alone.")
    create: Annotated[references.Create, DecodeAs(CreatedSecurityGroup, CreatedSecurityGroup.value)] | None = about(
        "A security group that the module makes."
    )


_TYPES: dict[str, Callable[[Any], object]] = {
    "id": references.ById,
    "name": references.ByName,
    "tags": references.ByTags,
    "variable": references.ByInput,
    "main": lambda _: references.Main(),
    "subnet": references.OfSubnet,
    "default": lambda _: references.Default(),
    "create": lambda group: group,
    "vpc": lambda _: references.VpcBlocks(),
    "subnets": lambda _: references.VpcBlocks(of_subnets=True),
    "cidr_ipv4": lambda text: references.CidrBlock("ipv4", as_stored(text or ""), text),  # null is E105, of any field
    "cidr_ipv6": lambda text: references.CidrBlock("ipv6", as_stored(text or ""), text),
    "security_group": lambda group: references.MembersOf(_named(group)),
    "prefix_list": references.BlocksOf,
}
"""The type of what each field of a form says."""


def _named(group: references.Existing) -> references.Existing:
    """Return a group by its Name tag alone in the one form that there is for that."""
    if isinstance(group, references.ByTags) and [*group.tags] == ["Name"]:
        return references.ByName(group.tags["Name"])
    return group


_JSON: dict[str, Any] = {"type": ["string", "number", "boolean", "array", "object"]}  # null takes away
_Var: TypeAlias = Annotated[Any, InSchema({**_JSON, "items": _JSON, "additionalProperties": _JSON})]
Vars: TypeAlias = Annotated[dict[Identifier, _Var], InSchema({}, before=document)]
"""What a team's own templates and rules are told, as JSON."""
WORD_OR_OTHER = Discriminator(lambda value: "word" if isinstance(value, str) else "other")
_WORD_OR_MAPPING = Discriminator(lambda value: "other" if isinstance(value, dict | Input) else "word")
Vpc: TypeAlias = Annotated[references.Existing, DecodeAs(VpcReference, VpcReference.value)]
SecurityGroup: TypeAlias = Annotated[
    references.SecurityGroup, DecodeAs(SecurityGroupReference, SecurityGroupReference.value)
]
_RouteTable: TypeAlias = Annotated[references.RouteTable, DecodeAs(RouteTableReference, RouteTableReference.value)]
_OfSubnetsOrList: TypeAlias = Annotated[
    Annotated[Literal["of_subnets"], Tag("word")] | Annotated[list[_RouteTable], Tag("other")], WORD_OR_OTHER
]
RouteTables: TypeAlias = Annotated[
    list[references.RouteTable],
    DecodeAs(_OfSubnetsOrList, lambda stated: [references.OfSubnets()] if stated == "of_subnets" else stated),
]


def _or_input(word: Any) -> DecodeAs:
    """Return how a text is decoded that may be the caller's."""
    form: Any = Annotated[Annotated[word, Tag("word")] | Annotated[Input, Tag("other")], _WORD_OR_MAPPING]
    return DecodeAs(form, lambda stated: stated if isinstance(stated, str) else references.ByInput(stated.variable))


RegionName: TypeAlias = Annotated[str, Field(pattern=REGION), WORD, InSchema({"offers": "RegionName"})]
Region: TypeAlias = Annotated[str | references.ByInput, _or_input(RegionName)]
ServiceName: TypeAlias = Annotated[str | references.ByInput, _or_input(Annotated[str, Field(min_length=1), WORD])]
