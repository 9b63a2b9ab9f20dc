"""The spec itself. A field that sets an argument of `aws_vpc_endpoint` has that argument's name and AWS's spelling.

`json_schema_extra={"aws_provider": …}` names the provider release that brought the argument, where it is newer than
3.39; the facts and their sources are in the provider's CHANGELOG (https://github.com/hashicorp/terraform-provider-aws).
"""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from generator.source.region import REGION_NAME
from generator.spec.forms import Choice, RouteTables, SecurityGroup, Subnet, Vpc
from generator.spec.policy import Policy
from generator.spec.scalars import WORD, Flag, Identifier, Model, Options, Tags, Text

EndpointType: TypeAlias = Literal["Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"]
DURATION = r"^([0-9]+[hms])+$"
Duration: TypeAlias = Annotated[str, Field(pattern=DURATION), WORD]
WarningCode: TypeAlias = Annotated[str, Field(pattern=r"^W[0-9]+$"), WORD]
BundleVersion: TypeAlias = Annotated[str, Field(min_length=1), WORD]
Reason: TypeAlias = Annotated[Text, Field(min_length=1)]
REGION = f"^{REGION_NAME}$"
NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,62}$"
PROVIDER = r"^>= ?[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?$"


def _endpoints_or_bundles(value: Any, info: ValidationInfo) -> Any:
    """Return the endpoints; where there are none, insist on bundles, which are decoded before them."""
    if value is None and info.data.get("bundles", ()) is None:
        raise PydanticCustomError("missing", "endpoints or bundles", {"keys": "endpoints: or bundles:"})
    return value


class DnsOptions(Options):
    """How AWS answers for the endpoint's DNS names."""

    dns_record_ip_type: Annotated[
        Literal["ipv4", "dualstack", "ipv6", "service-defined"] | None,
        Field(description="The DNS records that AWS makes for the endpoint."),
    ] = None
    private_dns_only_for_inbound_resolver_endpoint: Annotated[
        Flag | None,
        Field(
            description="Amazon S3: private DNS for inbound Resolver endpoints alone; the VPC itself uses its gateway.",
            json_schema_extra={"aws_provider": "5.3.0"},
        ),
    ] = None
    private_dns_preference: Annotated[
        Literal[
            "VERIFIED_DOMAINS_ONLY", "ALL_DOMAINS", "VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS", "SPECIFIED_DOMAINS_ONLY"
        ]
        | None,
        Field(
            description="Which domains get a private hosted zone (Resource and ServiceNetwork).",
            json_schema_extra={"aws_provider": "6.28.0"},
        ),
    ] = None
    private_dns_specified_domains: Annotated[
        list[Text] | None,
        Field(
            min_length=1,
            max_length=10,
            description="The domains that the preference speaks of.",
            json_schema_extra={"aws_provider": "6.28.0"},
        ),
    ] = None


class SubnetConfiguration(Model):
    """Fixed addresses of the endpoint's network interface in one subnet."""

    subnet: Annotated[Subnet, Field(description="The subnet, one of the endpoint's `subnets`.")]
    ipv4: Annotated[str | None, Field(pattern=r"^[0-9]+(\.[0-9]+){3}$", description="The IPv4 address."), WORD] = None
    ipv6: Annotated[
        str | None, Field(pattern=r"^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$", description="The IPv6 address."), WORD
    ] = None


class Timeouts(Options):
    """How long Terraform waits: `10m`, `1h30m`."""

    create: Annotated[Duration | None, Field(description="How long to wait for the endpoint to be made.")] = None
    update: Annotated[Duration | None, Field(description="How long to wait for a change.")] = None
    delete: Annotated[Duration | None, Field(description="How long to wait for the endpoint to go.")] = None


class Defaults(Model):
    """What the spec states for all endpoints, and each endpoint may state for itself instead."""

    subnets: Annotated[
        list[Subnet] | None,
        Field(description="Where the endpoint's network interfaces are: one subnet in each zone."),
    ] = None
    security_groups: Annotated[
        list[SecurityGroup] | None, Field(min_length=1, description="Who may reach the network interfaces.")
    ] = None
    route_tables: Annotated[
        RouteTables | None,
        Field(
            description="Route tables that get a gateway's route; `of_subnets`: those that the `subnets` use, "
            "the associated ones, else the VPC's main table."
        ),
    ] = None
    ip_address_type: Annotated[
        Literal["ipv4", "dualstack", "ipv6"] | None,
        Field(description="The addresses of the endpoint.", json_schema_extra={"aws_provider": "4.20.0"}),
    ] = None
    private_dns_enabled: Annotated[
        Flag | None,
        Field(
            description="Whether the service's public DNS name leads to the endpoint. "
            "Default: true for an AWS service that has such a name, except Amazon S3."
        ),
    ] = None
    policy: Annotated[
        Policy | None,
        Field(
            description="The endpoint's policy: a preset (`gen-endpoints policies` lists them), a document, "
            "`{file: …}`, or a list of these, which adds up: each part lets more through, and only a Deny takes any of "
            "it back. Default: AWS's full access."
        ),
    ] = None
    tags: Annotated[Tags | None, Field(description="Tags; the Name tag is `name`'s.")] = None
    timeouts: Annotated[Timeouts | None, Field(description="How long Terraform waits.")] = None


