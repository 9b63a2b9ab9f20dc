"""The spec itself. A field that sets an argument of `aws_vpc_endpoint` has that argument's name and AWS's spelling.

The facts of `since` and their sources are in the provider's CHANGELOG
(https://github.com/hashicorp/terraform-provider-aws).
"""

import re
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from generator.spec.addresses import as_stored
from generator.spec.duration import DURATION
from generator.spec.forms import Choice, Region, RegionName, RouteTables, SecurityGroup, ServiceName, Subnet, Vars, Vpc
from generator.spec.policy import Policy
from generator.spec.references import ByInput
from generator.spec.scalars import (
    WORD,
    Flag,
    Folder,
    FormerKeys,
    Identifier,
    InSchema,
    Model,
    OptionalWord,
    Options,
    Tags,
    Text,
    about,
)

EndpointType: TypeAlias = Literal["Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"]
DomainPreference: TypeAlias = Literal[
    "VERIFIED_DOMAINS_ONLY", "ALL_DOMAINS", "VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS", "SPECIFIED_DOMAINS_ONLY"
]
VISIBLE = r"\S"
Duration: TypeAlias = Annotated[str, Field(pattern=DURATION), WORD]
ServiceId: TypeAlias = Annotated[str, Field(min_length=1), WORD, InSchema({"offers": "ServiceId"})]
WarningCode: TypeAlias = Annotated[str, Field(pattern=r"^W[0-9]+$"), WORD]
BundleVersion: TypeAlias = Annotated[str, Field(min_length=1), WORD, InSchema({"offers": "BundleVersion"})]
Reason: TypeAlias = Annotated[Text, Field(min_length=1)]
PARTITION = r"^aws(-[a-z]+)*$"
IPV4_ADDRESS = r"^[0-9]+(\.[0-9]+){3}$"
IPV6_ADDRESS = r"^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$"
RESOURCE_CONFIGURATION = r"^arn:[^:]+:vpc-lattice:[^:]*:[^:]*:resourceconfiguration/rcfg-[0-9a-f]{8,17}$"
SERVICE_NETWORK = r"^arn:[^:]+:vpc-lattice:[^:]*:[^:]*:servicenetwork/sn-[0-9a-f]{8,17}$"
NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,62}$"
PROVIDER = r"^>= ?[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?$"


def _endpoints_or_bundles(value: Any, info: ValidationInfo) -> Any:
    """Return the endpoints; where there are none, insist on bundles, which are decoded before them."""
    if value is None and info.data.get("bundles", ()) is None:
        raise PydanticCustomError("missing", "endpoints or bundles", {"keys": "endpoints: or bundles:"})
    return value


class DnsOptions(Options):
    """How AWS answers for the endpoint's DNS names."""

    dns_record_ip_type: Literal["ipv4", "dualstack", "ipv6", "service-defined"] | None = about(
        "The DNS records that AWS makes for the endpoint."
    )
    private_dns_only_for_inbound_resolver_endpoint: Flag | None = about(
        "Amazon S3: private DNS for inbound Resolver endpoints alone; the VPC itself uses its gateway.", since="5.3.0"
    )
    private_dns_preference: DomainPreference | None = about(
        "Which domains get a private hosted zone (Resource and ServiceNetwork).", since="6.28.0"
    )
    private_dns_specified_domains: list[Text] | None = about(
        "The domains that the preference speaks of.", since="6.28.0", min_length=1, max_length=10
    )


class SubnetConfiguration(Model):
    """Fixed addresses of the endpoint's network interface in one subnet."""

    subnet: Annotated[Subnet, Field(description="The subnet, one of the endpoint's `subnets`.")]
    ipv4: OptionalWord = about("The IPv4 address.", pattern=IPV4_ADDRESS)
    ipv6: Annotated[OptionalWord, AfterValidator(lambda text: text and as_stored(text))] = about(
        "The IPv6 address.", pattern=IPV6_ADDRESS
    )


class Timeouts(Options):
    """How long Terraform waits: `10m`, `1h30m`."""

    create: Duration | None = about("How long to wait for the endpoint to be made.")
    update: Duration | None = about("How long to wait for a change.")
    delete: Duration | None = about("How long to wait for the endpoint to go.")


class Defaults(Model):
    """What the spec states for all endpoints, and each endpoint may state for itself instead."""

    subnets: list[Subnet] | None = about("Where the endpoint's network interfaces are: one subnet in each zone.")
    security_groups: list[SecurityGroup] | None = about("Who may reach the network interfaces.", min_length=1)
    route_tables: RouteTables | None = about(
        "Route tables that get a gateway's route; `of_subnets`: those that the `subnets` use, "
        "the associated ones, else the VPC's main table."
    )
    ip_address_type: Literal["ipv4", "dualstack", "ipv6"] | None = about(
        "The addresses of the endpoint.", since="4.20.0"
    )
    private_dns_enabled: Flag | None = about(
        "Whether the service's public DNS name leads to the endpoint. "
        "Default: true for an AWS service that has such a name, except Amazon S3."
    )
    policy: Policy | None = about(
        "The endpoint's policy: a preset (`gen-endpoints policies` lists them), a document, "
        "`{file: …}`, or a list of these, which adds up: each part lets more through, and only a Deny takes any of "
        "it back. In place of a text of Principal, Resource, NotResource and Condition it takes `{account: true}`, "
        "`{vpc: true}`, `{variable: NAME}` and `{join: [text, {variable: NAME}]}`. "
        "Default: AWS's full access. `unmanaged`: it is left to others, not rendered, and judged by `verify` alone."
    )
    tags: Tags | None = about("Tags; the Name tag is `name`'s.")
    timeouts: Timeouts | None = about("How long Terraform waits.")


