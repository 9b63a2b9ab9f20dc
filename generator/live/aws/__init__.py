"""What asks AWS itself; boto3 is imported here alone, and only when a command asks for it."""

from __future__ import annotations

from generator.source.diagnostics import Code

NO_AWS = Code("E278")

ACTIONS = {
    "Vpcs": "ec2:DescribeVpcs",
    "VpcAttributes": "ec2:DescribeVpcAttribute",
    "Subnets": "ec2:DescribeSubnets",
    "RouteTables": "ec2:DescribeRouteTables",
    "SecurityGroups": "ec2:DescribeSecurityGroups",
    "SecurityGroupRules": "ec2:DescribeSecurityGroupRules",
    "VpcEndpoints": "ec2:DescribeVpcEndpoints",
    "NetworkInterfaces": "ec2:DescribeNetworkInterfaces",
    "NetworkAcls": "ec2:DescribeNetworkAcls",
    "DhcpOptions": "ec2:DescribeDhcpOptions",
    "PrefixLists": "ec2:DescribeManagedPrefixLists",
    "ServiceDetails": "ec2:DescribeVpcEndpointServices",
    "HostedZoneSummaries": "route53:ListHostedZonesByVPC",
    "Quotas": "servicequotas:ListServiceQuotas",
    "Account": "sts:GetCallerIdentity",
}
"""The IAM action that each kind of thing is read with: all that gen-endpoints ever asks of AWS, and nothing is changed.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""
