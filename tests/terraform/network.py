"""The network around the endpoints: a VPC with what is in it, made in the emulated AWS, and a module put into it."""

from __future__ import annotations

import ipaddress
import json
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .emulated_aws import CREDENTIAL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from types_boto3_ec2 import EC2Client
    from types_boto3_ec2.literals import ResourceTypeType
    from types_boto3_ec2.type_defs import TagSpecificationTypeDef, VpcEndpointTypeDef

    from .emulated_aws import EmulatedAws

FIRST_SUBNET = 2
"""The first subnet is 10.0.2.0/24, the next 10.0.3.0/24."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A VPC with what is in it, by name: each thing's Name tag, or what else its name is.

    Elsewhere a thing is called by its kind and name: `subnet/private-a`.
    """

    region: str
    vpc: str
    subnets: Mapping[str, str]
    """The letter of the zone by subnet."""
    route_tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The associated subnets by route table; a subnet without one uses the VPC's main table."""
    security_groups: tuple[str, ...] = ()
    prefix_lists: tuple[str, ...] = ()
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Tags besides the name, by thing."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """The thing by the id that stands for it in the module's text; AWS chooses ids, so that a test can't."""
    inputs: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """The thing, or the things, or a text, by input of the module."""
    has_dns: bool = True
    """Whether the VPC has the attribute enableDnsHostnames, which private DNS needs."""
    has_ipv6: bool = False

    def make(self, aws: EmulatedAws) -> Made:
        """Make the network, and beside it a VPC of another name in which everything else has the same names."""
        client = aws.ec2(self.region)
        _Making(self, client, vpc="another-vpc").everything()
        return Made(self, aws, client, _Making(self, client, vpc=self.vpc).everything())


@dataclass(frozen=True, slots=True)
class Made:
    """A network that exists, with the ids of its things."""

    network: Network
    aws: EmulatedAws
    client: EC2Client
    ids: Mapping[str, str]

    @property
    def vpc_id(self) -> str:
        """The VPC's id."""
        return self.ids[f"vpc/{self.network.vpc}"]

    def endpoints(self) -> list[VpcEndpointTypeDef]:
        """Return what AWS says of the VPC's endpoints."""
        return self.client.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [self.vpc_id]}])["VpcEndpoints"]

    def create(self, **arguments: str | bool | list[Any] | dict[str, Any]) -> str:
        """Make an endpoint by hand and return its id; in a list of ids, `subnet/private-a` stands for its id."""
        request: dict[str, Any] = {
            name: [self.ids.get(str(item), item) for item in value]
            if isinstance(value, list) and name.endswith("Ids")
            else value
            for name, value in arguments.items()
        }
        return self.client.create_vpc_endpoint(VpcId=self.vpc_id, **request)["VpcEndpoint"]["VpcEndpointId"]

    def put(self, module: Path, folder: Path, *, region: str = "") -> None:
        """Copy a module to a new folder, with this network's ids and inputs, and a provider for `region` or its own."""
        shutil.copytree(module, folder)
        for file in folder.glob("*.tf"):
            text = file.read_text(encoding="utf-8")
            for identifier, thing in self.network.ids.items():
                text = text.replace(identifier, self.ids[thing])
            file.write_text(text, encoding="utf-8")
        inputs = {
            name: self.ids.get(things, things) if isinstance(things, str) else [self.ids[thing] for thing in things]
            for name, things in self.network.inputs.items()
        }
        (folder / "terraform.tfvars.json").write_text(json.dumps(inputs), encoding="utf-8")
        provider = provider_block(self.aws.url, region or self.network.region)
        (folder / "provider.tf").write_text(provider, encoding="utf-8")


def provider_block(url: str, region: str) -> str:
    """Return the provider block that leads to the emulated AWS.

    The account id is asked for, or the rules of security groups would differ from what was applied in each plan.
    """
    return f"""provider "aws" {{
  region                      = "{region}"
  access_key                  = "{CREDENTIAL}"
  secret_key                  = "{CREDENTIAL}"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = false

  endpoints {{
    ec2 = "{url}"
    iam = "{url}"
    sts = "{url}"
  }}
}}
"""


