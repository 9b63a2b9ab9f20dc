"""What asks AWS itself; boto3 is imported here alone, and only when a command asks for it."""

from __future__ import annotations

from generator.diagnostics import Code

NO_AWS = Code(
    "E278",
    "AWS can't be asked",
    "Asking AWS takes boto3, which gen-endpoints does without otherwise, credentials that may call "
    "ec2:DescribeVpcEndpointServices, and a way to the Region. What the AWS CLI prints elsewhere does as well.",
    "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html",
)