class Endpoint(Choice, Defaults):
    """One VPC endpoint: exactly one of `service`, `service_name` and the two ARNs says to what."""

    choices = ("service", "service_name", "resource_configuration_arn", "service_network_arn")
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [target]} for target in choices]})

    service: ServiceId | None = about(
        "The short name of an AWS service, as `ecr.dkr`; the catalog knows its full name."
    )
    service_name: ServiceName | None = about(
        "The full name of a service, as `com.amazonaws.vpce.eu-west-1.vpce-svc-…`; "
        "`{variable: …}`: the caller's, with private DNS only where `private_dns_enabled: true` says so."
    )
    resource_configuration_arn: OptionalWord = about(
        "The VPC Lattice resource configuration of a Resource endpoint.",
        since="5.85.0",
        pattern=RESOURCE_CONFIGURATION,
    )
    service_network_arn: OptionalWord = about(
        "The VPC Lattice service network of a ServiceNetwork endpoint.",
        since="5.85.0",
        pattern=SERVICE_NETWORK,
    )
    type: EndpointType | None = about(
        "The endpoint's type (`vpc_endpoint_type`). Default: the only one that the service has."
    )
    name: Text | None = about("The Name tag.", min_length=1, max_length=256, pattern=VISIBLE)
    service_region: RegionName | None = about(
        "The Region of the service, when it is not the endpoint's.", since="5.83.0"
    )
    auto_accept: Flag | None = about("Accept the endpoint, when its service is in the same account.")
    dns_options: DnsOptions | None = about("How AWS answers for the DNS names.", since="4.20.0")
    subnet_configuration: list[SubnetConfiguration] | None = about(
        "Fixed addresses, by subnet.", since="5.54.0", min_length=1
    )
    region: RegionName | None = about(
        "The Region that the provider manages the endpoints in, and all that is around them, when it is not the "
        "provider's own; all endpoints are in one.",
        since="6.0.0",
    )
    was: FormerKeys | None = about(
        "The key that the endpoint had before, or a list of these, the oldest first: Terraform then moves it, and "
        "destroys nothing. Outputs have it under its new key."
    )
    protect: Flag | None = about(
        "`true`: Terraform refuses any plan that would destroy or replace the endpoint (`prevent_destroy`)."
    )


class Naming(Model):
    """How Name tags are made."""

    format: Annotated[
        Text,
        Field(
            min_length=1,
            max_length=256,
            description="The Name tag: `{endpoint}` is the endpoint's key with `-` for `_`, `{name}` the spec's name.",
        ),
    ]

    def of(self, endpoint: str) -> str:
        """Return the Name tag of an endpoint by its key; all other values are in place already."""
        words = {"{{": "{", "}}": "}", "{endpoint}": endpoint.replace("_", "-")}
        return re.sub(r"\{\{|\}\}|\{endpoint\}", lambda found: words[found[0]], self.format)


class Spec(Defaults):
    """AWS VPC endpoints of one VPC, rendered by gen-endpoints to a Terraform module."""

    model_config = ConfigDict(
        title="gen-endpoints spec",
        json_schema_extra={"anyOf": [{"required": ["endpoints"]}, {"required": ["bundles"]}]},
    )

    name: Annotated[str, Field(pattern=NAME, description="The module's name, and its folder's."), WORD]
    region: Region | None = about(
        "The Region. Given: service names are literal, and the module refuses any other Region. "
        "Left out: names are built from the provider's Region. "
        "`{variable: …}`: from the caller's, which is that of all that the module makes and looks up (provider 6.0)."
    )
    partition: OptionalWord = about(
        "Without a Region: the partition whose names the services have, which the module insists on, as `aws-cn`. "
        "Default: `aws`, where a name is not the same in every partition.",
        pattern=PARTITION,
    )
    aws_provider: Annotated[
        str, Field(pattern=PROVIDER, description="The oldest AWS provider that the module must work with."), WORD
    ] = ">= 5.0"
    vpc: Annotated[Vpc, Field(description="The VPC that the endpoints are in.")]
    naming: Naming | None = about(
        "How the Name tags are made of endpoints that state none. Default: none, and `{name}-{endpoint}` of bundles'."
    )
    templates: Folder | None = about(
        "The folder of the team's own templates, relative to the spec and in its repository: what they render to is in "
        "the module. Default: the project file's; `null` for none."
    )
    vars: Vars | None = about("What templates and rules of the team's own are told; it changes nothing else.")
    private_ip_outputs: Annotated[
        Flag, Field(description="Also output the private addresses of the network interfaces, by endpoint and subnet.")
    ] = False
    readme_diagram: Annotated[Flag, Field(description="Have a diagram in the module's README. Default: true.")] = True
    ignore: dict[WarningCode, Reason] | None = about(
        "Warnings that are not for this spec: the code, and the reason why.", min_length=1
    )
    bundles: list[BundleVersion] | None = about(
        "Sets of endpoints, each in one version: `ecs-fargate@1`.", min_length=1
    )
    endpoints: Annotated[dict[Identifier, Endpoint] | None, AfterValidator(_endpoints_or_bundles)] = about(
        "The endpoints, by their Terraform label, which never changes by itself. "
        "Required where there are no `bundles`.",
        min_length=1,
        validate_default=True,
    )

    @cached_property
    def managed_region(self) -> str | ByInput | None:
        """The Region of all that the module makes and looks up, where that is not simply the provider's."""
        own = (endpoint.region for endpoint in (self.endpoints or {}).values() if endpoint.region)
        return self.region if isinstance(self.region, ByInput) else next(own, None)

    @cached_property
    def known_region(self) -> str | None:
        """The name of the Region, where the spec or an endpoint says it."""
        return next((each for each in (self.region, self.managed_region) if isinstance(each, str)), None)
