"""What there is in an AWS that has whatever is asked for: made values, the same for one question in each process."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .blocks import Body, empty

SETTING = "GEN_ENDPOINTS_DOUBLE"
"""The environment variable with JSON over DEFAULTS: `{"dns_hostnames": false}`."""
DEFAULTS: Mapping[str, Any] = {
    "dns_hostnames": True,
    "one_zone": False,
    "cidr_blocks": ["10.0.0.0/16", "10.1.0.0/16"],
    "ipv6": True,
    "subnets": 2,
    "vpc_id": "",
}
"""`vpc_id` is the VPC of all that is not looked up in one; `subnets` are as many as the plural lookup finds."""
Values = dict[str, Any]
_ACCOUNT = "123456789012"
_PREFIXES = {
    "aws_vpc": "vpc",
    "aws_subnet": "subnet",
    "aws_subnets": "subnet",
    "aws_route_table": "rtb",
    "aws_route_tables": "rtb",
    "aws_security_group": "sg",
    "aws_security_groups": "sg",
    "aws_network_interface": "eni",
    "aws_ec2_managed_prefix_list": "pl",
    "aws_vpc_endpoint": "vpce",
    "aws_security_group_rule": "sgrule",
    "aws_vpc_security_group_ingress_rule": "sgr",
    "aws_vpc_security_group_egress_rule": "sgr",
}
_POLICY = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}'


def digits(*parts: object) -> str:
    """Return 17 hexadecimal digits made from values: other ones for other values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:17]


@dataclass(slots=True)
class World:
    """An AWS in one Region."""

    region: str = "us-east-1"
    settings: Values = field(default_factory=lambda: {**DEFAULTS, **json.loads(os.environ.get(SETTING, "{}"))})

    def answer(self, type_: str, asked: Values, body: Body) -> Values:
        """Return what a data source has, for its configuration."""
        made = self._common(type_, asked) | self._own(type_, asked)
        state = {
            name: made.get(name, empty(each.type)) if each.computed and asked.get(name) is None else asked.get(name)
            for name, each in body.attributes.items()
        }
        return asked | state | ({"region": asked.get("region") or self.region} if "region" in state else {})

    def _common(self, type_: str, asked: Values) -> Values:
        own = asked.get("id") or f"{_PREFIXES.get(type_, type_[4:])}-{digits(type_, _question(asked))}"
        return {
            "id": own,
            "arn": self._arn(type_, own),
            "owner_id": _ACCOUNT,
            "vpc_id": self.settings["vpc_id"] or f"vpc-{digits('vpc')}",
            "state": "available",
        }

    def _own(self, type_: str, asked: Values) -> Values:
        question = _question(asked)
        own = asked.get("id") or digits(type_, question)
        match type_:
            case "aws_region":
                name = asked.get("region") or self.region
                return {"id": name, "name": name, "endpoint": f"ec2.{name}.{self._partition()[1]}"}
            case "aws_partition":
                partition, suffix = self._partition()
                return {"id": partition, "partition": partition, "dns_suffix": suffix}
            case "aws_caller_identity":
                return {"id": _ACCOUNT, "account_id": _ACCOUNT}
            case "aws_vpc":
                return self._vpc(own)
            case "aws_subnet":
                zone = "1" if self.settings["one_zone"] else digits(own)
                return {"availability_zone_id": f"az{zone}", "cidr_block": "10.0.1.0/24"}
            case "aws_subnets" | "aws_security_groups":
                found = [f"{_PREFIXES[type_]}-{digits(type_, question, each)}" for each in range(self._count())]
                return {"id": self.region, "ids": found}
            case "aws_route_tables":
                return {"id": self.region, "ids": [f"rtb-{digits(question)}"]}
            case "aws_network_interface":
                address = f"10.0.{int(own[-2:], 16)}.{int(own[-4:-2], 16)}"
                return {"private_ip": address, "private_ips": [address]}
        return {}

    def _partition(self) -> tuple[str, str]:
        return ("aws-cn", "amazonaws.com.cn") if self.region.startswith("cn-") else ("aws", "amazonaws.com")

    def _count(self) -> int:
        return int(self.settings["subnets"])

    def _vpc(self, own: str) -> Values:
        block = "2001:db8:1234:5600::/56"
        ipv6 = {
            "association_id": f"vpc-cidr-assoc-{digits(own, block)}",
            "ip_source": "amazon",
            "ipv6_address_attribute": "public",
            "ipv6_cidr_block": block,
            "ipv6_pool": "Amazon",
            "network_border_group": self.region,
            "state": "associated",
        }
        return {
            "cidr_block": "10.0.0.0/16",
            "cidr_block_associations": [
                {"association_id": f"vpc-cidr-assoc-{digits(own, cidr)}", "cidr_block": cidr, "state": "associated"}
                for cidr in self.settings["cidr_blocks"]
            ],
            "enable_dns_support": True,
            "enable_dns_hostnames": self.settings["dns_hostnames"],
            "main_route_table_id": f"rtb-{digits(own, 'main')}",
            **({"ipv6_cidr_block": block, "ipv6_cidr_block_associations": [ipv6]} if self.settings["ipv6"] else {}),
        }

    def make(self, type_: str, planned: Values) -> Values:
        """Return what the computed attributes of a resource become when it is made; its id is new each time."""
        own = f"{_PREFIXES.get(type_, type_[4:].replace('_', '-'))}-{os.urandom(9).hex()[:17]}"
        made = {
            "id": own,
            "arn": self._arn(type_, own),
            "owner_id": _ACCOUNT,
            "state": "available",
            "security_group_rule_id": own,
            "region": self.region,
        }
        return made | (self._endpoint(own, planned) if type_ == "aws_vpc_endpoint" else {})

    def _endpoint(self, own: str, planned: Values) -> Values:
        subnets = [each for each in planned.get("subnet_ids") or [] if isinstance(each, str)]
        made: Values = {
            "ip_address_type": "ipv4",
            "service_region": self.region,
            "private_dns_enabled": False,
            "policy": _POLICY,
            "dns_options": [],
        }
        if planned.get("vpc_endpoint_type") == "Gateway":
            return made | {"prefix_list_id": f"pl-{digits(own)}"}
        options = {
            "dns_record_ip_type": "ipv4",
            "private_dns_only_for_inbound_resolver_endpoint": False,
            "private_dns_preference": None,
            "private_dns_specified_domains": None,
        }
        return made | {
            "network_interface_ids": [f"eni-{digits(own, each)}" for each in subnets],
            "subnet_configuration": [{"subnet_id": each, "ipv4": "10.0.0.9", "ipv6": None} for each in subnets],
            "dns_options": [options],
            "dns_record_ip_type": "ipv4",
            "dns_entry": [{"dns_name": f"{own}.vpce.amazonaws.com", "hosted_zone_id": "Z0123456789ABCDEFGHIJ"}],
        }

    def _arn(self, type_: str, own: str) -> str:
        return f"arn:aws:ec2:{self.region}:{_ACCOUNT}:{type_[4:].replace('_', '-')}/{own}"


def _question(asked: Values) -> Values:
    """Return what a data source is asked for: not where, nor for how long."""
    return {name: value for name, value in asked.items() if value and name not in {"region", "timeouts"}}
