"""What people call services and the things that they have, in words of none of AWS's names and in names of other tools.

It is no fact of AWS: where a word may mean several, all that are found are listed, and these come first.
"""

from __future__ import annotations

import re
from functools import cache

CALLED = {
    "alarm": "monitoring",
    "alb": "elasticloadbalancing",
    "apigw": "execute-api apigateway",
    "asg": "autoscaling",
    "assume role": "sts",
    "audit": "cloudtrail",
    "bastion": "ssmmessages ssm ec2messages",
    "bucket": "s3",
    "cache": "elasticache",
    "certificate": "acm acm-pca",
    "cfn": "cloudformation",
    "chatbot": "runtime-v2-lex models-v2-lex",
    "container": "ecr.api ecr.dkr ecs",
    "cron": "scheduler",
    "cw": "monitoring logs",
    "cwl": "logs",
    "data warehouse": "redshift",
    "database": "rds",
    "db": "rds",
    "ddb": "dynamodb",
    "encryption": "kms",
    "etl": "glue",
    "event bus": "events",
    "file system": "elasticfilesystem",
    "function": "lambda",
    "graphql": "appsync-api",
    "hadoop": "elasticmapreduce",
    "instance": "ec2",
    "k8s": "eks eks-auth",
    "key": "kms",
    "kubernetes": "eks eks-auth",
    "lb": "elasticloadbalancing",
    "llm": "bedrock-runtime",
    "load balancer": "elasticloadbalancing",
    "log": "logs",
    "logging": "logs",
    "mail": "email email-smtp",
    "memcached": "elasticache",
    "metric": "monitoring",
    "mqtt": "iot.data",
    "mwaa": "airflow.api airflow.env airflow.ops",
    "mysql": "rds rds-data",
    "nfs": "elasticfilesystem",
    "nlb": "elasticloadbalancing",
    "nosql": "dynamodb",
    "notification": "sns",
    "object storage": "s3",
    "parameter": "ssm",
    "parameter store": "ssm",
    "postgres": "rds rds-data",
    "postgresql": "rds rds-data",
    "private ca": "acm-pca",
    "prometheus": "aps-workspaces aps",
    "queue": "sqs",
    "r53": "route53",
    "rabbitmq": "mq",
    "redis": "elasticache memory-db",
    "registry": "ecr.api ecr.dkr",
    "remote shell": "ssmmessages ssm ec2messages",
    "search": "osis kendra",
    "secret": "secretsmanager",
    "sfn": "states",
    "shell": "ssmmessages ssm ec2messages",
    "smtp": "email-smtp",
    "snapshot": "ebs",
    "ssh": "ssmmessages ssm ec2messages",
    "ssm shell": "ssmmessages ssm ec2messages",
    "state machine": "states",
    "stream": "kinesis-streams",
    "table": "dynamodb",
    "token": "sts",
    "topic": "sns",
    "trace": "xray",
    "tracing": "xray",
    "valkey": "elasticache memory-db",
    "virtual machine": "ec2",
    "workflow": "states",
}

_TYPE = r"(?:(?:data\.)?aws_|aws::?)(.+)"
"""A type of Terraform, CloudFormation or Pulumi, which names the service and then the thing."""
_WRITTEN = (
    r"[a-z]+://([^/:?#]+).*",
    r"(?:(?:vpce-[0-9a-z-]+|[0-9]{12})\.)?(.+?)(?:\.vpce)?\.(?:amazonaws\.com(?:\.cn)?|api\.aws)",
    r"(?:.*\.)?(?:interface|gateway)vpcendpointawsservice\.(.+)",  # the AWS CDK
    r"arn:[a-z-]*:([a-z0-9-]+:).*",
    r"([a-z0-9-]+:)[a-z*][a-z0-9*]*",  # an action
)
"""How else a service is written, in small letters: the group is its name, with the `:` of actions where it has one."""


def readings(query: str, region: str | None) -> tuple[str, ...]:
    """Return in which words a query is looked for, the likeliest first: without what is of no service's name."""
    if found := re.fullmatch(_TYPE, query):
        words = re.findall(r"[a-z0-9]+", found[1])
        return tuple(" ".join(words[:count]) for count in range(len(words), 0, -1))
    for written in _WRITTEN:
        query = found[1] if (found := re.fullmatch(written, query)) else query
    return (query.removesuffix(f".{region}").rpartition(f".{region}.")[2],)


@cache
def words_of(service_id: str) -> tuple[str, ...]:
    """Return what people call a service, as more names of it."""
    return tuple(words for words, ids in CALLED.items() if service_id in ids.split())


def everyday_ids(query: str) -> tuple[str, ...]:
    """Return the services that a query means by such words alone, in the singular or the plural; mostly none."""
    text = " ".join(re.findall(r"[^\W_]+", query.casefold()))
    return tuple((CALLED.get(text) or CALLED.get(text.removesuffix("s")) or "").split())
