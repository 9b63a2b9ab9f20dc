"""An estate of `tests/estates` in the emulated AWS: made by the calls that AWS takes, each id the one that AWS gave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from itertools import islice
from typing import TYPE_CHECKING, Any

from generator.authoring.adopt.adoption import AdoptOptions, adopt
from generator.generate import generate_source
from generator.live.answers import read
from generator.live.estate import ATTRIBUTES, KINDS
from generator.source import source
from tests.worlds import OF_GROUPS

if TYPE_CHECKING:
    from pathlib import Path

    from generator.authoring.adopt.adoption import Adoption
    from generator.hcl.memory import Cache
    from generator.live import estate as live
    from tests.estates.growing import Estate

_KINDS = ("Vpcs", "Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints", *OF_GROUPS)
_ASKED = (
    *("VpcEndpointType", "VpcId", "ServiceName", "ServiceRegion", "ResourceConfigurationArn", "ServiceNetworkArn"),
    *("SubnetIds", "RouteTableIds", "PolicyDocument", "PrivateDnsEnabled", "IpAddressType", "DnsOptions"),
)
"""The fields of an answer that are parameters too."""
_OF_RULE = ("IpProtocol", "FromPort", "ToPort")


@dataclass(slots=True)
class Making:
    """An estate that is being made."""

    client: Any
    estate: Estate
    ids: dict[str, str] = field(default_factory=dict)
    """What AWS calls a thing of the estate."""

    def everything(self) -> str:
        """Make it, and return the id of the VPC."""
        self._network()
        self._groups()
        for each in self._all("VpcEndpoints"):
            asked = {key: each[key] for key in _ASKED if each.get(key) not in (None, [])}
            groups = [group["GroupId"] for group in each.get("Groups", ())]
            tags = _tags("vpc-endpoint", each)
            self.client.create_vpc_endpoint(**asked, **({"SecurityGroupIds": groups} if groups else {}), **tags)
        return self.ids[self.estate.answers["Vpcs"][0]["VpcId"]]

    def _all(self, kind: str) -> list[dict[str, Any]]:
        """Return the objects of a kind with the ids that AWS gave so far."""
        text = json.dumps(self.estate.answers.get(kind, []))
        for wanted, given in self.ids.items():
            text = text.replace(wanted, given)
        found: list[dict[str, Any]] = json.loads(text)
        return found

    def _network(self) -> None:
        (vpc,) = self._all("Vpcs")
        given = bool(vpc["Ipv6CidrBlockAssociationSet"])
        made = self.client.create_vpc(
            CidrBlock=vpc["CidrBlock"], AmazonProvidedIpv6CidrBlock=given, **_tags("vpc", vpc)
        )["Vpc"]
        vpc_id = self.ids[vpc["VpcId"]] = made["VpcId"]
        six: list[str] = []
        for own, each in zip(vpc["Ipv6CidrBlockAssociationSet"], made["Ipv6CidrBlockAssociationSet"], strict=False):
            self.ids[own["Ipv6CidrBlock"]] = each["Ipv6CidrBlock"]
            six = [*map(str, islice(IPv6Network(each["Ipv6CidrBlock"]).subnets(new_prefix=64), 9))]
        for each in vpc["CidrBlockAssociationSet"][1:]:
            self.client.associate_vpc_cidr_block(VpcId=vpc_id, CidrBlock=each["CidrBlock"])
        for name, value in self.estate.attributes.items():
            self.client.modify_vpc_attribute(VpcId=vpc_id, **{name: {"Value": value}})
        for index, each in enumerate(self._all("Subnets")):
            asked = {"CidrBlock": each["CidrBlock"], **({"Ipv6CidrBlock": six[index]} if six else {})}
            zone = each["AvailabilityZone"]
            made = self.client.create_subnet(VpcId=vpc_id, AvailabilityZone=zone, **asked, **_tags("subnet", each))
            self.ids[each["SubnetId"]] = made["Subnet"]["SubnetId"]
        self._tables(vpc_id)

    def _tables(self, vpc_id: str) -> None:
        main, *tables = self._all("RouteTables")
        (found,) = self.client.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
        self.ids[main["RouteTableId"]] = found["RouteTableId"]
        if main["Tags"]:
            self.client.create_tags(Resources=[found["RouteTableId"]], Tags=main["Tags"])
        for each in tables:
            made = self.client.create_route_table(VpcId=vpc_id, **_tags("route-table", each))
            self.ids[each["RouteTableId"]] = made["RouteTable"]["RouteTableId"]

    def _groups(self) -> None:
        vpc_id = self.ids[self.estate.answers["Vpcs"][0]["VpcId"]]
        for each in self._all("PrefixLists"):
            made = self.client.create_managed_prefix_list(
                PrefixListName=each["PrefixListName"],
                AddressFamily="IPv4",
                MaxEntries=1,
                Entries=[{"Cidr": "172.16.0.0/12"}],
            )
            self.ids[each["PrefixListId"]] = made["PrefixList"]["PrefixListId"]
        default, *groups = self._all("SecurityGroups")
        of_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
        (found,) = self.client.describe_security_groups(Filters=of_vpc)["SecurityGroups"]
        self.ids[default["GroupId"]] = found["GroupId"]
        for each in groups:
            asked = {"GroupName": each["GroupName"], "Description": each["Description"]}
            made = self.client.create_security_group(VpcId=vpc_id, **asked, **_tags("security-group", each))
            self.ids[each["GroupId"]] = made["GroupId"]
        for each in self._all("SecurityGroups"):
            if each["IpPermissions"] and each["GroupName"] != "default":
                permissions = [_asked(permission) for permission in each["IpPermissions"]]
                self.client.authorize_security_group_ingress(GroupId=each["GroupId"], IpPermissions=permissions)


def _tags(kind: str, thing: dict[str, Any]) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": thing["Tags"]}]} if thing["Tags"] else {}


def _asked(permission: dict[str, Any]) -> dict[str, Any]:
    """Return a permission as a parameter: what is empty is left out."""
    sources = {
        key: [{name: text for name, text in each.items() if text} for each in value]
        for key, value in permission.items()
        if isinstance(value, list) and value
    }
    return {**{key: permission[key] for key in _OF_RULE}, **sources}


def read_all(client: Any, region: str) -> live.Estate:
    """Return all that there is, as from files: one call a kind, for many VPCs at once."""
    answers = []
    for kind in _KINDS:
        call = KINDS[kind][1].split()[2].replace("-", "_")
        answers.append({kind: [each for page in client.get_paginator(call).paginate() for each in page[kind]]})
    for vpc in answers[0]["Vpcs"]:
        told = {key: client.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=ATTRIBUTES[key]) for key in ATTRIBUTES}
        answers += [{"VpcId": vpc["VpcId"], key: answer[key]} for key, answer in told.items()]
    return read([("answers.json", "\n".join(json.dumps(each, default=str) for each in answers))], region)


def adopted(found: live.Estate, vpc_id: str, name: str, *, own: bool) -> Adoption:
    """Return what is adopted of a VPC, for a root that calls the module by a name."""
    options = AdoptOptions(vpc=vpc_id, name=name, path=f"{name}.yaml", own_security_groups=own, within=f"module.{name}")
    return adopt(found, options)


def put(adoption: Adoption, name: str, root: Path, cache: Cache) -> None:
    """Render what was adopted into a folder of a root that calls it, and its imports beside."""
    (root / name).mkdir()
    files = generate_source(source.parse(adoption.spec, f"{name}.yaml"), cache).files
    for path, text in files.items():
        if path.endswith(".tf"):
            (root / name / path).write_text(text, encoding="utf-8")
    call = f'\nmodule "{name}" {{\n  source = "./{name}"\n}}\n'
    (root / f"{name}.tf").write_text(adoption.imports + call, encoding="utf-8")
