"""Mistakes that a right spec can have, each alone of known codes, and independent of all others."""

from __future__ import annotations

import copy
from typing import Any

_SERVICE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"
_LATTICE = "arn:aws:vpc-lattice:eu-west-1:111122223333"
_ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
RIGHT: dict[str, Any] = {
    "name": "x",
    "region": "eu-west-1",
    "vpc": {"name": "app"},
    "aws_provider": ">= 6.36",
    "subnets": [{"name": "a"}, {"name": "b"}],
    "security_groups": [{"name": "endpoints"}],
    "endpoints": {
        "sqs": {"service": "sqs", "name": "sqs"},
        "s3": {"service": "s3", "type": "Gateway", "route_tables": [{"name": "private"}]},
    },
}
"""A spec in which nothing is wrong."""


def _created(name: str, *ingress: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"create": {"name": name, "ingress": list(ingress)}}]


def _fixed(**address: str) -> list[dict[str, Any]]:
    return [{"subnet": {"name": "a"}, **address}]


def _policy(**changed: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{**_ALLOW, **changed}]}


ENDPOINTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "unknown_service": ({"service": "sqss"}, {"E201"}),
    "unknown_service_with_more": ({"service": "snss", "tags": {"Name": "x"}}, {"E201", "E230"}),
    "wrong_type": ({"service": "kms", "type": "Gateway"}, {"E202"}),
    "which_type": ({"service": "dynamodb"}, {"E203"}),
    "not_taken": ({"service": "sns", "route_tables": [{"main": True}]}, {"E221"}),
    "needed": ({"service": "s3express", "type": "Gateway"}, {"E222"}),
    "other_region": ({"service": "sts", "region": "eu-west-2"}, {"E225"}),
    "one_subnet": ({"service_name": f"{_SERVICE[:-1]}1", "type": "GatewayLoadBalancer"}, {"E226"}),
    "wrong_target": (
        {"resource_configuration_arn": f"{_LATTICE}:resourceconfiguration/rcfg-0123456789abcdef0", "type": "Interface"},
        {"E227"},
    ),
    "no_private_dns": ({"service": "dynamodb", "type": "Interface", "private_dns_enabled": True}, {"E228"}),
    "name_in_tags": ({"service": "logs", "tags": {"Name": "z"}}, {"E230"}),
    "not_a_tag": ({"service": "ssm", "tags": {"aws:x": "y"}}, {"E231"}),
    "no_block": ({"service": "ec2", "security_groups": _created("blocks", {"cidr_ipv4": "10.0.0.1/8"})}, {"E233"}),
    "no_address": ({"service": "ecr.api", "subnet_configuration": _fixed(ipv4="10.0.0.256")}, {"E234"}),
    "no_name": ({"service_name": "ecr.dkr"}, {"E237"}),
    "name_elsewhere": ({"service_name": "com.amazonaws.eu-west-2.lambda"}, {"E238"}),
    "name_of_other_type": (
        {"service_name": "com.amazonaws.eu-west-1.athena", "type": "Gateway", "route_tables": [{"main": True}]},
        {"E239"},
    ),
    "dns_twice": ({"service": "sqs", "name": "sqs-again"}, {"E240"}),
    "table_twice": ({"service": "s3", "type": "Gateway", "route_tables": [{"name": "private"}]}, {"E241"}),
    "subnet_twice": ({"service": "events", "subnets": [{"name": "a"}, {"name": "a"}]}, {"E242"}),
    "no_group_name": ({"service": "glue", "security_groups": _created("sg-x", {"vpc": True})}, {"E243"}),
    "many_groups": ({"service": "batch", "security_groups": [{"name": f"g{i}"} for i in range(17)]}, {"E245"}),
    "inbound_only": (
        {"service": "xray", "dns_options": {"private_dns_only_for_inbound_resolver_endpoint": True}},
        {"E247"},
    ),
    "preference": ({"service": "rds", "dns_options": {"private_dns_preference": "ALL_DOMAINS"}}, {"E248"}),
    "two_kinds": ({"service": "ecs", "subnets": [{"variable": "v"}], "security_groups": [{"variable": "v"}]}, {"E207"}),
    "reserved": ({"service": "ecs-agent", "subnets": [{"variable": "count"}]}, {"E208"}),
    "ports": (
        {"service": "ssmmessages", "security_groups": _created("r", {"vpc": True, "ports": ["443", "9-8"]})},
        {"E211"},
    ),
    "two_alike": ({"service": "sms", "security_groups": _created("t", {"vpc": True}, {"vpc": True})}, {"E214"}),
    "no_policy": ({"service": "states", "policy": {"file": "nowhere.json"}}, {"E212"}),
    "policy_not_parsed": ({"service": "kendra", "policy": {"file": "not-json.json"}}, {"E002"}),
    "other_subnet": (
        {"service": "ec2messages", "subnet_configuration": [{"subnet": {"name": "c"}, "ipv4": "10.0.0.9"}]},
        {"E213"},
    ),
    "unknown_preset": ({"service": "kinesis-streams", "policy": "nope"}, {"E265"}),
    "arguments": ({"service": "elasticfilesystem", "policy": {"preset": "org-perimeter"}}, {"E266"}),
    "other_service": ({"service": "codebuild", "policy": "ecr-layers"}, {"E267"}),
    "malformed": ({"service": "kinesis-firehose", "policy": _policy(Effect="allow")}, {"E270"}),
    "gateway_principal": (
        {
            "service": "s3express",
            "type": "Gateway",
            "route_tables": [{"name": "other"}],
            "policy": _policy(Principal={"AWS": "111122223333"}),
        },
        {"E271"},
    ),
    "not_one_id": (
        {
            "service": "codecommit",
            "policy": _policy(Condition={"StringLike": {"aws:PrincipalAccount": "1111222233*"}}),
        },
        {"E273"},
    ),
    "default_group": ({"service": "sagemaker.api", "security_groups": [{"default": True}]}, {"W201"}),
    "name_twice": ({"service": "email", "name": "sqs"}, {"W202"}),
    "open": ({"service": "kafka", "security_groups": _created("o", {"cidr_ipv4": "0.0.0.0/0"})}, {"W203"}),
    "twice": ({"service": "config", "security_groups": [{"name": "g"}, {"name": "g"}]}, {"W204"}),
    "one_zone": ({"service": "monitoring", "subnets": [{"name": "a"}]}, {"W205"}),
    "unknown_name": ({"service_name": "com.amazonaws.eu-west-1.sqqs"}, {"W209"}),
    "arn_elsewhere": (
        {"service_network_arn": "arn:aws:vpc-lattice:eu-west-2:111122223333:servicenetwork/sn-0123456789abcdef0"},
        {"W211"},
    ),
    "hides": ({"service": "execute-api"}, {"W213"}),
    "named_default": ({"service": "backup", "security_groups": [{"name": "default"}]}, {"W214"}),
    "port_unknown": ({"service_name": _SERVICE, "security_groups": _created("p", {"vpc": True})}, {"W216"}),
    "no_version": ({"service": "secretsmanager", "policy": {"Statement": [_ALLOW]}}, {"W243"}),
}
"""Endpoints with a mistake, each of a service of its own, and the codes of the mistake."""
SPECS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "bundle_without_version": ({"bundles": ["ssm-session"]}, {"E260"}),
    "no_such_code": ({"ignore": {"W999": "nothing"}}, {"E229"}),
    "tag_of_the_spec": ({"tags": {"": "x"}}, {"E231"}),
}
"""What makes the spec itself wrong, and the codes of that."""


def wrong(*names: str) -> tuple[dict[str, Any], set[str]]:
    """Return the right spec with some mistakes, and the codes of these together."""
    spec, codes = copy.deepcopy(RIGHT), set[str]()
    for name in names:
        changed, caused = SPECS.get(name) or ({}, ENDPOINTS[name][1])
        spec |= changed
        if name in ENDPOINTS:
            spec["endpoints"][name] = ENDPOINTS[name][0]
        codes |= caused
    return spec, codes
