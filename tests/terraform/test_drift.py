"""Drift after an apply: none, then what one change makes, whoever made it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from .adopting import run
from .drifting import drifting
from .examples import APP, BAND_UP, MODULES
from .network import provider_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .bench import Bench
    from .drifting import Drifting
    from .network import Made

    Undo = Callable[[], object]
    Row = tuple[str, str, str]

NARROW = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}
UNSURE = "not-applied-or-changed-by-hand"
GROUP = "security group band-up-endpoints"


TRAFFIC = """name: x
region: eu-west-1
aws_provider: "{floor}"
vpc: {{name: app}}
subnets: [{{name: private-a}}]
security_groups:
  - create:
      name: all
      ingress:
        - {{vpc: true, ports: [443, all, icmp, 8/icmp]}}
        - {{security_group: {{name: clients}}, ports: [all, icmpv6, 128/icmpv6], description: ""}}
endpoints:
  sqs: {{service: sqs}}
"""


@pytest.mark.parametrize(("floor", "version"), [(">= 3.39", "3.39.0"), (">= 5.0", "5.100.0")])
def test_what_has_no_ports_is_as_stated(bench: Bench, floor: str, version: str) -> None:
    """All traffic and ICMP, in the older and in the newer resource: nothing is left to plan, and there is no drift."""
    made = replace(APP, security_groups=("clients",)).make(bench.aws)
    (bench.folder / "x.yaml").write_text(TRAFFIC.format(floor=floor), encoding="utf-8")
    run(bench.folder, "render", "x.yaml")
    module = bench.folder / "out" / "x"
    (module / "provider.tf").write_text(provider_block(bench.aws.url, made.network.region), encoding="utf-8")
    terraform = bench.terraform(module, version)
    terraform.must("init")
    terraform.must("apply", "-auto-approve")
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    shown = bench.folder / "x.state"
    shown.write_text(terraform.must("show", "-json").output, encoding="utf-8")
    for state in ((), ("--state", str(shown))):
        run(bench.folder, "drift", "x.yaml", "--endpoint-url", bench.aws.url, *state)


class Console:
    """Somebody at the console: each method changes one thing, and returns what changes it back."""

    def __init__(self, made: Made) -> None:
        """Find the endpoints by name, and the group."""
        self.ec2: Any = made.client
        self.made = made
        self.ids = {
            tag["Value"]: each["VpcEndpointId"]
            for each in made.endpoints()
            for tag in each["Tags"]
            if tag["Key"] == "Name"
        }
        self.group, self.default = (self._group(name) for name in ("band-up-endpoints", "default"))

    def modify(self, name: str, change: dict[str, Any], back: dict[str, Any]) -> Undo:
        """Modify an endpoint."""
        self.ec2.modify_vpc_endpoint(VpcEndpointId=self.ids[name], **change)
        return lambda: self.ec2.modify_vpc_endpoint(VpcEndpointId=self.ids[name], **back)

    def tag(self, thing: str, key: str, value: str, before: str | None) -> Undo:
        """Give a tag, in place of one that there was."""
        self.ec2.create_tags(Resources=[thing], Tags=[{"Key": key, "Value": value}])
        if before is None:
            return lambda: self.ec2.delete_tags(Resources=[thing], Tags=[{"Key": key}])
        return lambda: self.ec2.create_tags(Resources=[thing], Tags=[{"Key": key, "Value": before}])

    def open(self, cidr: str) -> Undo:
        """Let somebody more in."""
        rule = self._rule(cidr)
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[rule])
        return lambda: self.ec2.revoke_security_group_ingress(GroupId=self.group, IpPermissions=[rule])

    def close(self, cidr: str) -> None:
        """Let somebody no longer in, for good: the same rule made again has another id."""
        self.ec2.revoke_security_group_ingress(GroupId=self.group, IpPermissions=[self._rule(cidr)])

    def create(self) -> Undo:
        """Make an endpoint of a service that the spec does not have."""
        service = "com.amazonaws.ap-southeast-1.dynamodb"
        tables: list[Any] = ["route_table/private"]
        made = self.made.create(ServiceName=service, VpcEndpointType="Gateway", RouteTableIds=tables)
        self.ids["dynamodb"] = made
        return lambda: self.ec2.delete_vpc_endpoints(VpcEndpointIds=[made])

    def delete(self, *names: str) -> None:
        """Delete endpoints for good."""
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[self.ids[name] for name in names])

    def _group(self, name: str) -> str:
        filters = [{"Name": "vpc-id", "Values": [self.made.vpc_id]}, {"Name": "group-name", "Values": [name]}]
        return str(self.ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"])

    @staticmethod
    def _rule(cidr: str) -> dict[str, Any]:
        return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": cidr}]}


def changes(console: Console) -> Iterator[tuple[list[Row], Undo]]:
    """Make one change after the other; yield what drift is to say, and what changes it back."""
    made, changed = console.made, "changed-by-hand"
    subnet, default = made.ids["subnet/private-app-subnet-2"], console.default
    yield (
        [(changed, "logs", "private_dns_enabled")],
        console.modify("cloudwatch-endpoint", {"PrivateDnsEnabled": False}, {"PrivateDnsEnabled": True}),
    )
    yield (
        [(changed, "ecr_api", "subnets")],
        console.modify("ecr-api-endpoint", {"RemoveSubnetIds": [subnet]}, {"AddSubnetIds": [subnet]}),
    )
    yield (
        [(changed, "ecr_dkr", "security_groups")],
        console.modify("ecr-endpoint", {"AddSecurityGroupIds": [default]}, {"RemoveSecurityGroupIds": [default]}),
    )
    table = made.ids["route_table/private"]
    yield (
        [(changed, "s3", "route_tables")],
        console.modify("s3-endpoint", {"RemoveRouteTableIds": [table]}, {"AddRouteTableIds": [table]}),
    )
    yield (
        [("not-in-spec", "s3", "policy")],  # the spec states none, and the module leaves it
        console.modify("s3-endpoint", {"PolicyDocument": json.dumps(NARROW)}, {"ResetPolicy": True}),
    )
    yield [(changed, "s3", "tags.Project")], console.tag(console.ids["s3-endpoint"], "Project", "other", "band-up")
    yield [(changed, "s3", "tags.Owner")], console.tag(console.ids["s3-endpoint"], "Owner", "me", None)
    yield [(changed, "s3", "name")], console.tag(console.ids["s3-endpoint"], "Name", "renamed", "s3-endpoint")
    yield [(changed, GROUP, "tags.Owner")], console.tag(console.group, "Owner", "me", None)
    yield [(changed, GROUP, "ingress")], console.open("192.168.0.0/16")
    undo = console.create()
    yield [("not-in-spec", console.ids["dynamodb"], "")], undo


def test_each_change_has_its_class(bench: Bench) -> None:
    """After an apply there is no drift; each change by hand is that one difference, and gone when it is undone."""
    terraform, made = bench.within(BAND_UP, MODULES["band-up"])
    terraform.must("init")
    terraform.must("apply", "-auto-approve")
    band_up = drifting(made, bench.folder / "drift", "band-up")
    assert band_up.drift().stdout == (
        "compared 1 spec with its files and AWS: 4 endpoints\n\n"
        f"{band_up.spec}: no drift, 4 endpoints\n\nno drift in 1 spec\n"
    )

    state = bench.folder / "state.json"
    state.write_text(terraform.must("show", "-json").output, encoding="utf-8")
    known, console = f"--state={state}", Console(made)
    for rows, undo in changes(console):
        assert band_up.rows(known) == rows
        undo()

    files_differ(band_up, known)
    console.close("10.0.0.0/16")
    assert band_up.rows() == [(UNSURE, GROUP, "ingress")]
    console.delete("s3-endpoint")
    assert band_up.rows(known) == [("deleted", "s3", ""), ("changed-by-hand", GROUP, "ingress")]
    console.delete("ecr-endpoint", "ecr-api-endpoint", "cloudwatch-endpoint")
    assert band_up.rows() == [(UNSURE, "band-up", "")]
    assert band_up.rows(known) == [("deleted", "band-up", "")]
    terraform.must("apply", "-auto-approve")
    assert band_up.rows() == []


def files_differ(band_up: Drifting, known: str) -> None:
    """Edit a file by hand, then let the spec go on without rendering; the files explain what AWS does not have.

    What is rendered then and not applied nobody changed by hand, and the state says so.
    """
    main, out = band_up.module / "main.tf", str(band_up.folder / "out")
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace("private_dns_enabled = true", "private_dns_enabled = false", 1), encoding="utf-8")
    assert band_up.rows() == [("hand-edit", str(band_up.module), "")]
    main.write_text(text, encoding="utf-8")
    spec = band_up.spec.read_text(encoding="utf-8")
    band_up.spec.write_text(
        spec.replace("service: logs,", "service: logs, private_dns_enabled: false,"), encoding="utf-8"
    )
    assert band_up.rows() == [("stale-render", str(band_up.module), "")]
    assert "because of it AWS differs in logs private_dns_enabled" in " ".join(band_up.drift().stdout.split())
    assert band_up.run("render", str(band_up.spec), "--out", out).exit_code == 0
    assert band_up.rows() == [(UNSURE, "logs", "private_dns_enabled")]
    assert band_up.rows(known) == [("not-applied", "logs", "private_dns_enabled")]
    band_up.spec.write_text(spec, encoding="utf-8")
    assert band_up.run("render", str(band_up.spec), "--out", out).exit_code == 0
    assert band_up.rows() == []