class Endpoint(Choice, Defaults):
    """One VPC endpoint: exactly one of `service`, `service_name` and the two ARNs says to what."""

    choices: ClassVar[tuple[str, ...]] = (
        "service",
        "service_name",
        "resource_configuration_arn",
        "service_network_arn",
    )
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [target]} for target in choices]})

    service: Annotated[
        str | None,
        Field(
            min_length=1, description="The short name of an AWS service, as `ecr.dkr`; the catalog knows its full name."
        ),
        WORD,
    ] = None
    service_name: Annotated[
        str | None,
        Field(min_length=1, description="The full name of a service, as `com.amazonaws.vpce.eu-west-1.vpce-svc-…`."),
        WORD,
    ] = None
    resource_configuration_arn: Annotated[
        str | None,
        Field(
            pattern=r"^arn:[^:]+:vpc-lattice:[^:]*:[^:]*:resourceconfiguration/rcfg-[0-9a-f]{8,17}$",
            description="The VPC Lattice resource configuration of a Resource endpoint.",
            json_schema_extra={"aws_provider": "5.85.0"},
        ),
        WORD,
    ] = None
    service_network_arn: Annotated[
        str | None,
        Field(
            pattern=r"^arn:[^:]+:vpc-lattice:[^:]*:[^:]*:servicenetwork/sn-[0-9a-f]{8,17}$",
            description="The VPC Lattice service network of a ServiceNetwork endpoint.",
            json_schema_extra={"aws_provider": "5.85.0"},
        ),
        WORD,
    ] = None
    type: Annotated[
        EndpointType | None,
        Field(description="The endpoint's type (`vpc_endpoint_type`). Default: the only one that the service has."),
    ] = None
    name: Annotated[Text | None, Field(max_length=256, description="The Name tag.")] = None
    service_region: Annotated[
        str | None,
        Field(
            pattern=REGION,
            description="The Region of the service, when it is not the endpoint's.",
            json_schema_extra={"aws_provider": "5.83.0"},
        ),
        WORD,
    ] = None
    auto_accept: Annotated[
        Flag | None, Field(description="Accept the endpoint, when its service is in the same account.")
    ] = None
    dns_options: Annotated[
        DnsOptions | None,
        Field(description="How AWS answers for the DNS names.", json_schema_extra={"aws_provider": "4.20.0"}),
    ] = None
    subnet_configuration: Annotated[
        list[SubnetConfiguration] | None,
        Field(min_length=1, description="Fixed addresses, by subnet.", json_schema_extra={"aws_provider": "5.54.0"}),
    ] = None
    region: Annotated[
        str | None,
        Field(
            pattern=REGION,
            description="The Region that the provider manages the endpoint in, when it is not the provider's own.",
            json_schema_extra={"aws_provider": "6.0.0"},
        ),
        WORD,
    ] = None


class Spec(Defaults):
    """AWS VPC endpoints of one VPC, rendered by gen-endpoints to a Terraform module."""

    model_config = ConfigDict(
        title="gen-endpoints spec",
        json_schema_extra={"anyOf": [{"required": ["endpoints"]}, {"required": ["bundles"]}]},
    )

    name: Annotated[str, Field(pattern=NAME, description="The module's name, and its folder's."), WORD]
    region: Annotated[
        str | None,
        Field(
            pattern=REGION,
            description="The Region. Given: service names are literal, and the module refuses any other Region. "
            "Left out: names are built from the provider's Region.",
        ),
        WORD,
    ] = None
    aws_provider: Annotated[
        str, Field(pattern=PROVIDER, description="The oldest AWS provider that the module must work with."), WORD
    ] = ">= 5.0"
    vpc: Annotated[Vpc, Field(description="The VPC that the endpoints are in.")]
    private_ip_outputs: Annotated[
        Flag, Field(description="Also output the private addresses of the network interfaces, by endpoint and subnet.")
    ] = False
    ignore: Annotated[
        dict[WarningCode, Reason] | None,
        Field(min_length=1, description="Warnings that are not for this spec: the code, and the reason why."),
    ] = None
    bundles: Annotated[
        list[BundleVersion] | None,
        Field(min_length=1, description="Sets of endpoints, each in one version: `ecs-fargate@1`."),
    ] = None
    endpoints: Annotated[
        dict[Identifier, Endpoint] | None,
        Field(
            min_length=1,
            description="The endpoints, by their Terraform label, which never changes by itself. "
            "Required where there are no `bundles`.",
            validate_default=True,
        ),
        AfterValidator(_endpoints_or_bundles),
    ] = None
