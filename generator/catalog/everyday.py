"""What people call the things that services have: words of none of their names, with the services, most likely first.

It is no fact of AWS: where a word may mean several, all that are found are listed, and these come first.
"""

from __future__ import annotations

import re
from functools import cache

CALLED = {
    "alarm": "monitoring",
    "assume role": "sts",
    "audit": "cloudtrail",
    "bastion": "ssmmessages ssm ec2messages",
    "bucket": "s3",
    "cache": "elasticache",
    "certificate": "acm acm-pca",
    "chatbot": "runtime-v2-lex models-v2-lex",
    "container": "ecr.api ecr.dkr ecs",
    "cron": "scheduler",
    "data warehouse": "redshift",
    "database": "rds",
    "encryption": "kms",
    "etl": "glue",
    "event bus": "events",
    "file system": "elasticfilesystem",
    "function": "lambda",
    "graphql": "appsync-api",
    "hadoop": "elasticmapreduce",
    "k8s": "eks eks-auth",
    "key": "kms",
    "kubernetes": "eks eks-auth",
    "llm": "bedrock-runtime",
    "load balancer": "elasticloadbalancing",
    "log": "logs",
    "logging": "logs",
    "mail": "email email-smtp",
    "metric": "monitoring",
    "mqtt": "iot.data",
    "mysql": "rds rds-data",
    "nfs": "elasticfilesystem",
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
    "redis": "elasticache memory-db",
    "registry": "ecr.api ecr.dkr",
    "remote shell": "ssmmessages ssm ec2messages",
    "search": "osis kendra",
    "secret": "secretsmanager",
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
    "virtual machine": "ec2",
    "workflow": "states",
}


@cache
def words_of(service_id: str) -> tuple[str, ...]:
    """Return what people call a service, as more names of it."""
    return tuple(words for words, ids in CALLED.items() if service_id in ids.split())


def everyday_ids(query: str) -> tuple[str, ...]:
    """Return the services that a query means by such words alone, in the singular or the plural; mostly none."""
    text = " ".join(re.findall(r"[^\W_]+", query.casefold()))
    return tuple((CALLED.get(text) or CALLED.get(text.removesuffix("s")) or "").split())