@dataclass(slots=True)
class _Making:
    """One VPC being made; `ids` grows with each thing in it."""

    network: Network
    client: EC2Client
    vpc: str
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def vpc_id(self) -> str:
        return self.ids[f"vpc/{self.vpc}"]

    def everything(self) -> Mapping[str, str]:
        blocks = self._vpc()
        for index, (name, zone) in enumerate(self.network.subnets.items()):
            self._subnet(index, name, zone, ipv6=blocks[index] if blocks else "")
        for name, subnets in self.network.route_tables.items():
            table = self.client.create_route_table(VpcId=self.vpc_id, TagSpecifications=self._tags("route_table", name))
            table_id = self.ids[f"route_table/{name}"] = table["RouteTable"]["RouteTableId"]
            for subnet in subnets:
                self.client.associate_route_table(RouteTableId=table_id, SubnetId=self.ids[f"subnet/{subnet}"])
        for name in self.network.security_groups:
            group = self.client.create_security_group(
                VpcId=self.vpc_id,
                GroupName=name,
                Description="A test",
                TagSpecifications=self._tags("security_group", name),
            )
            self.ids[f"security_group/{name}"] = group["GroupId"]
        if self.vpc == self.network.vpc:  # the one kind that is in no VPC
            self._prefix_lists()
        return self.ids

    def _vpc(self) -> list[str]:
        """Make the VPC and return IPv6 blocks for its subnets, if it has any."""
        vpc = self.client.create_vpc(
            CidrBlock="10.0.0.0/16",
            AmazonProvidedIpv6CidrBlock=self.network.has_ipv6,
            TagSpecifications=self._tags("vpc", self.vpc),
        )["Vpc"]
        self.ids[f"vpc/{self.vpc}"] = vpc["VpcId"]
        self.client.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsHostnames={"Value": self.network.has_dns})
        options = self.client.create_dhcp_options(  # AWS gives each VPC its default set, moto none
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}]
        )["DhcpOptions"]
        self.client.associate_dhcp_options(DhcpOptionsId=options["DhcpOptionsId"], VpcId=vpc["VpcId"])
        if not self.network.has_ipv6:
            return []
        block = ipaddress.IPv6Network(vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
        return [str(each) for each in block.subnets(new_prefix=64)]

    def _subnet(self, index: int, name: str, zone: str, *, ipv6: str) -> None:
        subnet = self.client.create_subnet(
            VpcId=self.vpc_id,
            CidrBlock=f"10.0.{index + FIRST_SUBNET}.0/24",
            AvailabilityZone=self.network.region + zone,
            TagSpecifications=self._tags("subnet", name),
        )
        subnet_id = self.ids[f"subnet/{name}"] = subnet["Subnet"]["SubnetId"]
        if ipv6:
            self.client.associate_subnet_cidr_block(SubnetId=subnet_id, Ipv6CidrBlock=ipv6)

    def _prefix_lists(self) -> None:
        for name in self.network.prefix_lists:
            prefix_list = self.client.create_managed_prefix_list(
                PrefixListName=name,
                AddressFamily="IPv4",
                MaxEntries=5,
                Entries=[{"Cidr": "172.16.0.0/12"}],
                TagSpecifications=self._tags("prefix_list", name),
            )
            self.ids[f"prefix_list/{name}"] = prefix_list["PrefixList"]["PrefixListId"]

    def _tags(self, kind: str, name: str) -> list[TagSpecificationTypeDef]:
        kinds: dict[str, ResourceTypeType] = {
            "vpc": "vpc",
            "subnet": "subnet",
            "route_table": "route-table",
            "security_group": "security-group",
            "prefix_list": "prefix-list",
        }
        tags = {"Name": name, **self.network.tags.get(f"{kind}/{name}", {})}
        return [{"ResourceType": kinds[kind], "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]
